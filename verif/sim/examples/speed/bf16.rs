//! bf16 product and fp32 sum, as gates: subnormals are zero, round to nearest even.

use crate::author::{Author, V};

/// Exact product of two bf16 numbers as fp32.
pub fn multiply(m: &mut Author, x: V, y: V) -> V {
    let (ex, ey) = (m.slice(x, 7, 8), m.slice(y, 7, 8));
    let (xz, yz) = (m.is(ex, 0), m.is(ey, 0));
    let (xs, ys) = (m.is(ex, 255), m.is(ey, 255));
    let (fx, fy) = (m.slice(x, 0, 7), m.slice(y, 0, 7));
    let (nx, ny) = (m.any(fx), m.any(fy));
    let (xn, yn) = (m.and(xs, nx), m.and(ys, ny));
    let (sx, sy) = (m.bit(x, 15), m.bit(y, 15));
    let s = m.xor(sx, sy);
    let one = m.lit(1, 1);
    let (mx, my) = (m.cat(&[one, fx]), m.cat(&[one, fy]));
    let product = m.cell(olivine_netlist::Op::MulUnsigned(mx, my), 16);
    let top = m.bit(product, 15);
    let (ex, ey, carry) = (m.ext(ex, 11), m.ext(ey, 11), m.ext(top, 11));
    let sum = m.add(ex, ey);
    let bias = m.lit(11, 127);
    let e = m.sub(sum, bias);
    let e = m.add(e, carry);
    let (high, low) = (m.slice(product, 0, 15), m.slice(product, 0, 14));
    let (high, low) = (m.pad(high, 8), m.pad(low, 9));
    let f = m.mux(top, high, low);
    let (a, b) = (m.and(xs, yz), m.and(ys, xz));
    let nan = m.any_of(&[xn, yn, a, b]);
    let special = m.or(xs, ys);
    let (limit, floor) = (m.lit(11, 254), m.lit(11, 1));
    let over = m.cell(olivine_netlist::Op::LessSigned(limit, e), 1);
    let under = m.cell(olivine_netlist::Op::LessSigned(e, floor), 1);
    let zero = m.any_of(&[xz, yz, under]);
    let e8 = m.slice(e, 0, 8);
    let normal = m.cat(&[s, e8, f]);
    let inf8 = m.lit(31, 0x7f80_0000);
    let inf = m.cat(&[s, inf8]);
    let z31 = m.lit(31, 0);
    let zeros = m.cat(&[s, z31]);
    let canonical = m.lit(32, 0x7fc0_0000);
    let z = m.mux(over, inf, normal);
    let z = m.mux(zero, zeros, z);
    let z = m.mux(special, inf, z);
    m.mux(nan, canonical, z)
}

