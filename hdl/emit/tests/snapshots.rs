//! What the text looks like: each design of `tests/designs` beside its Verilog.

use olivine_emit::{Options, Undefined, Verilog, emit};
use olivine_netlist::Design;

fn design(text: &str) -> Design {
    let design = Design::parse(text).expect("the design parses");
    assert_eq!(design.validate(), Ok(()));
    design
}

macro_rules! snapshots {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            let text = include_str!(concat!("designs/", stringify!($name), ".nl"));
            insta::assert_snapshot!(stringify!($name), emit(&design(text)));
        }
    )*};
}

snapshots! { counter operators memories grid machine ripple resets endless }

#[test]
fn memories_with_undefined_as_zero() {
    let options = Options { undefined: Undefined::Zero, comments: false, ..Options::default() };
    let text = include_str!("designs/memories.nl");
    insta::assert_snapshot!("memories_zero", Verilog::new(&design(text), &options).text);
}

#[test]
fn the_same_design_gives_the_same_text() {
    let design = design(include_str!("designs/grid.nl"));
    assert_eq!(emit(&design), emit(&design.clone()));
}
