//! [`Bench`]: a module under test.

use crate::poke::lend_engine;
use olivine_interp::{Engine, Undefined};
use olivine_lang::{Module, elaborate, outside};
use olivine_netlist::{Design, DomainId, PropertyKind};
use olivine_sim::Adaptive;
use olivine_trace::{Drawing, Trace};

/// What benches give undefined values.
pub(crate) const UNDEFINED: Undefined = Undefined::Random(1);

/// Resets a module for one cycle of every domain.
pub(crate) fn reset(engine: &mut dyn Engine) {
    for domain in (0..engine.interface().domains.len() as u32).map(DomainId) {
        engine.set_reset(domain, true);
        engine.step(domain);
        engine.set_reset(domain, false);
    }
    // What happened under reset is nobody's business.
    engine.take_violations();
}

/// A module under test, reset, with a trace of all its cycles since.
pub struct Bench<M: Module> {
    design: Design,
    ports: M::Ports,
    /// Away only while a closure of the author's runs.
    engine: Option<Box<dyn Engine>>,
    trace: Trace,
}

impl<M: Module> Bench<M> {
    /// Elaborates the module, starts it on the simulator with undefined values random
    /// by a fixed seed, and resets it for one cycle.
    ///
    /// # Panics
    /// If the module has faults; with all of them.
    #[track_caller]
    pub fn new(module: M) -> Self {
        let design = elaborate(module.clone()).unwrap_or_else(|faults| panic!("{faults}"));
        let engine = Box::new(Adaptive::new(&design, UNDEFINED));
        Self::on(module, design, engine)
    }

    /// The bench of `module`, which `design` is the design of, on any engine that simulates it.
    pub fn on(module: M, design: Design, mut engine: Box<dyn Engine>) -> Self {
        reset(engine.as_mut());
        let trace = Trace::new(engine.signals().to_vec());
        Self { design, ports: outside(&module), engine: Some(engine), trace }
    }

    /// Runs `cycles` cycles. In each, `drive` pokes and peeks the ports it is given, with the
    /// number of the cycle since reset; then the clock has its edge.
    ///
    /// # Panics
    /// If an assertion or assumption of the design does not hold; with the wave up to there.
    #[track_caller]
    pub fn run(&mut self, cycles: usize, mut drive: impl FnMut(&M::Ports, usize)) {
        for _ in 0..cycles {
            let cycle = self.trace.cycles.len();
            let engine = self.engine.take().expect("a closure of an earlier run has panicked");
            let (mut engine, ()) = lend_engine(engine, || drive(&self.ports, cycle));
            let row = (0..self.trace.signals.len()).map(|s| engine.read(s)).collect();
            self.trace.cycles.push(row);
            for domain in (0..engine.interface().domains.len() as u32).map(DomainId) {
                engine.step(domain);
            }
            let violations = engine.take_violations();
            self.engine = Some(engine);
            if let Some(violation) = violations.first() {
                let own = self.design.top().properties.iter().any(|p| p.name == violation.path);
                let what = match violation.kind {
                    PropertyKind::Assume if own => "the stimulus breaks the assumption",
                    PropertyKind::Assume => "the design breaks the assumption",
                    _ => "the design breaks its assertion",
                };
                let place = self.design.show_place(violation.place);
                panic!("{what} `{}` ({place}) in cycle {cycle}:\n{}", violation.path, self.wave());
            }
        }
    }

    /// The wave of all cycles so far, ports and named values.
    pub fn wave(&self) -> String {
        format!("\n{}", self.trace)
    }

    /// The wave of the cycles from `from` to before `to`.
    pub fn wave_window(&self, from: usize, to: usize) -> String {
        format!("\n{}", self.trace.draw(&Drawing::default().window(from, to)))
    }

    /// The wave of the ports alone.
    pub fn port_wave(&self) -> String {
        let ports = &self.design.top().ports;
        format!("\n{}", self.trace.filter(|signal| ports.iter().any(|p| p.name == signal.path)))
    }

    /// The values of all cycles so far.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The design under test.
    pub fn design(&self) -> &Design {
        &self.design
    }
}
