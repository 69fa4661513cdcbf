//! [`PeKind`]: what a processing element sums.

use crate::mac;
use crate::number::{self, Value};

/// What a processing element multiplies and how it sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeKind {
    /// int8, summed in int32.
    Int8,
    /// bf16, summed in fp32 by [`mac`].
    Bf16,
    /// Elements of MX blocks, summed exactly, without the scales of the blocks.
    Mx(number::Element),
}

/// What a processing element has in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeSum {
    /// The code of an int32 or fp32.
    Code(u32),
    /// An exact number, infinity or NaN.
    Exact(Value),
}

impl PeKind {
    /// The sum of products of codes, in their order.
    pub fn sum(self, pairs: &[(u64, u64)]) -> PeSum {
        match self {
            Self::Int8 => {
                let product =
                    |&(a, b): &(u64, u64)| i64::from(a as u8 as i8) * i64::from(b as u8 as i8);
                PeSum::Code(pairs.iter().map(product).sum::<i64>() as u32)
            }
            Self::Bf16 => {
                PeSum::Code(pairs.iter().fold(0, |sum, &(a, b)| mac(sum, a as u16, b as u16)))
            }
            Self::Mx(element) => {
                let (a, b): (Vec<u64>, Vec<u64>) = pairs.iter().copied().unzip();
                PeSum::Exact(number::block_sum(element, &a, &b))
            }
        }
    }
}
