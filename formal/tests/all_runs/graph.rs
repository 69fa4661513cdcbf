//! [`Graph`]: everything a small design can do, by trying it on the interpreter.

use crate::designs::KINDS;
use crate::open::{Open, at_power_up, bits, chosen, combinations, in_step};
use olivine_interp::{Engine, Interp, Snapshot};
use olivine_netlist::{Bits, Design, Direction, DomainId, Module, PortId, PropertyKind};
use std::collections::{BTreeSet, HashMap};

/// Most bits that are free at power-up, and most that are free in a step.
const FREE_BITS_MAX: u32 = 6;
/// Most states.
const STATES_MAX: usize = 300;
/// Undefined values are chosen up to this cycle; no path to a new state is longer.
const CYCLES: u64 = STATES_MAX as u64 + 8;

/// The states that legal runs reach after reset.
pub struct Graph {
    initial: BTreeSet<usize>,
    nodes: Vec<Node>,
}

/// What the legal steps from a state are.
#[derive(Default)]
struct Node {
    next: BTreeSet<usize>,
    /// By domain: some legal step is an edge of it.
    sampled: Vec<bool>,
    /// Some legal step fails the assertion.
    fails: bool,
    /// Some legal step reaches the cover.
    covers: bool,
}

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The assertion fails.
    Fail,
    /// The cover is reached.
    Cover,
    /// A sample of this domain.
    Sample(usize),
}

impl Node {
    fn has(&self, event: Event) -> bool {
        match event {
            Event::Fail => self.fails,
            Event::Cover => self.covers,
            Event::Sample(domain) => self.sampled[domain],
        }
    }
}

impl Graph {
    /// Tries everything; `None` if that is too much.
    pub fn explore(design: &Design) -> Option<Self> {
        Explorer::new(design)?.explore()
    }

    /// Number of states.
    pub fn states(&self) -> usize {
        self.nodes.len()
    }

    /// Whether some legal run has the event at all.
    pub fn ever(&self, event: Event) -> bool {
        self.nodes.iter().any(|node| node.has(event))
    }

    /// The samples before the first event, if some legal run has one in `depth` samples.
    pub fn first(&self, event: Event, depth: u32) -> Option<u32> {
        let mut layers = self.layers(depth);
        layers.position(|layer| layer.iter().any(|&n| self.nodes[n].has(event))).map(|d| d as u32)
    }

    /// The samples of the longest legal run, none longer than `depth`.
    pub fn longest(&self, depth: u32) -> u32 {
        let goes_on =
            |layer: &BTreeSet<usize>| layer.iter().any(|&n| !self.nodes[n].next.is_empty());
        self.layers(depth).take_while(goes_on).count() as u32
    }

    /// The states before each sample.
    fn layers(&self, depth: u32) -> impl Iterator<Item = BTreeSet<usize>> {
        let next = |layer: &BTreeSet<usize>| {
            Some(layer.iter().flat_map(|&n| self.nodes[n].next.iter().copied()).collect())
        };
        std::iter::successors(Some(self.initial.clone()), next).take(depth as usize)
    }
}

struct Explorer {
    flat: Module,
    /// At power-up, one for each choice of what is undefined there.
    starts: Vec<Interp>,
    /// One for each choice of what is undefined in a step.
    interps: Vec<Interp>,
    /// Each choice of the inputs.
    inputs: Vec<Vec<(PortId, Bits)>>,
    known: HashMap<Vec<Bits>, usize>,
    waiting: Vec<(usize, Snapshot)>,
}

impl Explorer {
    fn new(design: &Design) -> Option<Self> {
        let flat = design.top().clone();
        let (at_power_up, in_step) = (at_power_up(&flat), in_step(&flat));
        let is_input = |p: &&olivine_netlist::Port| p.direction == Direction::Input;
        let ports: Vec<Open> =
            flat.ports.iter().filter(is_input).map(|p| (p.name.clone(), p.width)).collect();
        if bits(&at_power_up) > FREE_BITS_MAX || bits(&in_step) + bits(&ports) > FREE_BITS_MAX {
            return None;
        }
        let start = |values: Vec<(String, Bits)>| chosen(design, values, 0..1);
        let running = |values: Vec<(String, Bits)>| chosen(design, values, 0..CYCLES);
        let port = |(name, value): (String, Bits)| (flat.find_port(&name).unwrap(), value);
        Some(Self {
            starts: combinations(&at_power_up).map(start).collect(),
            interps: combinations(&in_step).map(running).collect(),
            inputs: combinations(&ports).map(|v| v.into_iter().map(port).collect()).collect(),
            known: HashMap::new(),
            waiting: Vec::new(),
            flat,
        })
    }

