//! Every tier on arrays of products whose operands move and are held: the interpreter, cycle by
//! cycle, in all signals.

use olivine_interp::{Engine, Interp, Undefined};
use olivine_lang::prelude::*;
use olivine_netlist::{Design, Direction, DomainId, PortId};
use olivine_sim::{Compiled, Lockstep, Tier, Tuning};

/// Multiplies what passes by with what it holds, signed.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Element {
    bits: u32,
}

#[derive(Ports)]
struct ElementPorts {
    hold: In<Bit>,
    a: In<Signed>,
    w: In<Signed>,
    sum: In<Signed>,
    a_next: Out<Signed>,
    w_next: Out<Signed>,
    sum_next: Out<Signed>,
    high: Out<Bit>,
}

impl Module for Element {
    type Ports = ElementPorts;

    fn ports(&self) -> ElementPorts {
        let (word, sum) = (signed(self.bits), signed(32));
        ElementPorts {
            hold: bit(),
            a: word,
            w: word,
            sum,
            a_next: word,
            w_next: word,
            sum_next: sum,
            high: bit(),
        }
    }

    #[named]
    fn build(&self, p: ElementPorts) {
        let a = reg(signed(self.bits)).reset(0);
        let w = reg(signed(self.bits)).reset(-1);
        let sum = reg(signed(32)).reset(0);
        a.set(p.a);
        when(!p.hold, || w.set(p.w));
        sum.set((p.sum + (p.a * w).extend(32)).truncate(32));
        p.a_next.drive(a);
        p.w_next.drive(w);
        p.sum_next.drive(sum);
        p.high.drive(w.as_unsigned().gt(p.a.as_unsigned()));
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Array {
    bits: u32,
    n: usize,
}

#[derive(Ports)]
struct ArrayPorts {
    hold: In<Bit>,
    west: Vec<In<Signed>>,
    north: Vec<In<Signed>>,
    sums: Vec<Out<Signed>>,
    high: Out<Bit>,
}

impl Module for Array {
    type Ports = ArrayPorts;

    fn ports(&self) -> ArrayPorts {
        let edge = vec![signed(self.bits); self.n];
        let sums = vec![signed(32); self.n];
        ArrayPorts { hold: bit(), west: edge.clone(), north: edge, sums, high: bit() }
    }

    #[named]
    fn build(&self, p: ArrayPorts) {
        let n = self.n;
        let pe = instances(Element { bits: self.bits }, [n, n], "pe");
        for (r, c) in pe.indices() {
            pe[r][c].hold.drive(p.hold);
            pe[r][c].a.drive(if c == 0 { p.west[r] } else { pe[r][c - 1].a_next });
            pe[r][c].w.drive(if r == 0 { p.north[c] } else { pe[r - 1][c].w_next });
            pe[r][c].sum.drive(if r == 0 {
                constant(signed(32), 0)
            } else {
                pe[r - 1][c].sum_next
            });
        }
        p.sums.iter().enumerate().for_each(|(c, sum)| sum.drive(pe[n - 1][c].sum_next));
        p.high.drive(pe.iter().map(|e| e.high).reduce(|a, b| a ^ b).expect("an element"));
        (0..n).for_each(|i| unused(pe[i][n - 1].a_next));
        (0..n).for_each(|i| unused(pe[n - 1][i].w_next));
    }
}

/// Adds a product by a constant of its own, and constants of more than a word.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Tap;

#[derive(Ports)]
struct TapPorts {
    x: In<Signed>,
    weight: In<Signed>,
    offset: In<Unsigned>,
    mixed: In<Unsigned>,
    sum: Out<Signed>,
    total: Out<Unsigned>,
}

impl Module for Tap {
    type Ports = TapPorts;

    fn ports(&self) -> TapPorts {
        TapPorts {
            x: signed(8),
            weight: signed(8),
            offset: unsigned(40),
            mixed: unsigned(8),
            sum: signed(24),
            total: unsigned(40),
        }
    }

    #[named]
    fn build(&self, p: TapPorts) {
        let sum = reg(signed(24)).reset(0);
        let total = reg(unsigned(40)).reset(0);
        sum.set((sum + (p.x * p.weight).extend(24)).truncate(24));
        total.set(total.wrapping_add(p.offset) ^ p.mixed.extend(40));
        p.sum.drive(sum);
        p.total.drive(total);
    }
}

/// Taps whose constants differ; some have an input in the place of one.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Taps {
    n: usize,
}

#[derive(Ports)]
struct TapsPorts {
    x: In<Signed>,
    other: In<Unsigned>,
    sums: Vec<Out<Signed>>,
    totals: Vec<Out<Unsigned>>,
}

impl Module for Taps {
    type Ports = TapsPorts;

    fn ports(&self) -> TapsPorts {
        TapsPorts {
            x: signed(8),
            other: unsigned(8),
            sums: vec![signed(24); self.n],
            totals: vec![unsigned(40); self.n],
        }
    }

