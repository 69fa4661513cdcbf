//! Modules that say what function of floats they are: the machine's floats beside the gates.
//!
//! The operands are made in hardware, so that hundreds of millions are compared in seconds. Each
//! element of an array has a unit that machine code computes with floats, and a unit of the same
//! gates that says nothing of itself. Beyond that the adder's gates are proved to be the textbook's
//! sum for all pairs (`lifted/proof.rs`), and those of `Mac` by `olivine-float`'s `proofs_by_cases`;
//! of the product all pairs are compared.

#[path = "../hdl/float/tests/common/cases.rs"]
mod cases;
#[path = "../examples/simbench/float.rs"]
mod float;
#[path = "../hdl/float/tests/common/miter.rs"]
#[allow(dead_code)] // Cases bring their own designs.
mod miter;
#[path = "lifted/proof.rs"]
mod proof;
#[path = "../hdl/float/tests/common/textbook.rs"]
mod textbook;

use float::{Add, AddPorts, Multiply, MultiplyPorts};
use olivine::interp::{Engine, Undefined};
use olivine::lang::{FloatFunction, computes};
use olivine::netlist::DomainId;
use olivine::prelude::*;
use olivine::sim::{Batch, Compiled, Lockstep, Tier, Tuning};
use olivine_float::{AddProduct, Format, Mac};

/// Which function.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
enum Unit {
    /// bf16 · bf16, subnormal numbers as zero.
    Multiply,
    /// fp32 + fp32, subnormal numbers as zero.
    Add,
    /// fp32 + bf16 · bf16.
    MultiplyAdd,
    /// Planted: the gates of `Add` that are said to multiply.
    Misnamed,
}

/// The gates of a unit, with a claim or without.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Gates {
    unit: Unit,
    claimed: bool,
}

#[derive(Ports)]
struct GatesPorts {
    c: In<Unsigned>,
    a: In<Unsigned>,
    b: In<Unsigned>,
    z: Out<Unsigned>,
}

/// A sum that is said to be a product.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Misnamed;

impl Module for Misnamed {
    type Ports = AddPorts;

    fn ports(&self) -> AddPorts {
        Add.ports()
    }

    fn build(&self, p: AddPorts) {
        computes(FloatFunction::MULTIPLY.flushing_subnormals());
        Add::gates(&p);
    }
}

/// As [`Multiply`], without a claim.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct PlainMultiply;

impl Module for PlainMultiply {
    type Ports = MultiplyPorts;

    fn ports(&self) -> MultiplyPorts {
        Multiply.ports()
    }

    fn build(&self, p: MultiplyPorts) {
        Multiply::gates(&p);
    }
}

/// As [`Add`], without a claim.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct PlainAdd;

impl Module for PlainAdd {
    type Ports = AddPorts;

    fn ports(&self) -> AddPorts {
        Add.ports()
    }

    fn build(&self, p: AddPorts) {
        Add::gates(&p);
    }
}

fn multiply<M: Module<Ports = MultiplyPorts>>(m: M, x: Unsigned, y: Unsigned) -> Unsigned {
    let multiply = instance(m, "multiply");
    multiply.x.drive(x);
    multiply.y.drive(y);
    multiply.z
}

fn add<M: Module<Ports = AddPorts>>(m: M, x: Unsigned, y: Unsigned) -> Unsigned {
    let add = instance(m, "add");
    add.x.drive(x);
    add.y.drive(y);
    add.z
}

impl Module for Gates {
    type Ports = GatesPorts;

    fn ports(&self) -> GatesPorts {
        GatesPorts { c: unsigned(32), a: unsigned(32), b: unsigned(32), z: unsigned(32) }
    }

    fn name(&self) -> String {
        format!("{:?}_{}", self.unit, if self.claimed { "claimed" } else { "gates" }).to_lowercase()
    }

    fn build(&self, p: GatesPorts) {
        let high = |x: Unsigned| x.slice(16, 16);
        let z = match (self.unit, self.claimed) {
            (Unit::Multiply, true) => multiply(Multiply, high(p.a), high(p.b)),
            (Unit::Multiply, false) => multiply(PlainMultiply, high(p.a), high(p.b)),
            (Unit::Add, true) => add(Add, p.c, p.a),
            (Unit::Misnamed, true) => add(Misnamed, p.c, p.a),
            (Unit::Add | Unit::Misnamed, false) => add(PlainAdd, p.c, p.a),
            (Unit::MultiplyAdd, claimed) => {
                let (bf16, fp32) = (Format::BF16, Format::FP32);
                let as_bf16 = |x: Unsigned| high(x).as_float(bf16.shape());
                let c = p.c.as_float(fp32.shape());
                if claimed {
                    let mac = instance(Mac::BF16, "mac");
                    mac.c.drive(c);
                    mac.a.drive(as_bf16(p.a));
                    mac.b.drive(as_bf16(p.b));
                    mac.sum.as_unsigned()
                } else {
                    let (operand, sum) = (bf16, fp32);
                    let multiply = instance(olivine_float::Multiply { operand, sum }, "multiply");
                    multiply.a.drive(as_bf16(p.a));
                    multiply.b.drive(as_bf16(p.b));
                    let add = instance(AddProduct { operand, sum }, "add");
                    add.c.drive(c);
                    add.fresh.drive(false);
                    add.product.drive(multiply.product);
                    add.sum.as_unsigned()
                }
            }
        };
        [p.a, p.b, p.c].into_iter().for_each(unused);
        p.z.drive(z);
    }
}

