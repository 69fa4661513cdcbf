//! [`Aiger`]: a transition system in the format of the hardware model-checking competition, and
//! designs from files in it.
//!
//! What is written is plain: every latch begins at zero, one output says that a property fails.
//! What our systems have beside that is made of it: latches that count the edges under reset, a
//! latch that remembers a broken assumption, inputs for what is undefined at power-up.

mod circuit;
mod read;

pub use read::read_aiger;

use crate::bits::BitSystem;
use crate::certificate::StateBit;
use crate::gates::{Gate, Lit};
use crate::options::{Options, Start};
use crate::placed::flattened;
use crate::prove::selected;
use crate::roles::{InputRole, RoleOfState, Roles, StateRole};
use crate::sweep::latch_names;
use crate::system::{Input, State, TransitionSystem, find_property};
use crate::witness::Witnesses;
use olivine_netlist::{Design, DomainId, Fault, Faults, PropertyId};
use std::collections::HashMap;
use std::fmt::Write;

/// And gates with inverters, of one output: the system is right if it is never one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aiger {
    inputs: u32,
    /// By latch: its next value.
    latches: Vec<u32>,
    output: u32,
    ands: Vec<[u32; 2]>,
    roles: Vec<Role>,
    /// What its runs are in the design.
    runs: Roles,
}

/// What a latch stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Role {
    /// It is one once samples count, and stays so.
    Begun,
    /// It is one once an assumption is broken.
    Broken,
    /// A bit of state, or its opposite.
    State(StateBit),
}

/// A state that an invariant excludes: latches and their values.
pub(crate) type Excluded = Vec<(usize, bool)>;

impl Aiger {
    /// The assertions of a design, all of them together, in runs that start as the options say.
    ///
    /// # Errors
    /// As [`prove`](crate::prove); there is no assertion among what is asked for (P001).
    pub fn of(design: &Design, options: &Options) -> Result<Self, Faults> {
        let rows = selected(design, options)?;
        let flat = flattened(design);
        let asserted = rows.iter().filter(|row| row.is_safe());
        let targets: Vec<PropertyId> =
            asserted.filter_map(|row| find_property(&flat, &row.property)).collect();
        if targets.is_empty() {
            let message = format!("nothing to write: `{}` has no assertion", flat.name);
            let help = "the form is for what is always true: assert something";
            return Err(Faults::new(design, vec![Fault::new("P001", flat.place, message, help)]));
        }
        Ok(Self::new(&TransitionSystem::new(flat, targets), options.start))
    }

    /// A system whose output is one where some target is hit, in a run from `start`.
    pub(crate) fn new(system: &TransitionSystem, start: Start) -> Self {
        Writer::new(system, start).finish(system)
    }

    /// Whether the output is zero by its form alone.
    pub(crate) fn is_never(&self) -> bool {
        self.output == 0
    }

    /// The number of edges before samples count.
    pub(crate) fn edges_before(&self) -> u32 {
        self.roles.iter().filter(|role| **role == Role::Begun).count() as u32
    }

    /// The clauses that exclude the same once samples count and no assumption is broken.
    pub(crate) fn clauses(&self, excluded: &[Excluded]) -> Option<Vec<Vec<StateBit>>> {
        let mut clauses = Vec::new();
        for cube in excluded {
            let mut clause = Vec::new();
            let mut met = true;
            for &(latch, value) in cube {
                match self.roles.get(latch)? {
                    Role::Begun => met &= value,
                    Role::Broken => met &= !value,
                    Role::State(one) => {
                        let value = value != one.value;
                        clause.push(StateBit { value, ..one.clone() });
                    }
                }
            }
            if met {
                clauses.push(clause);
            }
        }
        Some(clauses)
    }

    /// Its runs in the competition's form.
    pub fn witnesses(&self) -> Witnesses {
        Witnesses::in_bits(self.runs.clone())
    }

    fn first_and(&self) -> u32 {
        self.inputs + self.latches.len() as u32 + 1
    }

    fn header(&self, word: &str) -> String {
        let (latches, ands) = (self.latches.len(), self.ands.len());
        let last = self.first_and() as usize + ands - 1;
        format!("{word} {last} {} {latches} 1 {ands}\n", self.inputs)
    }

    /// The names of the latches.
    fn symbols(&self) -> String {
        let mut text = String::new();
        for (i, role) in self.roles.iter().enumerate() {
            let name = match role {
                Role::Begun => "samples count".to_string(),
                Role::Broken => "an assumption is broken".to_string(),
                Role::State(StateBit { state, bit, value }) => {
                    format!("{}{state}[{bit}]", if *value { "" } else { "not " })
                }
            };
            writeln!(text, "l{i} {name}").expect("a string takes it");
        }
        text
    }

