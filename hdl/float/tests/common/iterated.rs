//! Iterative units: beside the combinational ones, for proofs; and run with waits, for vectors.
#![allow(dead_code)] // The tests and the benchmark take what they need of it.

use crate::stimulus::Random;
use olivine_float::{ByDigits, Iterative};
use olivine_formal::{Engine as Prover, Options, Verdict, prove};
use olivine_interp::{Engine, Undefined};
use olivine_lang::prelude::*;
use olivine_netlist::{Direction, DomainId, PortId, PropertyKind};
use olivine_sim::Compiled;
use std::time::Duration;

/// Asserts that an iterative unit, whose results are taken at once, gives what another, combinational
/// one gives.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct SameResults<U> {
    /// What works in cycles.
    pub unit: U,
    /// Bits of a factor in each.
    pub digit: u32,
    /// Whether the operands that the other unit gets are one and the same, which is wrong.
    pub fault: bool,
}

/// The ports of [`SameResults`].
#[derive(Ports)]
pub struct SameResultsPorts {
    operands: Sink<olivine_float::Operands>,
}

/// A unit as a function of its operands.
pub trait Applied: ByDigits {
    /// The result of an instance.
    fn apply(&self, operands: olivine_float::Operands) -> Float;
}

impl Applied for olivine_float::Times {
    fn apply(&self, operands: olivine_float::Operands) -> Float {
        let unit = instance(self.clone(), "combinational");
        unit.a.drive(operands.a);
        unit.b.drive(operands.b);
        unit.result
    }
}

impl Applied for olivine_float::Divide {
    fn apply(&self, operands: olivine_float::Operands) -> Float {
        let unit = instance(self.clone(), "combinational");
        unit.a.drive(operands.a);
        unit.b.drive(operands.b);
        unit.result
    }
}

impl Applied for olivine_float::Fma {
    fn apply(&self, operands: olivine_float::Operands) -> Float {
        let unit = instance(self.clone(), "combinational");
        unit.c.drive(operands.c.expect("it has one"));
        unit.a.drive(operands.a);
        unit.b.drive(operands.b);
        unit.result
    }
}

impl<U: Applied> Module for SameResults<U> {
    type Ports = SameResultsPorts;

    fn ports(&self) -> SameResultsPorts {
        SameResultsPorts { operands: stream(self.unit.operands()) }
    }

    fn build(&self, p: SameResultsPorts) {
        let iterative = Iterative { unit: self.unit.clone(), digit: self.digit };
        let iterative = instance(iterative, "iterative");
        iterative.operands.offer(p.operands.valid, p.operands.payload);
        p.operands.ready.drive(iterative.operands.ready);
        iterative.results.ready.drive(constant(bit(), true));
        let held = reg(p.operands.payload.shape());
        when(p.operands.transfer(), || held.set(p.operands.payload));
        let a = if self.fault { held.b } else { held.a };
        let wanted = self.unit.apply(olivine_float::Operands { a, ..held });
        let results = iterative.results;
        always("the results agree", results.valid.implies(results.payload.eq(wanted)));
    }
}

/// Proves it, by induction over an operation.
///
/// # Errors
/// The report, if something is not proved.
pub fn proved<U: Applied>(same: &SameResults<U>) -> Result<(), String> {
    let design = elaborate(same.clone()).map_err(|faults| faults.to_string())?;
    // A quotient has three bits more than a significand.
    let depth = (same.unit.operand().precision() + 3).div_ceil(same.digit) + 4;
    let options = Options {
        engine: Prover::KInduction,
        depth,
        time_limit: Some(Duration::from_secs(60)),
        ..Options::default()
    };
    let report = prove(&design, &options).map_err(|faults| format!("{faults:?}"))?;
    let proved = |row: &olivine_formal::Row| matches!(row.verdict, Verdict::Proved { .. });
    let mut claims = report.rows.iter().filter(|row| row.kind == PropertyKind::Assert);
    match claims.clone().count() > 1 && claims.all(proved) {
        true => Ok(()),
        false => Err(report.to_string()),
    }
}

/// Runs an iterative unit on so many operands, with waits on both sides; how many results were right,
/// or the first that was not, or the first property of the unit that did not hold. `stimulus` gives the
/// operands in the order of the ports.
pub fn run<const I: usize>(
    design: &Design,
    count: u64,
    stimulus: impl Fn(&mut Random, u64) -> [u64; I],
    golden: impl Fn([u64; I]) -> u64,
) -> Result<u64, String> {
    let port = |name: &str, direction: Direction| {
        let mut ports = design.top().ports.iter();
        let found = ports.position(|port| port.name == name && port.direction == direction);
        PortId(found.unwrap_or_else(|| panic!("no port `{name}`")) as u32)
    };
    let fields = design.top().ports.iter().enumerate();
    let fields = fields.filter(|(_, port)| port.name.starts_with("operands_payload"));
    let fields: Vec<PortId> = fields.map(|(index, _)| PortId(index as u32)).collect();
    assert_eq!(fields.len(), I, "its operands");
    let [valid, taken] =
        ["operands_valid", "results_ready"].map(|name| port(name, Direction::Input));
    let [ready, finished, result] = ["operands_ready", "results_valid", "results_payload"]
        .map(|name| port(name, Direction::Output));
    let mut engine = Compiled::new(design, Undefined::Random(1));
    engine.set_reset(DomainId(0), true);
    engine.step(DomainId(0));
    engine.set_reset(DomainId(0), false);
    drop(engine.take_violations());
    let mut random = Random(17);
    let (mut offered, mut under_way, mut done) = (None, None, 0);
    let mut quiet = 0;
    while done < count {
        let chance = random.next();
        if offered.is_none() && chance & 3 != 0 {
            offered = Some(stimulus(&mut random, done));
        }
        engine.set_u64(valid, offered.is_some().into());
        for (field, value) in fields.iter().zip(offered.unwrap_or([chance; I])) {
            engine.set_u64(*field, value);
        }
        let takes = chance >> 2 & 3 != 0;
        engine.set_u64(taken, takes.into());
        quiet += 1;
        if engine.get_u64(finished) == 1 {
            let Some(operands) = under_way else { return Err("a result of nothing".into()) };
            let (found, wanted) = (engine.get_u64(result), golden(operands));
            if found != wanted {
                return Err(format!("{operands:x?} gives {found:x}, not {wanted:x}"));
            }
            if takes {
                (under_way, done, quiet) = (None, done + 1, 0);
            }
        }
        if offered.is_some() && engine.get_u64(ready) == 1 {
            under_way = offered.take();
        }
        if quiet > 200 {
            return Err("no result in 200 cycles".into());
        }
        engine.step(DomainId(0));
    }
    match engine.take_violations().first() {
        Some(violation) => Err(format!("{}, cycle {}", violation.path, violation.cycle)),
        None => Ok(done),
    }
}
