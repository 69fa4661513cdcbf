//! What the tests of all blocks share.

use olivine_bench::Property;
use olivine_formal::{Options, prove};
use olivine_lang::{Module, elaborate};
use proptest::strategy::Strategy;

/// Every assertion is proved and every cover reached.
#[track_caller]
pub fn proved<M: Module>(module: M) {
    proved_to(20, module);
}

/// With runs of this length, which the covers need.
#[track_caller]
pub fn proved_to<M: Module>(depth: u32, module: M) {
    let design = elaborate(module).unwrap_or_else(|f| panic!("{f}"));
    let options = Options { depth, ..Options::default() };
    prove(&design, &options).unwrap_or_else(|f| panic!("{f}")).assert_proved();
}

/// Random cycles on many benches of a block: `drive` is told the stimulus of each cycle.
#[track_caller]
pub fn for_all_cycles<M: Module, S: Strategy<Value: Clone>, G>(
    module: M,
    cycle: S,
    golden: impl Fn() -> G,
    drive: impl Fn(&M::Ports, &mut G, S::Value),
) {
    Property::of(module).runs(32).holds(cycle, golden, drive);
}
