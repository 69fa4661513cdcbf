//! Proofs of random designs, held against visiting every state.

use super::choices;
use olivine_formal::fuzz::machine::{
    endless_machine, machine, memory_machine, reset_at_once, twins,
};
use olivine_formal::fuzz::{CASES, judge, options};
use olivine_netlist::Design;
use olivine_netlist::arbitrary::{Options, design_from, with_resets};
use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// What came of a campaign of proofs.
#[derive(Clone, Debug, Default)]
pub struct ProofTally {
    /// Designs whose states were all visited, each with an engine and a start.
    pub designs: u64,
    /// Designs that were too large for that and do not count.
    pub too_large: u64,
    /// How often which verdict was right.
    pub verdicts: BTreeMap<&'static str, u64>,
    /// The numbers of the cases that were wrong, with what was wrong, in order.
    pub wrong: Vec<(u64, String)>,
}

impl ProofTally {
    fn count(&mut self, number: u64, judged: Result<Vec<&'static str>, String>) {
        match judged {
            Ok(words) if words.is_empty() => self.too_large += 1,
            Ok(words) => {
                self.designs += 1;
                words.into_iter().for_each(|word| *self.verdicts.entry(word).or_default() += 1);
            }
            Err(why) => {
                self.designs += 1;
                self.wrong.push((number, why));
            }
        }
    }
}

/// So many designs are given to a core at once.
const TOGETHER: u64 = 64;

/// Proves the properties of so many random designs that are small enough, on all cores; `told`
/// hears how many have been judged. Which designs these are depends on the seed alone.
pub fn prove_random(seed: u64, designs: u64, told: &(dyn Fn(u64) + Sync)) -> ProofTally {
    let next = AtomicU64::new(0);
    let judged = AtomicU64::new(0);
    let results: Mutex<BTreeMap<u64, ProofTally>> = Mutex::default();
    let work = || {
        while judged.load(Ordering::Relaxed) < designs {
            let block = next.fetch_add(1, Ordering::Relaxed);
            let mut tally = ProofTally::default();
            for number in block * TOGETHER..(block + 1) * TOGETHER {
                let (design, which) = case(seed, number);
                tally.count(number, judge(&design, &options(which)));
            }
            let so_far = judged.fetch_add(tally.designs, Ordering::Relaxed) + tally.designs;
            told(so_far.min(designs));
            results.lock().expect("no thread panics with it").insert(block, tally);
        }
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        (0..cores).for_each(|_| drop(scope.spawn(work)));
    });
    let blocks = results.into_inner().expect("no thread has panicked");
    blocks.into_values().fold(ProofTally::default(), sum)
}

fn sum(mut all: ProofTally, part: ProofTally) -> ProofTally {
    all.designs += part.designs;
    all.too_large += part.too_large;
    all.wrong.extend(part.wrong);
    for (word, count) in part.verdicts {
        *all.verdicts.entry(word).or_default() += count;
    }
    all
}

/// Sorts of designs, in turn.
const SORTS: u64 = 5;

/// A design, and which options it is proved with: two of five are machines of a few registers, one
/// of these with properties of runs without end; one is a machine with a memory, one two machines
/// that are alike or nearly; the others have hierarchy, memories and every operator.
fn case(seed: u64, number: u64) -> (Design, u32) {
    let made = choices(seed, number);
    let which = (number / SORTS % u64::from(CASES)) as u32;
    let round = number / SORTS / u64::from(CASES);
    let design = match number % SORTS {
        0 => {
            let small = Options { modules: 2, operators: 8, width: 2, ..Options::default() };
            let options = Options { domains: 1, elements: 2, ..small };
            with_resets(design_from(&made, &options), round % 16)
        }
        1 => endless_machine(&made),
        2 => memory_machine(&made),
        3 => twins(&made),
        _ => machine(&made),
    };
    (
        if round % 2 == 1 && !number.is_multiple_of(SORTS) {
            reset_at_once(design)
        } else {
            design
        },
        which,
    )
}
