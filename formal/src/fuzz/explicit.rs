//! The same questions answered by visiting every state, from the netlist's documentation alone.

use crate::options::Start;
use olivine_interp::evaluate;
use olivine_netlist::{
    Bits, Collision, Design, Memory, Module, Op, PropertyKind, ReadKind, ReadPort, ResetKind,
    ValueId,
};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Everything remembered: registers, then for each memory its words and what its ports hold.
type State = Vec<Bits>;

/// What is free in a step, each with its width.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Free {
    Cell(ValueId),
    Answer(usize, usize),
}

/// All there is to know of a design of one clock domain.
pub struct Explicit {
    flat: Module,
    order: Vec<ValueId>,
    free: Vec<(Free, u32)>,
    /// Assertions and covers, in the design's order.
    pub targets: Vec<String>,
}

/// What visiting every state found.
pub struct Answer {
    /// By target, if it is of runs without end: what it is.
    pub live: Vec<Option<Endless>>,
    /// By target: the sample at which it is first hit.
    pub hits: Vec<Option<u32>>,
    /// The most samples a legal run can have, if that is less than what was asked for.
    pub longest: Option<u32>,
}

/// What is to be said of a property of runs without end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endless {
    /// No run is fair.
    NoRun,
    /// Some fair run violates it.
    Violated,
    /// None does.
    Holds,
}

/// What one state can do in one step.
#[derive(Default)]
struct Moves {
    next: BTreeSet<usize>,
    hits: BTreeSet<usize>,
    legal: bool,
    /// By next state: the properties that hold in a step to it; several steps may lead to it.
    steps: HashSet<(usize, Vec<bool>)>,
}

impl Explicit {
    /// `None` if the design has more states or inputs than these numbers of bits, or more than
    /// one domain, or nothing to look for.
    pub fn new(design: &Design, state_bits: u32, input_bits: u32) -> Option<Self> {
        let mut flat = design.flatten();
        // What a placed module assumes is for the design around it to do.
        for placed in flat.properties.iter_mut().skip(design.top().properties.len()) {
            match placed.kind {
                PropertyKind::Assume => placed.kind = PropertyKind::Assert,
                PropertyKind::Fair => placed.kind = PropertyKind::Live,
                _ => {}
            }
        }
        let order = flat.combinational_order().unwrap();
        let mut free: Vec<(Free, u32)> = Vec::new();
        for &value in &order {
            if matches!(flat.cell(value).op, Op::Input(_) | Op::Undefined) {
                free.push((Free::Cell(value), flat.width(value)));
            }
        }
        for (m, memory) in flat.memories.iter().enumerate() {
            free.extend((0..memory.reads.len()).map(|port| (Free::Answer(m, port), memory.width)));
        }
        let properties = flat.properties.iter().filter(|p| p.kind.is_goal());
        let targets: Vec<String> = properties.map(|p| p.name.clone()).collect();
        let explicit = Self { flat, order, free, targets };
        let states: u32 = explicit.power_up().iter().map(|(width, _)| width).sum();
        let inputs: u32 = explicit.free.iter().map(|(_, width)| width).sum();
        let small = states <= state_bits && inputs <= input_bits;
        let one_domain = explicit.flat.domains.len() == 1;
        (small && one_domain && !explicit.targets.is_empty()).then_some(explicit)
    }

    /// Width and value at power-up of everything remembered.
    fn power_up(&self) -> Vec<(u32, Option<Bits>)> {
        let mut state: Vec<(u32, Option<Bits>)> =
            self.flat.registers.iter().map(|r| (r.width, r.init.clone())).collect();
        for memory in &self.flat.memories {
            let word = |i: u32| (memory.width, memory.init.get(i as usize).cloned());
            state.extend((0..memory.depth).map(word));
            state.extend(memory.reads.iter().map(|_| (memory.width, None)));
        }
        state
    }

