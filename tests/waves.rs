//! Waves of long runs: around a violation by going back to a snapshot, and of all cycles while the run
//! goes on.

use olivine::interp::{Engine, Interp, Undefined};
use olivine::netlist::{Bits, Design};
use olivine::prelude::*;
use olivine::sim::{Compiled, Tier, Tuning};
use olivine::{Run, simulate, simulate_each};

/// Counts, and asserts that it does not get to `limit`.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Count {
    limit: u64,
}

#[derive(Ports)]
struct CountPorts {
    x: In<Unsigned>,
    sum: Out<Unsigned>,
}

impl Module for Count {
    type Ports = CountPorts;

    fn ports(&self) -> CountPorts {
        CountPorts { x: unsigned(8), sum: unsigned(32) }
    }

    #[named]
    fn build(&self, p: CountPorts) {
        let count = reg(unsigned(32)).reset(0);
        count.set(count.wrapping_add(1));
        let sum = reg(unsigned(32)).reset(0);
        sum.set(sum.wrapping_add(p.x.extend(32)));
        p.sum.drive(sum);
        always("below the limit", count.ne(self.limit));
    }
}

const CYCLES: u64 = 20_000;

fn engines(design: &Design) -> Vec<Box<dyn Engine>> {
    let tuning = |tier| Tuning { tier: Some(tier), ..Tuning::default() };
    let sim = |tier| Compiled::tuned(design, Undefined::Zero, tuning(tier));
    let tiers = Tier::ALL.into_iter().filter(|tier| tier.is_available());
    let mut all: Vec<Box<dyn Engine>> = vec![Box::new(Interp::new(design, Undefined::Zero))];
    all.extend(tiers.map(|tier| Box::new(sim(tier)) as Box<dyn Engine>));
    all
}

#[test]
fn the_trace_is_around_the_first_violation() {
    // Behind the first snapshot, on one, just before one, and in the first cycles.
    for limit in [10_000, 8192, 8191, 3] {
        let design = elaborate(Count { limit }).unwrap();
        let run = Run { cycles: CYCLES, seed: 5, keep: 12 };
        let whole = Run { keep: CYCLES as usize, ..run };
        let whole = simulate(&mut Interp::new(&design, Undefined::Zero), whole);
        for mut engine in engines(&design) {
            let seen = simulate(engine.as_mut(), run);
            let end = limit + 3;
            let start = end.saturating_sub(12);
            assert_eq!(seen.trace_start, start, "{limit}");
            let expected = whole.trace.window(start as usize, end as usize);
            assert_eq!(seen.trace, expected, "{limit}");
            assert_eq!(seen.outputs_digest, whole.outputs_digest);
            assert_eq!(seen.violations, whole.violations);
        }
    }
}

#[test]
fn a_run_without_violation_shows_its_end() {
    let design = elaborate(Count { limit: CYCLES }).unwrap();
    let run = Run { cycles: CYCLES, seed: 5, keep: 12 };
    for mut engine in engines(&design) {
        assert_eq!(simulate(engine.as_mut(), run).trace_start, CYCLES - 12);
    }
}

#[test]
fn all_cycles_are_handed_on_and_change_nothing() {
    let design = elaborate(Count { limit: 10_000 }).unwrap();
    let run = Run { cycles: 300, seed: 5, keep: 300 };
    for mut engine in engines(&design) {
        let mut rows: Vec<Vec<Bits>> = Vec::new();
        let each = &mut |values: &[Bits]| {
            rows.push(values.to_vec());
            Ok(())
        };
        let outcome = simulate_each(engine.as_mut(), run, each).unwrap();
        assert_eq!(rows, outcome.trace.cycles);
    }
    let digest = |mut engine: Box<dyn Engine>, looked_at: bool| {
        let plain = Run { keep: 1, ..run };
        if looked_at {
            simulate_each(engine.as_mut(), plain, &mut |_| Ok(())).unwrap().outputs_digest
        } else {
            simulate(engine.as_mut(), plain).outputs_digest
        }
    };
    let digests: Vec<String> = [true, false]
        .into_iter()
        .flat_map(|looked_at| engines(&design).into_iter().map(move |e| digest(e, looked_at)))
        .collect();
    assert!(digests.iter().all(|d| *d == digests[0]), "{digests:?}");
}
