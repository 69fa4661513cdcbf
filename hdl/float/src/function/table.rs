//! Values of the functions for their tables, in integers, so that every machine makes the same ones.

use super::Function;

/// Fraction bits of what is tabulated.
pub(super) const PLACES: u32 = 30;
/// Fraction bits on the way.
const WORK: u32 = 60;
const ONE: u128 = 1 << WORK;

/// The greatest integer whose square is at most `x`.
fn square_root(x: u128) -> u128 {
    let mut root = 0;
    for place in (0..64).rev() {
        let next: u128 = root | 1 << place;
        if next * next <= x {
            root = next;
        }
    }
    root
}

/// 2^t for a fraction t.
fn power_of_two(t: u128) -> u128 {
    let (mut factor, mut product) = (2 * ONE, ONE);
    for place in (0..WORK).rev() {
        factor = square_root(factor << WORK);
        if t >> place & 1 == 1 {
            product = (product * factor) >> WORK;
        }
    }
    product
}

/// log₂ x for x in [1, 2): a bit of it for each squaring.
fn logarithm(x: u128) -> u128 {
    let (mut x, mut log) = (x, 0);
    for place in (0..WORK).rev() {
        x = (x * x) >> WORK;
        if x >= 2 * ONE {
            (x, log) = (x >> 1, log | 1 << place);
        }
    }
    log
}

/// 1/ln 2.
const LOG2E: u128 = 0x1715_4765_2b82_fe17;
/// Below this the quotient of logarithm and number is taken from its series.
const SMALL: u128 = ONE >> 9;

/// log₂(1 ± t) / ±t for a small t.
fn series(t: u128, negative: bool) -> u128 {
    // 1 ∓ t/2 + t²/3 ∓ t³/4 + t⁴/5 ∓ …
    let (mut power, mut sum) = (ONE as i128, 0);
    for k in 1..=6 {
        let term = power / k;
        sum += if k % 2 == 0 && !negative { -term } else { term };
        power = (power * t as i128) >> WORK;
    }
    (sum as u128 * LOG2E) >> WORK
}

/// log₂(1 + t) / t of the significand `m`, where 1 + t is `m` below 1.5, else half of it.
fn slope(m: u128) -> u128 {
    let upper = m >= 3 * ONE / 2;
    let t = if upper { ONE - m / 2 } else { m - ONE };
    match upper {
        _ if t < SMALL => series(t, upper),
        true => ((ONE - logarithm(m)) << WORK) / t,
        false => (logarithm(m) << WORK) / t,
    }
}

/// e^−x.
fn decay(x: u128) -> u128 {
    let x = (x * LOG2E) >> WORK;
    let (whole, fraction) = (x >> WORK, x & (ONE - 1));
    match fraction {
        0 => ONE >> whole,
        _ => power_of_two(ONE - fraction) >> (whole + 1),
    }
}

fn tanh(x: u128) -> u128 {
    let decay = decay(2 * x);
    ((ONE - decay) << WORK) / (ONE + decay)
}

/// 1/√2π, √2 and 2/√π.
const LEAST_DENSITY: u128 = 0x0662_114c_f50d_9423;
const ROOT_TWO: u128 = 0x16a0_9e66_7f3b_cc90;
const TWO_OVER_ROOT_PI: u128 = 0x120d_d750_429b_6d11;

/// The density of the normal distribution, for x below 8.
fn density(x: u128) -> u128 {
    (LEAST_DENSITY * decay(((x * x) >> WORK) / 2)) >> WORK
}

/// The normal distribution from 0 to x, for x below 8.
fn half_normal(x: u128) -> u128 {
    if x >= 5 * ONE / 2 {
        // Laplace's continued fraction of what is beyond.
        let ratio = (1..=120u128).rev().fold(x, |v, k| x + (k << (2 * WORK)) / v);
        return ONE / 2 - (density(x) << WORK) / ratio;
    }
    // x − x³/6 + x⁵/40 − …
    let square = ((x * x) >> WORK) / 2;
    let (mut term, mut sum, mut k) = (x as i128, 0, 0);
    while term != 0 {
        sum += term / (2 * k + 1);
        k += 1;
        term = -((term * square as i128) >> WORK) / k;
    }
    (sum as u128 * LEAST_DENSITY) >> WORK
}

fn error_function(x: u128) -> u128 {
    // It differs from 1 by less than 2⁻⁴⁵ there.
    if x >= 11 * ONE / 2 { ONE } else { 2 * half_normal((x * ROOT_TWO) >> WORK) }
}

/// f(x), but f(x)/x for x below 1, which is `limit` at 0.
fn over_argument(x: u128, f: fn(u128) -> u128, limit: u128) -> u128 {
    match x {
        0 => limit,
        _ if x < ONE => (f(x) << WORK) / x,
        _ => f(x),
    }
}

/// What is tabulated at a place of [0, 1], with [`WORK`] bits.
fn value(function: Function, place: u128) -> u128 {
    match function {
        Function::Exp2 => power_of_two(place.min(ONE - 1)),
        Function::Log2 => slope(ONE + place),
        Function::Reciprocal => (ONE << WORK) / (ONE + place),
        // Significands of even exponents, then those of odd ones, twice as large.
        Function::ReciprocalRoot => {
            let odd = place >= ONE / 2;
            let m = ONE + (2 * place - if odd { ONE } else { 0 });
            let m = if odd { 2 * m } else { m };
            square_root(((ONE << WORK) / m) << WORK)
        }
        Function::Sigmoid => unreachable!("made of two others"),
        Function::Tanh => over_argument(16 * place, tanh, ONE),
        Function::Erf => over_argument(8 * place, error_function, TWO_OVER_ROOT_PI),
        Function::Gelu => half_normal(8 * place),
        Function::GeluDerivative => {
            let x = 8 * place;
            half_normal(x) + ((x * density(x)) >> WORK)
        }
    }
}

/// A parabola through both ends and the middle of a segment, in units of 2^-[`PLACES`]:
/// `c0 + c1·v + c2·v²` for v from −1 to 1.
pub(super) struct Segment {
    pub c0: i64,
    pub c1: i64,
    pub c2: i64,
}

/// The parabola of segment `index` of `1 << bits`.
pub(super) fn segment(function: Function, index: u64, bits: u32) -> Segment {
    let width = ONE >> bits;
    let start = u128::from(index) * width;
    // The last place of a segment, so that where the function jumps, the next one does not count.
    let [a, b, c] =
        [start, start + width / 2, start + width - 1].map(|place| value(function, place) as i128);
    let rounded = |x: i128| ((x + (1 << (WORK - PLACES - 1))) >> (WORK - PLACES)) as i64;
    Segment { c0: rounded(b), c1: rounded((c - a) / 2), c2: rounded((a + c) / 2 - b) }
}
