//! What stands still is left out or taken as known, and nobody can tell: arrays that work now and
//! then, in lockstep with the interpreter, with properties that fail while nothing moves.

use olivine_interp::{Engine, Interp, Undefined, undefined_bits};
use olivine_lang::prelude::*;
use olivine_netlist::{Design, DomainId, PortId};
use olivine_sim::{Adaptive, Compiled, Lockstep, Tier, Tuning};

const CLOCK: DomainId = DomainId(0);

/// An element: passes its operand on, and sums while it is valid.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Element;

#[derive(Ports)]
struct ElementPorts {
    valid: In<Bit>,
    x: In<Unsigned>,
    x_next: Out<Unsigned>,
    sum: Out<Unsigned>,
}

impl Module for Element {
    type Ports = ElementPorts;

    fn ports(&self) -> ElementPorts {
        ElementPorts { valid: bit(), x: unsigned(16), x_next: unsigned(16), sum: unsigned(32) }
    }

    #[named]
    fn build(&self, p: ElementPorts) {
        let x = reg(unsigned(16)).reset(0);
        x.set(p.x);
        p.x_next.drive(x);
        let sum = reg(unsigned(32)).reset(0);
        let product = (x * x.wrapping_add(3)).extend(32);
        when(p.valid, || sum.set((sum ^ product).wrapping_add(1)));
        p.sum.drive(sum);
        always("the sum is not six more than a multiple of eight", sum.truncate(3).ne(6));
    }
}

/// A chain of elements, with delays before it, and a count that never rests beside it.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Chain {
    length: usize,
}

#[derive(Ports)]
struct ChainPorts {
    valid: In<Bit>,
    x: In<Unsigned>,
    seen: Out<Unsigned>,
    count: Out<Unsigned>,
}

impl Module for Chain {
    type Ports = ChainPorts;

    fn ports(&self) -> ChainPorts {
        let word = unsigned(32);
        ChainPorts { valid: bit(), x: unsigned(16), seen: word, count: word }
    }

    #[named]
    fn build(&self, p: ChainPorts) {
        let count = reg(unsigned(32)).reset(0);
        count.set(count.wrapping_add(1));
        p.count.drive(count);
        let elements = instances(Element, [self.length], "element");
        let mut x = delay(p.x, 3);
        for i in elements.indices() {
            elements[i].valid.drive(p.valid);
            elements[i].x.drive(x);
            x = elements[i].x_next;
        }
        unused(x);
        let sums = elements.iter().map(|element| element.sum);
        let seen = sums.reduce(|a, b| a ^ b).expect("elements");
        p.seen.drive(seen ^ count);
    }
}

fn design(length: usize) -> Design {
    elaborate(Chain { length }).unwrap_or_else(|faults| panic!("{faults}"))
}

fn tunings(still_after: Option<u64>) -> impl Iterator<Item = Tuning> {
    let available = Tier::ALL.into_iter().filter(|tier| tier.is_available());
    available.map(move |tier| Tuning {
        tier: Some(tier),
        still_after,
        known_after: None,
        ..Tuning::default()
    })
}

/// States are taken as known; nothing is left out.
fn knowing(known_after: Option<u64>) -> impl Iterator<Item = Tuning> {
    tunings(None).map(move |tuning| Tuning { known_after, ..tuning })
}

/// Inputs of a cycle: they stay for some twenty cycles in a row, now and then.
fn drive(engine: &mut impl Engine, seed: u64, cycle: u64) {
    let choice = |what: &str, time: u64| undefined_bits(seed, what, time, 64).low_u64();
    if choice("rests", cycle / 24).is_multiple_of(2) {
        return;
    }
    engine.set_u64(PortId(0), choice("valid", cycle) & 1);
    engine.set_u64(PortId(1), choice("x", cycle) >> 48);
}

/// All values, all violations, before and behind each edge.
#[test]
fn nothing_shows() {
    for length in [4, 21] {
        let design = design(length);
        let all = tunings(Some(0)).chain(tunings(Some(20_000))).chain(knowing(Some(0)));
        for tuning in all.chain(knowing(Some(20_000))) {
            let interp = Interp::new(&design, Undefined::Random(3));
            let compiled = Compiled::tuned(&design, Undefined::Random(3), tuning);
            let mut both = Lockstep::new(interp, compiled).with_violations();
            for cycle in 0..1500 {
                drive(&mut both, 11, cycle);
                both.set_reset(CLOCK, cycle % 400 < 2);
                both.step(CLOCK);
            }
            both.compare();
            let difference = both.difference().map(ToString::to_string);
            assert_eq!(difference, None, "{tuning:?}");
        }
    }
}

/// Many edges at one go give the violations that single ones do, at the same cycles.
#[test]
fn violations_are_those_of_single_edges() {
    let design = design(21);
    for tuning in tunings(Some(0)).chain(tunings(None)).chain(knowing(Some(0))) {
        let mut compiled = Compiled::tuned(&design, Undefined::Zero, tuning);
        let mut interp = Interp::new(&design, Undefined::Zero);
        let all: [&mut dyn Engine; 2] = [&mut compiled, &mut interp];
        let [found, expected] = all.map(|engine| {
            for round in 0..20 {
                engine.set_u64(PortId(0), u64::from(round % 3 == 2));
                engine.set_u64(PortId(1), 7 * round + 1);
                engine.step_by(CLOCK, 37);
            }
            engine.take_violations()
        });
        assert!(expected.len() > 10, "{} violations", expected.len());
        assert_eq!(found, expected, "{tuning:?}");
    }
}

