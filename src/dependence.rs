//! Whether what a design gives depends on values that it leaves undefined.

use crate::simulate::{drive, each_domain, ports, reset};
use olivine_interp::{Engine, Undefined};
use olivine_netlist::{Bits, Direction, PortId};

/// How many choices of the undefined values run side by side. What depends on one bit of them is
/// missed by all with a chance of one in eight; a cycle later again.
const CHOICES: u64 = 4;

/// Up to so many signals are named.
const NAMED: usize = 12;

/// The first output that depended on an undefined value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependence {
    /// The cycle after reset.
    pub cycle: u64,
    /// The output port.
    pub output: String,
    /// What it was under each choice of the undefined values.
    pub values: Vec<Bits>,
    /// Signals that differ in that cycle too, by path: the way that it took.
    pub through: Vec<String>,
}

/// Runs a design under random stimulus with several choices of all undefined values (power-up,
/// reads out of range, collisions, undefined cells) and compares the outputs. A stream's payload
/// counts only while the stream is valid. `None` means that no dependence was seen, not that there
/// is none.
///
/// # Errors
/// Those of `start`.
pub fn first_dependence<E>(
    start: impl Fn(Undefined) -> Result<Box<dyn Engine>, E>,
    cycles: u64,
    seed: u64,
) -> Result<Option<Dependence>, E> {
    let engines = (0..CHOICES).map(|k| start(Undefined::Random(seed.wrapping_add(k))));
    let mut engines: Vec<Box<dyn Engine>> = engines.collect::<Result<_, E>>()?;
    let outputs = outputs(engines[0].as_ref());
    let domains = engines[0].interface().domains.len() as u32;
    engines.iter_mut().for_each(|engine| reset(engine.as_mut()));
    for cycle in 0..cycles {
        engines.iter_mut().for_each(|engine| drive(engine.as_mut(), seed, cycle));
        for output in &outputs {
            if let Some(values) = output.differing(&mut engines) {
                let through = differing_signals(&mut engines, &output.name);
                let output = output.name.clone();
                return Ok(Some(Dependence { cycle, output, values, through }));
            }
        }
        for engine in &mut engines {
            each_domain(domains, |domain| engine.step(domain));
        }
    }
    Ok(None)
}

struct Output {
    port: PortId,
    name: String,
    /// Of a payload: the port that says when it counts.
    valid: Option<PortId>,
}

fn outputs(engine: &dyn Engine) -> Vec<Output> {
    let all = ports(engine, Direction::Output);
    let of = |(port, name, _): (PortId, String, u32)| {
        let stream = name.find("payload").map(|at| format!("{}valid", &name[..at]));
        let valid = stream.and_then(|valid| engine.interface().find(&valid));
        Output { port, name, valid }
    };
    all.into_iter().map(of).collect()
}

impl Output {
    /// The values under all choices, if they count and are not all the same.
    fn differing(&self, engines: &mut [Box<dyn Engine>]) -> Option<Vec<Bits>> {
        let counts = |engine: &mut Box<dyn Engine>| {
            self.valid.is_none_or(|valid| engine.get_u64(valid) == 1)
        };
        if !engines.iter_mut().all(counts) {
            return None;
        }
        let values: Vec<Bits> = engines.iter_mut().map(|engine| engine.get(self.port)).collect();
        values.iter().any(|value| *value != values[0]).then_some(values)
    }
}

/// Inner signals that are not the same under all choices; without the output itself.
fn differing_signals(engines: &mut [Box<dyn Engine>], output: &str) -> Vec<String> {
    let paths: Vec<String> = engines[0].signals().iter().map(|s| s.path.clone()).collect();
    let mut differs = |(index, _): &(usize, String)| {
        let values: Vec<Bits> = engines.iter_mut().map(|engine| engine.read(*index)).collect();
        values.iter().any(|value| *value != values[0])
    };
    let all = paths.into_iter().enumerate().filter(|(_, path)| path != output);
    let mut found: Vec<String> = all.filter(|item| differs(item)).map(|(_, path)| path).collect();
    found.dedup();
    found.truncate(NAMED);
    found
}