/// fp32 sum.
pub fn sum(m: &mut Author, x: V, y: V) -> V {
    let (ex, ey) = (m.slice(x, 23, 8), m.slice(y, 23, 8));
    let (xs, ys) = (m.is(ex, 255), m.is(ey, 255));
    let (fx, fy) = (m.slice(x, 0, 23), m.slice(y, 0, 23));
    let (nx, ny) = (m.any(fx), m.any(fy));
    let (xn, yn) = (m.and(xs, nx), m.and(ys, ny));
    let (magx, magy) = (m.slice(x, 0, 31), m.slice(y, 0, 31));
    let swap = m.cell(olivine_netlist::Op::LessUnsigned(magx, magy), 1);
    let (b, l) = (m.mux(swap, y, x), m.mux(swap, x, y));
    let (be, le) = (m.slice(b, 23, 8), m.slice(l, 23, 8));
    let (bz, lz) = (m.is(be, 0), m.is(le, 0));
    let (bs, ls) = (m.bit(b, 31), m.bit(l, 31));
    let subtract = m.xor(bs, ls);
    let d = m.sub(be, le);
    let limit = m.lit(8, 26);
    let far = m.cell(olivine_netlist::Op::LessUnsigned(limit, d), 1);
    let shift = m.mux(far, limit, d);
    let one = m.lit(1, 1);
    let (bf, lf) = (m.slice(b, 0, 23), m.slice(l, 0, 23));
    let (mb, ml) = (m.cat(&[one, bf]), m.cat(&[one, lf]));
    let (mb, ml) = (m.pad(mb, 2), m.pad(ml, 28));
    let aligned = m.cell(olivine_netlist::Op::ShiftRight(ml, shift), 52);
    let (lost, kept) = (m.slice(aligned, 0, 26), m.slice(aligned, 26, 26));
    let sticky = m.any(lost);
    let mb = m.pad(mb, 1);
    let ml = m.cat(&[kept, sticky]);
    let (mb, ml) = (m.ext(mb, 28), m.ext(ml, 28));
    let (difference, total) = (m.sub(mb, ml), m.add(mb, ml));
    let n0 = m.mux(subtract, difference, total);
    let carry = m.bit(n0, 27);
    let mut n = n0;
    let mut count = Vec::new();
    for (low, bits) in [(11, 16), (19, 8), (23, 4), (25, 2), (26, 1)] {
        let window = m.slice(n, low, bits);
        let zero = m.is(window, 0);
        let rest = m.slice(n, 0, 28 - bits);
        let shifted = m.pad(rest, bits);
        n = m.mux(zero, shifted, n);
        count.push(zero);
    }
    let zeros = m.cat(&count);
    let (top, last2) = (m.slice(n0, 2, 26), m.slice(n0, 0, 2));
    let last = m.any(last2);
    let halved = m.cat(&[top, last]);
    let halved = m.ext(halved, 28);
    let norm = m.mux(carry, halved, n);
    let be10 = m.ext(be, 10);
    let (inc, zeros) = (m.lit(10, 1), m.ext(zeros, 10));
    let (up, down) = (m.add(be10, inc), m.sub(be10, zeros));
    let e0 = m.mux(carry, up, down);
    let guard = m.bit(norm, 2);
    let below = m.slice(norm, 0, 2);
    let (below, odd) = (m.any(below), m.bit(norm, 3));
    let tie = m.or(below, odd);
    let round = m.and(guard, tie);
    let kept = m.slice(norm, 3, 24);
    let (kept, round) = (m.ext(kept, 25), m.ext(round, 25));
    let rounded = m.add(kept, round);
    let wrapped = m.bit(rounded, 24);
    let wrapped10 = m.ext(wrapped, 10);
    let e1 = m.add(e0, wrapped10);
    let (f1, f0) = (m.slice(rounded, 1, 23), m.slice(rounded, 0, 23));
    let f = m.mux(wrapped, f1, f0);
    let both = m.and(xs, ys);
    let opposite = m.and(both, subtract);
    let nan = m.any_of(&[xn, yn, opposite]);
    let special = m.or(xs, ys);
    let exact = m.is(n0, 0);
    let (min, max) = (m.lit(10, 1), m.lit(10, 254));
    let under = m.cell(olivine_netlist::Op::LessSigned(e1, min), 1);
    let over = m.cell(olivine_netlist::Op::LessSigned(max, e1), 1);
    let e8 = m.slice(e1, 0, 8);
    let normal = m.cat(&[bs, e8, f]);
    let inf31 = m.lit(31, 0x7f80_0000);
    let inf = m.cat(&[bs, inf31]);
    let z31 = m.lit(31, 0);
    let signed_zero = m.cat(&[bs, z31]);
    let both_negative = m.and(bs, ls);
    let both_zero = m.and(bz, lz);
    let zero_sum = m.cat(&[both_negative, z31]);
    let (plain_zero, canonical) = (m.lit(32, 0), m.lit(32, 0x7fc0_0000));
    let z = m.mux(over, inf, normal);
    let z = m.mux(under, signed_zero, z);
    let z = m.mux(exact, plain_zero, z);
    let z = m.mux(lz, b, z);
    let z = m.mux(both_zero, zero_sum, z);
    let z = m.mux(special, inf, z);
    m.mux(nan, canonical, z)
}
