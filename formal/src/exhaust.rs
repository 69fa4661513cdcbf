//! Exhaustion: a gate's value for every pattern of the free variables that it depends on.
//!
//! 512 patterns are evaluated at a time. The free variables with the fewest gates behind them
//! change fastest, and a gate is evaluated again only when something it depends on has changed.

mod program;
mod vector;

use crate::gates::{Gate, Gates, Lit};
use crate::solver::Deadline;
use program::Program;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use vector::{LANE_BITS, Lanes};

/// More free variables than this are never tried.
pub(crate) const FREE_MAX: usize = 40;

/// What came of trying every pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    /// It is zero in all of them.
    Never,
    /// It is one in this one: the free variables that it depends on.
    Once(Vec<(Lit, bool)>),
    /// The time was over first; so many parts in a thousand were done.
    Stopped(u32),
}

/// A gate's evaluation, planned.
pub(crate) struct Plan {
    /// The free variables, the fastest changing first.
    free: Vec<Lit>,
    program: Program,
}

impl Plan {
    /// The plan for a literal; `None` if it depends on more than [`FREE_MAX`] free variables.
    pub fn new(gates: &Gates, root: Lit) -> Option<Self> {
        let cone = cone(gates, root);
        let free: Vec<usize> =
            cone.iter().copied().filter(|&g| matches!(gates.gates()[g], Gate::Free(_))).collect();
        if free.len() > FREE_MAX {
            return None;
        }
        let supports = supports(gates, &cone, &free);
        let behind = |i: usize| cone.iter().filter(|g| supports[**g] >> i & 1 == 1).count();
        let mut order: Vec<(usize, usize)> = (0..free.len()).map(|i| (behind(i), i)).collect();
        order.sort_unstable();
        let order: Vec<usize> = order.into_iter().map(|(_, i)| free[i]).collect();
        let supports = self::supports(gates, &cone, &order);
        let program = Program::new(gates, root, &cone, &order, &supports);
        Some(Self { free: order.into_iter().map(Lit::of).collect(), program })
    }

    /// How many free variables there are.
    pub fn free_bits(&self) -> u32 {
        self.free.len() as u32
    }

    fn rounds(&self) -> u64 {
        1 << self.free.len().saturating_sub(LANE_BITS)
    }

    /// Evaluations of 512 patterns of one gate, all together.
    pub fn cost(&self) -> u64 {
        self.program.cost(self.rounds())
    }

    /// Tries every pattern; `observe` is told the parts in a thousand that are done.
    pub fn run(&self, deadline: Deadline, observe: &(dyn Fn(u32) + Sync)) -> Tried {
        let rounds = self.rounds();
        let share = rounds.div_ceil(1024);
        let shares: Vec<u64> = (0..rounds).step_by(share as usize).collect();
        let (over, done) = (AtomicBool::new(false), AtomicU64::new(0));
        let found = shares.par_iter().find_map_first(|&first| {
            let found = self.share(first..rounds.min(first + share), deadline, &over);
            if !over.load(Ordering::Relaxed) {
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                observe((done * 1000 / shares.len() as u64) as u32);
            }
            found
        });
        match found {
            Some(pattern) => Tried::Once(pattern),
            None if over.load(Ordering::Relaxed) => {
                let done = done.load(Ordering::Relaxed);
                Tried::Stopped((done * 1000 / shares.len() as u64) as u32)
            }
            None => Tried::Never,
        }
    }

    fn share(
        &self,
        rounds: std::ops::Range<u64>,
        deadline: Deadline,
        over: &AtomicBool,
    ) -> Option<Vec<(Lit, bool)>> {
        let mut slots: Vec<Lanes> = self.program.slots();
        let first = rounds.start;
        for round in rounds {
            if round % 512 == 0 && (over.load(Ordering::Relaxed) || deadline.is_over()) {
                over.store(true, Ordering::Relaxed);
                return None;
            }
            let changed = if round == first { u32::MAX } else { round.trailing_zeros() };
            self.program.evaluate(round, changed, &mut slots);
            if let Some(lane) = self.program.lane(&slots) {
                let pattern = round << LANE_BITS | u64::from(lane);
                let bit = |(i, &lit): (usize, &Lit)| (lit, pattern >> i & 1 == 1);
                return Some(self.free.iter().enumerate().map(bit).collect());
            }
        }
        None
    }
}

/// The gates that a literal depends on, ascending.
fn cone(gates: &Gates, root: Lit) -> Vec<usize> {
    let mut needed = vec![false; gates.gates().len()];
    needed[root.gate()] = true;
    for index in (0..needed.len()).rev() {
        if needed[index] {
            crate::cnf::operands(gates.gates()[index], |lit| needed[lit.gate()] = true);
        }
    }
    (0..needed.len()).filter(|&index| needed[index]).collect()
}