    #[named]
    fn build(&self, p: TapsPorts) {
        let taps = instances(Tap, [self.n], "tap");
        for i in taps.indices() {
            let number = i as u64 * 0x12_3456_7891 % (1 << 40);
            taps[i].x.drive(p.x);
            taps[i].weight.drive(constant(signed(8), i as i64 * 29 % 256 - 128));
            taps[i].offset.drive(constant(unsigned(40), number));
            let mixed = constant(unsigned(8), number % 251);
            taps[i].mixed.drive(if i % 3 == 1 { p.other } else { mixed });
            p.sums[i].drive(taps[i].sum);
            p.totals[i].drive(taps[i].total);
        }
    }
}

/// Runs under random inputs and resets; how many signals were compared.
fn agree(design: &Design, tier: Tier) -> usize {
    let tuning = Tuning { tier: Some(tier), ..Tuning::default() };
    let compiled = Compiled::tuned(design, Undefined::Random(3), tuning);
    assert_eq!(compiled.tier(), tier);
    let mut both = Lockstep::new(Interp::new(design, Undefined::Random(3)), compiled);
    for cycle in 0..60 {
        for index in 0..both.interface().ports.len() {
            let port = both.interface().ports[index].clone();
            if port.direction == Direction::Input {
                let value = olivine_interp::undefined_bits(7, &port.name, cycle, port.width);
                both.set(PortId(index as u32), &value);
            }
        }
        both.set_reset(DomainId(0), cycle % 23 == 0);
        both.step(DomainId(0));
    }
    both.signals().len()
}

#[test]
fn products_of_operands_that_move_agree_on_every_tier() {
    for tier in Tier::ALL.into_iter().filter(|tier| tier.is_available()) {
        for (bits, n) in [(2, 3), (8, 4), (8, 7), (13, 5), (16, 4)] {
            let design = elaborate(Array { bits, n }).unwrap_or_else(|faults| panic!("{faults}"));
            assert!(agree(&design, tier) > n * n, "{bits} bits, {n} by {n}");
        }
    }
}

/// Of one register and of several, full and not.
#[test]
fn constants_of_lanes_agree_on_every_tier() {
    for tier in Tier::ALL.into_iter().filter(|tier| tier.is_available()) {
        for n in [6, 8, 19, 40] {
            let design = elaborate(Taps { n }).unwrap_or_else(|faults| panic!("{faults}"));
            assert!(agree(&design, tier) > n, "{n} taps");
        }
    }
}

/// A name is read back as what it names; another is refused with the names there are.
#[test]
fn tiers_have_names() {
    for tier in Tier::ALL {
        assert_eq!(tier.to_string().parse(), Ok(tier));
    }
    let refused = "fast".parse::<Tier>().unwrap_err();
    for tier in Tier::ALL {
        assert!(refused.contains(&tier.to_string()), "{refused}");
    }
    let asked = Tuning { tier: Some(Tier::Bytecode), ..Tuning::default() };
    let design = elaborate(Array { bits: 8, n: 2 }).unwrap_or_else(|faults| panic!("{faults}"));
    let engine = Compiled::tuned(&design, Undefined::Zero, asked);
    assert_eq!(engine.choice(), "bytecode: asked for");
}

/// What executes is said with its reason: asked for or not, here or on a processor without it.
#[test]
fn the_choice_is_told() {
    let design = elaborate(Array { bits: 8, n: 2 }).unwrap_or_else(|faults| panic!("{faults}"));
    let best = Tier::best();
    for tier in Tier::ALL {
        let tuning = Tuning { tier: Some(tier), ..Tuning::default() };
        let engine = Compiled::tuned(&design, Undefined::Zero, tuning);
        let mut below = Tier::ALL.into_iter().rev().filter(|t| *t <= tier && t.is_available());
        let expected = below.next().expect("the bytecode is there always");
        assert_eq!(engine.tier(), expected);
        let told = engine.choice();
        if tier.is_available() {
            assert_eq!(told, format!("{tier}: asked for"));
        } else {
            assert!(told.starts_with(&format!("{expected}: {tier} was asked for")), "{told}");
        }
    }
    let engine = Compiled::new(&design, Undefined::Zero);
    assert_eq!(engine.tier(), best);
    assert!(engine.choice().starts_with(&format!("{best}: ")), "{}", engine.choice());
}

/// Words that go round, each with a number of its own: nothing in it is regular.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Large {
    words: usize,
}

#[derive(Ports)]
struct LargePorts {
    x: In<Unsigned>,
    seen: Out<Unsigned>,
}

impl Module for Large {
    type Ports = LargePorts;

    fn ports(&self) -> LargePorts {
        LargePorts { x: unsigned(32), seen: unsigned(32) }
    }

    fn build(&self, p: LargePorts) {
        let mut last = p.x;
        for k in 0..self.words as u64 {
            let word = reg(unsigned(32)).init(k);
            word.set((word.wrapping_add(last) ^ (k * k % 0xffff)).wrapping_add(k << 3));
            last = word;
        }
        p.seen.drive(last);
    }
}

/// Code that does not fit near the processor is not run.
#[test]
fn what_is_too_large_is_bytecode() {
    let large = elaborate(Large { words: 100_000 }).unwrap_or_else(|faults| panic!("{faults}"));
    let engine = Compiled::new(&large, Undefined::Zero);
    assert_eq!(engine.tier(), Tier::Bytecode);
    if Tier::best() > Tier::Portable {
        let told = "bytecode: the machine code of a cycle is more than the processor keeps";
        assert!(engine.choice().starts_with(told), "{}", engine.choice());
    }
    let small = elaborate(Large { words: 200 }).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(Compiled::new(&small, Undefined::Zero).tier(), Tier::best());
}
