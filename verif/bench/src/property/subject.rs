//! [`Subject`]: a module with its model, run beside others, alone, or with a trace.

use crate::bench::Bench;
use crate::poke::{lend_engine, lend_stimulus};
use crate::quiet;
use olivine_interp::Engine;
use olivine_lang::Module;
use olivine_netlist::{Design, DomainId};
use olivine_sim::{Batch, Compiled};

/// A module with its model, and what holds them against each other.
pub(super) struct Subject<'a, M: Module, G, V> {
    pub design: Design,
    pub ports: M::Ports,
    /// The model in its state after reset.
    pub golden: &'a dyn Fn() -> G,
    /// A cycle before its edge.
    pub drive: &'a dyn Fn(&M::Ports, &mut G, V),
}

impl<M: Module, G, V: Clone> Subject<'_, M, G, V> {
    fn domains(&self) -> impl Iterator<Item = DomainId> + use<M, G, V> {
        (0..self.design.top().domains.len() as u32).map(DomainId)
    }

    /// Runs each stimulus of a batch that has been reset; gives one that fails, if any does.
    pub fn side_by_side(&self, mut batch: Box<Batch>, runs: &[Vec<V>]) -> Option<usize> {
        let mut models: Vec<G> = runs.iter().map(|_| (self.golden)()).collect();
        let cycles = runs.iter().map(Vec::len).max().unwrap_or(0);
        for cycle in 0..cycles {
            for (lane, run) in runs.iter().enumerate() {
                let Some(stimulus) = run.get(cycle) else { continue };
                let drive = || (self.drive)(&self.ports, &mut models[lane], stimulus.clone());
                let passes;
                (batch, passes) = lend_stimulus(batch, lane as u32, || quiet::passes(drive));
                if !passes {
                    return Some(lane);
                }
            }
            self.domains().for_each(|domain| batch.run(domain, 1));
            let violated = |(lane, run): (usize, &Vec<V>)| {
                // Of a run that has ended nobody says what its inputs are.
                let violations = batch.take_violations(lane as u32);
                (!violations.is_empty() && cycle < run.len()).then_some(lane)
            };
            if let Some(lane) = runs.iter().enumerate().find_map(violated) {
                return Some(lane);
            }
        }
        None
    }

    /// Runs one stimulus on an engine that has been reset; whether it passes.
    pub fn alone(&self, engine: &Compiled, run: &[V]) -> bool {
        let mut engine: Box<dyn Engine> = Box::new(engine.clone());
        let mut model = (self.golden)();
        for stimulus in run {
            let drive = || (self.drive)(&self.ports, &mut model, stimulus.clone());
            let passes;
            (engine, passes) = lend_engine(engine, || quiet::passes(drive));
            if !passes {
                return false;
            }
            self.domains().for_each(|domain| engine.step(domain));
            if !engine.take_violations().is_empty() {
                return false;
            }
        }
        true
    }

    /// Runs one stimulus on a bench, which remembers all values.
    #[track_caller]
    pub fn traced(&self, bench: &mut Bench<M>, run: &[V]) {
        let mut model = (self.golden)();
        bench.run(run.len(), |p, cycle| (self.drive)(p, &mut model, run[cycle].clone()));
    }
}