/// A mode that is known most of the time, with a property of it alone, and what now and then changes
/// beside it.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Modes;

#[derive(Ports)]
struct ModesPorts {
    mode: In<Unsigned>,
    seen: Out<Unsigned>,
}

impl Module for Modes {
    type Ports = ModesPorts;

    fn ports(&self) -> ModesPorts {
        ModesPorts { mode: unsigned(2), seen: unsigned(8) }
    }

    #[named]
    fn build(&self, p: ModesPorts) {
        let mode = reg(unsigned(2)).reset(0);
        mode.set(p.mode);
        let count = reg(unsigned(8)).reset(0);
        count.set(count.wrapping_add(1));
        let slow = reg(unsigned(8)).reset(0);
        when(count.truncate(6).eq(63), || slow.set(slow.wrapping_add(1)));
        p.seen.drive(slow ^ mode.extend(8));
        always("the mode is not three", mode.ne(3));
    }
}

/// A property that failed before something was taken as known, and holds since, fails no more.
#[test]
fn what_is_known_to_hold_does_not_fail() {
    let design = elaborate(Modes).unwrap_or_else(|faults| panic!("{faults}"));
    for tuning in knowing(Some(0)) {
        let mut compiled = Compiled::tuned(&design, Undefined::Zero, tuning);
        let mut interp = Interp::new(&design, Undefined::Zero);
        let all: [&mut dyn Engine; 2] = [&mut compiled, &mut interp];
        let [found, expected] = all.map(|engine| {
            for _ in 0..20 {
                for (mode, edges) in [(1, 21), (3, 1), (1, 14)] {
                    engine.set_u64(PortId(0), mode);
                    engine.step_by(CLOCK, edges);
                }
            }
            engine.take_violations()
        });
        assert_eq!(expected.len(), 20, "one in each round");
        assert_eq!(found, expected, "{tuning:?}");
    }
}

/// It is found that something stands still, and found again in a state that was put back.
#[test]
fn something_is_left_out() {
    let design = design(21);
    for tuning in tunings(Some(0)).filter(|tuning| tuning.tier != Some(Tier::Bytecode)) {
        let mut engine = Compiled::tuned(&design, Undefined::Zero, tuning);
        assert!(!engine.describe().contains("still"), "{}", engine.describe());
        let mut interp = Interp::new(&design, Undefined::Zero);
        let mut start = None;
        for round in 0..6 {
            for engine in [&mut engine as &mut dyn Engine, &mut interp] {
                engine.set_u64(PortId(1), 5 + round);
                engine.step_by(CLOCK, 100);
            }
            let now = interp.snapshot().unwrap();
            assert_eq!(engine.snapshot().unwrap(), now, "{tuning:?}");
            let start = start.get_or_insert(now);
            engine.restore(start).unwrap();
            interp.restore(start).unwrap();
        }
        assert!(engine.describe().contains("1 part that stands still"), "{}", engine.describe());
    }
}

/// As above, of what is taken as known.
#[test]
fn something_is_known() {
    let design = design(3);
    for tuning in knowing(Some(0)).filter(|tuning| tuning.tier != Some(Tier::Bytecode)) {
        let mut engine = Compiled::tuned(&design, Undefined::Zero, tuning);
        assert!(!engine.describe().contains("known"), "{}", engine.describe());
        let mut interp = Interp::new(&design, Undefined::Zero);
        let mut start = None;
        for round in 0..12 {
            for engine in [&mut engine as &mut dyn Engine, &mut interp] {
                engine.set_u64(PortId(0), u64::from(round % 4 == 3));
                engine.set_u64(PortId(1), 5 + round / 2);
                engine.step_by(CLOCK, 50);
            }
            let now = interp.snapshot().unwrap();
            assert_eq!(engine.snapshot().unwrap(), now, "{tuning:?}");
            let start = start.get_or_insert(now);
            if round % 5 == 4 {
                engine.restore(start).unwrap();
                interp.restore(start).unwrap();
            }
        }
        assert!(engine.describe().contains("states and inputs"), "{}", engine.describe());
    }
}

/// What never rests is tried and given up; by default that is not even tried in a short run.
#[test]
fn what_moves_is_given_up() {
    let design = design(21);
    for tuning in tunings(Some(2_000)).filter(|tuning| tuning.tier != Some(Tier::Bytecode)) {
        let mut engine = Compiled::tuned(&design, Undefined::Zero, tuning);
        let mut tried = false;
        for cycle in 0..2000 {
            engine.set_u64(PortId(0), 1);
            engine.set_u64(PortId(1), cycle);
            engine.step(CLOCK);
            tried |= engine.describe().contains("still");
        }
        assert!(tried, "it is tried");
        assert!(!engine.describe().contains("still"), "{}", engine.describe());
    }
    let mut engine = Adaptive::new(&design, Undefined::Zero);
    engine.step_by(CLOCK, 1000);
    assert!(engine.is_compiled());
}
