//! Streams: a payload with a handshake.

use crate::Bit;
use crate::operand::Operand;
use crate::ports::Ports;
use crate::property::{always, assume};
use crate::signal::Signal;
use crate::temporal::{past, past_valid};
use crate::walk::Walk;

/// A payload with a handshake. [`Stream::assert_rules`] and [`Stream::assume_rules`] say the rules
/// as properties.
///
/// A *transfer* happens at an edge where `valid` and `ready` both hold. Four rules, for the
/// producer of `payload` and `valid` and the consumer that gives `ready`:
///
/// 1. The producer holds `valid`, once given, until the transfer.
/// 2. It holds `payload` unchanged from then until the transfer. Without `valid` the payload
///    means nothing.
/// 3. `valid` does not depend combinationally on `ready`: a producer never waits for its
///    consumer to be ready. (`ready` may depend on `valid`.)
/// 4. During reset `valid` may have any value that rule 1 need not remember: no transfer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stream<T> {
    /// What is transferred.
    pub payload: T,
    /// The producer offers the payload.
    pub valid: Bit,
    /// The consumer takes it.
    pub ready: Bit,
}

/// As a port: a stream that the module produces.
pub type Source<T> = Stream<T>;

/// As a port: a stream that the module consumes.
pub type Sink<T> = Stream<T>;

/// The shape of a stream.
pub fn stream<T: Signal>(payload: T) -> Stream<T> {
    Stream { payload, valid: crate::bit(), ready: crate::bit() }
}

impl<T: Signal> Stream<T> {
    /// Both sides agree: the payload goes over at the coming edge.
    #[track_caller]
    pub fn transfer(&self) -> Bit {
        self.valid & self.ready
    }

    /// As the producer: offers `payload` in every cycle in which `valid` holds.
    #[track_caller]
    pub fn offer(&self, valid: impl Operand<Bit>, payload: impl Operand<T>) {
        self.valid.drive(valid);
        self.payload.drive(payload);
    }

    /// Asserts rules 1 and 2 of this stream's producer.
    #[track_caller]
    pub fn assert_rules(&self, name: &str) {
        let (held, same) = self.rules();
        always(format!("{name}: valid stays until the transfer"), held);
        always(format!("{name}: the payload stays until the transfer"), same);
    }

    /// Assumes rules 1 and 2 of this stream's producer. For the outermost module of a proof: an
    /// assumption about what another module does would hide that it does otherwise.
    #[track_caller]
    pub fn assume_rules(&self, name: &str) {
        let (held, same) = self.rules();
        assume(format!("{name}: valid stays until the transfer"), held);
        assume(format!("{name}: the payload stays until the transfer"), same);
    }

    #[track_caller]
    fn rules(&self) -> (Bit, Bit) {
        let waited = past_valid() & past(self.valid & !self.ready);
        let same = self.payload.same_as(past(self.payload.clone()));
        (waited.implies(self.valid), waited.implies(same))
    }
}

impl<T: Signal> Signal for Stream<T> {
    fn walk(&self, walk: &mut Walk<'_>) -> Self {
        Self {
            payload: walk.field("payload", |walk| self.payload.walk(walk)),
            valid: walk.field("valid", |walk| self.valid.walk(walk)),
            ready: walk.field("ready", |walk| self.ready.walk(walk)),
        }
    }
}

impl<T: Signal> crate::named::Nameable for Stream<T> {
    fn take_name(&self, name: &str) {
        crate::named::name_signal(self, name);
    }
}

/// As the producer sees it: payload and valid go out, ready comes in.
impl<T: Signal> Ports for Stream<T> {
    fn walk_ports(&self, walk: &mut Walk<'_>) -> Self {
        let at = walk.at();
        Self {
            payload: walk.field_at(at, "payload", |walk| walk.output(&self.payload)),
            valid: walk.field_at(at, "valid", |walk| walk.output(&self.valid)),
            ready: walk.field_at(at, "ready", |walk| walk.input(&self.ready)),
        }
    }
}
