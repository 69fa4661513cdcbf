//! [`Patterns`]: gates evaluated for every pattern of what is free.

use super::Rejection;
use crate::solver::{Answer, Deadline, SatLit};
use rayon::prelude::*;

/// What a variable is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    Free,
    Any(Vec<SatLit>),
    Xor(SatLit, SatLit),
    Choose(SatLit, SatLit, SatLit),
}

/// Variables, operands first, and what is required of them.
#[derive(Default)]
pub(super) struct Patterns {
    nodes: Vec<Node>,
    required: Vec<SatLit>,
}

/// One bit in each of so many patterns.
type Lanes = [u64; WORDS];

const WORDS: usize = 16;

/// Free variables that differ between the patterns of one [`Lanes`].
const LANE_BITS: usize = 6 + WORDS.trailing_zeros() as usize;

/// More free variables than this are not tried.
const FREE_MAX: usize = 40;

/// How the first six free variables change within a word.
const STRIPES: [u64; 6] = [
    0xaaaa_aaaa_aaaa_aaaa,
    0xcccc_cccc_cccc_cccc,
    0xf0f0_f0f0_f0f0_f0f0,
    0xff00_ff00_ff00_ff00,
    0xffff_0000_ffff_0000,
    0xffff_ffff_0000_0000,
];

impl Node {
    /// Calls `visit` with each operand.
    pub fn operands(&self, visit: impl FnMut(SatLit)) {
        match self {
            Self::Free => {}
            Self::Any(lits) => lits.iter().copied().for_each(visit),
            Self::Xor(a, b) => [*a, *b].into_iter().for_each(visit),
            Self::Choose(c, t, e) => [*c, *t, *e].into_iter().for_each(visit),
        }
    }
}

impl Patterns {
    /// A new variable.
    pub fn add(&mut self, node: Node) -> SatLit {
        self.nodes.push(node);
        SatLit { var: self.nodes.len() as u32 - 1, inverted: false }
    }

    /// One of these holds in every pattern that counts.
    pub fn require(&mut self, clause: &[SatLit]) {
        let holds = self.add(Node::Any(clause.to_vec()));
        self.required.push(holds);
    }

    /// Whether all of these can be, in a pattern that counts.
    pub fn solve(&self, asked: &[SatLit], deadline: Deadline) -> Result<Answer, Rejection> {
        let asked: Vec<SatLit> = asked.iter().chain(&self.required).copied().collect();
        let cone = self.cone(&asked);
        let free = cone.iter().filter(|&&n| matches!(self.nodes[n], Node::Free)).count();
        if free > FREE_MAX {
            return Err(Rejection::Patterns(free as u32));
        }
        let rounds = 1u64 << free.saturating_sub(LANE_BITS);
        let share = rounds.div_ceil(256);
        let shares: Vec<u64> = (0..rounds).step_by(share as usize).collect();
        let outcomes = shares.par_iter().map(|&first| {
            let mut values = vec![[0; WORDS]; self.nodes.len()];
            for round in first..rounds.min(first + share) {
                if round % 1024 == 0 && deadline.is_over() {
                    return Answer::Stopped;
                }
                self.evaluate(&cone, round, &mut values);
                if hit(&values, &asked) {
                    return Answer::Sat;
                }
            }
            Answer::Unsat
        });
        let outcomes: Vec<Answer> = outcomes.collect();
        let worst = [Answer::Sat, Answer::Stopped];
        Ok(worst.into_iter().find(|w| outcomes.contains(w)).unwrap_or(Answer::Unsat))
    }

    /// What these depend on, ascending.
    fn cone(&self, roots: &[SatLit]) -> Vec<usize> {
        let mut needed = vec![false; self.nodes.len()];
        roots.iter().for_each(|lit| needed[lit.var as usize] = true);
        for n in (0..self.nodes.len()).rev() {
            if needed[n] {
                self.nodes[n].operands(|lit| needed[lit.var as usize] = true);
            }
        }
        (0..self.nodes.len()).filter(|&n| needed[n]).collect()
    }

