//! A machine is built: selection, regions, code, and who depends on whom.

use super::action::{Action, Var};
use super::edge::Location;
use super::elem::{CHUNK, Elem};
use super::encode;
use super::insn::{Context, Insn};
use super::machine::{Check, Condition, Machine, Region};
use super::memory::Words;
use super::refresh::{Mark, Marks, Refresh, RegionSet, Span};
use super::regions::partition;
use super::select::{Selector, Source};
use super::storage::Storage;
use crate::kernel::{Kernel, Lane, NodeId};
use olivine_interp::Undefined;
use olivine_netlist::DomainId;
use rustc_hash::FxHashMap as HashMap;
use std::collections::{BTreeMap, BTreeSet};

/// What a region can depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Dependence {
    /// What another region makes.
    Var(Var),
    State(u32),
    Input(u32),
    /// The words of a memory.
    Memory(u32),
}

/// A machine in the making.
pub(super) struct Build<'k> {
    pub kernel: &'k Kernel,
    pub storage: Storage,
    pub selector: Selector,
    pub region_of: HashMap<Var, u32>,
    readers: HashMap<Dependence, BTreeSet<u32>>,
    pub refreshes: Vec<Refresh>,
    marks: Vec<Mark>,
    /// By state: what makes its next value.
    pub next: Vec<Option<Var>>,
}

impl Machine {
    /// A machine at power-up.
    pub fn new(kernel: &Kernel, domains: usize, undefined: Undefined) -> Self {
        let mut build = Build::new(kernel);
        build.selector.select(kernel, &mut build.storage, &roots(kernel));
        build.make_next_states();
        let conditions = build.make_conditions();
        let groups = partition(&build.selector);
        build.selector.fresh.clear();
        let timed = build.find_readers(&groups, undefined);
        let (mut pool, mut code) = (Vec::new(), Vec::new());
        let mut regions = build.encode(&groups, &mut pool, &mut code);
        for (vars, region) in groups.iter().zip(&mut regions) {
            region.outputs = build.outputs(vars);
        }
        let checks = build.checks(&conditions, &mut regions);
        let domains: Vec<_> =
            (0..domains as u32).map(|d| build.domain(DomainId(d), regions.len())).collect();
        let input = |i| build.marks_of(Dependence::Input(i));
        let inputs = (0..kernel.inputs).map(input).collect();
        let memory = |m| build.marks_of(Dependence::Memory(m));
        let readers = (0..kernel.memories.len() as u32).map(memory).collect();
        let words = kernel.memories.iter().map(|m| Words::new(m.width, m.depth, &m.init));
        let condition = |(c, p): (&Made, &crate::kernel::Sampled)| Condition {
            at: c.location(&build.selector),
            domain: p.domain.0,
            fails: false,
        };
        Self {
            conditions: conditions.iter().zip(&kernel.properties).map(condition).collect(),
            inputs,
            readers,
            dirty: RegionSet::new(regions.len(), true),
            context: Context {
                pool,
                reads: build.selector.plans.clone(),
                opens: kernel.undefined.clone(),
                memories: words.collect(),
                undefined,
                cycle: 0,
            },
            storage: build.storage,
            selector: build.selector,
            code,
            watch: Vec::new(),
            regions,
            refreshes: build.refreshes,
            marks: build.marks,
            timed,
            domains,
            checks,
        }
    }
}

/// A refresh before it has its marks.
pub(super) struct Copied {
    pub from: u32,
    pub to: u32,
    pub bytes: u32,
    pub readers: BTreeSet<u32>,
}

impl Copied {
    /// True if another copy goes on where this one ends, and hardly wakes anybody else.
    fn takes(&self, next: &Self) -> bool {
        let beside = self.from + self.bytes == next.from && self.to + self.bytes == next.to;
        let new = next.readers.difference(&self.readers).count();
        let old = self.readers.difference(&next.readers).count();
        beside && new + old <= 1
    }
}

/// One lane of a variable that an action makes.
struct Made {
    var: Var,
    elem: Elem,
    lanes: u32,
    lane: u32,
}

impl Made {
    fn location(&self, selector: &Selector) -> Location {
        let offset = selector.offset(self.var) + self.lane * self.elem.bytes();
        Location { offset, elem: self.elem }
    }
}

impl<'k> Build<'k> {
    /// Inputs and states of many lanes have their places.
    fn new(kernel: &'k Kernel) -> Self {
        let mut build = Self {
            kernel,
            storage: Storage::default(),
            selector: Selector::default(),
            region_of: HashMap::default(),
            readers: HashMap::default(),
            refreshes: Vec::new(),
            marks: Vec::new(),
            next: Vec::new(),
        };
        for _ in 0..kernel.inputs {
            let slot = build.storage.allocate(8, 8);
            build.selector.inputs.push(slot);
        }
        for state in 0..kernel.states.len() as u32 {
            build.selector.states.push(None);
            if build.shape(state).1 > 1 {
                let place = build.place_state(state);
                build.selector.set_state(state, place);
            }
        }
        build
    }

