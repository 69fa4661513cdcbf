//! Random valid designs, for tests that hold several engines against each other.
//!
//! A design is a function of a list of numbers, the *choices*; where the list ends, every further
//! choice is the simplest. So a shorter list or smaller numbers give a simpler design, and
//! whatever shrinks lists (proptest does) shrinks designs.

mod body;
mod choices;
mod state;

use crate::{ClockDomain, Design, Edge, FileId, ModuleId, Place, Polarity, ResetKind};
use body::Builder;
use choices::Choices;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};

/// What may occur in a random design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Most modules; 1 means no hierarchy.
    pub modules: u32,
    /// Most random operators in a module; helper cells come on top.
    pub operators: u32,
    /// Widest value in bits.
    pub width: u32,
    /// Most clock domains; the first has no name.
    pub domains: u32,
    /// Memories occur.
    pub memories: bool,
    /// Undefined values can be observed: cells of [`Op::Undefined`](crate::Op::Undefined), state
    /// without a first value, addresses outside a memory, undefined collisions.
    pub undefined: bool,
    /// Most elements of an instance array.
    pub elements: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            modules: 3,
            operators: 12,
            width: 80,
            domains: 2,
            memories: true,
            undefined: true,
            elements: 6,
        }
    }
}

/// The design that the choices give; it is always valid.
pub fn design_from(choices: &[u32], options: &Options) -> Design {
    let mut choices = Choices::new(choices);
    let files = vec!["src/first.rs".to_string(), "src/\"second\" ü.rs".to_string()];
    let mut design = Design { modules: Vec::new(), top: ModuleId(0), files };
    let all = domains(&mut choices, options);
    let count = 1 + choices.below(options.modules.max(1));
    let mut used = 1;
    for index in 0..count {
        // A module has all domains of the modules before it, which it may place.
        used += choices.below((all.len() - used + 1) as u32) as usize;
        let module = Builder::new(&design, options, &mut choices, &all[..used]).module(index);
        design.modules.push(module);
    }
    design.top = ModuleId(count - 1);
    design
}

fn domains(choices: &mut Choices<'_>, options: &Options) -> Vec<ClockDomain> {
    let count = 1 + choices.below(options.domains.max(1));
    let name = |i| if i == 0 { String::new() } else { format!("d{i}") };
    let domain = |i| ClockDomain {
        edge: if choices.chance(4) { Edge::Falling } else { Edge::Rising },
        ..ClockDomain::new(name(i), place(choices))
    };
    (0..count).map(domain).collect()
}

fn place(choices: &mut Choices<'_>) -> Place {
    if choices.chance(2) {
        let file = FileId(choices.below(2));
        return Place { file, line: 1 + choices.below(99), column: 1 + choices.below(40) };
    }
    Place::UNKNOWN
}

/// The design with other resets: bits 0 and 1 of `choice` make those of all domains on rising edges
/// asynchronous and active low, bits 2 and 3 those on falling edges. (Domains of one edge may be
/// joined anywhere in a random design, so they are all reset alike.)
#[must_use]
pub fn with_resets(mut design: Design, choice: u64) -> Design {
    for domain in design.modules.iter_mut().flat_map(|m| &mut m.domains) {
        let bits = if domain.edge == Edge::Rising { choice } else { choice >> 2 };
        if bits & 1 == 1 {
            domain.reset = ResetKind::Asynchronous;
        }
        if bits & 2 == 2 {
            domain.polarity = Polarity::ActiveLow;
        }
    }
    design
}

/// Random designs that shrink.
pub fn designs(options: Options) -> impl Strategy<Value = Design> {
    vec(any::<u32>(), 0..400).prop_map(move |choices| design_from(&choices, &options))
}
