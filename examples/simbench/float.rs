//! The arithmetic of the bf16 elements, gate by gate: an exact product, a sum rounded to nearest
//! even; subnormal numbers are zero, every NaN is `7fc00000`.

use olivine::lang::{FloatFunction, computes};
use olivine::prelude::*;

/// The fields of a float: sign, exponent, fraction.
fn fields(x: Unsigned) -> (Bit, Unsigned, Unsigned) {
    let fraction = x.width() - 9;
    (x.top_bit(), x.slice(fraction, 8), x.slice(0, fraction))
}

const NAN: u64 = 0x7fc0_0000;

/// An fp32 number of these fields, given from the bottom.
fn fp32(fraction: Unsigned, exponent: Unsigned, sign: Bit) -> Unsigned {
    cat((fraction, exponent, sign))
}

fn word(value: u64, width: u32) -> Unsigned {
    constant(unsigned(width), value)
}

/// The exact product of two bf16 numbers, as fp32.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Multiply;

/// The ports of [`Multiply`].
#[derive(Ports)]
pub struct MultiplyPorts {
    /// A factor.
    pub x: In<Unsigned>,
    /// The other factor.
    pub y: In<Unsigned>,
    /// The product.
    pub z: Out<Unsigned>,
}

impl Module for Multiply {
    type Ports = MultiplyPorts;

    fn ports(&self) -> MultiplyPorts {
        MultiplyPorts { x: unsigned(16), y: unsigned(16), z: unsigned(32) }
    }

    fn build(&self, p: MultiplyPorts) {
        computes(FloatFunction::MULTIPLY.flushing_subnormals());
        Self::gates(&p);
    }
}

impl Multiply {
    /// The body.
    #[named]
    pub fn gates(p: &MultiplyPorts) {
        let ((xs, xe, xf), (ys, ye, yf)) = (fields(p.x), fields(p.y));
        let (x_zero, y_zero) = (xe.eq(0), ye.eq(0));
        let (x_top, y_top) = (xe.eq(255), ye.eq(255));
        let sign = xs ^ ys;
        let one = constant(bit(), true);
        let m = cat((xf, one)) * cat((yf, one));
        let carry = m.top_bit();
        let e = (xe + ye).extend(11).wrapping_add(carry.as_unsigned().extend(11));
        let e = e.wrapping_sub(127).as_signed();
        let normal = carry.select(m, m.shift_left(1));
        let fraction = cat((word(0, 8), normal.slice(0, 15)));
        let nan = (x_top & xf.any()) | (y_top & yf.any()) | (x_top & y_zero) | (y_top & x_zero);
        let infinite = x_top | y_top;
        let zero = x_zero | y_zero | e.le(0);
        let infinity = fp32(word(0, 23), word(255, 8), sign);
        let nothing = fp32(word(0, 23), word(0, 8), sign);
        let finite = fp32(fraction, e.as_unsigned().truncate(8), sign);
        let in_range = zero.select(nothing, e.ge(255).select(infinity, finite));
        p.z.drive(nan.select(word(NAN, 32), infinite.select(infinity, in_range)));
    }
}

/// The sum of two fp32 numbers.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Add;

/// The ports of [`Add`].
#[derive(Ports)]
pub struct AddPorts {
    /// A term.
    pub x: In<Unsigned>,
    /// The other term.
    pub y: In<Unsigned>,
    /// The sum.
    pub z: Out<Unsigned>,
}

/// The leading one brought to the top, and by how much it was moved.
fn normalise(sum: Unsigned) -> (Unsigned, Unsigned) {
    let (width, mut now, mut moved) = (sum.width(), sum, Vec::new());
    for step in [16, 8, 4, 2, 1] {
        let empty = !now.slice(width - step, step).any();
        now = empty.select(now.shift_left(step), now);
        moved.insert(0, empty);
    }
    (now, cat(moved))
}

impl Module for Add {
    type Ports = AddPorts;

    fn ports(&self) -> AddPorts {
        AddPorts { x: unsigned(32), y: unsigned(32), z: unsigned(32) }
    }

    fn build(&self, p: AddPorts) {
        computes(FloatFunction::ADD.flushing_subnormals());
        Self::gates(&p);
    }
}

impl Add {
    /// The body.
    #[named]
    pub fn gates(p: &AddPorts) {
        let swap = p.x.slice(0, 31).lt(p.y.slice(0, 31));
        let (big, little) = (swap.select(p.y, p.x), swap.select(p.x, p.y));
        let ((bs, be, bf), (ls, le, lf)) = (fields(big), fields(little));
        let (b_zero, l_zero) = (be.eq(0), le.eq(0));
        let subtract = bs ^ ls;
        // 24 bits of significand, guard and round; what is lost below is sticky.
        let one = constant(bit(), true);
        let large = cat((word(0, 2), bf, one));
        let small = cat((word(0, 2), lf, one));
        let distance = be.wrapping_sub(le).min(26);
        let shifted = small.shift_right(distance);
        let sticky = shifted.shift_left(distance).ne(small);
        let large = cat((word(0, 1), large, word(0, 1)));
        let shifted = cat((sticky, shifted, word(0, 1)));
        let sum = subtract.select(large.wrapping_sub(shifted), large.wrapping_add(shifted));
        // From the top: 24 bits of significand, a half, and what is below.
        let (normal, moved) = normalise(cat((word(0, 4), sum)));
        let exponent = (be.extend(10)).wrapping_add(1).wrapping_sub(moved.extend(10));
        let up = normal.bit(7) & (normal.bit(8) | normal.slice(0, 7).any());
        let rounded = normal.slice(8, 24) + up.as_unsigned();
        let over = rounded.top_bit();
        let exponent = exponent.wrapping_add(over.as_unsigned().extend(10)).as_signed();
        let fraction = over.select(rounded.slice(1, 23), rounded.slice(0, 23));
        let (b_top, l_top) = (be.eq(255), le.eq(255));
        let nan = (b_top & bf.any()) | (l_top & lf.any()) | (b_top & l_top & subtract);
        let infinity = fp32(word(0, 23), word(255, 8), bs);
        let finite = fp32(fraction, exponent.as_unsigned().truncate(8), bs);
        let nothing = |sign| fp32(word(0, 23), word(0, 8), sign);
        let z = exponent.ge(255).select(infinity, finite);
        let z = exponent.le(0).select(nothing(bs), z);
        let z = (!sum.any()).select(nothing(constant(bit(), false)), z);
        let z = l_zero.select(big, z);
        let z = (b_zero & l_zero).select(nothing(bs & ls), z);
        let z = (b_top | l_top).select(infinity, z);
        p.z.drive(nan.select(word(NAN, 32), z));
    }
}
