//! Small formats, exhaustively, against a table of all numbers in exact integers.

mod common;

use common::{Vector, compare};
use olivine_float::{Format, Mac};

/// Exact numbers count units of 2^-40.
const UNIT: i32 = 40;

/// A float as an exact number.
#[derive(Clone, Copy, PartialEq)]
enum Exact {
    Nan,
    Infinite { negative: bool },
    Finite { negative: bool, magnitude: i128 },
}

fn exact(bits: u32, format: Format) -> Exact {
    let mantissa = bits & ((1 << format.mantissa) - 1);
    let exponent = (bits >> format.mantissa) as i32 & format.special_exponent();
    let negative = bits >> (format.width() - 1) == 1;
    if exponent == format.special_exponent() {
        return if mantissa == 0 { Exact::Infinite { negative } } else { Exact::Nan };
    }
    let significand = i128::from(1 << format.mantissa | mantissa);
    let shift = UNIT + exponent - format.bias() - format.mantissa as i32;
    let magnitude = if exponent == 0 { 0 } else { significand << shift };
    Exact::Finite { negative, magnitude }
}

/// The exact meaning of c + a·b and its rounding, looked up among all numbers of the sum's format.
struct Reference {
    operand: Format,
    sum: Format,
    /// Every positive normal number with its encoding, of one binade more on either side, whose
    /// encodings stand for zero and infinity; ascending.
    numbers: Vec<(i128, u32)>,
}

impl Reference {
    fn new(operand: Format, sum: Format) -> Self {
        let infinity = (sum.special_exponent() as u32) << sum.mantissa;
        let numbers = (0..=sum.special_exponent()).flat_map(|e| {
            (0..1u32 << sum.mantissa).map(move |m| {
                let shift = UNIT + e - sum.bias() - sum.mantissa as i32;
                let encoding = ((e as u32) << sum.mantissa | m).min(infinity);
                let zero = e == 0;
                (i128::from(1 << sum.mantissa | m) << shift, if zero { 0 } else { encoding })
            })
        });
        Self { operand, sum, numbers: numbers.collect() }
    }

    fn mac(&self, c: u32, a: u32, b: u32) -> u32 {
        use Exact::{Finite, Infinite, Nan};
        let nan = (self.sum.special_exponent() as u32) << self.sum.mantissa
            | 1 << (self.sum.mantissa - 1);
        let infinity = (self.sum.special_exponent() as u32) << self.sum.mantissa;
        let signed =
            |negative: bool, bits: u32| u32::from(negative) << (self.sum.width() - 1) | bits;
        let [c, a, b] =
            [(c, self.sum), (a, self.operand), (b, self.operand)].map(|(x, f)| exact(x, f));
        let product = match (a, b) {
            (Nan, _) | (_, Nan) => Nan,
            (Infinite { .. }, Finite { magnitude: 0, .. })
            | (Finite { magnitude: 0, .. }, Infinite { .. }) => Nan,
            (Infinite { negative: x } | Finite { negative: x, .. }, Infinite { negative: y })
            | (Infinite { negative: x }, Finite { negative: y, .. }) => {
                Infinite { negative: x ^ y }
            }
            (Finite { negative: x, magnitude: p }, Finite { negative: y, magnitude: q }) => {
                Finite { negative: x ^ y, magnitude: (p * q) >> UNIT }
            }
        };
        match (c, product) {
            (Nan, _) | (_, Nan) => nan,
            (Infinite { negative: x }, Infinite { negative: y }) if x != y => nan,
            (Infinite { negative }, _) | (_, Infinite { negative }) => signed(negative, infinity),
            (Finite { negative: x, magnitude: p }, Finite { negative: y, magnitude: q }) => {
                let total = if x { -p } else { p } + if y { -q } else { q };
                let both_zero = p == 0 && q == 0;
                let negative = if both_zero { x && y } else { total < 0 };
                signed(negative, self.round(total.abs()))
            }
        }
    }

    fn round(&self, magnitude: i128) -> u32 {
        let above = self.numbers.partition_point(|&(x, _)| x < magnitude);
        let Some(&(high, up)) = self.numbers.get(above) else {
            return self.numbers.last().unwrap().1;
        };
        if above == 0 || high == magnitude {
            return up;
        }
        let (low, down) = self.numbers[above - 1];
        match (high - magnitude).cmp(&(magnitude - low)) {
            std::cmp::Ordering::Less => up,
            std::cmp::Ordering::Greater => down,
            // Neighbours in the table alternate between even and odd last bits.
            std::cmp::Ordering::Equal => {
                if above % 2 == 0 {
                    up
                } else {
                    down
                }
            }
        }
    }
}

fn exhaust(operand: Format, sum: Format) {
    let reference = Reference::new(operand, sum);
    let operands = || 0..1u32 << operand.width();
    let vectors = (0..1u32 << sum.width()).flat_map(|c| {
        operands().flat_map(move |a| operands().map(move |b| (c, a as u16, b as u16) as Vector))
    });
    let golden = |c: u32, a: u16, b: u16| reference.mac(c, u32::from(a), u32::from(b));
    let count = compare(operand, sum, vectors, golden);
    assert_eq!(count, 1 << (sum.width() + 2 * operand.width()));
}

#[test]
fn every_vector_of_e3m1_into_e4m3() {
    exhaust(Format::ieee(3, 1), Format::ieee(4, 3));
}

#[test]
fn every_vector_of_e2m1_into_e2m6() {
    exhaust(Format::ieee(2, 1), Format::ieee(2, 6));
}

#[test]
fn every_vector_of_e2m2_into_e3m5() {
    exhaust(Format::ieee(2, 2), Format::ieee(3, 5));
}

#[test]
fn formats_that_cannot_be() {
    let narrow = Mac::new(Format::BF16, Format::ieee(8, 14)).unwrap_err();
    let text = "a sum with exponent 8 and mantissa 14 is too narrow for factors with exponent 8 \
                and mantissa 7: it needs an exponent of at least 8 and a mantissa of at least 15";
    assert_eq!(narrow.to_string(), text);
    let wide = Mac::new(Format::ieee(16, 7), Format::FP32).unwrap_err();
    assert_eq!(wide.to_string(), "a float's exponent of 16 bits: it must have from 2 to 15");
}
