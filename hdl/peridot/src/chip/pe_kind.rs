//! [`PeKind`]: what the elements of an array multiply and how they sum.

use olivine_float::{BlockTotal, Element, Format};
use olivine_lang::prelude::*;

/// What the elements of an array multiply and how they sum.
///
/// | kind | factors | sum | latency |
/// |---|---|---|---|
/// | `Int8` | int8 | int32, exact for up to 131 071 products | 5 |
/// | `Bf16` | bf16 | fp32, [`Mac`](olivine_float::Mac) over the steps in order | 2 + `stages` |
/// | `Mx` | codes of MX elements | of blocks of 32, without their scales: exact | 4 |
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum PeKind {
    /// Signed integers.
    Int8,
    /// Floats. An adder of so many stages takes a product in each cycle, of as many sums in turn:
    /// the sum of a step is that of `stages` cycles before.
    Bf16 {
        /// 1 to 8.
        stages: u32,
    },
    /// Elements of MX blocks.
    Mx(Element),
}

/// Elements in an MX block.
pub const BLOCK: usize = 32;

impl PeKind {
    /// Whether there are such elements, for [`Module::check`].
    pub(crate) fn possible(self) -> Result<(), String> {
        match self {
            Self::Bf16 { stages } if !(1..=8).contains(&stages) => {
                Err(format!("an adder of {stages} stages: it must have from 1 to 8"))
            }
            _ => Ok(()),
        }
    }

    /// The kinds that have a name on the command line.
    pub const NAMED: [(&str, Self); 7] = [
        ("int8", Self::Int8),
        ("bf16", Self::Bf16 { stages: 1 }),
        ("mxfp8", Self::Mx(Element::Float(Format::E4M3))),
        ("mxfp8e5m2", Self::Mx(Element::Float(Format::E5M2))),
        ("mxfp6", Self::Mx(Element::Float(Format::E2M3))),
        ("mxfp4", Self::Mx(Element::Float(Format::E2M1))),
        ("mxint8", Self::Mx(Element::Int8)),
    ];

    /// Short, for names.
    pub fn tag(self) -> String {
        match self {
            Self::Int8 => "int8".into(),
            Self::Bf16 { stages: 1 } => "bf16".into(),
            Self::Bf16 { stages } => format!("bf16_stages{stages}"),
            Self::Mx(Element::Int8) => "mxint8".into(),
            Self::Mx(Element::Float(format)) => {
                format!("mx_e{}m{}", format.exponent, format.mantissa)
            }
        }
    }

    /// The code of a factor.
    pub fn factor(self) -> Unsigned {
        unsigned(match self {
            Self::Int8 => 8,
            Self::Bf16 { .. } => Format::BF16.width(),
            Self::Mx(element) => element.width(),
        })
    }

    /// What is drained: an int32, an fp32, or a [`BlockTotal`], its fields packed.
    pub fn sum(self) -> Unsigned {
        unsigned(match self {
            Self::Int8 | Self::Bf16 { .. } => 32,
            Self::Mx(element) => {
                let total = BlockTotal::shape_of(element, BLOCK as u32);
                total.integer.width() + 3
            }
        })
    }

    /// Sums of an element, which take turns.
    pub fn interleaved(self) -> usize {
        match self {
            Self::Bf16 { stages } => stages as usize,
            _ => 1,
        }
    }

    /// Cycles from a last step to its sum in the drain registers.
    pub fn latency(self) -> usize {
        match self {
            Self::Int8 => 5,
            Self::Bf16 { stages } => 2 + stages as usize,
            Self::Mx(_) => 4,
        }
    }
}
