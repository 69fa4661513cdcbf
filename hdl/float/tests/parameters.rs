//! Parameters that a unit cannot have are one clear fault where it is placed, and never a panic.

use olivine_float::{
    Add, AddProduct, BlockDot, BlockSum, Cast, CounterRandom, Divide, Element, Format, FromInteger,
    IntegerMac, Lfsr, Multiply, Polynomial, Quantize, Rounding, ToInteger,
};
use olivine_lang::prelude::*;

/// The one fault, in this file, and what it says.
#[track_caller]
fn fault(unit: impl Module, says: &str) {
    let faults = elaborate(unit).expect_err("it has a fault");
    let [only] = &*faults.faults else { panic!("{faults}") };
    assert_eq!(only.code, "L061");
    assert!(faults.files[only.place.file.0 as usize].ends_with("parameters.rs"), "{faults}");
    assert!(only.message.contains(says), "{}", only.message);
}

#[test]
fn formats() {
    let to = Format::BF16;
    fault(Cast::new(Format::ieee(4, 0), to), "mantissa of 0 bits: it must have from 1 to 112");
    fault(Cast::new(Format::ieee(1, 3), to), "exponent of 1 bits: it must have from 2 to 15");
    fault(Cast::new(Format::ieee(0, 3), to), "exponent of 0 bits");
    fault(Cast::new(to, Format::ieee(40, 3)), "exponent of 40 bits");
    fault(Cast::new(to, Format::ieee(15, 112)), "a float of 128 bits: it must have at most 64");
    let element = Element::Float(Format::FP16);
    fault(BlockDot { element, size: 32 }, "an element of 16 bits: it must have at most 8");
    let (operand, sum) = (Format::E4M3, Format::FP32);
    fault(Multiply { operand, sum }, "whose topmost codes are not IEEE's");
    fault(AddProduct { operand: sum, sum }, "too narrow");
    let (from, rounding) = (Format::E4M3, Rounding::NearestEven);
    fault(Divide { format: Format::ieee(1, 3), rounding }, "exponent of 1 bits");
    fault(Quantize { from, element: Element::Int8, size: 2, rounding }, "with infinities");
}

#[test]
fn roundings() {
    let cast = Cast::new(Format::FP32, Format::BF16);
    for bits in [0, 33, u32::MAX] {
        let cast = cast.clone().rounding(Rounding::Stochastic { bits });
        fault(cast, &format!("a random number of {bits} bits: it must have from 1 to 32"));
    }
    let rounding = Rounding::Stochastic { bits: 32 };
    elaborate(cast.rounding(rounding)).unwrap();
    elaborate(Add { format: Format::ieee(11, 52), rounding }).unwrap();
}

#[test]
fn widths_and_sizes() {
    fault(IntegerMac { operand: 8, sum: 12 }, "the sum twice as many");
    fault(IntegerMac { operand: 0, sum: 12 }, "at least 1");
    let (from, to, rounding) = (Format::FP32, Format::FP32, Rounding::NearestEven);
    fault(FromInteger { width: 1, to, rounding }, "an integer of 1 bits");
    fault(ToInteger { width: 65, from, rounding }, "an integer of 65 bits");
    elaborate(ToInteger { width: 64, from, rounding }).unwrap();
    for size in [0, 1, 1025] {
        let element = Element::Int8;
        fault(BlockSum { element, size }, &format!("a block of {size} elements"));
        fault(Quantize { from, element, size, rounding }, &format!("a block of {size} elements"));
    }
    elaborate(BlockDot { element: Element::Int8, size: 5 }).unwrap();
    fault(Lfsr { polynomial: Polynomial::Degree8, steps: 0 }, "0 steps for an advance");
    fault(CounterRandom { rounds: 0, latency: 0 }, "0 rounds");
}
