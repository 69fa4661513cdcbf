//! Clock domains, and the check that nothing passes between them unseen.

use crate::builder::Builder;
use crate::elaborate::{Elaboration, with};
use crate::place::At;
use olivine_netlist::{
    ClockDomain, Design, DomainId, Edge, Fault, Faults, Place, Polarity, ResetKind,
};

/// A clock with its edge and its reset, by name: `const FAST: Domain = Domain::new("fast");`. Its
/// clock and reset are no ports of the module; they are called `clk_fast` and `rst_fast`, or
/// `rst_fast_n` if the reset is active low.
///
/// The reset of a domain is synchronous and active high unless the domain says otherwise:
/// `Domain::new("bus").asynchronous_reset().active_low()`. What is synchronous takes reset values at
/// edges of the clock; what is asynchronous, as soon as the reset is active. Active low is a matter of
/// the pin alone: tests and proofs speak of a reset that is active or not. Memories have no reset.
///
/// A domain is a plain value and can be a parameter of a module. An instance has the domains of
/// the same names as the module around it, except that its [`Domain::MAIN`] is the domain in which
/// it is placed, with its edge and its reset: one `Fifo` serves in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Domain {
    name: &'static str,
    falling: bool,
    asynchronous: bool,
    active_low: bool,
}

impl Domain {
    /// The domain of what says no other: `clk` and `rst` of the outermost module, and what a module
    /// around says of one that it places. Asking for another edge or reset of it
    /// (`Domain::MAIN.falling()`) is a fault (L091) where it has not got that.
    pub const MAIN: Self = Self::new("");

    /// The domain of what is being written. `Domain::here().asynchronous_reset()` asks for an
    /// asynchronous reset wherever the module is placed, whatever its edge and its level are.
    pub fn here() -> Self {
        with(|b, _| b.clock)
    }

    /// The domain of this name, acting on rising edges, its reset synchronous and active high.
    pub const fn new(name: &'static str) -> Self {
        Self { name, falling: false, asynchronous: false, active_low: false }
    }

    /// The same, acting on falling edges.
    #[must_use]
    pub const fn falling(self) -> Self {
        Self { falling: true, ..self }
    }

    /// The same, with a reset that acts at once. Take it away at an edge of the clock, as
    /// `olivine_blocks::cdc::AsyncResetSynchronizer` does: what is released between two edges may come
    /// out of reset in different cycles.
    #[must_use]
    pub const fn asynchronous_reset(self) -> Self {
        Self { asynchronous: true, ..self }
    }

    /// The same, with a reset that is active at level 0 of its pin.
    #[must_use]
    pub const fn active_low(self) -> Self {
        Self { active_low: true, ..self }
    }

    /// Its name; empty for [`Domain::MAIN`].
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Whether its reset acts at once.
    pub const fn resets_at_once(self) -> bool {
        self.asynchronous
    }

    /// What [`Domain::MAIN`] is in a module that is placed here.
    pub(crate) fn unnamed(self) -> Self {
        Self { name: "", ..self }
    }

    /// What the names of modules end in that are placed here: `_falling_async_n`.
    pub(crate) fn suffix(self) -> String {
        let words =
            [(self.falling, "_falling"), (self.asynchronous, "_async"), (self.active_low, "_n")];
        words.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect()
    }

    /// The netlist's domain, declared at this place.
    pub(crate) fn declared(self, place: Place) -> ClockDomain {
        let edge = if self.falling { Edge::Falling } else { Edge::Rising };
        let reset =
            if self.asynchronous { ResetKind::Asynchronous } else { ResetKind::Synchronous };
        let polarity = if self.active_low { Polarity::ActiveLow } else { Polarity::ActiveHigh };
        ClockDomain { edge, reset, polarity, ..ClockDomain::new(self.name, place) }
    }
}

