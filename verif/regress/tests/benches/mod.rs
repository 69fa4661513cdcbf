//! Benches for the tests: a counter with enable that wraps at a limit, right or with a planted
//! fault, and some that misbehave.

use olivine_interp::{Engine, Interp, Undefined};
use olivine_netlist::{Design, DomainId};
use olivine_regress::{
    Bench, Failure, Outcome, Parameter, Parameters, Recorder, Registry, Stimulated, StimulusBench,
};
use olivine_tools::MissingTool;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::{BoxedStrategy, Strategy};
use serde_json::Value;
use std::process::Command;

/// All of them.
pub fn registry() -> Registry {
    Registry::new()
        .with(Stimulated(Counter))
        .with(Misbehaving("dies", || {
            let me = std::process::id().to_string();
            eprintln!("about to die");
            Command::new("kill").args(["-9", &me]).status().unwrap();
            Outcome::Pass
        }))
        .with(Misbehaving("hangs", || {
            loop {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        }))
        .with(Misbehaving("stops", || {
            let me = std::process::id().to_string();
            Command::new("kill").args(["-STOP", &me]).status().unwrap();
            Outcome::Pass
        }))
        .with(Misbehaving("panics", || panic!("the bench is broken")))
        .with(Misbehaving("exits", || std::process::exit(0)))
        .with(Misbehaving("chats", || {
            println!("chatter without a line end, and:");
            print!("more");
            Outcome::Pass
        }))
        .with(Misbehaving("lacks", || {
            Outcome::Missing(MissingTool {
                name: "verilator".into(),
                how_to_install: "run scripts/setup".into(),
            })
        }))
}

/// Counts enabled cycles from 0 to `limit`, then wraps. The fault lets it count one too far.
struct Counter;

const DESIGN: &str = r#"
netlist 1
top counter
module counter {
  domain rising
  input enable : bit
  output count : unsigned 8 = count
  register count : unsigned 8 reset 8'h00
    set more when enable
    set zero when wrap
  %0 : 1 = input enable
  %1 : 8 = register count
  zero : unsigned 8 = 8'h00
  one : unsigned 8 = 8'h01
  last : unsigned 8 = 8'hLIMIT
  more : unsigned 8 = add(count, one)
  at_last : bit = eq(count, last)
  wrap : bit = and(at_last, enable)
}
"#;

impl StimulusBench for Counter {
    type Stimulus = Vec<bool>;

    fn name(&self) -> &str {
        "counter"
    }

    fn meaning(&self) -> &str {
        "a counter with enable against a model"
    }

    fn parameters(&self) -> Vec<Parameter> {
        vec![
            Parameter::new("limit", 5, "the highest count"),
            Parameter::new("fault", false, "the limit is missed by one"),
        ]
    }

    fn check_parameters(&self, parameters: &Parameters) -> Result<(), String> {
        match parameters.integer("limit") {
            1..=254 => Ok(()),
            limit => Err(format!("limit is {limit}; it must be 1 to 254")),
        }
    }

    fn strategy(&self, _: &Parameters) -> BoxedStrategy<Vec<bool>> {
        vec(any::<bool>(), 0..100).boxed()
    }

    fn check(
        &self,
        enables: &Vec<bool>,
        parameters: &Parameters,
        recorder: &mut Recorder,
    ) -> Result<(), Failure> {
        let limit = parameters.integer("limit");
        let built = limit + i64::from(parameters.boolean("fault"));
        let text = DESIGN.replace("LIMIT", &format!("{built:02x}"));
        let design = Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}"));
        recorder.design(&design);
        let mut dut = Interp::new(&design, Undefined::Zero);
        let (enable, count) =
            (dut.interface().find("enable").unwrap(), dut.interface().find("count").unwrap());
        dut.set_reset(DomainId(0), true);
        recorder.step(&mut dut, DomainId(0))?;
        dut.set_reset(DomainId(0), false);
        let mut model = 0;
        for &enabled in enables {
            dut.set_u64(enable, enabled.into());
            recorder.step(&mut dut, DomainId(0))?;
            model = if enabled { (model + 1) % (limit as u64 + 1) } else { model };
            let seen = dut.get_u64(count);
            if seen != model {
                let message = format!("count is {seen}, the model says {model}");
                return Err(recorder.fail(&mut dut, "mismatch count", message));
            }
        }
        Ok(())
    }
}

/// A bench that does one thing, whatever the seed.
struct Misbehaving(&'static str, fn() -> Outcome);

impl Bench for Misbehaving {
    fn name(&self) -> &str {
        self.0
    }

    fn meaning(&self) -> &str {
        "does not behave"
    }

    fn run(&self, _: u64, _: &Parameters, _: &mut Recorder) -> Outcome {
        (self.1)()
    }

    fn replay(&self, _: &Value, _: &Parameters, _: &mut Recorder) -> Outcome {
        (self.1)()
    }
}
