//! Proofs: units equal to descriptions of another structure, for all inputs, and properties that
//! hold in all runs. Each proof has a fault beside it that the same method must find.

#[path = "common/integer_sum.rs"]
mod integer_sum;
#[path = "common/miter.rs"]
mod miter;
#[path = "common/stimulus.rs"]
mod stimulus;
#[path = "common/textbook.rs"]
mod textbook;

use olivine_float::{
    Add, BlockSum, Cast, Compare, Element, End, Extreme, Format, IntegerMac, Lfsr, Polynomial,
    Rounding,
};
use olivine_formal::{Options, Report, prove};
use olivine_lang::prelude::*;
use std::time::Duration;
use textbook::{AddBySwap, CompareByCases, CutByCarry, ExtremeByCases, SumBackwards};

const LIMIT: Duration = Duration::from_secs(300);

/// All outputs are proved equal.
#[track_caller]
fn equal(unit: impl Module, textbook: impl Module) {
    let rows = miter::compare(&elaborate(unit).unwrap(), &elaborate(textbook).unwrap(), LIMIT);
    assert!(!rows.is_empty() && rows.iter().all(|row| row.succeeded()), "{rows:#?}");
}

/// An output is shown to differ.
#[track_caller]
fn different(unit: impl Module, textbook: impl Module) {
    let rows = miter::compare(&elaborate(unit).unwrap(), &elaborate(textbook).unwrap(), LIMIT);
    assert!(rows.iter().any(|row| row.failed()), "{rows:#?}");
}

/// fp32 to bf16, to nearest: all 2³² inputs.
#[test]
fn cut_to_nearest() {
    let cast = Cast::new(Format::FP32, Format::BF16);
    equal(cast.clone(), CutByCarry { by_chance: false });
    different(cast.rounding(Rounding::NearestAway), CutByCarry { by_chance: false });
}

/// fp32 to bf16, by chance: all 2³² inputs with all 2¹⁶ random numbers. It goes up iff
/// `d + random ≥ 2¹⁶`: for `d` of the 2¹⁶ random numbers.
#[test]
fn cut_by_chance() {
    let cast = Cast::new(Format::FP32, Format::BF16);
    let by_chance = cast.clone().rounding(Rounding::Stochastic { bits: 16 });
    equal(by_chance.clone(), CutByCarry { by_chance: true });
    let saturating = by_chance.overflow(olivine_float::Overflow::Saturate);
    different(saturating, CutByCarry { by_chance: true });
}

#[test]
fn comparison() {
    for format in
        [Format::FP32, Format::BF16, Format::FP16, Format::E5M2, Format::E4M3, Format::E2M1]
    {
        equal(Compare { format }, CompareByCases { format, fault: false });
        different(Compare { format }, CompareByCases { format, fault: true });
        for (end, other) in [(End::Minimum, End::Maximum), (End::Maximum, End::Minimum)] {
            equal(Extreme { format, end }, ExtremeByCases { format, end });
            different(Extreme { format, end }, ExtremeByCases { format, end: other });
        }
    }
    different(
        Compare { format: Format::E4M3 },
        CompareByCases { format: Format::ieee(4, 3), fault: false },
    );
}

/// Sums of all pairs of 8 bits and of bf16: another order of the steps, the same results.
#[test]
fn sums() {
    let add = |format, rounding| Add { format, rounding };
    for format in [Format::E5M2, Format::ieee(3, 4), Format::BF16] {
        equal(add(format, Rounding::NearestEven), AddBySwap { format });
    }
    let format = Format::BF16;
    different(add(format, Rounding::NearestAway), AddBySwap { format });
}

/// The tree of a block's sum is the chain from the last element to the first.
#[test]
fn block_sums() {
    for size in [2, 3] {
        let sum = BlockSum { element: Element::Float(Format::E2M1), size };
        equal(sum.clone(), SumBackwards { sum: sum.clone(), fault: false });
        different(sum.clone(), SumBackwards { sum, fault: true });
    }
}

/// Blocks of MX and NVFP4 of every element: the exact sum in integers, in any order.
#[test]
fn block_sums_are_those_of_integers() {
    for (element, size) in stimulus::ELEMENTS.map(|e| (e, 32)).into_iter().chain([(E2M1, 16)]) {
        let design = integer_sum::design(element, size).unwrap();
        let pairs = integer_sum::proved(&design, element, size).unwrap();
        assert!(pairs > 0 && pairs <= 1 << (2 * element.width()), "{element:?}: {pairs}");
    }
}

const E2M1: Element = Element::Float(Format::E2M1);