/// Where operands come from.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
enum Operands {
    /// All pairs of the upper halves, as the cycles and the elements count.
    All,
    /// Random numbers: every kind of exponent with every kind of fraction.
    Random,
}

/// Both units on the same operands.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Element {
    unit: Unit,
    operands: Operands,
}

#[derive(Ports)]
struct ElementPorts {
    index: In<Unsigned>,
    cycle: In<Unsigned>,
    differs: Out<Bit>,
}

/// A random state's successor: xorshift32.
fn successor(s: Unsigned) -> Unsigned {
    let s = s ^ s.shift_left(13);
    let s = s ^ s.shift_right(17);
    s ^ s.shift_left(5)
}

/// A random fp32 number. Its exponent is random, near that of `near`, all zeros or all ones; its
/// fraction random, all zeros, all ones, or one bit.
fn number(random: Unsigned, how: Unsigned, near: Unsigned) -> Unsigned {
    let own = random.slice(23, 8);
    let close = near.slice(23, 8).wrapping_add(how.slice(4, 5).as_signed().extend(8).as_unsigned());
    let (zeros, ones) = (constant(unsigned(8), 0), constant(unsigned(8), 255));
    let rare = how.bit(2).select(zeros, ones);
    let rare = how.slice(9, 3).eq(0).select(rare, close);
    let exponent = how.bit(0).select(own, how.bit(1).select(close, rare));
    let fraction = random.slice(0, 23);
    let one = constant(unsigned(23), 1).shift_left(how.slice(12, 5));
    let full = constant(unsigned(23), 0x7f_ffff);
    let odd = how.bit(17).select(how.bit(18).select(one, full), fraction & !one);
    let fraction = how.bit(19).select(odd, fraction);
    cat((fraction, exponent, random.bit(31)))
}

impl Module for Element {
    type Ports = ElementPorts;

    fn ports(&self) -> ElementPorts {
        ElementPorts { index: unsigned(8), cycle: unsigned(24), differs: bit() }
    }

    #[named]
    fn build(&self, p: ElementPorts) {
        let [c, a, b] = if self.operands == Operands::All {
            let low = constant(unsigned(16), 0);
            let a = cat((low, p.index, p.cycle.slice(0, 8)));
            [constant(unsigned(32), 0), a, cat((low, p.cycle.slice(8, 16)))]
        } else {
            let seed = |k: u64| {
                let state = reg(unsigned(32)).init(0).reset(0);
                let own = cat((p.index, constant(unsigned(24), 0x9e_3779 * k % (1 << 24))));
                state.set(state.any().select(successor(state), successor(own | 1)));
                state
            };
            let [r, s, t, u] = [1, 2, 3, 4].map(seed);
            unused(p.cycle);
            let a = number(r, u, s);
            let b = number(s, u.shift_right(5), a);
            // Near what the product's exponent may be: cancellation is likely.
            let sum = a.slice(23, 8).wrapping_add(b.slice(23, 8)).wrapping_sub(127);
            let near = cat((constant(unsigned(23), 0), sum, constant(unsigned(1), 0)));
            [number(t, u.shift_right(9) ^ r.shift_right(3), u.bit(30).select(near, a)), a, b]
        };
        let z = [true, false].map(|claimed| {
            let name = if claimed { "claimed" } else { "gates" };
            let gates = instance(Gates { unit: self.unit, claimed }, name);
            gates.c.drive(c);
            gates.a.drive(a);
            gates.b.drive(b);
            gates.z
        });
        let differs = reg(bit()).init(false).reset(false);
        differs.set(differs | z[0].ne(z[1]));
        p.differs.drive(differs);
    }
}

/// 256 elements.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Duel {
    unit: Unit,
    operands: Operands,
    elements: usize,
}

#[derive(Ports)]
struct DuelPorts {
    differs: Out<Bit>,
}

impl Module for Duel {
    type Ports = DuelPorts;

    fn ports(&self) -> DuelPorts {
        DuelPorts { differs: bit() }
    }

    #[named]
    fn build(&self, p: DuelPorts) {
        let cycle = reg(unsigned(24)).init(0).reset(0);
        cycle.set(cycle.wrapping_add(1));
        let element = Element { unit: self.unit, operands: self.operands };
        let elements = instances(element, [self.elements], "element");
        for i in elements.indices() {
            elements[i].index.drive(constant(unsigned(8), i as u64));
            elements[i].cycle.drive(cycle);
        }
        let all: Vec<Bit> = elements.iter().map(|e| e.differs).collect();
        p.differs.drive(any_of(all));
    }
}