    fn evaluate(&self, cone: &[usize], round: u64, values: &mut [Lanes]) {
        let mut number = 0;
        for &n in cone {
            values[n] = match &self.nodes[n] {
                Node::Free => {
                    number += 1;
                    free(number - 1, round)
                }
                Node::Any(lits) => lits.iter().fold([0; WORDS], |any, &lit| {
                    let lit = read(values, lit);
                    std::array::from_fn(|i| any[i] | lit[i])
                }),
                Node::Xor(a, b) => {
                    let (a, b) = (read(values, *a), read(values, *b));
                    std::array::from_fn(|i| a[i] ^ b[i])
                }
                Node::Choose(c, t, e) => {
                    let (c, t, e) = (read(values, *c), read(values, *t), read(values, *e));
                    std::array::from_fn(|i| c[i] & t[i] | !c[i] & e[i])
                }
            };
        }
    }
}

/// The patterns of a free variable in a round.
fn free(number: usize, round: u64) -> Lanes {
    let all = |bit: bool| if bit { u64::MAX } else { 0 };
    match number {
        0..6 => [STRIPES[number]; WORDS],
        6..LANE_BITS => std::array::from_fn(|word| all(word >> (number - 6) & 1 == 1)),
        _ => [all(round >> (number - LANE_BITS) & 1 == 1); WORDS],
    }
}

fn read(values: &[Lanes], lit: SatLit) -> Lanes {
    let invert = if lit.inverted { u64::MAX } else { 0 };
    let value = &values[lit.var as usize];
    std::array::from_fn(|i| value[i] ^ invert)
}

/// Whether all of these hold in some pattern.
fn hit(values: &[Lanes], asked: &[SatLit]) -> bool {
    let all = asked.iter().fold([u64::MAX; WORDS], |all, &lit| {
        let lit = read(values, lit);
        std::array::from_fn(|i| all[i] & lit[i])
    });
    all.iter().any(|&word| word != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parity(bits: usize) -> (Patterns, SatLit, SatLit) {
        let mut patterns = Patterns::default();
        let free: Vec<SatLit> = (0..bits).map(|_| patterns.add(Node::Free)).collect();
        let all = free.iter().map(|&f| !f).collect();
        let all = !patterns.add(Node::Any(all));
        let odd = free[1..].iter().fold(free[0], |odd, &f| patterns.add(Node::Xor(odd, f)));
        (patterns, all, odd)
    }

    /// All of an odd number of ones is odd: one pattern of 2^bits decides.
    #[test]
    fn one_pattern_of_all_is_found() {
        let never = Deadline::default();
        for bits in [1, 5, 9, 13] {
            let (patterns, all, odd) = parity(bits);
            assert_eq!(patterns.solve(&[all, odd], never), Ok(Answer::Sat), "{bits}");
            assert_eq!(patterns.solve(&[all, !odd], never), Ok(Answer::Unsat), "{bits}");
        }
    }

    #[test]
    fn what_is_required_counts() {
        let mut patterns = Patterns::default();
        let (a, b) = (patterns.add(Node::Free), patterns.add(Node::Free));
        let chosen = patterns.add(Node::Choose(a, b, !b));
        patterns.require(&[!a, b]);
        let never = Deadline::default();
        assert_eq!(patterns.solve(&[a, !chosen], never), Ok(Answer::Unsat));
        assert_eq!(patterns.solve(&[a, chosen], never), Ok(Answer::Sat));
        assert_eq!(patterns.solve(&[!a, chosen], never), Ok(Answer::Sat));
    }

    #[test]
    fn too_many_are_refused() {
        let (patterns, all, odd) = parity(41);
        let refused = patterns.solve(&[all, odd], Deadline::default());
        assert_eq!(refused, Err(Rejection::Patterns(41)));
    }
}