/// Each fault in the integers of a sum is noticed; what is not are faults in the flags.
#[test]
fn faults_of_block_sums() {
    let design = integer_sum::design(E2M1, 4).unwrap();
    let mutations = design.mutations();
    let proved = |mutant: &Design| integer_sum::proved(mutant, E2M1, 4).is_ok();
    assert!(proved(&design));
    let missed: Vec<_> = mutations.iter().filter(|m| proved(&m.apply(&design))).collect();
    let same = |mutation: &&olivine_netlist::Mutation| {
        let mutant = mutation.apply(&design);
        let rows = miter::compare(&design, &mutant, LIMIT);
        rows.iter().find(|row| row.property.contains("integer")).is_some_and(|row| row.succeeded())
    };
    let wrong: Vec<_> = missed.into_iter().filter(|m| !same(m)).collect();
    assert!(mutations.len() > 100 && wrong.is_empty(), "{wrong:#?}");
}

/// Minimum and maximum: either operand or a NaN, whichever way round they stand.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Extremes {
    format: Format,
    /// Exchanges the ends on one side.
    fault: bool,
}

#[derive(Ports)]
struct ExtremesPorts {
    a: In<Float>,
    b: In<Float>,
}

impl Module for Extremes {
    type Ports = ExtremesPorts;

    fn ports(&self) -> ExtremesPorts {
        ExtremesPorts { a: self.format.shape(), b: self.format.shape() }
    }

    fn build(&self, p: ExtremesPorts) {
        let format = self.format;
        let extreme = |end, a: Float, b: Float, name| {
            let unit = instance(Extreme { format, end }, name);
            unit.a.drive(a);
            unit.b.drive(b);
            unit.result
        };
        let compare = instance(Compare { format }, "order");
        compare.a.drive(p.a);
        compare.b.drive(p.b);
        unused(compare.equal);
        let least = extreme(End::Minimum, p.a, p.b, "least");
        let other = if self.fault { End::Maximum } else { End::Minimum };
        let swapped = extreme(other, p.b, p.a, "swapped");
        let greatest = extreme(End::Maximum, p.a, p.b, "greatest");
        let negated = |x: Float| {
            let code = x.as_bits();
            cat((code.truncate(code.width() - 1), !code.top_bit())).as_float(format.shape())
        };
        let mirrored = extreme(End::Maximum, negated(p.a), negated(p.b), "mirrored");
        always("the order does not matter", least.eq(swapped));
        let mirror = mirrored.eq(negated(least)) | compare.unordered;
        always("the greatest of the negated is the least, negated", mirror);
        always("the lesser is the least", compare.less.implies(least.eq(p.a)));
        always("the greater is the greatest", compare.greater.implies(greatest.eq(p.a)));
    }
}

#[track_caller]
fn proof(design: impl Module, options: &Options) -> Report {
    prove(&elaborate(design).unwrap(), options).unwrap_or_else(|faults| panic!("{faults:?}"))
}

#[test]
fn extremes() {
    let combinational = miter::options(LIMIT);
    let format = Format::FP32;
    proof(Extremes { format, fault: false }, &combinational).assert_proved();
    assert!(proof(Extremes { format, fault: true }, &combinational).failed());
}

/// A shift register never becomes zero, whatever is loaded and when.
#[test]
fn shift_registers_live() {
    for polynomial in Polynomial::ALL {
        proof(Lfsr { polynomial, steps: 1 }, &Options::default()).assert_proved();
    }
    proof(Lfsr { polynomial: Polynomial::Degree16, steps: 16 }, &Options::default())
        .assert_proved();
}

/// One step of a chain of int8 products: a sum of `k` products is at most `k · 2¹⁴` in magnitude;
/// then so is that of `k + 1`, without leaving int32, while there are fewer than `limit`.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Chain {
    limit: u64,
}

#[derive(Ports)]
struct ChainPorts {
    c: In<Signed>,
    a: In<Signed>,
    b: In<Signed>,
    count: In<Unsigned>,
}

impl Module for Chain {
    type Ports = ChainPorts;

    fn ports(&self) -> ChainPorts {
        ChainPorts { c: signed(32), a: signed(8), b: signed(8), count: unsigned(18) }
    }

    fn build(&self, p: ChainPorts) {
        let mac = instance(IntegerMac::INT8, "mac");
        mac.a.drive(p.a);
        mac.b.drive(p.b);
        mac.c.drive(p.c);
        let bound = |count: Unsigned| (count << 14).extend(40);
        let within = |sum: Signed, count: Unsigned| sum.abs().extend(40).le(bound(count));
        assume("the chain goes on", p.count.lt(self.limit));
        assume("the sum so far is within bounds", within(p.c, p.count));
        always("the sum stays within bounds", within(mac.sum, p.count + 1));
        let exact = p.c + p.a * p.b;
        always("nothing is lost", exact.eq(mac.sum.extend(exact.width())));
    }
}

#[test]
fn integer_chains() {
    let combinational = miter::options(LIMIT);
    proof(Chain { limit: 131_071 }, &combinational).assert_proved();
    assert!(proof(Chain { limit: 131_073 }, &combinational).failed());
}
