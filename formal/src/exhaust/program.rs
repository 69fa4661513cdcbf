//! [`Program`]: gates as steps on slots, in the order in which they change.

use super::vector::{LANE_BITS, Lanes, Step, lanes_of, run};
use crate::gates::{Gate, Gates, Lit};
use crate::sabotage::{Bug, planted};

/// The steps, those that change most rarely first. A slot is used again by the values that are
/// needed only while their own group runs.
pub(super) struct Program {
    steps: Vec<Step>,
    /// By group: index of the first step that belongs to it or to a faster one. Group 0 changes
    /// in each round, group n with bit n - 1 of the round's number.
    starts: Vec<usize>,
    /// Slots of the free variables that change between rounds, the fastest first.
    outer: Vec<u32>,
    initial: Vec<Lanes>,
    /// Slot and inversion of the root.
    root: u32,
    /// The patterns of a round that are patterns of the free variables: fewer than all if there
    /// are fewer than nine variables.
    lanes: u32,
}

/// A step whose operands are values: 0 is constant zero, then the free variables, then the steps.
struct Draft {
    step: Step,
    group: usize,
}

impl Program {
    pub fn new(gates: &Gates, root: Lit, cone: &[usize], free: &[usize], supports: &[u64]) -> Self {
        let group = |gate: usize| match supports[gate] {
            0 => free.len().saturating_sub(LANE_BITS),
            support => (support.trailing_zeros() as usize + 1).saturating_sub(LANE_BITS),
        };
        let mut order: Vec<usize> = cone.to_vec();
        order.sort_by_key(|&gate| std::cmp::Reverse(group(gate)));
        let mut values = vec![0u32; gates.gates().len()];
        for (i, &gate) in free.iter().enumerate() {
            values[gate] = 2 * (1 + i as u32);
        }
        let mut drafting = Drafting { values, drafts: Vec::new(), base: 1 + free.len() as u32 };
        for gate in order {
            drafting.gate(gate, gates.gates()[gate], group(gate));
        }
        let root = drafting.value(root);
        Self::place(drafting.drafts, free.len(), root)
    }

    /// Gives each value its slot.
    fn place(drafts: Vec<Draft>, free: usize, root: u32) -> Self {
        let base = 1 + free;
        let last = last_uses(&drafts, base, root);
        let mut slots: Vec<u32> = (0..base as u32).collect();
        let mut count = base as u32;
        let mut idle: Vec<u32> = Vec::new();
        let mut steps = Vec::with_capacity(drafts.len());
        for (index, draft) in drafts.iter().enumerate() {
            let at = |value: u32| 2 * slots[value as usize / 2] + value % 2;
            let Step { first, second, third, .. } = draft.step;
            let mut step = Step { first: at(first), second: at(second), third: at(third), out: 0 };
            let mut operands = [first / 2, second / 2, third / 2];
            operands.sort_unstable();
            for (i, &value) in operands.iter().enumerate() {
                let again = i > 0 && operands[i - 1] == value;
                if !again && last[value as usize] == Some(index) {
                    idle.push(slots[value as usize]);
                }
            }
            step.out = idle.pop().unwrap_or_else(|| {
                count += 1;
                count - 1
            });
            slots.push(step.out);
            steps.push(step);
        }
        let groups = free.saturating_sub(LANE_BITS);
        let starts = (0..=groups).map(|g| drafts.partition_point(|d| d.group > g)).collect();
        let mut initial = vec![[0; 8]; count as usize];
        for (place, lanes) in initial[1..base].iter_mut().take(LANE_BITS).enumerate() {
            *lanes = lanes_of(place);
        }
        Self {
            steps,
            starts,
            outer: (base.min(1 + LANE_BITS) as u32..base as u32).collect(),
            initial,
            root: 2 * slots[root as usize / 2]
                + if planted(Bug::RootTurned) { 0 } else { root % 2 },
            lanes: 1 << free.min(LANE_BITS),
        }
    }

    /// Slots before the first round.
    pub fn slots(&self) -> Vec<Lanes> {
        self.initial.clone()
    }

