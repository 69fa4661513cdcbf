//! [`Recorder`]: what a run tells about itself.

use crate::Failure;
use olivine_interp::Engine;
use olivine_netlist::{Design, DomainId};
use olivine_trace::Trace;
use std::time::Instant;

/// What a run tells about itself: the dut, its cycles, and its trace when one is wanted.
///
/// Whether a trace is wanted never changes what the dut does.
#[derive(Debug, Default)]
pub struct Recorder {
    design_digest: Option<String>,
    cycles: u64,
    trace: Option<Trace>,
    deadline: Option<Instant>,
}

impl Recorder {
    /// Counts cycles, records no trace.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records a trace as well.
    pub fn tracing() -> Self {
        Self { trace: Some(Trace::default()), ..Self::default() }
    }

    /// The same, with a time after which no new shrinking step begins.
    pub(crate) fn until(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Says which design is under test.
    pub fn design(&mut self, design: &Design) {
        self.design_digest = Some(design.digest());
    }

    /// One edge of the dut's clock: records its signals first if a trace is wanted. A property
    /// that is violated at this edge is the failure `assert PATH`, or `assume PATH`, which says
    /// that the stimulus is not allowed.
    ///
    /// One recorder serves one engine; a golden model's engine is stepped by itself.
    pub fn step(&mut self, engine: &mut dyn Engine, domain: DomainId) -> Result<(), Failure> {
        self.sample(engine);
        engine.step(domain);
        match engine.take_violations().first() {
            None => Ok(()),
            Some(violation) => {
                let kind = format!("{:?}", violation.kind).to_lowercase();
                let (path, cycle) = (&violation.path, violation.cycle);
                let signature = format!("{kind} {path}");
                Err(Failure::new(&signature, format!("{signature} is violated in cycle {cycle}")))
            }
        }
    }

    /// Counts a cycle and, if a trace is wanted, records the engine's signals as they are. For
    /// benches that step by other means than [`Recorder::step`].
    pub fn sample(&mut self, engine: &mut dyn Engine) {
        self.observe(engine);
        self.cycles += 1;
    }

    /// A failure that is seen now, before the next edge: what the engine's signals are is the last
    /// cycle of the trace.
    pub fn fail(
        &mut self,
        engine: &mut dyn Engine,
        signature: impl Into<String>,
        message: impl Into<String>,
    ) -> Failure {
        self.observe(engine);
        let message = format!("{} (cycle {})", message.into(), self.cycles);
        Failure::new(signature, message)
    }

    fn observe(&mut self, engine: &mut dyn Engine) {
        let Some(trace) = &mut self.trace else { return };
        if trace.signals != engine.signals() {
            *trace = Trace::new(engine.signals().to_vec());
        }
        let values = (0..trace.signals.len()).map(|index| engine.read(index)).collect();
        trace.cycles.push(values);
    }

    /// Counts cycles that were run without being sampled.
    pub fn add_cycles(&mut self, cycles: u64) {
        self.cycles += cycles;
    }

    /// Whether a trace is wanted.
    pub fn wants_trace(&self) -> bool {
        self.trace.is_some()
    }

    /// The number of cycles so far.
    pub fn cycles(&self) -> u64 {
        self.cycles
    }

    /// Digest of the design under test, if the bench has said it.
    pub fn design_digest(&self) -> Option<&str> {
        self.design_digest.as_deref()
    }

    /// The trace so far.
    pub fn into_trace(self) -> Option<Trace> {
        self.trace
    }

    /// Whether shrinking must stop.
    pub(crate) fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Takes over what a shorter stimulus has told.
    pub(crate) fn replace(&mut self, shorter: Self) {
        *self = Self { deadline: self.deadline, ..shorter };
    }
}
