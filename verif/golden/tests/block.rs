//! Block-scaled sums against fractions of unlimited size, and quantisation at its corners.

#[path = "common/random.rs"]
mod random;

use num_bigint::BigInt;
use olivine_golden::number::{
    Element, Format, Rounding, SCALE_NAN, Value, block_dot, block_sum, quantize,
};
use random::Random;

const ELEMENTS: [Element; 6] = [
    Element::Float(Format::E5M2),
    Element::Float(Format::E4M3),
    Element::Float(Format::E3M2),
    Element::Float(Format::E2M3),
    Element::Float(Format::E2M1),
    Element::Int8,
];

/// A number in units of 2⁻⁴⁰⁰.
fn big(value: Value) -> Option<BigInt> {
    let Value::Finite { negative, magnitude, exponent } = value else { return None };
    let units = BigInt::from(magnitude) << (exponent + 400);
    Some(if negative { -units } else { units })
}

fn code(random: &mut Random, element: Element) -> u64 {
    loop {
        let code = match element {
            Element::Float(format) => random.next() & ((1 << format.width()) - 1),
            Element::Int8 => random.next() & 0xff,
        };
        if big(element.value(code)).is_some() {
            return code;
        }
    }
}

#[test]
fn sums_are_exact() {
    let mut random = Random(1);
    for element in ELEMENTS {
        for _ in 0..3_000 {
            let [a, b] = [(); 2].map(|()| [(); 32].map(|()| code(&mut random, element)));
            let product = |(a, b): (&u64, &u64)| {
                (big(element.value(*a)).unwrap() * big(element.value(*b)).unwrap()) >> 400
            };
            let wanted: BigInt = a.iter().zip(&b).map(product).sum();
            assert_eq!(big(block_sum(element, &a, &b)), Some(wanted), "{element:?} {a:?} {b:?}");
        }
    }
}

#[test]
fn dots_by_hand() {
    let one = 0x38;
    let e4m3 = Element::Float(Format::E4M3);
    let dot = |c: f32, a: &[u64], sa, sb| {
        let bits = block_dot(e4m3, c.to_bits(), (a, sa), (a, sb), Rounding::NearestEven);
        f32::from_bits(bits)
    };
    assert_eq!(dot(0.5, &[one; 32], 127, 127), 32.5);
    assert_eq!(dot(0.5, &[one; 32], 128, 124), 8.5);
    assert_eq!(dot(-0.0, &[0; 32], 0, 0), 0.0);
    assert!(dot(1.0, &[one; 32], SCALE_NAN, 127).is_nan());
    assert!(dot(1.0, &[0x7f; 32], 127, 127).is_nan());
    assert_eq!(dot(0.0, &[one; 32], 254, 254), f32::INFINITY);
    assert_eq!(dot(0.0, &[one; 1], 0, 105), 2f32.powi(-149));
    let e5m2 = Element::Float(Format::E5M2);
    let infinite =
        |b: u64| block_dot(e5m2, 0, (&[0x7c, 0x7c], 127), (&[0x3c, b], 127), Rounding::NearestEven);
    assert_eq!(infinite(0x3c), 0x7f80_0000);
    assert_eq!(infinite(0xbc), 0x7fc0_0000, "infinities that oppose each other");
}

#[test]
fn quantisation_by_hand() {
    let quantize = |element, values: &[f32]| {
        let bits: Vec<u64> = values.iter().map(|x| x.to_bits().into()).collect();
        quantize(element, &bits, Format::FP32, &vec![Rounding::NearestEven; bits.len()])
    };
    let e4m3 = Element::Float(Format::E4M3);
    // max = 1: e = 0 − 8.
    assert_eq!(quantize(e4m3, &[1.0, -0.5, 0.0]), (119, vec![0x78, 0xf0, 0]));
    // 1.99 · 2^8 is beyond 448 and saturates.
    assert_eq!(quantize(e4m3, &[1.99, 1.75]), (119, vec![0x7e, 0x7e]));
    assert_eq!(quantize(e4m3, &[0.0, -0.0]), (0, vec![0, 0x80]));
    assert_eq!(quantize(e4m3, &[1.0, f32::INFINITY]), (SCALE_NAN, vec![0, 0]));
    assert_eq!(quantize(Element::Int8, &[1.0, -1.5, 1.999]), (127, vec![64, 160, 127]));
    assert_eq!(quantize(Element::Float(Format::E2M1), &[f32::MAX]), (252, vec![7]));
    assert_eq!(quantize(e4m3, &[f32::from_bits(1)]).0, 0);
}