/// By gate: which of the free variables it depends on.
fn supports(gates: &Gates, cone: &[usize], free: &[usize]) -> Vec<u64> {
    let mut supports = vec![0; gates.gates().len()];
    free.iter().enumerate().for_each(|(i, &gate)| supports[gate] = 1 << i);
    for &gate in cone {
        let mut support: u64 = supports[gate];
        crate::cnf::operands(gates.gates()[gate], |lit| support |= supports[lit.gate()]);
        supports[gate] = support;
    }
    supports
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignore(_done: u32) {}

    fn run(gates: &Gates, root: Lit) -> Tried {
        Plan::new(gates, root).expect("few").run(Deadline::default(), &ignore)
    }

    fn value(gates: &Gates, pattern: &[(Lit, bool)], root: Lit) -> bool {
        let mut values: Vec<bool> = Vec::new();
        for (index, gate) in gates.gates().iter().enumerate() {
            let of = |lit: Lit| values[lit.gate()] != lit.inverted();
            let value = match *gate {
                Gate::Zero => false,
                Gate::Free(_) => pattern.iter().any(|&(lit, v)| lit.gate() == index && v),
                Gate::And(a, b) => of(a) && of(b),
                Gate::Xor(a, b) => of(a) != of(b),
                Gate::Mux(c, t, e) => {
                    if of(c) {
                        of(t)
                    } else {
                        of(e)
                    }
                }
            };
            values.push(value);
        }
        values[root.gate()] != root.inverted()
    }

    /// A random graph of gates over so many free variables; each sort occurs.
    fn random(seed: u64, free: usize) -> (Gates, Vec<Lit>) {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = move |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 33) as usize % below
        };
        let mut gates = Gates::default();
        let mut lits: Vec<Lit> = (0..free).map(|_| gates.free()).collect();
        for _ in 0..60 {
            let mut any = || lits[next(lits.len())].invert_if(next(2) == 1);
            let (a, b, c) = (any(), any(), any());
            lits.push(match next(3) {
                0 => gates.and(a, b),
                1 => gates.xor(a, b),
                _ => gates.mux(a, b, c),
            });
        }
        (gates, lits)
    }

    /// Every gate of random graphs against plain evaluation of each pattern.
    #[test]
    fn every_pattern_is_tried_once() {
        let (mut never, mut once) = (0, 0);
        for (seed, free) in (1..=40).zip([3, 8, 9, 10, 11].into_iter().cycle()) {
            let (gates, lits) = random(seed, free);
            let inputs: Vec<Lit> = lits[..free].to_vec();
            for &root in lits.iter().rev().take(6) {
                let pattern = |number: usize| -> Vec<(Lit, bool)> {
                    inputs.iter().enumerate().map(|(i, &l)| (l, number >> i & 1 == 1)).collect()
                };
                let exists = (0..1 << free).any(|n| value(&gates, &pattern(n), root));
                match run(&gates, root) {
                    Tried::Never => {
                        never += 1;
                        assert!(!exists, "seed {seed}");
                    }
                    Tried::Once(found) => {
                        once += 1;
                        assert!(value(&gates, &found, root), "seed {seed}");
                    }
                    Tried::Stopped(_) => panic!("there is no limit"),
                }
            }
        }
        assert!(never >= 1 && once >= 20, "{never} never, {once} once");
    }

    /// One pattern of 2^20, wherever it is.
    #[test]
    fn a_single_pattern_is_found() {
        for wanted in [0u32, 1, 77_777, (1 << 20) - 1] {
            let mut gates = Gates::default();
            let free: Vec<Lit> = (0..20).map(|_| gates.free()).collect();
            let equal = free.iter().enumerate();
            let equal: Vec<Lit> = equal.map(|(i, &l)| l.invert_if(wanted >> i & 1 == 0)).collect();
            let root = gates.all(equal);
            let Tried::Once(pattern) = run(&gates, root) else { panic!("it exists") };
            assert!(value(&gates, &pattern, root));
            let other = gates.all([root, !free[3].invert_if(wanted >> 3 & 1 == 0)]);
            assert_eq!(run(&gates, other), Tried::Never);
        }
    }

    #[test]
    fn time_is_kept() {
        let mut gates = Gates::default();
        let free: Vec<Lit> = (0..40).map(|_| gates.free()).collect();
        let odd = free.iter().fold(Lit::ZERO, |odd, &lit| gates.xor(odd, lit));
        let all = gates.all(free.iter().copied());
        let root = gates.and(all, odd);
        let plan = Plan::new(&gates, root).expect("40 are allowed");
        let start = std::time::Instant::now();
        let limit = std::time::Duration::from_millis(100);
        let tried = plan.run(Deadline::after(Some(limit)), &ignore);
        assert!(matches!(tried, Tried::Stopped(done) if done < 100), "{tried:?}");
        assert!(start.elapsed() < 20 * limit);
    }
}
