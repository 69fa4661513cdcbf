//! Functions with ends, constant or x itself: sigmoid, tanh, erf, GELU and its derivative.

use super::table::PLACES;
use super::{Function, INDEX, WITHIN, below_one, fixed_point, leading, parabola, within};
use crate::Cuts;
use crate::unpacked::{Unpacked, exponent_shape, resize};
use olivine_lang::prelude::*;

/// log₂ e with 33 fraction bits.
const LOG2E: u64 = 0x2_e2a8_eca5;
/// Bits of |x| · log₂ e that count.
const EXACT: u32 = 37;
/// From 2 to this power on the sigmoid is one of its ends.
const SIGMOID_ENDS: i32 = 7;
/// Bits of an index behind the point of |x|.
const INDEX_BELOW_POINT: u32 = 7;

/// 1/(1 + 2^y) for y = −x·log₂ e. Two places for registers.
#[named]
pub(super) fn sigmoid(x: Unpacked, cuts: &mut Cuts) -> Unpacked {
    let scale = constant(unsigned(34), LOG2E);
    let product = x.significand * scale;
    let scaled = product.slice(product.width().saturating_sub(EXACT), product.width().min(EXACT));
    let range = (x.range.0, x.range.1 + 1);
    let shape = exponent_shape((range.0 - 1, range.1 + 1));
    let exponent = resize(x.exponent, shape).wrapping_add(1);
    let y = Unpacked { sign: !x.sign, significand: scaled, exponent, range, ..x };
    let (place, whole) = fixed_point(&y);
    let index = place.slice(WITHIN, INDEX);
    let power = parabola(Function::Exp2, index, place.truncate(WITHIN), cuts);
    let (x, whole) = (x.through_too(cuts), cuts.here_again(whole));

    // 2^max(k, 0) · (the larger term + the smaller one, shifted right by |k|).
    let power = within(power, PLACES);
    let one = constant(unsigned(PLACES + 1), 1u64 << PLACES);
    let negative = whole.is_negative();
    let (larger, smaller) = (negative.select(one, power), negative.select(power, one));
    let distance = whole.abs();
    let sum =
        larger.extend(PLACES + 2).wrapping_add(smaller.shift_right(distance).extend(PLACES + 2));
    let carry = sum.top_bit();
    let significand = carry.select(sum.slice(1, PLACES + 1), sum.truncate(PLACES + 1));
    let fraction = significand.slice(PLACES - INDEX - WITHIN, INDEX + WITHIN);
    let index = fraction.slice(WITHIN, INDEX);
    let inverse = parabola(Function::Reciprocal, index, fraction.truncate(WITHIN), cuts);
    let x = x.through_too(cuts);
    let (whole, carry) = cuts.here_again((whole, carry));

    let up = whole & (!whole.is_negative()).repeat(whole.width()).as_signed();
    let exponent = up.wrapping_add(resize(carry.as_unsigned().to_signed(), whole.shape()));
    let like = Unpacked { range: (0, 257), sign: constant(bit(), false), ..x };
    let number = below_one(inverse, -exponent, &like);
    let far = x.infinite | (x.exponent.ge(constant(x.exponent.shape(), SIGMOID_ENDS)) & !x.zero);
    let one = constant(number.significand.shape(), 1u64 << (number.significand.width() - 1));
    let end = far & !x.sign;
    Unpacked {
        infinite: constant(bit(), false),
        zero: far & x.sign,
        exponent: end.select(constant(number.exponent.shape(), 0), number.exponent),
        significand: end.select(one, number.significand),
        ..number
    }
}

/// Functions whose parabolas are chosen by |x| in fixed point. One place for registers.
#[named]
pub(super) fn by_magnitude(function: Function, x: Unpacked, cuts: &mut Cuts) -> Unpacked {
    // Above 2 to this power the function is at its end.
    let ends = if function == Function::Tanh { 4 } else { 3 };
    let (place, whole) = fixed_point(&Unpacked { sign: constant(bit(), false), ..x });
    let below = INDEX + WITHIN - INDEX_BELOW_POINT;
    let index =
        cat((place.slice(below, INDEX_BELOW_POINT), whole.as_unsigned().truncate(ends as u32)));
    let value = parabola(function, index, place.slice(below - WITHIN, WITHIN), cuts);
    let x = x.through_too(cuts);
    let far = x.infinite | (x.exponent.ge(constant(x.exponent.shape(), ends)) & !x.zero);
    match function {
        Function::Gelu => times_distribution(&x, far, value),
        Function::GeluDerivative => from_the_middle(&x, far, value),
        _ => odd(&x, far, value),
    }
}

