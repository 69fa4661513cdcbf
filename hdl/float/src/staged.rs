//! [`Pipelined`]: a unit with registers inside.

use olivine_lang::prelude::*;

/// A combinational unit that has places inside where registers can stand.
///
/// Sealed: what a unit's stages are is told here, where its steps are.
pub trait Staged: Module + sealed::Sealed {
    /// How many places it has.
    fn places(&self) -> u32;

    /// The body, which asks for registers at each place in turn.
    #[doc(hidden)]
    fn stages(&self, p: Self::Ports, cuts: &mut Cuts);
}

pub(crate) mod sealed {
    /// Units of this crate.
    pub trait Sealed {}
}

/// A unit in stages: a result in each cycle, later.
///
/// ```text
///            +-----------+
///  inputs -->| Pipelined |--> outputs
///            +-----------+
/// ```
///
/// *Parameters*: `unit`; `latency`, the register stages, spread evenly over the places that the
/// unit has for them. More stages than places put several registers in one place: more time, not
/// more speed.
///
/// *Ports*: the unit's.
///
/// *Behaviour*: the unit's.
///
/// *Timing*: outputs belong to the inputs of `latency` cycles before; new inputs in each cycle. No
/// combinational path from input to output where `latency` is not 0. No handshake: what moves on
/// with the data must be delayed as long.
///
/// *Reset*: none; the registers hold data only.
///
/// *Numerics*: the unit's.
///
/// *Undefined*: outputs in the first `latency` cycles.
///
/// *Verification*: compared with the unit cycle by cycle, for every number of stages.
///
/// ```
/// use olivine_float::{Add, Format, Pipelined, Rounding};
///
/// let unit = Add { format: Format::BF16, rounding: Rounding::NearestEven };
/// let design = olivine_lang::elaborate(Pipelined { unit, latency: 2 }).unwrap();
/// assert_eq!(design.top().name, "add_e8m7_rne_latency2");
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Pipelined<U> {
    /// What is done.
    pub unit: U,
    /// In so many stages: at most 64.
    pub latency: u32,
}

impl<U: Staged> Module for Pipelined<U> {
    type Ports = U::Ports;

    fn check(&self) -> Result<(), String> {
        if self.latency > 64 {
            return Err(format!("a latency of {} cycles: there must be at most 64", self.latency));
        }
        self.unit.check()
    }

    fn ports(&self) -> U::Ports {
        self.unit.ports()
    }

    fn name(&self) -> String {
        format!("{}_latency{}", self.unit.name(), self.latency)
    }

    fn build(&self, p: U::Ports) {
        self.unit.stages(p, &mut Cuts::new(self.unit.places(), self.latency));
    }
}

/// The places of a unit, and the registers that stand there.
#[derive(Debug)]
pub struct Cuts {
    places: u32,
    latency: u32,
    passed: u32,
    /// In the latest place.
    latest: u32,
    /// In all places so far.
    registers: u32,
}

impl Cuts {
    fn new(places: u32, latency: u32) -> Self {
        Self { places, latency, passed: 0, latest: 0, registers: 0 }
    }

    /// No registers.
    pub(crate) fn none() -> Self {
        Self::new(1, 0)
    }

    /// A place: all signals that go on from here, through the registers that stand here.
    #[track_caller]
    pub(crate) fn here<T: Signal>(&mut self, signals: T) -> T {
        // Rounded up: a single register stands in the middle.
        let by = |places: u32| (places * self.latency + self.places / 2) / self.places;
        let registers = by(self.passed + 1) - by(self.passed);
        self.passed += 1;
        self.latest = registers;
        self.registers += registers;
        delay(signals, registers)
    }

    /// More signals that go on from the latest place.
    #[track_caller]
    pub(crate) fn here_again<T: Signal>(&mut self, signals: T) -> T {
        delay(signals, self.latest)
    }

    /// An input of the unit, as late as what has come through all places so far.
    #[track_caller]
    pub(crate) fn input<T: Signal>(&self, signals: T) -> T {
        delay(signals, self.registers)
    }
}