    /// The type and the number of lanes of a state.
    pub fn shape(&self, state: u32) -> (Elem, u32) {
        let state = &self.kernel.states[state as usize];
        match state.init.len() as u32 {
            1 => (Elem::U64, 1),
            lanes => (Elem::of(state.width), lanes),
        }
    }

    /// The bytes of a state, as a [`Refresh`] takes them.
    pub fn bytes(&self, state: u32) -> u32 {
        let (elem, lanes) = self.shape(state);
        if lanes == 1 { 8 } else { elem.storage(lanes) }
    }

    /// A place for a state, with its values at power-up.
    pub fn place_state(&mut self, state: u32) -> u32 {
        let ((elem, _), bytes) = (self.shape(state), self.bytes(state));
        let offset = self.storage.allocate(bytes, bytes.min(CHUNK));
        for (lane, value) in self.kernel.states[state as usize].init.iter().enumerate() {
            self.storage.store(elem, offset + lane as u32 * elem.bytes(), *value);
        }
        offset
    }

    /// Every next state is made by an action, so that it belongs to a region.
    fn make_next_states(&mut self) {
        for state in 0..self.kernel.states.len() as u32 {
            let (kernel, shape) = (self.kernel, self.shape(state));
            let next = kernel.states[state as usize].next;
            let var = next.map(|next| self.selector.made(kernel, &mut self.storage, next, shape));
            self.next.push(var);
        }
    }

    /// So is every property's condition.
    fn make_conditions(&mut self) -> Vec<Made> {
        let (kernel, mut conditions) = (self.kernel, Vec::new());
        for property in &kernel.properties {
            let (node, lane) = property.condition;
            let lanes = kernel.graph.lanes(node);
            let elem = if lanes == 1 { Elem::U64 } else { Elem::of(kernel.graph.width(node)) };
            let var = self.selector.made(kernel, &mut self.storage, node, (elem, lanes));
            conditions.push(Made { var, elem, lanes, lane });
        }
        conditions
    }

    /// Notes who depends on what; the regions whose values change with time alone.
    fn find_readers(&mut self, groups: &[Vec<Var>], undefined: Undefined) -> Vec<u32> {
        let random = undefined != Undefined::Zero;
        for (region, vars) in groups.iter().enumerate() {
            self.region_of.extend(vars.iter().map(|var| (*var, region as u32)));
        }
        let mut timed = BTreeSet::new();
        for (region, vars) in groups.iter().enumerate() {
            let region = region as u32;
            let mut depend = |on| self.readers.entry(on).or_default().insert(region);
            for &var in vars {
                let action = self.selector.action(var);
                action.reads(|read| {
                    match self.selector.info(read).source {
                        Source::Constant => false,
                        Source::Input(slot) => depend(Dependence::Input(slot)),
                        Source::State(state) => depend(Dependence::State(state)),
                        Source::Made if self.region_of[&read] == region => false,
                        Source::Made => depend(Dependence::Var(read)),
                    };
                });
                if let Action::Read { plan, .. } = action {
                    let memory = self.selector.plans[*plan as usize].memory;
                    depend(Dependence::Memory(memory));
                }
                if random && matches!(action, Action::Read { .. } | Action::Undefined { .. }) {
                    timed.insert(region);
                }
            }
        }
        timed.into_iter().collect()
    }

    /// The regions that depend on something.
    pub fn readers(&self, on: Dependence) -> BTreeSet<u32> {
        self.readers.get(&on).cloned().unwrap_or_default()
    }

    /// The regions that depend on something, as a machine has them.
    pub fn marks_of(&mut self, on: Dependence) -> Marks {
        let readers = self.readers(on);
        self.marks(&readers)
    }

    fn marks(&mut self, regions: &BTreeSet<u32>) -> Marks {
        let mut words: Vec<Mark> = Vec::new();
        for &region in regions {
            let (word, bit) = (region / 64, 1 << (region % 64));
            match words.last_mut() {
                Some(mark) if mark.word == word => mark.bits |= bit,
                _ => words.push(Mark { word, bits: bit }),
            }
        }
        let first = if words.is_empty() { Mark::default() } else { words.remove(0) };
        let start = self.marks.len() as u32;
        self.marks.extend(words);
        Marks { first, rest: Span { start, end: self.marks.len() as u32 } }
    }

    /// Gives the variables of a region their places, `states` being the states whose next values
    /// are among them. What is copied to the same kind of place lies side by side,
    /// so that it can be copied at once.
    fn place(&mut self, vars: &[Var], states: &[(u32, Var)]) -> encode::Placed {
        let mut keys: HashMap<Var, (u32, BTreeSet<u32>)> = HashMap::default();
        for &var in vars {
            let readers = self.readers(Dependence::Var(var));
            if !readers.is_empty() {
                keys.insert(var, (u32::MAX, readers));
            }
        }
        for &(state, next) in states {
            let domain = self.kernel.states[state as usize].domain.0;
            keys.insert(next, (domain, self.readers(Dependence::State(state))));
        }
        let key = |var| (!keys.contains_key(&var), keys.get(&var).cloned());
        encode::place(&mut self.selector, vars, &mut self.storage, key)
    }