/// x·value below 1, value above, 1 at the end: with the sign of x.
#[named]
fn odd(x: &Unpacked, far: Bit, value: Unsigned) -> Unpacked {
    let small = x.exponent.is_negative() | x.zero;
    let m = x.significand.width() - 1;
    let one = constant(x.significand.shape(), 1u64 << m);
    let product = small.select(x.significand, one) * value;
    // Below 4, at least 1/2.
    let width = product.width();
    let (two, one) = (product.bit(m + PLACES + 1), product.bit(m + PLACES));
    let product = product.slice(0, width - 1);
    let significand = two.select(product, one.select(product.shift_left(1), product.shift_left(2)));
    let range = (x.range.0 - 1, x.range.1.max(0) + 1);
    let shape = exponent_shape((range.0 - 2, range.1 + 2));
    let base = resize(x.exponent, shape) & small.repeat(shape.width()).as_signed();
    let number = |n: i64| constant(shape, n);
    let raised = two.select(number(1), one.select(number(0), number(-1)));
    let end = constant(significand.shape(), 1u64 << (significand.width() - 1));
    Unpacked {
        infinite: constant(bit(), false),
        exponent: far.select(number(0), base.wrapping_add(raised)),
        significand: far.select(end, significand),
        range,
        ..*x
    }
}

/// 1/2 + value, or 1/2 − value where x is negative.
#[named]
fn from_the_middle(x: &Unpacked, far: Bit, value: Unsigned) -> Unpacked {
    let half = constant(unsigned(PLACES + 2), 1u64 << (PLACES - 1));
    let value = far.select(half, value);
    let width = PLACES + 3;
    let negative = x.sign.repeat(width);
    let part = (value.extend(width) ^ negative).wrapping_add(x.sign.as_unsigned().extend(width));
    let sum = half.extend(width).wrapping_add(part).as_signed();
    let magnitude = sum.abs();
    let (significand, zeros) = leading(magnitude);
    let range = (-(PLACES as i32), 2);
    let shape = exponent_shape((range.0 - 4, 127));
    let top = magnitude.width() as i32 - 1 - PLACES as i32;
    Unpacked {
        sign: sum.is_negative(),
        nan: x.nan,
        infinite: constant(bit(), false),
        zero: !magnitude.any(),
        exponent: constant(shape, top).wrapping_sub(resize(zeros.to_signed(), shape)),
        significand,
        range,
    }
}

/// x · (1/2 + value), or x · (1/2 − value) where x is negative: x times the normal distribution, which
/// is not below 0.
#[named]
fn times_distribution(x: &Unpacked, far: Bit, value: Unsigned) -> Unpacked {
    let width = PLACES + 2;
    let half = constant(unsigned(width), 1u64 << (PLACES - 1));
    let value = far.select(half, value);
    let part = (value ^ x.sign.repeat(width)).wrapping_add(x.sign.as_unsigned().extend(width));
    let sum = half.wrapping_add(part);
    let distribution = sum.truncate(PLACES + 1) & (!sum.top_bit()).repeat(PLACES + 1);
    let product = x.significand * distribution;
    let (significand, zeros) = leading(product);
    // At most as far as the last place of the distribution.
    let range = (x.range.0 - PLACES as i32, x.range.1);
    let shape = exponent_shape((range.0 - product.width() as i32, range.1.max(127) + 1));
    let base = resize(x.exponent, shape) & (!x.zero).repeat(shape.width()).as_signed();
    let none = !product.any();
    Unpacked {
        infinite: x.infinite & !x.sign,
        zero: (none | (x.infinite & x.sign)) & !(x.infinite & !x.sign),
        exponent: base.wrapping_add(1).wrapping_sub(resize(zeros.to_signed(), shape)),
        significand,
        range,
        ..*x
    }
}
