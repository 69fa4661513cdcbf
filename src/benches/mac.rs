//! The multiply-accumulate against its golden model.

use super::{mutation_parameter, with_mutation};
use olivine_float::Mac;
use olivine_interp::{Engine, Undefined};
use olivine_lang::elaborate;
use olivine_netlist::PortId;
use olivine_regress::{Failure, Parameter, Parameters, Recorder, StimulusBench};
use olivine_sim::Compiled;
use proptest::prelude::*;

/// Operands (sum so far, factor, factor), bit patterns of all classes.
pub(super) struct MacBench;

/// Half of the values are anything, the others close to where rules change.
fn bf16() -> impl Strategy<Value = u16> {
    let exponent = prop_oneof![Just(0u16), Just(1), Just(127), Just(254), Just(255), 120u16..135];
    let fraction = prop_oneof![Just(0u16), Just(1), Just(0x40), Just(0x7f)];
    let corner = (any::<bool>(), exponent, fraction);
    prop_oneof![any::<u16>(), corner.prop_map(|(s, e, f)| u16::from(s) << 15 | e << 7 | f)]
}

fn fp32() -> impl Strategy<Value = u32> {
    prop_oneof![
        any::<u32>(),
        (bf16(), any::<u16>()).prop_map(|(h, l)| u32::from(h) << 16 | u32::from(l))
    ]
}

impl StimulusBench for MacBench {
    type Stimulus = Vec<(u32, u16, u16)>;

    fn name(&self) -> &str {
        "mac"
    }

    fn meaning(&self) -> &str {
        "bf16×bf16+fp32 against the golden model"
    }

    fn parameters(&self) -> Vec<Parameter> {
        vec![mutation_parameter()]
    }

    fn strategy(&self, _: &Parameters) -> BoxedStrategy<Self::Stimulus> {
        proptest::collection::vec((fp32(), bf16(), bf16()), 200..400).boxed()
    }

    fn check(
        &self,
        stimulus: &Self::Stimulus,
        parameters: &Parameters,
        recorder: &mut Recorder,
    ) -> Result<(), Failure> {
        let design = elaborate(Mac::BF16).map_err(|f| Failure::new("faults", f.to_string()))?;
        let design = with_mutation(design, parameters)?;
        recorder.design(&design);
        let mut dut = Compiled::new(&design, Undefined::Zero);
        let port = |name: &str| -> PortId {
            design.top().find_port(name).unwrap_or_else(|| panic!("a port `{name}`"))
        };
        let [c, a, b, sum] = ["c", "a", "b", "sum"].map(port);
        for &(c_bits, a_bits, b_bits) in stimulus {
            dut.set_u64(c, u64::from(c_bits));
            dut.set_u64(a, u64::from(a_bits));
            dut.set_u64(b, u64::from(b_bits));
            let (found, wanted) = (dut.get_u64(sum), olivine_golden::mac(c_bits, a_bits, b_bits));
            if found != u64::from(wanted) {
                let message = format!(
                    "{c_bits:08x} + {a_bits:04x}·{b_bits:04x} is {found:08x}, must be {wanted:08x}"
                );
                return Err(recorder.fail(&mut dut, "wrong sum", message));
            }
            recorder.sample(&mut dut);
        }
        Ok(())
    }
}