/// Registers, delays, ports of memories, properties and instances made in `body` belong to
/// `domain`. What it gives is what `body` gives.
///
/// Signals may be read anywhere; but state of one domain that state of another takes is a fault
/// (L090), unless the register that takes it says that it is a [`crossing`](crate::Signal::crossing).
/// `olivine_blocks::cdc` has the blocks that do so rightly.
pub fn in_domain<R>(domain: Domain, body: impl FnOnce() -> R) -> R {
    let outer = with(|b, _| {
        let domain = if domain == Domain::MAIN { b.main } else { domain };
        std::mem::replace(&mut b.clock, domain)
    });
    let result = body();
    with(|b, _| b.clock = outer);
    result
}

impl Builder {
    /// The clock domain of what is being written.
    pub(crate) fn domain(&mut self, e: &mut Elaboration, at: At) -> DomainId {
        let place = e.files.place(at);
        self.declared(e, at, self.clock.declared(place))
    }

    /// The domain here that the domain `inner` of an instance is.
    pub(crate) fn domain_of_instance(
        &mut self,
        e: &mut Elaboration,
        at: At,
        inner: &ClockDomain,
    ) -> DomainId {
        let name = if inner.name.is_empty() {
            self.domain(e, at);
            self.clock.name()
        } else {
            &inner.name
        };
        let name = name.to_string();
        let place = e.files.place(at);
        self.declared(e, at, ClockDomain { name, place, ..inner.clone() })
    }

    /// The domain of this name, which acts as this one does.
    fn declared(&mut self, e: &mut Elaboration, at: At, wanted: ClockDomain) -> DomainId {
        let found = self.module.domains.iter().position(|d| d.name == wanted.name);
        let index = found.unwrap_or_else(|| {
            if !wanted.name.is_empty() {
                self.names.insert(wanted.clock_name());
                self.names.insert(wanted.reset_name());
            }
            self.module.domains.push(wanted.clone());
            self.module.domains.len() - 1
        });
        let known = self.module.domains[index].clone();
        if known.edge != wanted.edge {
            let message = format!("{} acts on both edges", show(&wanted.name));
            let help = "two edges are two domains: give one of them another name";
            e.fault(self, "L091", at, message, help)
                .label(known.place, "one edge")
                .label(wanted.place, "the other edge");
        } else if !known.acts_like(&wanted) {
            let message = format!("{} is reset in two ways", show(&wanted.name));
            let help = "say `asynchronous_reset()` and `active_low()` of a domain once, where it is \
                        named, or give one of the two another name";
            e.fault(self, "L091", at, message, help)
                .label(known.place, format!("{} here", reset_of(&known)))
                .label(wanted.place, format!("{} here", reset_of(&wanted)));
        }
        DomainId(index as u32)
    }
}

/// `asynchronous, active low`.
fn reset_of(domain: &ClockDomain) -> String {
    let kind = if domain.resets_at_once() { "asynchronous" } else { "synchronous" };
    format!("{kind}, active {}", if domain.active_low() { "low" } else { "high" })
}

/// Every crossing of a valid design that nobody said is one, as a fault (L090) that shows both ends.
/// Of what [`elaborate`](crate::elaborate()) gives there are none; a design that was read may have
/// some.
pub fn unsafe_crossings(design: &Design) -> Faults {
    let crossings = design.crossings();
    let faults = crossings.iter().filter(|crossing| !crossing.intended).map(|crossing| {
        let (source, sink) = (&crossing.source, &crossing.sink);
        let (from, to) = (show(&source.domain), show(&sink.domain));
        let (from_name, to_name) = (&source.name, &sink.name);
        let message = format!("`{from_name}` of {from} is sampled by `{to_name}` of {to}");
        let help = "pass it through a block of `olivine_blocks::cdc`: a bit through a \
                    `Synchronizer`, a word through a `Handshake`, a stream through an \
                    `AsyncFifo`";
        let mut fault = Fault::new("L090", sink.place, message, help);
        fault
            .label(source.place, format!("`{from_name}` changes at edges of {from}"))
            .label(sink.place, format!("`{to_name}` takes it at edges of {to}"));
        fault
    });
    Faults::new(design, faults.collect())
}

fn show(domain: &str) -> String {
    if domain.is_empty() { "the main domain".to_string() } else { format!("domain `{domain}`") }
}
