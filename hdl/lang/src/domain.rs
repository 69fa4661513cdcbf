//! Clock domains, and the check that nothing passes between them unseen.

use crate::builder::Builder;
use crate::elaborate::{Elaboration, with};
use crate::place::At;
use olivine_netlist::{ClockDomain, Design, DomainId, Edge, Fault, Faults};

/// A clock with its edge and its reset, by name: `const FAST: Domain = Domain::new("fast");`. Its
/// clock and reset are no ports of the module; they are called `clk_fast` and `rst_fast`.
///
/// A domain is a plain value and can be a parameter of a module. An instance has the domains of
/// the same names as the module around it, except that its [`Domain::MAIN`] is the domain in which
/// it is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Domain {
    name: &'static str,
    falling: bool,
}

impl Domain {
    /// The domain of what says no other: `clk` and `rst`.
    pub const MAIN: Self = Self::new("");

    /// The domain of this name, acting on rising edges.
    pub const fn new(name: &'static str) -> Self {
        Self { name, falling: false }
    }

    /// The same, acting on falling edges.
    #[must_use]
    pub const fn falling(self) -> Self {
        Self { falling: true, ..self }
    }

    /// Its name; empty for [`Domain::MAIN`].
    pub const fn name(self) -> &'static str {
        self.name
    }

    fn edge(self) -> Edge {
        if self.falling { Edge::Falling } else { Edge::Rising }
    }
}

/// Registers, delays, ports of memories, properties and instances made in `body` belong to
/// `domain`. What it gives is what `body` gives.
///
/// Signals may be read anywhere; but state of one domain that state of another takes is a fault
/// (L090), unless the register that takes it says that it is a [`crossing`](crate::Signal::crossing).
/// `olivine_blocks::cdc` has the blocks that do so rightly.
pub fn in_domain<R>(domain: Domain, body: impl FnOnce() -> R) -> R {
    let outer = with(|b, _| std::mem::replace(&mut b.clock, domain));
    let result = body();
    with(|b, _| b.clock = outer);
    result
}

impl Builder {
    /// The clock domain of what is being written.
    pub(crate) fn domain(&mut self, e: &mut Elaboration, at: At) -> DomainId {
        let Domain { name, .. } = self.clock;
        self.domain_named(e, at, name, self.clock.edge())
    }

    /// The domain here that the domain `inner` of an instance is.
    pub(crate) fn domain_of_instance(
        &mut self,
        e: &mut Elaboration,
        at: At,
        inner: &ClockDomain,
    ) -> DomainId {
        if inner.name.is_empty() && self.clock != Domain::MAIN {
            return self.domain(e, at);
        }
        self.domain_named(e, at, &inner.name, inner.edge)
    }

    fn domain_named(&mut self, e: &mut Elaboration, at: At, name: &str, edge: Edge) -> DomainId {
        let place = e.files.place(at);
        let found = self.module.domains.iter().position(|d| d.name == name);
        let index = found.unwrap_or_else(|| {
            if !name.is_empty() {
                ["clk", "rst"].iter().for_each(|line| self.names.insert(format!("{line}_{name}")));
            }
            self.module.domains.push(ClockDomain { name: name.to_string(), edge, place });
            self.module.domains.len() - 1
        });
        let known = &self.module.domains[index];
        if known.edge != edge {
            let (first, message) = (known.place, format!("{} acts on both edges", show(name)));
            let help = "two edges are two domains: give one of them another name";
            e.fault(self, "L091", at, message, help)
                .label(first, "one edge")
                .label(place, "the other edge");
        }
        DomainId(index as u32)
    }
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
