//! A FIFO against a queue of the standard library.

use super::{mutation_parameter, with_mutation};
use olivine_blocks::Fifo;
use olivine_interp::{Engine, Undefined};
use olivine_lang::{elaborate, unsigned};
use olivine_netlist::{DomainId, PortId};
use olivine_regress::{Failure, Parameter, Parameters, Recorder, StimulusBench};
use olivine_sim::Compiled;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// What both sides offer, cycle by cycle.
pub(super) struct FifoBench;

/// One cycle of stimulus.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Cycle {
    /// Whether a word is offered.
    valid: bool,
    /// The word; while it waits, the first one offered stays.
    word: u8,
    /// Whether a word would be taken.
    ready: bool,
}

/// A depth that is no power of two, so that the pointers wrap by comparison.
const DEPTH: usize = 5;

/// Runs of a producer and a consumer that are busy to different degrees, so that the FIFO is full
/// and empty again and again.
fn cycles() -> impl Strategy<Value = Vec<Cycle>> {
    let phase = (1u32..=9, 1u32..=9).prop_flat_map(|(push, pop)| {
        let cycle = (prop::bool::weighted(f64::from(push) / 10.0), any::<u8>());
        let cycle = (cycle, prop::bool::weighted(f64::from(pop) / 10.0))
            .prop_map(|((valid, word), ready)| Cycle { valid, word, ready });
        proptest::collection::vec(cycle, 1..60)
    });
    proptest::collection::vec(phase, 1..8).prop_map(|phases| phases.concat())
}

impl StimulusBench for FifoBench {
    type Stimulus = Vec<Cycle>;

    fn name(&self) -> &str {
        "fifo"
    }

    fn meaning(&self) -> &str {
        "a FIFO of five words against a queue"
    }

    fn parameters(&self) -> Vec<Parameter> {
        vec![mutation_parameter()]
    }

    fn strategy(&self, _: &Parameters) -> BoxedStrategy<Self::Stimulus> {
        cycles().boxed()
    }

    fn check(
        &self,
        stimulus: &Self::Stimulus,
        parameters: &Parameters,
        recorder: &mut Recorder,
    ) -> Result<(), Failure> {
        let module = Fifo { of: unsigned(8), depth: DEPTH };
        let design = elaborate(module).map_err(|f| Failure::new("faults", f.to_string()))?;
        let design = with_mutation(design, parameters)?;
        recorder.design(&design);
        let mut dut = Dut::new(Compiled::new(&design, Undefined::Random(1)), recorder)?;
        stimulus.iter().try_for_each(|&cycle| dut.cycle(cycle))
    }
}

/// The FIFO, its golden queue, and the word that waits to be taken.
struct Dut<'r> {
    engine: Compiled,
    recorder: &'r mut Recorder,
    queue: VecDeque<u8>,
    waiting: Option<u8>,
}

impl<'r> Dut<'r> {
    /// A FIFO that has just been reset.
    fn new(mut engine: Compiled, recorder: &'r mut Recorder) -> Result<Self, Failure> {
        engine.set_reset(DomainId(0), true);
        recorder.step(&mut engine, DomainId(0))?;
        engine.set_reset(DomainId(0), false);
        Ok(Self { engine, recorder, queue: VecDeque::new(), waiting: None })
    }

    fn port(&self, name: &str) -> PortId {
        self.engine.interface().find(name).unwrap_or_else(|| panic!("a port `{name}`"))
    }

    fn set(&mut self, name: &str, value: u64) {
        self.engine.set_u64(self.port(name), value);
    }

    /// Fails unless the port has the value that the golden queue gives it.
    fn compare(&mut self, name: &str, wanted: u64) -> Result<(), Failure> {
        let found = self.engine.get_u64(self.port(name));
        if found == wanted {
            return Ok(());
        }
        let inside = self.queue.len();
        let message = format!("{name} is {found}, must be {wanted}, with {inside} words inside");
        Err(self.recorder.fail(&mut self.engine, format!("wrong {name}"), message))
    }

    fn cycle(&mut self, cycle: Cycle) -> Result<(), Failure> {
        let offered = self.waiting.or(cycle.valid.then_some(cycle.word));
        self.set("push_valid", u64::from(offered.is_some()));
        self.set("push_payload", u64::from(offered.unwrap_or(cycle.word)));
        self.set("pop_ready", u64::from(cycle.ready));
        let (level, room) = (self.queue.len(), self.queue.len() < DEPTH);
        self.compare("level", level as u64)?;
        self.compare("push_ready", u64::from(room))?;
        self.compare("pop_valid", u64::from(level > 0))?;
        if let Some(&eldest) = self.queue.front() {
            self.compare("pop_payload", u64::from(eldest))?;
        }
        self.recorder.step(&mut self.engine, DomainId(0))?;
        if cycle.ready {
            self.queue.pop_front();
        }
        self.waiting = offered.filter(|_| !room);
        self.queue.extend(offered.filter(|_| room));
        Ok(())
    }
}