    /// Index of a memory's first word in the state.
    fn words_at(&self, memory: usize) -> usize {
        let before = self.flat.memories[..memory].iter();
        let sizes = before.map(|m| m.depth as usize + m.reads.len());
        self.flat.registers.len() + sizes.sum::<usize>()
    }

    fn word<'a>(&self, state: &'a State, m: usize, address: &Bits) -> Option<&'a Bits> {
        let depth = u64::from(self.flat.memories[m].depth);
        let address = address.to_u64().filter(|a| *a < depth)?;
        Some(&state[self.words_at(m) + address as usize])
    }

    /// The value of every cell.
    fn settle(&self, state: &State, free: &HashMap<usize, Bits>, answers: &[Bits]) -> Vec<Bits> {
        let mut values = vec![Bits::zero(1); self.flat.cells.len()];
        for &value in &self.order {
            let cell = self.flat.cell(value);
            let result = match cell.op {
                Op::Input(_) | Op::Undefined => free[&value.index()].clone(),
                Op::Register(r) => state[r.index()].clone(),
                Op::ReadData { memory, port } => {
                    let (m, port) = (memory.index(), port as usize);
                    let read = &self.flat.memories[m].reads[port];
                    let held = self.words_at(m) + self.flat.memories[m].depth as usize + port;
                    match read.kind {
                        ReadKind::Sync { .. } => state[held].clone(),
                        ReadKind::Async => {
                            let word = self.word(state, m, &values[read.address.index()]);
                            word.unwrap_or(&answers[self.answer(m, port)]).clone()
                        }
                    }
                }
                _ => {
                    let mut operands = Vec::new();
                    cell.op.operands(|o| operands.push(&values[o.index()]));
                    evaluate(&cell.op, cell.width, &operands).unwrap()
                }
            };
            values[value.index()] = result;
        }
        values
    }

    /// Index among all read ports of all memories.
    fn answer(&self, memory: usize, port: usize) -> usize {
        self.flat.memories[..memory].iter().map(|m| m.reads.len()).sum::<usize>() + port
    }

    /// What a step sees of a state: an asynchronous reset acts at once.
    fn seen(&self, state: &State, reset: bool) -> State {
        let mut seen = state.clone();
        for (register, value) in self.flat.registers.iter().zip(&mut seen) {
            let domain = &self.flat.domains[register.domain.index()];
            if let (true, ResetKind::Asynchronous, Some(now)) =
                (reset, domain.reset, &register.reset)
            {
                value.clone_from(now);
            }
        }
        seen
    }

    fn next(&self, state: &State, values: &[Bits], answers: &[Bits], reset: bool) -> State {
        let holds = |c: Option<ValueId>| c.is_none_or(|c| values[c.index()].any());
        let mut next = state.clone();
        for (register, next) in self.flat.registers.iter().zip(&mut next) {
            if let (true, Some(value)) = (reset, &register.reset) {
                next.clone_from(value);
                continue;
            }
            for case in &register.cases {
                if holds(case.condition) {
                    next.clone_from(&values[case.value.index()]);
                }
            }
        }
        for (m, memory) in self.flat.memories.iter().enumerate() {
            let written = self.write(m, memory, values, &mut next);
            for (port, read) in memory.reads.iter().enumerate() {
                if let ReadKind::Sync { enable, .. } = read.kind
                    && holds(enable)
                {
                    let answer = self.read(m, read, values, (state, &next), &written);
                    let held = self.words_at(m) + memory.depth as usize + port;
                    next[held] = answer.unwrap_or_else(|| answers[self.answer(m, port)].clone());
                }
            }
        }
        next
    }

    /// Writes the words; the addresses written.
    fn write(&self, m: usize, memory: &Memory, values: &[Bits], next: &mut State) -> Vec<u64> {
        let mut written = Vec::new();
        for write in &memory.writes {
            let enabled = write.enable.is_none_or(|e| values[e.index()].any());
            let address = values[write.address.index()].to_u64();
            let Some(address) = address.filter(|a| *a < u64::from(memory.depth) && enabled) else {
                continue;
            };
            let data = &values[write.data.index()];
            let old = next[self.words_at(m) + address as usize].clone();
            let mask = write.mask.map_or(Bits::ones(1), |mask| values[mask.index()].clone());
            let part = memory.width / mask.width();
            let bit = |i: u32| if mask.bit(i / part) { data.bit(i) } else { old.bit(i) };
            let bits: Vec<bool> = (0..memory.width).map(bit).collect();
            next[self.words_at(m) + address as usize] = Bits::from_bools(&bits);
            if mask.any() {
                written.push(address);
            }
        }
        written
    }

    fn read(
        &self,
        m: usize,
        read: &ReadPort,
        values: &[Bits],
        (before, after): (&State, &State),
        written: &[u64],
    ) -> Option<Bits> {
        let ReadKind::Sync { collision, .. } = read.kind else { return None };
        let address = &values[read.address.index()];
        let hit = address.to_u64().is_some_and(|a| written.contains(&a));
        match collision {
            Collision::Undefined if hit => None,
            Collision::Old | Collision::Undefined => self.word(before, m, address).cloned(),
            Collision::New => self.word(after, m, address).cloned(),
        }
    }

    /// Calls `visit` with every choice of what is free: the values of all cells and the answers
    /// of read ports.
    fn each_input(
        &self,
        state: &State,
        reset: bool,
        mut visit: impl FnMut(&State, &[Bits], &[Bits]),
    ) {
        let state = &self.seen(state, reset);
        let widths: Vec<u32> = self.free.iter().map(|(_, width)| *width).collect();
        for values in every(&widths) {
            let mut cells = HashMap::new();
            let mut answers = Vec::new();
            for ((free, _), bits) in self.free.iter().zip(values) {
                match free {
                    Free::Cell(value) => drop(cells.insert(value.index(), bits)),
                    Free::Answer(..) => answers.push(bits),
                }
            }
            visit(state, &self.settle(state, &cells, &answers), &answers);
        }
    }

    fn moves(&self, state: &State, numbers: &mut Numbers) -> Moves {
        let mut moves = Moves::default();
        self.each_input(state, false, |state, values, answers| {
            let holds = |p: &olivine_netlist::Property| values[p.condition.index()].any();
            let all = &self.flat.properties;
            if !all.iter().filter(|p| p.kind == PropertyKind::Assume).all(holds) {
                return;
            }
            moves.legal = true;
            let next = numbers.of(self.next(state, values, answers, false));
            moves.next.insert(next);
            moves.steps.insert((next, all.iter().map(holds).collect()));
            let targets = all.iter().filter(|p| p.kind.is_goal());
            let hit = |p: &olivine_netlist::Property| match p.kind {
                PropertyKind::Cover => holds(p),
                PropertyKind::Live => false,
                _ => !holds(p),
            };
            moves.hits.extend(targets.enumerate().filter(|(_, p)| hit(p)).map(|(i, _)| i));
        });
        moves
    }

    fn starts(&self, start: Start) -> HashSet<State> {
        let power_up = self.power_up();
        let widths: Vec<u32> =
            power_up.iter().map(|(w, init)| if init.is_some() { 0 } else { *w }).collect();
        let fill = |open: Vec<Bits>| -> State {
            let known = power_up.iter().map(|(_, init)| init.clone());
            known.zip(open).map(|(known, open)| known.unwrap_or(open)).collect()
        };
        let mut states: HashSet<State> = every(&widths).map(fill).collect();
        let edges = if let Start::AfterReset { edges } = start { edges } else { 0 };
        for _ in 0..edges {
            let mut after = HashSet::new();
            for state in &states {
                self.each_input(state, true, |state, values, answers| {
                    after.insert(self.next(state, values, answers, true));
                });
            }
            states = after;
        }
        states
    }

    /// Visits every state that is reached within so many samples, and says when.
    pub fn search(&self, start: Start, samples: u32) -> Answer {
        let mut numbers = Numbers::default();
        let mut layer: BTreeSet<usize> =
            self.starts(start).into_iter().map(|state| numbers.of(state)).collect();
        let hits = vec![None; self.targets.len()];
        let mut answer = Answer { hits, longest: None, live: Vec::new() };
        let mut known: HashMap<usize, Moves> = HashMap::new();
        for depth in 0..samples {
            let (mut next, mut legal) = (BTreeSet::new(), false);
            for &index in &layer {
                let state = numbers.states[index].clone();
                let moves = known.entry(index).or_insert_with(|| self.moves(&state, &mut numbers));
                legal |= moves.legal;
                next.extend(&moves.next);
                for &hit in &moves.hits {
                    answer.hits[hit].get_or_insert(depth);
                }
            }
            if !legal {
                answer.longest = Some(depth);
                break;
            }
            layer = next;
        }
        answer.live = self.endless(&known);
        answer
    }

    /// What is to be said of each property of runs without end, if all reached states are known.
    fn endless(&self, known: &HashMap<usize, Moves>) -> Vec<Option<Endless>> {
        let all = &self.flat.properties;
        let fair: Vec<usize> =
            (0..all.len()).filter(|&p| all[p].kind == PropertyKind::Fair).collect();
        let some_run = fair_loop(known, &fair, |_| true);
        let judge = |p: usize| match (some_run, fair_loop(known, &fair, |holds| !holds[p])) {
            (false, _) => Endless::NoRun,
            (true, true) => Endless::Violated,
            (true, false) => Endless::Holds,
        };
        let goals = (0..all.len()).filter(|&p| all[p].kind.is_goal());
        goals.map(|p| (all[p].kind == PropertyKind::Live).then(|| judge(p))).collect()
    }
}