const CLOCK: DomainId = DomainId(0);

/// All that can compute floats here, each by instructions of its own; nothing on a processor that
/// has no vector tier.
fn tiers() -> impl Iterator<Item = Tier> {
    Tier::ALL.into_iter().filter(|tier| *tier != Tier::Bytecode && tier.is_available())
}

fn on(tier: Tier) -> Tuning {
    Tuning { tier: Some(tier), ..Tuning::default() }
}

/// Whether floats and gates differed in so many cycles of all elements.
fn differ(duel: &Duel, cycles: u64, tier: Tier) -> bool {
    let design = elaborate(duel.clone()).unwrap_or_else(|faults| panic!("{faults}"));
    differs(&design, cycles, tier)
}

fn differs(design: &Design, cycles: u64, tier: Tier) -> bool {
    let mut engine = Compiled::tuned(design, Undefined::Zero, on(tier));
    assert_eq!((engine.tier(), engine.lifted().count()), (tier, 1));
    let differs = engine.interface().find("differs").unwrap();
    engine.run(CLOCK, cycles);
    engine.get_u64(differs) == 1
}

fn duel(unit: Unit, operands: Operands) -> Duel {
    Duel { unit, operands, elements: 256 }
}

#[test]
fn products_of_all_bf16_numbers_are_those_of_the_gates() {
    for tier in tiers() {
        assert!(!differ(&duel(Unit::Multiply, Operands::All), 1 << 24, tier), "{tier}");
    }
}

#[test]
fn random_sums_are_those_of_the_gates() {
    for (unit, tier) in
        [Unit::Add, Unit::MultiplyAdd].into_iter().flat_map(|u| tiers().map(move |t| (u, t)))
    {
        assert!(!differ(&duel(unit, Operands::Random), 200_000, tier), "{unit:?} on {tier}");
    }
}

#[test]
fn a_sum_said_to_be_a_product_is_noticed() {
    for tier in tiers() {
        assert!(differ(&duel(Unit::Misnamed, Operands::Random), 10, tier), "{tier}");
    }
}

/// What has registers of many lanes, of one, and of some, in all of them.
#[test]
fn lifted_designs_are_their_gates_in_every_state() {
    for (unit, elements) in [(Unit::Add, 1), (Unit::MultiplyAdd, 5), (Unit::Multiply, 37)] {
        let duel = Duel { unit, operands: Operands::Random, elements };
        let design = elaborate(duel).unwrap_or_else(|faults| panic!("{faults}"));
        for tier in tiers() {
            let lifted = Compiled::tuned(&design, Undefined::Zero, on(tier));
            let tuning = Tuning { gate_level: true, ..on(tier) };
            let gates = Compiled::tuned(&design, Undefined::Zero, tuning);
            assert_eq!(gates.lifted().count(), 0, "gates were asked for");
            Lockstep::new(lifted, gates).step_by(CLOCK, 300);
            let mut batch = Batch::tuned(&design, Undefined::Zero, 3, on(tier));
            batch.run(CLOCK, 1000);
            let differs = batch.interface().find("differs").unwrap();
            let value = |s: u32| batch.get_u64(differs, s);
            assert_eq!([0, 1, 2].map(value), [0; 3], "{unit:?} on {tier}");
        }
    }
}

/// What was said of a unit is not said of its mutants.
#[test]
fn a_mutant_is_simulated_as_it_is() {
    let design = elaborate(duel(Unit::Add, Operands::Random)).unwrap();
    let place = |m: &olivine::netlist::Mutation| design.module(m.module).computes.is_some();
    let mutations = design.mutations();
    let mutation = mutations.iter().find(|m| place(m)).expect("a change inside of a unit");
    let mutant = mutation.apply(&design);
    assert!(mutant.modules.iter().all(|module| module.computes.is_none()));
    for tier in Tier::ALL.into_iter().filter(|tier| tier.is_available()) {
        let mut engine = Compiled::tuned(&mutant, Undefined::Zero, on(tier));
        let differs = engine.interface().find("differs").unwrap();
        engine.run(CLOCK, 1000);
        assert_eq!(engine.get_u64(differs), 1, "{} on {tier}", mutation.description);
    }
}

/// Subnormal numbers are among the operands and the results, all pairs and random ones.
#[test]
fn a_claim_of_gradual_underflow_is_noticed() {
    let cases = [
        (Unit::Multiply, Operands::All, 1 << 20),
        (Unit::Add, Operands::Random, 20_000),
        (Unit::MultiplyAdd, Operands::Random, 20_000),
    ];
    for (unit, operands, cycles) in cases {
        let mut design = elaborate(duel(unit, operands)).unwrap();
        for module in &mut design.modules {
            module.computes = module.computes.map(|f| FloatFunction { flushed: false, ..f });
        }
        for tier in tiers() {
            assert!(differs(&design, cycles, tier), "{unit:?} on {tier}");
        }
    }
}
