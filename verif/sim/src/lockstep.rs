//! [`Lockstep`]: two engines run as one and compared.

use olivine_interp::{Engine, Interface, MemoryInfo, Snapshot, SnapshotError, Violation};
use olivine_netlist::{Bits, DomainId, PortId};
use olivine_trace::{Signal, Trace};
use std::collections::VecDeque;
use std::fmt;

/// How many cycles a [`Difference`] shows.
const SHOWN: usize = 8;

/// Two engines of the same design, given the same inputs, as one engine that answers as the first
/// does.
///
/// Before each edge it compares all ports, every signal that both observe under one path, every
/// word of the memories that both show, and the violations if asked to. The first difference
/// panics with its report, or is kept for [`Lockstep::difference`].
pub struct Lockstep<A, B> {
    first: A,
    second: B,
    /// Indices of the shared signals; the ports, which both list first, are among them.
    signals: Vec<(usize, usize)>,
    memories: Vec<(usize, usize)>,
    signals_every: u64,
    memories_every: u64,
    violations: Option<Vec<Violation>>,
    keep: bool,
    difference: Option<Box<Difference>>,
    history: VecDeque<(u64, Vec<Bits>)>,
}

/// Where two engines first differed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The cycle: the number of edges before it.
    pub cycle: u64,
    /// What differed: a signal, a memory word as `memory[address]`, or `violations`.
    pub path: String,
    /// The engines' names.
    pub engines: [&'static str; 2],
    /// What each engine had.
    pub values: [String; 2],
    /// The last cycles up to the difference: the ports, and the signal as each engine had it.
    pub trace: Trace,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b] = self.engines;
        writeln!(f, "{a} and {b} differ in cycle {} at `{}`", self.cycle, self.path)?;
        writeln!(f, "  {a}: {}", self.values[0])?;
        writeln!(f, "  {b}: {}", self.values[1])?;
        write!(f, "{}", self.trace)
    }
}

/// The pairs of indices of things with one name.
fn shared<T>(a: &[T], b: &[T], path: impl Fn(&T) -> (&str, u32)) -> Vec<(usize, usize)> {
    let places: std::collections::HashMap<_, _> =
        b.iter().enumerate().map(|(i, item)| (path(item), i)).collect();
    let pair = |(i, item)| places.get(&path(item)).map(|j| (i, *j));
    a.iter().enumerate().filter_map(pair).collect()
}

impl<A: Engine, B: Engine> Lockstep<A, B> {
    /// Both engines at power-up. Everything is compared before every edge.
    ///
    /// # Panics
    /// If their boundaries differ.
    pub fn new(first: A, second: B) -> Self {
        assert_eq!(first.interface(), second.interface(), "engines of one design");
        Self {
            signals: shared(first.signals(), second.signals(), |s| (&s.path, s.width)),
            memories: shared(first.memories(), second.memories(), |m| (&m.path, m.width)),
            first,
            second,
            signals_every: 1,
            memories_every: 1,
            violations: None,
            keep: false,
            difference: None,
            history: VecDeque::new(),
        }
    }

    /// Compares signals only before every `signals`-th edge, and memories only before every
    /// `memories`-th.
    pub fn every(mut self, signals: u64, memories: u64) -> Self {
        (self.signals_every, self.memories_every) = (signals.max(1), memories.max(1));
        self
    }

    /// Compares violations too; for engines that both sample properties.
    pub fn with_violations(mut self) -> Self {
        self.violations = Some(Vec::new());
        self
    }

    /// Keeps the first difference for [`Lockstep::difference`] instead of panicking with it, and
    /// goes on.
    pub fn keep_going(mut self) -> Self {
        self.keep = true;
        self
    }

    /// The first difference, if there was one.
    pub fn difference(&self) -> Option<&Difference> {
        self.difference.as_deref()
    }

    /// How many signals and memories are compared.
    pub fn compared(&self) -> (usize, usize) {
        (self.signals.len(), self.memories.len())
    }

    /// The two engines.
    pub fn into_engines(self) -> (A, B) {
        (self.first, self.second)
    }

    /// Compares everything now.
    pub fn compare(&mut self) {
        if self.difference.is_none() {
            self.compare_signals();
        }
        if self.difference.is_none() {
            self.compare_memories();
        }
    }

    fn compare_signals(&mut self) {
        let cycle = self.first.cycle();
        let mut values = Vec::with_capacity(self.signals.len());
        let mut differing = None;
        for (at, (i, j)) in self.signals.iter().enumerate() {
            let (a, b) = (self.first.read(*i), self.second.read(*j));
            if a != b && differing.is_none() {
                differing = Some((at, b));
            }
            values.push(a);
        }
        if self.history.back().is_some_and(|(c, _)| *c == cycle) {
            self.history.pop_back();
        }
        self.history.push_back((cycle, values));
        if self.history.len() > SHOWN {
            self.history.pop_front();
        }
        if let Some((at, second)) = differing {
            let first = self.history[self.history.len() - 1].1[at].clone();
            let signal = self.first.signals()[self.signals[at].0].clone();
            let trace = self.trace(Some((at, &second)));
            let values = [first, second].map(|v| olivine_trace::show_value(&signal.kind, &v));
            self.report(signal.path, values, trace);
        }
    }