/// Whether steps that are allowed form a loop in which every one of these properties holds
/// somewhere.
fn fair_loop(
    known: &HashMap<usize, Moves>,
    fair: &[usize],
    allowed: impl Fn(&[bool]) -> bool,
) -> bool {
    let steps = |from: usize| {
        let all = known.get(&from).into_iter().flat_map(|moves| &moves.steps);
        all.filter(|(_, holds)| allowed(holds))
    };
    let reached = |from: usize| {
        let mut reached = HashSet::new();
        let mut waiting = vec![from];
        while let Some(state) = waiting.pop() {
            waiting.extend(steps(state).map(|(to, _)| *to).filter(|&to| reached.insert(to)));
        }
        reached
    };
    let reach: HashMap<usize, HashSet<usize>> = known.keys().map(|&s| (s, reached(s))).collect();
    let leads = |from: usize, to: usize| reach.get(&from).is_some_and(|r| r.contains(&to));
    known.keys().any(|&state| {
        let within = known.keys().filter(|&&s| leads(state, s) && leads(s, state));
        let inner = within.flat_map(|&from| steps(from).filter(move |(to, _)| leads(*to, from)));
        let inner: Vec<&Vec<bool>> = inner.map(|(_, holds)| holds).collect();
        !inner.is_empty() && fair.iter().all(|&p| inner.iter().any(|holds| holds[p]))
    })
}

/// States, numbered in the order in which they are met.
#[derive(Default)]
struct Numbers {
    known: HashMap<State, usize>,
    states: Vec<State>,
}

impl Numbers {
    fn of(&mut self, state: State) -> usize {
        let next = self.states.len();
        let number = *self.known.entry(state.clone()).or_insert(next);
        if number == next {
            self.states.push(state);
        }
        number
    }
}

/// Every list of values of these widths.
fn every(widths: &[u32]) -> impl Iterator<Item = Vec<Bits>> {
    let total: u32 = widths.iter().sum();
    let widths = widths.to_vec();
    (0..1u64 << total).map(move |number| {
        let mut rest = number;
        let mut value = |&width: &u32| {
            let bits = Bits::new(width.max(1), rest & ((1 << width) - 1));
            rest >>= width;
            bits
        };
        widths.iter().map(&mut value).collect()
    })
}
