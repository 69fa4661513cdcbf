//! [`Merger`]: a graph of gates in which gates of one function become one.
//!
//! Every new gate is simulated. Where an earlier gate has shown the same in all patterns, or the
//! opposite, a solver is asked; a pattern that tells them apart is kept.

use crate::cnf::Query;
use crate::engine::Halt;
use crate::gates::{Gate, Gates, Lit};
use crate::sabotage::{Bug, planted};
use crate::solver::{Answer, Deadline};
use std::collections::HashMap;

/// Words of 64 patterns that a graph begins with.
const COLUMNS: usize = 16;

/// Most words of patterns.
const COLUMNS_MAX: usize = 160;

/// Words of new patterns after which the table is made anew.
const UNKEYED: usize = 8;

/// Lanes of a word that one counterexample takes: itself and neighbours.
const LANES: u32 = 8;

/// Earlier gates that a new one is compared with.
const CANDIDATES: usize = 3;

/// Gates that a solver may know beyond its first question before it is begun anew.
const STALE: usize = 12_000;

/// What came of comparing two gates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    Equal,
    Different,
    /// Too hard for the effort.
    Unknown,
}

/// Gates, and what each is equal to.
pub(super) struct Merger {
    pub gates: Gates,
    /// By gate: the earliest one known to be equal.
    leader: Vec<Lit>,
    /// Patterns: for each word, 64 values of every gate.
    columns: Vec<Vec<u64>>,
    /// Lanes of the last word that are taken by counterexamples.
    taken: u32,
    /// Words that the table's keys are made of.
    keyed: usize,
    table: HashMap<u64, Vec<u32>>,
    query: Query,
    /// Gates that the query may know before it is begun anew.
    stale: usize,
    /// What is read: data by contents and address.
    reads: HashMap<(usize, Vec<Lit>), Vec<Lit>>,
    random: Random,
    deadline: Deadline,
    conflicts: u32,
}

/// Xorshift.
#[derive(Clone)]
pub(super) struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    /// Each bit is one in about one of eight patterns.
    fn sparse(&mut self) -> u64 {
        self.next() & self.next() & self.next()
    }
}

impl Merger {
    /// An empty graph; no query takes more conflicts.
    pub fn new(deadline: Deadline, conflicts: u32) -> Self {
        let mut merger = Self {
            gates: Gates::default(),
            leader: vec![Lit::ZERO],
            columns: vec![vec![0]; COLUMNS],
            taken: 64,
            keyed: COLUMNS,
            table: HashMap::new(),
            query: Query::default(),
            stale: 0,
            reads: HashMap::new(),
            random: Random(0x5eed_0123_4567_89ab),
            deadline,
            conflicts,
        };
        merger.enter(0);
        merger
    }

    /// A new free variable.
    pub fn free(&mut self) -> Lit {
        let lit = self.gates.free();
        for (i, column) in self.columns.iter_mut().enumerate() {
            // Some patterns in which most bits agree.
            let value = match i % 4 {
                0 => self.random.sparse(),
                1 => !self.random.sparse(),
                _ => self.random.next(),
            };
            column.push(value);
        }
        self.leader.push(lit);
        self.enter(lit.gate());
        lit
    }

    /// What memory contents hold at an address: one value for one address.
    pub fn read(&mut self, contents: usize, address: &[Lit], width: usize) -> Vec<Lit> {
        let contents = if planted(Bug::ContentsConfused) { 0 } else { contents };
        let key = (contents, address.to_vec());
        if let Some(data) = self.reads.get(&key) {
            return data.clone();
        }
        let data: Vec<Lit> = (0..width).map(|_| self.free()).collect();
        self.reads.insert(key, data.clone());
        data
    }

    /// Both.
    pub fn and(&mut self, a: Lit, b: Lit) -> Result<Lit, Halt> {
        let lit = self.gates.and(a, b);
        self.settled(lit).map(|(lit, _)| lit)
    }

    /// At least one.
    pub fn any(&mut self, lits: impl IntoIterator<Item = Lit>) -> Result<Lit, Halt> {
        let mut all = Lit::ONE;
        for lit in lits {
            all = self.and(all, !lit)?;
        }
        Ok(!all)
    }

    /// Exactly one of two.
    pub fn xor(&mut self, a: Lit, b: Lit) -> Result<Lit, Halt> {
        let lit = self.gates.xor(a, b);
        self.settled(lit).map(|(lit, _)| lit)
    }

    /// The literal that stands for one just made, and whether a solver merged it.
    pub fn settled(&mut self, lit: Lit) -> Result<(Lit, bool), Halt> {
        let gate = lit.gate();
        if gate < self.leader.len() {
            return Ok((self.leader[gate].invert_if(lit.inverted()), false));
        }
        debug_assert_eq!(gate, self.leader.len(), "one gate at a time");
        for index in 0..self.columns.len() {
            let value = evaluate(self.gates.gates()[gate], &self.columns[index]);
            self.columns[index].push(value);
        }
        self.leader.push(Lit::of(gate));
        let leader = self.search(gate)?;
        self.leader[gate] = leader;
        let merged = leader.gate() != gate;
        if !merged {
            self.enter(gate);
        }
        Ok((leader.invert_if(lit.inverted()), merged))
    }

    /// An earlier gate of the same function, or the gate itself.
    fn search(&mut self, gate: usize) -> Result<Lit, Halt> {
        let own = Lit::of(gate);
        if self.conflicts == 0 {
            return Ok(own);
        }
        let mut tried = Vec::new();
        loop {
            let found = self.candidates(gate).into_iter().find(|c| !tried.contains(&c.gate()));
            let Some(candidate) = found.filter(|_| tried.len() < CANDIDATES) else {
                return Ok(own);
            };
            tried.push(candidate.gate());
            if self.compare(candidate, own, self.conflicts)? == Compared::Equal {
                let lost = candidate.inverted() && planted(Bug::OppositeEqual);
                return Ok(candidate.invert_if(lost));
            }
        }
    }