    /// Steps in so many rounds.
    pub fn cost(&self, rounds: u64) -> u64 {
        let ends = std::iter::once(self.steps.len()).chain(self.starts.iter().copied());
        let sizes = ends.zip(&self.starts).map(|(end, &start)| (end - start) as u64);
        let runs = |group: usize| (rounds >> group.saturating_sub(1)).max(1);
        sizes.enumerate().map(|(group, size)| size * runs(group)).sum()
    }

    /// Evaluates a round; bits of its number above `changed` are those of the round before.
    pub fn evaluate(&self, round: u64, changed: u32, slots: &mut [Lanes]) {
        for (bit, &slot) in self.outer.iter().enumerate().take_while(|(b, _)| *b as u32 <= changed)
        {
            slots[slot as usize] = [if round >> bit & 1 == 1 { u64::MAX } else { 0 }; 8];
        }
        let group = self.starts.len() - 1;
        let group = group.min((changed as usize).saturating_add(1));
        run(&self.steps[self.starts[group]..], slots);
    }

    /// The first pattern in which the root is one.
    pub fn lane(&self, slots: &[Lanes]) -> Option<u32> {
        let invert = if self.root % 2 == 1 { u64::MAX } else { 0 };
        let words = slots[self.root as usize / 2].iter().map(|word| word ^ invert);
        let (index, word) = words.enumerate().find(|(_, word)| *word != 0)?;
        Some(64 * index as u32 + word.trailing_zeros()).filter(|&lane| lane < self.lanes)
    }
}

/// By value: the step that uses it last, if all its uses are in the group of its own step; only
/// then may its slot be used again.
fn last_uses(drafts: &[Draft], base: usize, root: u32) -> Vec<Option<usize>> {
    let mut last = vec![None; base + drafts.len()];
    let mut kept = vec![false; base + drafts.len()];
    kept[..base].fill(true);
    kept[root as usize / 2] = true;
    for (index, draft) in drafts.iter().enumerate() {
        for value in [draft.step.first, draft.step.second, draft.step.third] {
            let value = value as usize / 2;
            last[value] = Some(index);
            kept[value] |= value >= base && drafts[value - base].group != draft.group;
        }
    }
    last.into_iter().zip(kept).map(|(last, kept)| last.filter(|_| !kept)).collect()
}

/// Steps on values, on their way.
struct Drafting {
    /// By gate: twice its value, one more if the value is the gate's inverted.
    values: Vec<u32>,
    drafts: Vec<Draft>,
    /// Number of the first step's value.
    base: u32,
}

/// Constant one: zero, inverted.
const ONE: u32 = 1;

impl Drafting {
    fn value(&self, lit: Lit) -> u32 {
        self.values[lit.gate()] ^ u32::from(lit.inverted())
    }

    fn step(&mut self, group: usize, first: u32, second: u32, third: u32) -> u32 {
        let step = Step { first, second, third, out: 0 };
        self.drafts.push(Draft { step, group });
        2 * (self.base + self.drafts.len() as u32 - 1)
    }

    /// One of two, each without its inversion.
    fn differ(&mut self, group: usize, a: u32, b: u32) -> u32 {
        self.step(group, ONE, b & !1, a & !1) ^ (a & 1) ^ (b & 1)
    }

    fn gate(&mut self, index: usize, gate: Gate, group: usize) {
        let value = match gate {
            Gate::Zero | Gate::Free(_) => return,
            Gate::And(a, b) => {
                let (a, b) = (self.value(a), self.value(b));
                self.step(group, a, b, 0)
            }
            Gate::Xor(a, b) => {
                let (a, b) = (self.value(a), self.value(b));
                self.differ(group, a, b)
            }
            Gate::Mux(c, t, e) => {
                let (c, t, e) = (self.value(c), self.value(t), self.value(e));
                let differ = self.differ(group, t, e);
                self.step(group, c, differ, e & !1) ^ (e & 1)
            }
        };
        self.values[index] = value;
    }
}
