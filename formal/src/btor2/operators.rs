//! The operators on bit-vectors.

use super::maker::Maker;
use olivine_netlist::{Op, ValueId};

impl Maker {
    /// An operator on one operand.
    pub fn unary(&mut self, name: &str, a: ValueId) -> Option<ValueId> {
        let one = self.number(self.width(a), 1);
        Some(match name {
            "not" => self.not(a),
            "inc" => self.add(a, one),
            "dec" => self.sub(a, one),
            "neg" => self.negated(a),
            "redand" => self.bit(Op::ReduceAnd(a)),
            "redor" => self.bit(Op::ReduceOr(a)),
            "redxor" => self.bit(Op::ReduceXor(a)),
            _ => return None,
        })
    }

    /// An operator on two operands of one width.
    pub fn binary(&mut self, name: &str, a: ValueId, b: ValueId) -> Option<ValueId> {
        if let Some(compared) = self.comparison(name, a, b) {
            return Some(compared);
        }
        Some(match name {
            "and" => self.and(a, b),
            "or" => self.or(a, b),
            "xor" => self.xor(a, b),
            "nand" => self.inverted(Self::and, a, b),
            "nor" => self.inverted(Self::or, a, b),
            "xnor" => self.inverted(Self::xor, a, b),
            "sll" => self.shift_left(a, b),
            "srl" => self.shift_right(a, b),
            "sra" => self.add_cell(Op::ShiftRightSigned(a, b), self.width(a)),
            "rol" => self.rotated(a, b, false),
            "ror" => self.rotated(a, b, true),
            "add" => self.add(a, b),
            "sub" => self.sub(a, b),
            "mul" => {
                let product = self.product(a, b, false);
                self.slice(product, 0, self.width(a))
            }
            "udiv" => self.divided(a, b).0,
            "urem" => self.divided(a, b).1,
            "sdiv" => self.signed_quotient(a, b),
            "srem" => self.signed_remainder(a, b),
            "smod" => self.signed_modulus(a, b),
            "uaddo" => self.sum_overflows(a, b, false, false),
            "saddo" => self.sum_overflows(a, b, true, false),
            "usubo" => self.sum_overflows(a, b, false, true),
            "ssubo" => self.sum_overflows(a, b, true, true),
            "umulo" => self.product_overflows(a, b, false),
            "smulo" => self.product_overflows(a, b, true),
            "sdivo" => self.quotient_overflows(a, b),
            _ => return None,
        })
    }

    /// An operator on two operands of one width that says one bit of them.
    fn comparison(&mut self, name: &str, a: ValueId, b: ValueId) -> Option<ValueId> {
        Some(match name {
            "eq" | "iff" => self.equal(a, b),
            "neq" => self.inverted(Self::equal, a, b),
            "implies" => {
                let not = self.not(a);
                self.or(not, b)
            }
            "ult" => self.bit(Op::LessUnsigned(a, b)),
            "slt" => self.bit(Op::LessSigned(a, b)),
            "ugt" => self.bit(Op::LessUnsigned(b, a)),
            "sgt" => self.bit(Op::LessSigned(b, a)),
            "ulte" => self.negative(Op::LessUnsigned(b, a)),
            "slte" => self.negative(Op::LessSigned(b, a)),
            "ugte" => self.negative(Op::LessUnsigned(a, b)),
            "sgte" => self.negative(Op::LessSigned(a, b)),
            _ => return None,
        })
    }

    fn negative(&mut self, op: Op) -> ValueId {
        let bit = self.bit(op);
        self.not(bit)
    }

    fn inverted(
        &mut self,
        make: impl FnOnce(&mut Self, ValueId, ValueId) -> ValueId,
        a: ValueId,
        b: ValueId,
    ) -> ValueId {
        let made = make(self, a, b);
        self.not(made)
    }
}