    /// The ASCII form, `.aag`, with the names of the latches.
    pub fn to_ascii(&self) -> String {
        let mut text = self.header("aag");
        let mut line = |line: String| text.push_str(&(line + "\n"));
        (1..=self.inputs).for_each(|i| line(format!("{}", 2 * i)));
        for (i, next) in self.latches.iter().enumerate() {
            line(format!("{} {next}", 2 * (self.inputs + 1 + i as u32)));
        }
        line(self.output.to_string());
        for (i, [a, b]) in self.ands.iter().enumerate() {
            line(format!("{} {a} {b}", 2 * (self.first_and() + i as u32)));
        }
        text + &self.symbols()
    }

    /// The binary form, `.aig`, without names.
    pub fn to_binary(&self) -> Vec<u8> {
        let mut bytes = self.header("aig").into_bytes();
        for next in self.latches.iter().chain([&self.output]) {
            bytes.extend(format!("{next}\n").bytes());
        }
        for (i, &[a, b]) in self.ands.iter().enumerate() {
            let (own, more, less) = (2 * (self.first_and() + i as u32), a.max(b), a.min(b));
            for mut delta in [own - more, more - less] {
                while delta >= 0x80 {
                    bytes.push(delta as u8 | 0x80);
                    delta >>= 7;
                }
                bytes.push(delta as u8);
            }
        }
        bytes
    }
}

/// A system on its way. Literals are AIGER's: a variable's number twice, one more if inverted.
struct Writer {
    bits: BitSystem,
    inputs: u32,
    latches: u32,
    ands: Vec<[u32; 2]>,
    known: HashMap<[u32; 2], u32>,
    /// Edges under reset; if there are none, samples begin one step after the inputs have chosen
    /// what is undefined at power-up.
    edges: u32,
}

impl Writer {
    fn new(system: &TransitionSystem, start: Start) -> Self {
        let bits = BitSystem::new(system);
        let edges = if let Start::AfterReset { edges } = start { edges } else { 0 };
        let edges = edges * bits.domains.len() as u32;
        let open = bits.latches.iter().filter(|latch| latch.power_up.is_none()).count();
        let inputs = (bits.choosers().len() + bits.input_bits + open) as u32;
        let latches = edges.max(1) + 1 + bits.latches.len() as u32;
        Self { bits, inputs, latches, ands: Vec::new(), known: HashMap::new(), edges }
    }

    fn input(&self, index: u32) -> u32 {
        2 * (index + 1)
    }

    fn latch(&self, index: u32) -> u32 {
        2 * (self.inputs + 1 + index)
    }

    fn and(&mut self, a: u32, b: u32) -> u32 {
        match (a.min(b), a.max(b)) {
            (0, _) => 0,
            (1, other) => other,
            (a, b) if a == b => a,
            (a, b) if a ^ 1 == b => 0,
            (a, b) => {
                let next = 2 * (self.inputs + self.latches + 1 + self.ands.len() as u32);
                let known = *self.known.entry([a, b]).or_insert(next);
                if known == next {
                    self.ands.push([b, a]);
                }
                known
            }
        }
    }

    fn or(&mut self, a: u32, b: u32) -> u32 {
        self.and(a ^ 1, b ^ 1) ^ 1
    }

    fn mux(&mut self, condition: u32, then: u32, otherwise: u32) -> u32 {
        let (taken, left) = (self.and(condition, then), self.and(condition ^ 1, otherwise));
        self.or(taken, left)
    }

    /// Latch `i` of those that count edges is one behind edge `i`.
    fn begun(&self) -> u32 {
        self.latch(self.edges.max(1) - 1)
    }

    /// The values that latches have in a step.
    fn states(&mut self) -> Vec<u32> {
        let mut free = (self.bits.choosers().len() + self.bits.input_bits) as u32;
        let first = self.edges.max(1) + 1;
        let not_first = self.latch(0);
        let power_ups: Vec<Option<bool>> = self.bits.latches.iter().map(|l| l.power_up).collect();
        let mut states = Vec::new();
        for (i, power_up) in power_ups.into_iter().enumerate() {
            let latch = self.latch(first + i as u32);
            states.push(match power_up {
                Some(one) => latch ^ u32::from(one),
                None => {
                    let chosen = self.input(free);
                    free += 1;
                    self.mux(not_first, latch, chosen)
                }
            });
        }
        states
    }

