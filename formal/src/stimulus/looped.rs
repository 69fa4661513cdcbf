//! Replaying a run that ends in a loop.

use super::replay::{Replay, ReplayFault, Run, shown};
use super::{Cycle, Stimulus};
use crate::system::{Cone, TransitionSystem, assumptions, fairness};
use olivine_interp::{Engine, Snapshot, SnapshotParts, find_signals};
use olivine_netlist::{
    Bits, Design, DomainId, Kind, MemoryId, Module, Op, PropertyId, PropertyKind, ReadKind,
    ReadPort, RegisterId,
};
use olivine_trace::{Signal, Trace};

/// So often the loop is gone through.
const PASSES: usize = 3;

/// What one pass through the loop met.
#[derive(Default)]
struct Pass {
    /// Samples of the target's domain, and those of them in which its condition does not hold.
    samples: [usize; 2],
    /// The fair conditions that held.
    met: Vec<String>,
    /// The domains that had an edge.
    edges: Vec<String>,
}

impl Stimulus {
    /// Runs a design with a property of runs without end, the loop several times.
    pub(super) fn replay_loop(
        &self,
        design: &Design,
        flat: Module,
        target: PropertyId,
    ) -> Result<Replay, ReplayFault> {
        let from = self.repeats_from.filter(|&from| from < self.cycles.len());
        let from = from.ok_or_else(|| ReplayFault("its run does not end in a loop".to_string()))?;
        let unrolled = self.unrolled(PASSES - 1, |path| is_held(&flat, path));
        let needs = Needs::new(&flat, target);
        let names = shown(&flat, target);
        let mark = mark(&flat);
        let mut run = Run::new(design, judged(flat), target, unrolled.choices());
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let signals = find_signals(&run.interp, &names)
            .map_err(|path| ReplayFault(format!("nothing is called `{path}`")))?;
        let mut shown = vec![Signal { path: mark, width: 1, kind: Kind::Bit }];
        shown.extend(run.signals(&signals));
        let mut trace = Trace::new(shown);
        let length = self.cycles.len() - from;
        let snapshot = |run: &Run| run.interp.snapshot().expect("the interpreter has snapshots");
        let mut starts: Vec<Snapshot> = Vec::new();
        let mut passes: Vec<Pass> = Vec::new();
        for (time, cycle) in unrolled.cycles.iter().enumerate() {
            if time >= from && (time - from) % length == 0 {
                starts.push(snapshot(&run));
                passes.push(Pass::default());
            }
            let row = run.cycle(cycle, &signals)?;
            if time < self.cycles.len() {
                let mut whole = vec![Bits::bit_of(time >= from)];
                whole.extend(row);
                trace.cycles.push(whole);
            }
            if let Some(pass) = passes.last_mut() {
                needs.note(pass, cycle, &run.violated);
            }
        }
        starts.push(snapshot(&run));
        let repeats = starts.windows(2).all(|pair| needs.same_state(&pair[0], &pair[1]));
        let hit = repeats && passes.iter().all(|pass| needs.are_met(pass));
        Ok(Replay { trace, hit, violated_assumption: run.violated_assumption })
    }
}

/// Whether an undefined value is what a synchronous read port holds.
fn is_held(flat: &Module, path: &str) -> bool {
    let ports = flat.memories.iter().flat_map(|memory| {
        let sync = |(_, read): &(usize, &ReadPort)| read.kind != ReadKind::Async;
        memory.reads.iter().enumerate().filter(sync).map(move |(port, _)| (memory, port))
    });
    let mut names = ports.map(|(memory, port)| format!("{}.read[{port}]", memory.name));
    names.any(|name| name == path)
}

/// A name for the row that marks the loop.
fn mark(flat: &Module) -> String {
    let mut name = "loop".to_string();
    while flat.find_port(&name).is_some() || flat.registers.iter().any(|r| r.name == name) {
        name.push('_');
    }
    name
}

/// Engines tell what is violated: the conditions of runs without end are asserted, those of fair
/// runs refuted. New cells stand last, so that every other keeps its index.
fn judged(mut flat: Module) -> Module {
    for at in 0..flat.properties.len() {
        let property = flat.properties[at].clone();
        if property.kind == PropertyKind::Fair {
            let not = flat.add(Op::Not(property.condition), 1, property.place);
            flat.properties[at].condition = not;
        }
        if matches!(property.kind, PropertyKind::Fair | PropertyKind::Live) {
            flat.properties[at].kind = PropertyKind::Assert;
        }
    }
    flat
}

/// What a loop has to do.
struct Needs {
    target: String,
    domain: String,
    fair: Vec<String>,
    domains: Vec<String>,
    cone: (Vec<RegisterId>, Vec<MemoryId>, Vec<(MemoryId, u32)>),
    parts: SnapshotParts,
}

impl Needs {
    fn new(flat: &Module, target: PropertyId) -> Self {
        let property = |p: PropertyId| &flat.properties[p.index()];
        let fair = fairness(flat);
        let asked = fair.iter().copied().chain(assumptions(flat)).chain([target]);
        let cone = Cone::of(flat, asked.map(|p| property(p).condition));
        let name = |domain: DomainId| flat.domains[domain.index()].name.clone();
        let system = TransitionSystem::of_live(flat.clone(), target, 1, false);
        Self {
            target: property(target).name.clone(),
            domain: name(property(target).domain),
            fair: fair.into_iter().map(|p| property(p).name.clone()).collect(),
            domains: system.domains().into_iter().map(name).collect(),
            cone: cone.state(flat),
            parts: SnapshotParts::of(flat),
        }
    }

    fn note(&self, pass: &mut Pass, cycle: &Cycle, violated: &[String]) {
        let sampled = cycle.domain == self.domain;
        pass.samples[0] += usize::from(sampled);
        pass.samples[1] += usize::from(sampled && violated.contains(&self.target));
        pass.met.extend(violated.iter().cloned());
        pass.edges.push(cycle.domain.clone());
    }

    fn are_met(&self, pass: &Pass) -> bool {
        let [samples, waiting] = pass.samples;
        samples == waiting
            && self.fair.iter().all(|name| pass.met.contains(name))
            && self.domains.iter().all(|name| pass.edges.contains(name))
    }

    fn same_state(&self, before: &Snapshot, after: &Snapshot) -> bool {
        let ((registers, memories, held), parts) = (&self.cone, &self.parts);
        let same = |of: &dyn Fn(&Snapshot) -> Vec<u64>| of(before) == of(after);
        registers.iter().all(|r| same(&|s| parts.register(s, *r).to_vec()))
            && memories.iter().all(|m| same(&|s| parts.memory(s, *m).to_vec()))
            && held.iter().all(|(m, port)| same(&|s| parts.held(s, *m, *port).to_vec()))
    }
}
