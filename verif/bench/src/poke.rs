//! [`Poke`]: giving values to ports and taking them, through the bench that is running.

use olivine_interp::Engine;
use olivine_lang::Scalar;
use olivine_netlist::{Bits, PortId};
use olivine_sim::Batch;
use std::cell::RefCell;

/// What stands behind the ports while a closure of the author's runs.
pub(crate) enum Pins {
    Engine(Box<dyn Engine>),
    /// One of the stimuli of a batch.
    Stimulus(Box<Batch>, u32),
}

impl Pins {
    fn set(&mut self, port: PortId, value: &Bits) {
        match self {
            Self::Engine(engine) => engine.set(port, value),
            Self::Stimulus(batch, stimulus) => batch.set(port, *stimulus, value),
        }
    }

    fn get(&mut self, port: PortId) -> Bits {
        match self {
            Self::Engine(engine) => engine.get(port),
            Self::Stimulus(batch, stimulus) => batch.get(port, *stimulus),
        }
    }
}

thread_local! {
    /// The pins of the bench whose closure is running.
    static RUNNING: RefCell<Option<Pins>> = const { RefCell::new(None) };
}

/// Lends `pins` to the handles while `f` runs.
fn lend<R>(pins: Pins, f: impl FnOnce() -> R) -> (Pins, R) {
    let outer = RUNNING.with(|running| running.borrow_mut().replace(pins));
    let result = f();
    let pins = RUNNING.with(|running| std::mem::replace(&mut *running.borrow_mut(), outer));
    (pins.expect("it was lent above"), result)
}

/// Lends an engine to the handles while `f` runs.
pub(crate) fn lend_engine<R>(
    engine: Box<dyn Engine>,
    f: impl FnOnce() -> R,
) -> (Box<dyn Engine>, R) {
    match lend(Pins::Engine(engine), f) {
        (Pins::Engine(engine), result) => (engine, result),
        (Pins::Stimulus(..), _) => unreachable!("what was lent comes back"),
    }
}

/// Lends a stimulus of a batch to the handles while `f` runs.
pub(crate) fn lend_stimulus<R>(
    batch: Box<Batch>,
    stimulus: u32,
    f: impl FnOnce() -> R,
) -> (Box<Batch>, R) {
    match lend(Pins::Stimulus(batch, stimulus), f) {
        (Pins::Stimulus(batch, _), result) => (batch, result),
        (Pins::Engine(_), _) => unreachable!("what was lent comes back"),
    }
}

#[track_caller]
fn with_pins<R>(f: impl FnOnce(&mut Pins) -> R) -> R {
    RUNNING.with(|running| {
        let mut running = running.borrow_mut();
        f(running.as_mut().expect("ports are poked and peeked inside `Bench::run`"))
    })
}

/// Something that an input port can be given.
pub trait PortValue {
    /// The value at a width in bits; nothing if it does not fit.
    fn at_width(self, width: u32) -> Option<Bits>;
}

macro_rules! unsigned_values {
    ($($type:ty)*) => {$(
        impl PortValue for $type {
            fn at_width(self, width: u32) -> Option<Bits> {
                let bits = Bits::new(width, self as u64);
                (bits.to_u64() == Some(self as u64)).then_some(bits)
            }
        }
    )*};
}

macro_rules! signed_values {
    ($($type:ty)*) => {$(
        impl PortValue for $type {
            /// A number that is not negative fits as an unsigned one too.
            fn at_width(self, width: u32) -> Option<Bits> {
                let bits = Bits::from_i64(width, self as i64);
                let fits = bits.to_i64() == Some(self as i64)
                    || (self >= 0 && bits.to_u64() == Some(self as u64));
                fits.then_some(bits)
            }
        }
    )*};
}

unsigned_values! { bool u8 u16 u32 u64 usize }
signed_values! { i8 i16 i32 i64 }

impl PortValue for Bits {
    fn at_width(self, width: u32) -> Option<Bits> {
        (self.width() == width).then_some(self)
    }
}

/// Ports of the module on the bench, poked and peeked inside [`Bench::run`](crate::Bench::run) and
/// [`Property::holds`](crate::Property::holds).
pub trait Poke: Scalar {
    /// Gives an input port a value, kept until the next poke.
    ///
    /// # Panics
    /// If the value does not fit the port, or this is no port of the module on the bench.
    #[track_caller]
    fn poke(self, value: impl PortValue) {
        let (port, width) = port(self);
        let bits = value.at_width(width);
        let bits = bits.unwrap_or_else(|| panic!("the value does not fit the {width} bits of it"));
        with_pins(|pins| pins.set(port, &bits));
    }

    /// The settled value of a port, its low 64 bits.
    #[track_caller]
    fn peek(self) -> u64 {
        self.peek_bits().low_u64()
    }

    /// The settled value of a port read as two's complement.
    ///
    /// # Panics
    /// If it does not fit 64 bits.
    #[track_caller]
    fn peek_signed(self) -> i64 {
        self.peek_bits().to_i64().expect("a value of at most 64 bits")
    }

    /// The settled value of a port.
    #[track_caller]
    fn peek_bits(self) -> Bits {
        let (port, _) = port(self);
        with_pins(|pins| pins.get(port))
    }
}

impl<T: Scalar> Poke for T {}

#[track_caller]
fn port<T: Scalar>(handle: T) -> (PortId, u32) {
    let leaf = handle.leaf();
    let port = leaf.outside_port();
    (
        port.expect("a port of the module on the bench: use the record that `run` gives"),
        leaf.width(),
    )
}