    /// Earlier gates that were the same in every pattern, with the inversion under which they were.
    fn candidates(&self, gate: usize) -> Vec<Lit> {
        let bucket = self.table.get(&self.key(gate)).map_or(&[][..], Vec::as_slice);
        let agrees = |&other: &u32| {
            let inverted = self.phase(gate) != self.phase(other as usize);
            let mask = if inverted { u64::MAX } else { 0 };
            let mut columns = self.columns.iter();
            let same = columns.all(|column| column[gate] == column[other as usize] ^ mask);
            same.then(|| Lit::of(other as usize).invert_if(inverted))
        };
        bucket.iter().filter_map(agrees).collect()
    }

    fn phase(&self, gate: usize) -> bool {
        self.columns[0][gate] & 1 == 1
    }

    fn key(&self, gate: usize) -> u64 {
        let mask = if self.phase(gate) { u64::MAX } else { 0 };
        let mix = |key: u64, column: &Vec<u64>| {
            (key.rotate_left(7) ^ column[gate] ^ mask).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        };
        self.columns[..self.keyed].iter().fold(0, mix)
    }

    fn enter(&mut self, gate: usize) {
        let key = self.key(gate);
        self.table.entry(key).or_default().push(gate as u32);
    }

    /// Whether two literals are equal, with so much effort. Of a difference the pattern is kept.
    pub fn compare(&mut self, a: Lit, b: Lit, conflicts: u32) -> Result<Compared, Halt> {
        if a == b {
            return Ok(Compared::Equal);
        }
        if a == !b {
            return Ok(Compared::Different);
        }
        for (high, low) in [(a, b), (b, a)] {
            if planted(Bug::OneSideCompared) && high == b {
                break;
            }
            match self.ask(high, !low, conflicts)? {
                Answer::Unsat => {}
                Answer::Sat => {
                    self.keep_pattern();
                    return Ok(Compared::Different);
                }
                Answer::Stopped => return Ok(Compared::Unknown),
            }
        }
        if self.query.encoded() > 0 {
            let (a, b) = (self.query.lit(&self.gates, a), self.query.lit(&self.gates, b));
            self.query.clause(&[!a, b]);
            self.query.clause(&[a, !b]);
        }
        Ok(Compared::Equal)
    }

    /// Whether both can be one.
    fn ask(&mut self, a: Lit, b: Lit, conflicts: u32) -> Result<Answer, Halt> {
        if a == Lit::ZERO || b == Lit::ZERO {
            return Ok(Answer::Unsat);
        }
        if self.query.encoded() > self.stale {
            self.query = Query::default();
        }
        let begun = self.query.encoded() == 0;
        let given = [a, b].map(|lit| self.query.lit(&self.gates, lit));
        if begun {
            self.stale = 2 * self.query.encoded() + STALE;
        }
        let answer = self.query.solve(&given, self.deadline.within_conflicts(conflicts));
        if answer == Answer::Stopped && self.deadline.is_over() {
            return Err(Halt::Time);
        }
        Ok(answer)
    }

    /// Takes the model and patterns near it into all gates' patterns.
    fn keep_pattern(&mut self) {
        if self.taken + LANES > 64 {
            self.columns.push(vec![0; self.leader.len()]);
            self.taken = 0;
        }
        let lanes = ((1u64 << LANES) - 1) << self.taken;
        let exact = 1u64 << self.taken;
        let last = self.columns.len() - 1;
        let mut column = std::mem::take(&mut self.columns[last]);
        for gate in 0..self.leader.len() {
            column[gate] = match self.gates.gates()[gate] {
                Gate::Free(_) => {
                    let near = self.random.sparse() & !exact;
                    let value = match self.query.value(Lit::of(gate)) {
                        Some(true) => !near,
                        Some(false) => near,
                        None => self.random.next(),
                    };
                    column[gate] & !lanes | value & lanes
                }
                other => evaluate(other, &column),
            };
        }
        self.columns[last] = column;
        self.taken += LANES;
        let full = self.taken == 64;
        if full && self.columns.len() >= self.keyed + UNKEYED {
            self.rekey();
        }
    }

    /// Takes what has been learnt into the keys; of too many patterns the oldest go.
    fn rekey(&mut self) {
        if self.columns.len() > COLUMNS_MAX {
            self.columns.drain(COLUMNS..COLUMNS + 2 * UNKEYED);
        }
        self.keyed = self.columns.len();
        self.table.clear();
        let leads = |&gate: &usize| self.leader[gate] == Lit::of(gate);
        let leaders: Vec<usize> = (0..self.leader.len()).filter(leads).collect();
        leaders.into_iter().for_each(|gate| self.enter(gate));
    }

    /// All patterns of a literal.
    pub fn patterns(&self, lit: Lit) -> Vec<u64> {
        let mask = if lit.inverted() { u64::MAX } else { 0 };
        self.columns.iter().map(|column| column[lit.gate()] ^ mask).collect()
    }
}

/// A gate's values, from those of its operands.
fn evaluate(gate: Gate, column: &[u64]) -> u64 {
    let of = |lit: Lit| column[lit.gate()] ^ if lit.inverted() { u64::MAX } else { 0 };
    match gate {
        Gate::Zero | Gate::Free(_) => 0,
        Gate::And(a, b) => of(a) & of(b),
        Gate::Xor(a, b) => of(a) ^ of(b),
        Gate::Mux(c, t, e) => of(c) & of(t) | !of(c) & of(e),
    }
}
