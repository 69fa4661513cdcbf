//! That something is left out shows only in what changes behind its back.

use crate::lower::Lowered;
use crate::native::Native;
use crate::{Tier, Tuning};
use olivine_interp::Undefined;
use olivine_lang::prelude::*;
use olivine_netlist::DomainId;

const CLOCK: DomainId = DomainId(0);

/// Twice what is held.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Element;

#[derive(Ports)]
struct ElementPorts {
    load: In<Bit>,
    x: In<Unsigned>,
    twice: Out<Unsigned>,
}

impl Module for Element {
    type Ports = ElementPorts;

    fn ports(&self) -> ElementPorts {
        ElementPorts { load: bit(), x: unsigned(8), twice: unsigned(8) }
    }

    #[named]
    fn build(&self, p: ElementPorts) {
        let held = reg(unsigned(8)).init(1);
        when(p.load, || held.set(p.x));
        let twice = reg(unsigned(8)).init(0);
        twice.set(held.wrapping_add(held));
        p.twice.drive(twice);
    }
}

/// Elements that load together.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Elements;

#[derive(Ports)]
struct ElementsPorts {
    load: In<Bit>,
    x: In<Unsigned>,
    seen: Out<Unsigned>,
}

impl Module for Elements {
    type Ports = ElementsPorts;

    fn ports(&self) -> ElementsPorts {
        ElementsPorts { load: bit(), x: unsigned(8), seen: unsigned(8) }
    }

    #[named]
    fn build(&self, p: ElementsPorts) {
        let elements = instances(Element, [6], "element");
        for element in elements.iter() {
            element.load.drive(p.load);
            element.x.drive(p.x);
        }
        let all = elements.iter().map(|element| element.twice);
        p.seen.drive(all.reduce(|a, b| a ^ b).expect("elements"));
    }
}

/// What the elements have after they stood still and one of them was given another number by
/// `give`; 0 is the state that is held, 1 twice that.
fn after(tier: Tier, give: impl Fn(&mut Native)) -> Vec<u64> {
    let design = elaborate(Elements).unwrap();
    let tuning = Tuning { tier: Some(tier), still_after: Some(0), ..Tuning::default() };
    let kernel = Lowered::new(&design, Undefined::Zero, tuning, None).kernel;
    let mut native = Native::new(&kernel, 1, Undefined::Zero, tuning).expect("machine code");
    for _ in 0..100 {
        if native.rest(CLOCK) == 0 {
            native.adapt(&kernel, CLOCK);
        }
        native.edges(CLOCK, 1);
    }
    assert_eq!(native.domains[0].activity.parts(), 1);
    give(&mut native);
    native.edges(CLOCK, 1);
    (0..6).map(|lane| native.state(1, lane)).collect()
}

fn tiers() -> impl Iterator<Item = Tier> {
    Tier::ALL.into_iter().filter(|tier| *tier != Tier::Bytecode && tier.is_available())
}

#[test]
fn what_stands_still_is_left_out_until_something_changes() {
    for tier in tiers() {
        assert_eq!(after(tier, |native| native.set_state(0, 2, 9)), [2, 2, 18, 2, 2, 2], "{tier}");
        let load = |native: &mut Native| {
            native.set_input(0, 0, 1);
            native.set_input(1, 0, 5);
            native.edges(CLOCK, 1);
        };
        assert_eq!(after(tier, load), [10; 6], "{tier}");
        // Nobody has said that it changed: what is left out does not notice.
        let behind = |native: &mut Native| {
            native.layout.set_state(&mut native.storage, 0, 2, 9);
        };
        assert_eq!(after(tier, behind), [2; 6], "{tier}");
    }
}
