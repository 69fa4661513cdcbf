//! Blocks that pass values between clock domains; nothing else may.
//!
//! | block | passes |
//! |---|---|
//! | [`Synchronizer`] | one bit that holds its value long enough |
//! | [`ResetSynchronizer`] | a reset that is a signal: given at once, taken away at an edge |
//! | [`AsyncResetSynchronizer`] | the asynchronous reset of a domain, taken away at an edge |
//! | [`Handshake`] | words, a few edges of both clocks each |
//! | [`AsyncFifo`] | words, one for each edge |
//!
//! A design in which state of one domain reaches another in any other way has the fault L090. The
//! clocks may have any frequencies and phases: proofs take their edges in every order. What a flop
//! does that samples a changing bit is left to settle for a whole cycle of the sampling clock; that
//! the bit is then old or new, and no word is ever caught half changed, is what the proofs of
//! `Handshake` and `AsyncFifo` rest on. (Gray code: at most one bit of a pointer changes between
//! two edges of its own clock.)

mod async_fifo;
mod async_reset_synchronizer;
mod handshake;
mod reset_synchronizer;
mod synchronizer;

pub use async_fifo::{AsyncFifo, AsyncFifoOrder, AsyncFifoPorts};
pub use async_reset_synchronizer::{AsyncResetSynchronizer, AsyncResetSynchronizerPorts};
pub use handshake::{Handshake, HandshakeOrder, HandshakePorts};
pub use reset_synchronizer::{ResetSynchronizer, ResetSynchronizerPorts};
pub use synchronizer::{Synchronizer, SynchronizerPorts};

use olivine_lang::prelude::*;

/// The Gray code of a number: neighbours differ in one bit.
#[track_caller]
pub fn to_gray(number: Unsigned) -> Unsigned {
    number ^ number.shift_right(1)
}

/// The number of a Gray code.
#[track_caller]
pub fn from_gray(gray: Unsigned) -> Unsigned {
    let bits = gray.bits();
    let from_top = bits.into_iter().rev();
    let mut number = olivine_lang::running(from_top, |above, bit| above ^ bit);
    number.reverse();
    cat(number)
}

/// Two registers in the present domain that take `value` of another one: the stages, the second
/// last, under `name`. Of several bits only one may change between two edges of their own clock.
#[track_caller]
fn two_flops<T: Shape>(name: &str, value: T, reset: impl Operand<T> + Copy) -> [T; 2] {
    let settling = reg(value.shape()).reset(reset).init(reset).crossing();
    let settled = reg(value.shape()).reset(reset).init(reset);
    settling.set(value);
    settled.set(settling);
    [settling.named(&format!("{name}_settling")), settled.named(&format!("{name}_settled"))]
}

/// What a value of another domain was so many edges of `domain` ago, for properties.
#[track_caller]
fn seen_at<T: Shape>(domain: Domain, edges: u32, value: T) -> T {
    in_domain(domain, || {
        (0..edges).fold(value, |now, _| {
            let next = reg(value.shape()).reset(zero(value.shape())).init(zero(value.shape()));
            let next = next.crossing();
            next.set(now);
            next
        })
    })
}

/// Asserts what holds at edges of either clock: an invariant of both sides.
#[track_caller]
fn both(domains: [Domain; 2], name: &str, condition: impl Fn() -> Bit) {
    let condition = condition();
    for domain in domains {
        let edge = format!(
            "{name} (edges of `clk{}{}`)",
            if domain.name().is_empty() { "" } else { "_" },
            domain.name()
        );
        in_domain(domain, || always(edge, condition));
    }
}