    fn explore(mut self) -> Option<Graph> {
        let mut states: HashMap<Vec<Bits>, Snapshot> = HashMap::new();
        for mut interp in std::mem::take(&mut self.starts) {
            states.insert(self.key(&mut interp), interp.snapshot().unwrap());
        }
        for domain in 0..self.flat.domains.len() {
            let mut after = HashMap::new();
            for state in states.values() {
                self.steps(state, true, domain, |key, step, _| {
                    after.entry(key).or_insert_with(|| step.snapshot().unwrap());
                });
            }
            states = after;
        }
        let initial = states.into_iter().map(|(key, state)| self.node(key, state)).collect();
        let mut nodes = Vec::new();
        while let Some((index, state)) = self.waiting.pop() {
            if self.known.len() > STATES_MAX {
                return None;
            }
            nodes.push((index, self.visit(&state)));
        }
        nodes.sort_by_key(|(index, _)| *index);
        Some(Graph { initial, nodes: nodes.into_iter().map(|(_, node)| node).collect() })
    }

    /// The number of a state; a new one is to be visited.
    fn node(&mut self, key: Vec<Bits>, state: Snapshot) -> usize {
        let next = self.known.len();
        let index = *self.known.entry(key).or_insert(next);
        if index == next {
            self.waiting.push((index, state));
        }
        index
    }

    fn visit(&mut self, state: &Snapshot) -> Node {
        let domains = self.flat.domains.len();
        let mut node = Node { sampled: vec![false; domains], ..Node::default() };
        let mut found = HashMap::new();
        for domain in 0..domains {
            self.steps(state, false, domain, |key, step, seen| {
                if seen.assumed {
                    node.sampled[domain] = true;
                    node.fails |= !seen.asserted;
                    node.covers |= seen.covered;
                    found.entry(key).or_insert_with(|| step.snapshot().unwrap());
                }
            });
        }
        node.next = found.into_iter().map(|(key, state)| self.node(key, state)).collect();
        node
    }

    /// Every step from a state that is an edge of the domain.
    fn steps(
        &mut self,
        state: &Snapshot,
        reset: bool,
        domain: usize,
        mut visit: impl FnMut(Vec<Bits>, &Interp, Seen),
    ) {
        let mut interps = std::mem::take(&mut self.interps);
        for interp in &mut interps {
            for inputs in &self.inputs {
                interp.restore(state).unwrap();
                (0..self.flat.domains.len())
                    .for_each(|d| interp.set_reset(DomainId(d as u32), reset));
                inputs.iter().for_each(|(port, value)| interp.set(*port, value));
                let seen = self.seen(interp, domain);
                interp.step(DomainId(domain as u32));
                let key = self.key(interp);
                visit(key, interp, seen);
            }
        }
        self.interps = interps;
    }

    /// The conditions of the properties of a domain; of others, what does not matter.
    fn seen(&self, interp: &mut Interp, domain: usize) -> Seen {
        let mut seen = Seen { asserted: true, assumed: true, covered: false };
        for property in self.flat.properties.iter().filter(|p| p.domain.index() == domain) {
            let (kind, name) = KINDS.iter().find(|(_, name)| *name == property.name).unwrap();
            let condition = interp.get_u64(self.flat.find_port(name).unwrap()) == 1;
            match kind {
                PropertyKind::Assert => seen.asserted = condition,
                PropertyKind::Assume => seen.assumed = condition,
                PropertyKind::Cover => seen.covered = condition,
                PropertyKind::Live | PropertyKind::Fair => {}
            }
        }
        seen
    }

    /// All that is remembered.
    fn key(&self, interp: &mut Interp) -> Vec<Bits> {
        let exposed = self.flat.ports.iter().enumerate();
        let exposed = exposed.filter(|(_, p)| p.name.starts_with("state_"));
        let mut key: Vec<Bits> = exposed.map(|(i, _)| interp.get(PortId(i as u32))).collect();
        for (i, memory) in self.flat.memories.iter().enumerate() {
            key.extend((0..memory.depth).map(|address| interp.read_word(i, address)));
        }
        key
    }
}

/// The conditions at a sample.
struct Seen {
    asserted: bool,
    assumed: bool,
    covered: bool,
}