    /// The free variables of a step.
    fn variables(&mut self, states: &[u32]) -> Vec<u32> {
        let mut variables = states.to_vec();
        let begun = self.begun();
        variables.push(if self.edges == 0 { 0 } else { begun ^ 1 });
        let domains = self.bits.domains.len() as u32;
        for domain in 0..domains - 1 {
            let mut mine = 0;
            for edge in (0..self.edges).filter(|edge| edge % domains == domain) {
                let before = if edge == 0 { 1 } else { self.latch(edge - 1) };
                let now = self.and(before, self.latch(edge) ^ 1);
                mine = self.or(mine, now);
            }
            let chosen = self.input(domain);
            variables.push(self.mux(begun, chosen, mine));
        }
        let inputs = self.bits.input_bits as u32;
        variables.extend((0..inputs).map(|i| self.input(domains - 1 + i)));
        variables
    }

    /// By gate: its literal.
    fn gates(&mut self, variables: &[u32]) -> Vec<u32> {
        let gates: Vec<Gate> = self.bits.gates.gates().to_vec();
        let mut lits: Vec<u32> = Vec::with_capacity(gates.len());
        for gate in gates {
            let of = |lit: Lit| lits[lit.gate()] ^ u32::from(lit.inverted());
            let lit = match gate {
                Gate::Zero => 0,
                Gate::Free(number) => variables[number as usize],
                Gate::And(a, b) => self.and(of(a), of(b)),
                Gate::Xor(a, b) => self.mux(of(a), of(b) ^ 1, of(b)),
                Gate::Mux(c, t, e) => self.mux(of(c), of(t), of(e)),
            };
            lits.push(lit);
        }
        lits
    }

    fn finish(mut self, system: &TransitionSystem) -> Aiger {
        let states = self.states();
        let variables = self.variables(&states);
        let lits = self.gates(&variables);
        let of = |lit: Lit| lits[lit.gate()] ^ u32::from(lit.inverted());
        let constraints: Vec<u32> = self.bits.constraints.iter().map(|&lit| of(lit)).collect();
        let bads: Vec<u32> = self.bits.bad.iter().map(|&lit| of(lit)).collect();
        let nexts: Vec<u32> = self.bits.latches.iter().map(|latch| of(latch.next)).collect();
        let legal = constraints.into_iter().fold(1, |all, lit| self.and(all, lit));
        let bad = bads.into_iter().fold(0, |any, lit| self.or(any, lit));
        let begun = self.begun();
        let broken = self.latch(self.edges.max(1));
        let (mut latches, mut roles) = (Vec::new(), Vec::new());
        for edge in 0..self.edges.max(1) {
            latches.push(if edge == 0 { 1 } else { self.latch(edge - 1) });
            roles.push(Role::Begun);
        }
        let breaks = self.and(begun, legal ^ 1);
        latches.push(self.or(broken, breaks));
        roles.push(Role::Broken);
        let mut names = latch_names(system).into_iter();
        for (i, next) in nexts.into_iter().enumerate() {
            let next = if self.edges == 0 { self.mux(begun, next, states[i]) } else { next };
            let inverted = self.bits.latches[i].power_up == Some(true);
            latches.push(next ^ u32::from(inverted));
            let (state, bit) = names.next().expect("every latch has a name");
            roles.push(Role::State(StateBit { state, bit, value: !inverted }));
        }
        let counts = self.and(begun, broken ^ 1);
        let allowed = self.and(counts, legal);
        let output = self.and(allowed, bad);
        let runs = self.runs(system, roles.len());
        Aiger { inputs: self.inputs, latches, output, ands: self.ands, roles, runs }
    }

    fn runs(&self, system: &TransitionSystem, latches: usize) -> Roles {
        let name = |domain: &DomainId| system.flat.domains[domain.index()].name.clone();
        let domains: Vec<String> = self.bits.domains.iter().map(name).collect();
        let turns = domains[..domains.len() - 1].iter();
        let mut inputs: Vec<(InputRole, u32)> =
            turns.map(|domain| (InputRole::Turn(domain.clone()), 1)).collect();
        let role = |&input: &Input| (system.input_role(input), system.input_width(input));
        inputs.extend(system.inputs.iter().map(role));
        let open = system.states.iter().filter(|state| system.power_up(**state).is_none());
        let at_first = |&state: &State| {
            (InputRole::AtFirst(system.state_name(state)), system.state_width(state))
        };
        inputs.extend(open.map(at_first));
        let asserted = |p: &PropertyId| system.flat.properties[p.index()].name.clone();
        let own = RoleOfState { role: StateRole::Known(None), width: 1, first: None };
        Roles {
            states: vec![own; latches],
            inputs,
            ports: system.input_ports(),
            bad: vec![system.targets.iter().map(asserted).collect()],
            justice: Vec::new(),
            domains,
            edges: self.edges,
            lead: u32::from(self.edges == 0),
        }
    }
}
