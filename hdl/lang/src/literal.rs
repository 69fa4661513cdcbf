//! Operands as values: literals take a width here, and shapes are compared.

use crate::builder::{Builder, Poisoned, Read};
use crate::elaborate::Elaboration;
use crate::leaf::{Leaf, Reading};
use crate::operand::{Given, Literal};
use crate::place::At;
use crate::signal::Signal;
use olivine_netlist::{Op, ValueId};

/// A handle of a single leaf: [`Bit`](crate::Bit), [`Unsigned`](crate::Unsigned), ….
pub trait Scalar: Signal + Copy {
    /// The leaf behind the handle.
    #[doc(hidden)]
    fn leaf(self) -> Leaf;

    /// The handle of a leaf.
    #[doc(hidden)]
    fn of(leaf: Leaf) -> Self;
}

/// `1 bit`, `2 bits`.
pub(crate) fn bits_text(width: u32) -> String {
    format!("{width} bit{}", if width == 1 { "" } else { "s" })
}

impl Builder {
    /// A literal with the shape of `like`.
    pub(crate) fn literal_bits(
        &mut self,
        e: &mut Elaboration,
        at: At,
        literal: &Literal,
        like: Leaf,
    ) -> Read<ValueId> {
        if let Some(bits) = literal.fit(like.width, like.reading) {
            return Ok(self.constant(e, at, bits));
        }
        let message =
            format!("the literal {} does not fit `{:?}`", literal.show(), like.to_shape());
        let help = match like.reading {
            Reading::Unsigned => format!(
                "an unsigned number of {} is 0 to {}",
                bits_text(like.width),
                greatest(like.width)
            ),
            Reading::Signed => "a wider shape, or a smaller literal".to_string(),
            Reading::Fixed { fraction } | Reading::UnsignedFixed { fraction } => {
                format!("a multiple of 2^-{fraction} within its range, or another shape")
            }
            Reading::Float { .. } => "choose a literal that the format holds exactly".to_string(),
            _ => "choose a literal of that shape".to_string(),
        };
        e.fault(self, "L011", at, message, help);
        Err(Poisoned)
    }

    /// An operand that must have the shape of `like`.
    pub(crate) fn operand<T: Scalar>(
        &mut self,
        e: &mut Elaboration,
        at: At,
        given: &Given<T>,
        like: Leaf,
    ) -> Read<ValueId> {
        match given {
            Given::Literal(literal) => self.literal_bits(e, at, literal, like),
            Given::Signal(signal) => {
                let value = self.read(e, at, signal.leaf())?;
                self.same_shape(e, at, like, signal.leaf())?;
                Ok(value)
            }
        }
    }

    /// An operand brought to `width`, which is not below its own (or its least) width.
    pub(crate) fn widened<T: Scalar>(
        &mut self,
        e: &mut Elaboration,
        at: At,
        given: &Given<T>,
        like: Leaf,
    ) -> Read<ValueId> {
        match given {
            Given::Literal(literal) => self.literal_bits(e, at, literal, like),
            Given::Signal(signal) => {
                let value = self.read(e, at, signal.leaf())?;
                Ok(self.extended(e, at, value, like))
            }
        }
    }

    /// `value` extended to the width of `like`, with its sign if that is signed.
    pub(crate) fn extended(
        &mut self,
        e: &mut Elaboration,
        at: At,
        value: ValueId,
        like: Leaf,
    ) -> ValueId {
        if self.module.width(value) == like.width {
            return value;
        }
        let signed = like.reading == Reading::Signed;
        let op = if signed { Op::ExtendSigned(value) } else { Op::Extend(value) };
        self.cell(e, at, op, like.width)
    }

    /// Whether two leaves have one width and one reading.
    pub(crate) fn same_shape(
        &self,
        e: &mut Elaboration,
        at: At,
        wanted: Leaf,
        given: Leaf,
    ) -> Read<()> {
        if (wanted.width, wanted.reading) == (given.width, given.reading) {
            return Ok(());
        }
        let (wanted, given) = (wanted.to_shape(), given.to_shape());
        let message = format!("`{given:?}` meets `{wanted:?}`: the shapes must be the same");
        let help = match wanted.width.cmp(&given.width) {
            std::cmp::Ordering::Greater => {
                format!("say `.extend({})` on the narrower", wanted.width)
            }
            std::cmp::Ordering::Less => format!(
                "say `.truncate({0})` or `.saturate({0})` on the wider, or `.extend({1})` on the \
                 other",
                wanted.width, given.width
            ),
            std::cmp::Ordering::Equal => "reinterpret one of them explicitly".to_string(),
        };
        e.fault(self, "L010", at, message, help);
        Err(Poisoned)
    }
}

/// 2^width − 1 as text.
fn greatest(width: u32) -> String {
    1u128.checked_shl(width).map_or(format!("2^{width} − 1"), |power| (power - 1).to_string())
}

/// The width of an operand in growing arithmetic.
pub(crate) fn own_width<T: Scalar>(given: &Given<T>, reading: Reading) -> u32 {
    match given {
        Given::Signal(signal) => signal.leaf().width,
        Given::Literal(literal) => literal.least_width(reading),
    }
}
