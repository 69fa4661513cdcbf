//! What designs have no cell for: division, rotation, overflow. Numbers by zero divide as
//! SMT-LIB says: the quotient is all ones, the remainder the dividend.

use super::maker::Maker;
use olivine_netlist::{Bits, Op, ValueId};

impl Maker {
    /// Quotient and remainder, unsigned: one row of subtraction for each bit of the quotient.
    pub fn divided(&mut self, a: ValueId, b: ValueId) -> (ValueId, ValueId) {
        let width = self.width(a);
        let divisor = self.extend(b, width + 1, false);
        let mut rest = self.number(width, 0);
        let mut quotient = Vec::new();
        for i in (0..width).rev() {
            let next = self.slice(a, i, 1);
            let shifted = self.concat(&[next, rest]);
            let less = self.bit(Op::LessUnsigned(shifted, divisor));
            let reduced = self.sub(shifted, divisor);
            let kept = self.mux(less, shifted, reduced);
            rest = self.slice(kept, 0, width);
            quotient.push(self.not(less));
        }
        quotient.reverse();
        (self.concat(&quotient), rest)
    }

    /// The magnitude and the sign.
    fn magnitude(&mut self, a: ValueId) -> (ValueId, ValueId) {
        let (sign, opposite) = (self.sign(a), self.negated(a));
        (self.mux(sign, opposite, a), sign)
    }

    fn negated_if(&mut self, condition: ValueId, a: ValueId) -> ValueId {
        let opposite = self.negated(a);
        self.mux(condition, opposite, a)
    }

    /// The quotient in two's complement, rounded towards zero.
    pub fn signed_quotient(&mut self, a: ValueId, b: ValueId) -> ValueId {
        let ((a, negative_a), (b, negative_b)) = (self.magnitude(a), self.magnitude(b));
        let (quotient, _) = self.divided(a, b);
        let differ = self.xor(negative_a, negative_b);
        self.negated_if(differ, quotient)
    }

    /// The remainder with the sign of the dividend.
    pub fn signed_remainder(&mut self, a: ValueId, b: ValueId) -> ValueId {
        let ((a, negative), (b, _)) = (self.magnitude(a), self.magnitude(b));
        let (_, rest) = self.divided(a, b);
        self.negated_if(negative, rest)
    }

    /// The remainder with the sign of the divisor.
    pub fn signed_modulus(&mut self, a: ValueId, b: ValueId) -> ValueId {
        let rest = self.signed_remainder(a, b);
        let zero = self.number(self.width(a), 0);
        let none = self.equal(rest, zero);
        let (sign_a, sign_b) = (self.sign(a), self.sign(b));
        let differ = self.xor(sign_a, sign_b);
        let moved = self.add(rest, b);
        let moved = self.mux(differ, moved, rest);
        self.mux(none, rest, moved)
    }

    /// Rotated towards the most significant bit, or with `right` towards the least.
    pub fn rotated(&mut self, a: ValueId, amount: ValueId, right: bool) -> ValueId {
        let width = self.width(a);
        if width == 1 {
            return a;
        }
        let whole = self.number(width, u64::from(width));
        let near = if width.is_power_of_two() {
            let low = self.slice(amount, 0, width.trailing_zeros());
            self.extend(low, width, false)
        } else {
            self.divided(amount, whole).1
        };
        let far = self.sub(whole, near);
        let (up, down) = if right { (far, near) } else { (near, far) };
        let (up, down) = (self.shift_left(a, up), self.shift_right(a, down));
        self.or(up, down)
    }

    /// Whether the sum, or with `minus` the difference, does not fit.
    pub fn sum_overflows(&mut self, a: ValueId, b: ValueId, signed: bool, minus: bool) -> ValueId {
        let width = self.width(a);
        let (a, b) = (self.extend(a, width + 1, signed), self.extend(b, width + 1, signed));
        let sum = if minus { self.sub(a, b) } else { self.add(a, b) };
        let over = self.slice(sum, width, 1);
        if !signed {
            return over;
        }
        let sign = self.slice(sum, width - 1, 1);
        self.xor(over, sign)
    }

    /// Whether the product does not fit.
    pub fn product_overflows(&mut self, a: ValueId, b: ValueId, signed: bool) -> ValueId {
        let width = self.width(a);
        let product = self.product(a, b, signed);
        let low = self.slice(product, 0, width);
        let fits = self.extend(low, 2 * width, signed);
        let fits = self.equal(product, fits);
        self.not(fits)
    }

    /// Whether the quotient in two's complement does not fit.
    pub fn quotient_overflows(&mut self, a: ValueId, b: ValueId) -> ValueId {
        let width = self.width(a);
        let least = self.constant(Bits::ones(width).shift_left(u64::from(width) - 1));
        let minus_one = self.constant(Bits::ones(width));
        let (a, b) = (self.equal(a, least), self.equal(b, minus_one));
        self.and(a, b)
    }
}