    /// States of one lane lie as their next values do.
    fn place_slots(&mut self, groups: &[Vec<Var>]) {
        let mut order: Vec<Vec<(u32, u32, u32)>> = vec![Vec::new(); groups.len() + 1];
        for (state, next) in self.next.iter().enumerate() {
            let region = next.map_or(groups.len(), |next| self.region_of[&next] as usize);
            let from = next.map_or(0, |next| self.selector.offset(next));
            order[region].push((self.kernel.states[state].domain.0, from, state as u32));
        }
        for mut states in order {
            states.sort_unstable();
            for (.., state) in states {
                if self.selector.states[state as usize].is_none() {
                    let place = self.place_state(state);
                    self.selector.set_state(state, place);
                }
            }
        }
    }

    fn encode(
        &mut self,
        groups: &[Vec<Var>],
        pool: &mut Vec<u32>,
        code: &mut Vec<Insn>,
    ) -> Vec<Region> {
        let mut states: Vec<Vec<(u32, Var)>> = vec![Vec::new(); groups.len()];
        for (state, next) in self.next.iter().enumerate() {
            if let Some(next) = next {
                states[self.region_of[next] as usize].push((state as u32, *next));
            }
        }
        let placed: Vec<_> =
            groups.iter().zip(&states).map(|(vars, states)| self.place(vars, states)).collect();
        self.place_slots(groups);
        let mut regions = Vec::new();
        for placed in &placed {
            let start = code.len() as u32;
            encode::encode(&mut self.selector, placed, pool, code);
            let code = Span { start, end: code.len() as u32 };
            regions.push(Region { code, outputs: Span::default(), checks: Span::default() });
        }
        regions
    }

    /// Copies of what other regions see of a region.
    fn outputs(&mut self, vars: &[Var]) -> Span {
        let seen = |var: &&Var| self.readers.contains_key(&Dependence::Var(**var));
        let mut seen: Vec<Var> = vars.iter().filter(seen).copied().collect();
        seen.sort_by_key(|var| self.selector.offset(*var));
        let mut copies = Vec::new();
        for var in seen {
            let (bytes, align) = self.selector.info(var).size;
            let to = self.storage.allocate(bytes, align);
            let readers = self.readers(Dependence::Var(var));
            copies.push(Copied { from: self.selector.offset(var), to, bytes, readers });
        }
        self.refreshes(copies)
    }

    /// Refreshes for copies, those that lie side by side and wake about the same regions as one.
    pub fn refreshes(&mut self, mut copies: Vec<Copied>) -> Span {
        copies.sort_by_key(|c| c.from);
        let mut joined: Vec<Copied> = Vec::new();
        for copy in copies {
            match joined.last_mut() {
                Some(last) if last.takes(&copy) => {
                    last.bytes += copy.bytes;
                    last.readers.extend(copy.readers);
                }
                _ => joined.push(copy),
            }
        }
        let start = self.refreshes.len() as u32;
        for Copied { from, to, bytes, readers } in joined {
            let marks = self.marks(&readers);
            self.refreshes.push(Refresh { from, to, bytes, marks });
        }
        Span { start, end: self.refreshes.len() as u32 }
    }

    /// Gives each region the properties whose conditions it makes.
    fn checks(&self, conditions: &[Made], regions: &mut [Region]) -> Vec<Check> {
        let mut by_region: Vec<BTreeMap<Var, Check>> = vec![BTreeMap::new(); regions.len()];
        for (index, condition) in conditions.iter().enumerate() {
            let checks = &mut by_region[self.region_of[&condition.var] as usize];
            let check = checks.entry(condition.var).or_insert_with(|| Check {
                at: self.selector.offset(condition.var),
                elem: condition.elem,
                lanes: condition.lanes,
                properties: Vec::new(),
                fails: false,
            });
            check.properties.push(index as u32);
        }
        let mut list = Vec::new();
        for (region, checks) in regions.iter_mut().zip(by_region) {
            let start = list.len() as u32;
            list.extend(checks.into_values());
            region.checks = Span { start, end: list.len() as u32 };
        }
        list
    }
}

/// What a cycle must settle.
fn roots(kernel: &Kernel) -> Vec<NodeId> {
    let mut roots: Vec<NodeId> = kernel.states.iter().filter_map(|s| s.next).collect();
    let mut add = |lane: &Lane| roots.push(lane.0);
    kernel.ports.iter().flat_map(|p| p.iter()).for_each(&mut add);
    kernel.properties.iter().for_each(|p| add(&p.condition));
    for memory in &kernel.memories {
        for write in &memory.writes {
            write.address.iter().chain(write.enable.iter().flatten()).for_each(&mut add);
            write.data.iter().chain(write.mask.iter().flatten()).flatten().for_each(&mut add);
        }
        for read in &memory.reads {
            read.address.iter().chain(read.enable.iter().flatten()).for_each(&mut add);
        }
    }
    roots
}
