//! Random designs on every engine: `olivine fuzz`.
//!
//! Design `n` of a campaign is a function of the campaign's seed and `n`. Each is run on the
//! interpreter and on every tier of the compiled simulator that the processor has, once with its
//! modules spelled out and once as vectors of lanes, and compared in every signal, memory word and
//! violation before every edge; what the simulation shows of its properties is compared with what
//! the proof engine says of them. With Verilator, the outputs of the emitted Verilog are compared,
//! many designs in one model.
//!
//! A difference is minimized by making the choices that the design was made from fewer and smaller,
//! and can be kept as a file of a corpus.

mod engines;
mod minimize;
mod proofs;
mod siblings;

use engines::{Counts, against_simulators, against_verilator};
use olivine_cosim::BuildError;
use olivine_interp::undefined_bits;
use olivine_netlist::arbitrary::{Options, design_from, with_resets};
use olivine_netlist::{Bits, Design};

pub use engines::check;
pub use proofs::{ProofTally, prove_random};

/// What to run.
#[derive(Clone, Copy, Debug)]
pub struct Campaign {
    /// How many designs.
    pub designs: u64,
    /// Makes the designs and their stimulus.
    pub seed: u64,
    /// How many of the designs run in Verilator, too.
    pub verilator: u64,
    /// Gives the engines under test designs with one fault planted in each: what a campaign that
    /// finds nothing is worth. Not for Verilator.
    pub plant: bool,
}

/// A difference between two engines.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The design's number.
    pub number: u64,
    /// What differs, with a wave.
    pub difference: String,
    /// The smallest design found that shows it.
    pub design: Design,
    /// The cells of the design that showed it first.
    pub cells_before: usize,
}

/// What came of a campaign.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Designs that ran on interpreter and compiled simulator.
    pub designs: u64,
    /// Their cells, all modules counted once.
    pub cells: u64,
    /// Edges after which engines were compared.
    pub edges: u64,
    /// Verdicts of the proof engine that were held against the simulation.
    pub verdicts: u64,
    /// Of these, those that the simulation could have refuted: a property that it saw violated.
    pub violated: u64,
    /// Designs that ran in Verilator.
    pub verilator: u64,
    /// With planted faults: the designs in which there was one.
    pub planted: u64,
    /// Differences.
    pub findings: Vec<Finding>,
}

/// Designs of one Verilator model: building it costs more than running it.
const TOGETHER: u64 = 40;

/// Runs a campaign; `told` hears how many designs have run.
///
/// # Errors
/// Verilator is missing or refuses a design.
pub fn run(campaign: Campaign, mut told: impl FnMut(u64)) -> Result<Tally, BuildError> {
    let mut tally = Tally::default();
    for number in 0..campaign.designs {
        one(campaign, number, &mut tally);
        told(number + 1);
    }
    let last = campaign.verilator.min(campaign.designs);
    for first in (0..last).step_by(TOGETHER as usize) {
        let numbers: Vec<u64> = (first..last.min(first + TOGETHER)).collect();
        let designs: Vec<Design> =
            numbers.iter().map(|n| design(&choices(campaign.seed, *n), *n)).collect();
        for (at, difference) in against_verilator(&designs, campaign.seed)? {
            let (number, design) = (numbers[at], designs[at].clone());
            let cells_before = cells(&design);
            tally.findings.push(Finding { number, difference, design, cells_before });
        }
        tally.verilator += numbers.len() as u64;
        told(campaign.designs + tally.verilator);
    }
    Ok(tally)
}

fn one(campaign: Campaign, number: u64, tally: &mut Tally) {
    let made = choices(campaign.seed, number);
    let original = design(&made, number);
    let seed = number ^ campaign.seed.rotate_left(32);
    let kind = if campaign.plant { fault_kind(&original, seed) } else { None };
    tally.planted += u64::from(kind.is_some());
    let mut counts = Counts::default();
    let found = difference(&original, kind.as_deref(), seed, &mut counts);
    tally.designs += 1;
    tally.cells += cells(&original) as u64;
    tally.edges += counts.edges;
    tally.verdicts += counts.verdicts;
    tally.violated += counts.violated;
    if found.is_some() {
        let again =
            |design: &Design| difference(design, kind.as_deref(), seed, &mut Counts::default());
        let smallest =
            minimize::minimize(made, |choices| again(&design(choices, number)).is_some());
        let smallest = design(&smallest, number);
        let difference = again(&smallest).unwrap_or_default();
        let cells_before = cells(&original);
        tally.findings.push(Finding { number, difference, design: smallest, cells_before });
    }
}

/// What engines say differently of a design; with a kind of fault, of the design and what it becomes
/// by one such fault.
fn difference(
    design: &Design,
    kind: Option<&str>,
    seed: u64,
    counts: &mut Counts,
) -> Option<String> {
    let Some(kind) = kind else { return against_simulators(design, design, seed, counts) };
    let mutations = design.mutations();
    let alike = mutations.iter().filter(|m| nameless(&m.description) == kind).take(ALIKE);
    alike.map(|m| m.apply(design)).find_map(|wrong| {
        let told = against_simulators(design, &wrong, seed, counts)?;
        Some(format!("planted: {kind}\n{told}"))
    })
}

/// So many faults of one kind are tried in a design.
const ALIKE: usize = 4;

/// The kind of one of the faults that a design can have, chosen by the seed.
fn fault_kind(design: &Design, seed: u64) -> Option<String> {
    let mutations = design.mutations();
    let chosen = mutations.get(seed as usize % mutations.len().max(1))?;
    Some(nameless(&chosen.description))
}

/// A description without the names in it, which stand in backticks.
fn nameless(description: &str) -> String {
    description.split('`').step_by(2).collect::<Vec<_>>().join("…")
}

fn cells(design: &Design) -> usize {
    design.modules.iter().map(|m| m.cells.len()).sum()
}

/// The numbers that design `number` is made from.
fn choices(seed: u64, number: u64) -> Vec<u32> {
    let count = 20 + undefined_bits(seed, "count", number, 10).low_u64() % 400;
    let words = undefined_bits(seed, "choices", number, 32 * count as u32);
    (0..count as u32).map(|i| words.slice(32 * i, 32).low_u64() as u32).collect()
}

/// The design that some numbers give; what may be in it changes from design to design.
fn design(choices: &[u32], number: u64) -> Design {
    let small = Options { modules: 2, operators: 8, width: 4, elements: 3, ..Options::default() };
    let options = match number % 4 {
        0 => Options::default(),
        1 => Options { operators: 40, width: 20, ..Options::default() },
        2 => Options { domains: 1, ..small },
        _ => small,
    };
    // Every other design has resets of its own manner.
    let resets = if number % 8 < 4 { 0 } else { number / 8 };
    with_resets(design_from(choices, &options), resets)
}

/// A random value, small, extreme or any.
fn random_value(seed: u64, what: &str, time: u64, width: u32) -> Bits {
    match undefined_bits(seed, what, time, 64).low_u64() % 8 {
        0 => Bits::zero(width),
        1 => Bits::ones(width),
        2 => Bits::new(width, time % 4),
        _ => undefined_bits(!seed, what, time, width),
    }
}