    fn compare_memories(&mut self) {
        for index in 0..self.memories.len() {
            let (i, j) = self.memories[index];
            let (path, depth) = {
                let info = &self.first.memories()[i];
                (info.path.clone(), info.depth)
            };
            for address in 0..depth {
                let words = (self.first.read_word(i, address), self.second.read_word(j, address));
                if words.0 != words.1 {
                    let values = [words.0, words.1].map(|w| w.to_string());
                    let trace = self.trace(None);
                    return self.report(format!("{path}[{address}]"), values, trace);
                }
            }
        }
    }

    fn compare_violations(&mut self) {
        let (a, b) = (self.first.take_violations(), self.second.take_violations());
        if a != b && self.difference.is_none() {
            let trace = self.trace(None);
            self.report("violations".to_string(), [&a, &b].map(|v| format!("{v:?}")), trace);
        }
        self.violations.get_or_insert_default().extend(a);
    }

    fn report(&mut self, path: String, values: [String; 2], trace: Trace) {
        let engines = self.names();
        let cycle = self.first.cycle();
        let difference = Difference { cycle, path, engines, values, trace };
        assert!(self.keep, "{difference}");
        self.difference = Some(Box::new(difference));
    }

    /// What the engines are called: by their names, if these differ.
    fn names(&self) -> [&'static str; 2] {
        let names = [self.first.engine_name(), self.second.engine_name()];
        if names[0] == names[1] { ["first", "second"] } else { names }
    }

    /// The cycles kept: ports, and a shared signal with what the second engine has last.
    fn trace(&self, differing: Option<(usize, &Bits)>) -> Trace {
        let ports = self.first.interface().ports.len();
        let is_port = |at: &usize| {
            self.signals[*at].0 < ports && differing.is_none_or(|(differs, _)| differs != *at)
        };
        let shown: Vec<usize> = (0..self.signals.len()).filter(is_port).collect();
        let signal = |at: usize| self.first.signals()[self.signals[at].0].clone();
        let mut signals: Vec<Signal> = shown.iter().map(|at| signal(*at)).collect();
        if let Some((at, _)) = differing {
            for name in self.names() {
                let signal = signal(at);
                signals.push(Signal { path: format!("{name}.{}", signal.path), ..signal });
            }
        }
        let last = self.history.len().wrapping_sub(1);
        let row = |(index, (_, values)): (usize, &(u64, Vec<Bits>))| {
            let mut row: Vec<Bits> = shown.iter().map(|at| values[*at].clone()).collect();
            if let Some((at, second)) = differing {
                row.push(values[at].clone());
                row.push(if index == last { second.clone() } else { values[at].clone() });
            }
            row
        };
        Trace { signals, cycles: self.history.iter().enumerate().map(row).collect() }
    }
}

impl<A: Engine, B: Engine> Engine for Lockstep<A, B> {
    fn engine_name(&self) -> &'static str {
        "lockstep"
    }

    fn interface(&self) -> &Interface {
        self.first.interface()
    }

    fn set(&mut self, port: PortId, value: &Bits) {
        self.first.set(port, value);
        self.second.set(port, value);
    }

    fn get(&mut self, port: PortId) -> Bits {
        let (first, second) = (self.first.get(port), self.second.get(port));
        if first != second {
            self.compare();
        }
        first
    }

    fn set_reset(&mut self, domain: DomainId, active: bool) {
        self.first.set_reset(domain, active);
        self.second.set_reset(domain, active);
    }

    fn step(&mut self, domain: DomainId) {
        let due = |every: u64| self.first.cycle().is_multiple_of(every);
        let (signals, memories) = (due(self.signals_every), due(self.memories_every));
        if signals && self.difference.is_none() {
            self.compare_signals();
        }
        if memories && self.difference.is_none() {
            self.compare_memories();
        }
        self.first.step(domain);
        self.second.step(domain);
        if self.violations.is_some() {
            self.compare_violations();
        }
    }

    fn cycle(&self) -> u64 {
        self.first.cycle()
    }

    fn signals(&self) -> &[Signal] {
        self.first.signals()
    }

    fn read(&mut self, index: usize) -> Bits {
        self.first.read(index)
    }

    fn memories(&self) -> &[MemoryInfo] {
        self.first.memories()
    }

    fn read_word(&mut self, index: usize, address: u32) -> Bits {
        self.first.read_word(index, address)
    }

    fn snapshot(&self) -> Result<Snapshot, SnapshotError> {
        self.first.snapshot()
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), SnapshotError> {
        self.first.restore(snapshot)?;
        self.second.restore(snapshot)
    }

    fn take_violations(&mut self) -> Vec<Violation> {
        match &mut self.violations {
            Some(kept) => std::mem::take(kept),
            None => self.first.take_violations(),
        }
    }
}
