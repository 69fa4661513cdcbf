//! [`Nvfp4Dot`] and [`Nvfp4Quantize`]: blocks of E2M1 that share an E4M3 scale.

use crate::block::BlockDotPorts;
use crate::integer::unpack_integer;
use crate::pack::Target;
use crate::product::product;
use crate::quantize::QuantizePorts;
use crate::quotient::quotient;
use crate::sum::sum;
use crate::unpacked::{Unpacked, exponent_shape, unpack};
use crate::{BlockSum, Cuts, Element, Format, Overflow, Rounding, Specials};
use olivine_lang::prelude::*;

const ELEMENT: Element = Element::Float(Format::E2M1);
const SCALE: Format = Format::E4M3;

/// The dot product of two NVFP4 blocks, added to an fp32 sum.
///
/// ```text
///            +----------+
///       c -->|          |
/// a, b ----->| Nvfp4Dot |--> result
/// scale_a -->|          |
/// scale_b -->|          |
///            +----------+
/// ```
///
/// *Parameters*: `size`, the elements of a block: 16 in NVFP4.
///
/// *Behaviour*: `result = RNE(c + scale_a · scale_b · Σ a[i] · b[i])`, rounded once; the scales are codes
/// of [`Format::E4M3`]. A scale of the whole tensor is a factor of its own, outside.
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset.
///
/// *Numerics*: gradual underflow. A scale that is NaN makes the result one. A scale has a sign as any
/// number of its format; those of blocks are positive. Specials of `c` as for [`Add`](crate::Add).
///
/// *Undefined*: nothing.
///
/// *Verification*: all pairs of elements at every place, all pairs of scales, random blocks and sums
/// near the block's, against the golden model.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Nvfp4Dot {
    /// How many elements: 2 to 1024; 16 in NVFP4.
    pub size: u32,
}

impl Module for Nvfp4Dot {
    type Ports = BlockDotPorts;

    fn check(&self) -> Result<(), String> {
        crate::element::block_size(self.size)
    }

    fn ports(&self) -> BlockDotPorts {
        let codes = vec![unsigned(ELEMENT.width()); self.size as usize];
        let (c, result) = (Format::FP32.shape(), Format::FP32.shape());
        let (scale_a, scale_b) = (unsigned(8), unsigned(8));
        BlockDotPorts { c, a: codes.clone(), scale_a, b: codes, scale_b, result }
    }

    fn name(&self) -> String {
        format!("nvfp4_dot_of_{}", self.size)
    }

    #[named]
    fn build(&self, p: BlockDotPorts) {
        let products = instance(BlockSum { element: ELEMENT, size: self.size }, "products");
        products.a.drive(p.a);
        products.b.drive(p.b);
        let total = products.total;
        for flag in [total.nan, total.infinite, total.negative] {
            unused(flag);
        }
        let [x, y] = [p.scale_a, p.scale_b].map(|code| unpack(code.as_float(SCALE.shape()), SCALE));
        let integer = unpack_integer(total.integer, ELEMENT.product_unit());
        let scaled = product(&product(&x, &y), &integer);
        let target = Target {
            format: Format::FP32,
            rounding: Rounding::NearestEven,
            overflow: Overflow::Special,
            random: None,
        };
        let c = unpack(p.c, Format::FP32);
        let exact = sum(&c, &scaled, target.bits_wanted(), false, &mut Cuts::none());
        p.result.drive(target.pack(&exact));
    }
}

/// Makes an NVFP4 block of floats.
///
/// ```text
///             +---------------+--> scale
///   values -->|               |
///             | Nvfp4Quantize |
///  randoms -->|               |
///             +---------------+--> elements
/// ```
///
/// *Parameters*: `from`, the format of the values; `size`, the elements of a block; `rounding`, that of
/// the elements.
///
/// *Behaviour*: `scale = RNE(max|x| / 6)` in [`Format::E4M3`], saturating: 6 is the largest E2M1;
/// `elements[i] = round(values[i] / scale)`, saturating. The quotients are exact before they are
/// rounded. What brings a whole tensor into the range of the scales is a factor of its own, before.
///
/// *Timing*: combinational: a block in each cycle, no handshake, no state, no reset. In series: the
/// tree of maxima, a division by six, a division of few bits by the scale.
///
/// *Numerics*: subnormal numbers are read and made. A block whose scale rounds to zero has elements
/// +0. An infinity or NaN among the values gives the scale NaN and elements 0.
///
/// *Undefined*: nothing.
///
/// *Verification*: all bf16 beside largest numbers of all sizes, random blocks in all roundings, against
/// the golden model.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Nvfp4Quantize {
    /// The format of the values: one with infinities.
    pub from: Format,
    /// How many elements: 2 to 1024; 16 in NVFP4.
    pub size: u32,
    /// How elements are rounded.
    pub rounding: Rounding,
}

impl Module for Nvfp4Quantize {
    type Ports = QuantizePorts;

    fn check(&self) -> Result<(), String> {
        self.from.possible()?;
        crate::element::block_size(self.size)?;
        if self.from.specials != Specials::Ieee {
            return Err("`from` must be a format with infinities, such as `Format::ieee`".into());
        }
        self.rounding.possible()
    }

    fn ports(&self) -> QuantizePorts {
        let count = self.size as usize;
        QuantizePorts {
            values: vec![self.from.shape(); count],
            randoms: self.rounding.random().map(|random| vec![random; count]),
            scale: unsigned(8),
            elements: vec![unsigned(ELEMENT.width()); count],
        }
    }

    fn name(&self) -> String {
        let (from, rounding) = (self.from.tag(), self.rounding.tag());
        format!("nvfp4_quantize_{from}_of_{}_{rounding}", self.size)
    }

    #[named]
    fn build(&self, p: QuantizePorts) {
        let values: Vec<_> = p.values.iter().map(|x| unpack(*x, self.from)).collect();
        let special = any_of(values.iter().map(|x| x.nan | x.infinite));
        let scale = self.scale(&p.values);
        let nan = constant(unsigned(8), SCALE.nan());
        p.scale.drive(special.select(nan, scale));
        let none = special | !scale.any();
        let divisor = unpack(scale.as_float(SCALE.shape()), SCALE);
        for (index, value) in values.into_iter().enumerate() {
            let random = p.randoms.as_ref().map(|all| all[index]);
            let target = self.element(random);
            let code = target.pack(&quotient(&value, &divisor, target.bits_wanted())).as_bits();
            p.elements[index].drive(code & (!none).repeat(code.width()));
        }
    }
}

impl Nvfp4Quantize {
    fn element(&self, random: Option<Unsigned>) -> Target {
        let (rounding, overflow) = (self.rounding, Overflow::Saturate);
        Target { format: Format::E2M1, rounding, overflow, random }
    }

    /// The scale of a block of numbers.
    #[named]
    fn scale(&self, values: &[Float]) -> Unsigned {
        let width = self.from.width() - 1;
        let magnitudes = values.iter().map(|x| x.slice(0, width));
        let largest = magnitudes.reduce(|a, b| a.max(b)).expect("a block has elements");
        let never = constant(bit(), false);
        let largest = unpack(cat((largest, never)).as_float(self.from.shape()), self.from);
        let six = Unpacked {
            sign: never,
            nan: never,
            infinite: never,
            zero: never,
            exponent: constant(exponent_shape((2, 2)), 2),
            significand: constant(unsigned(2), 3),
            range: (2, 2),
        };
        let (rounding, overflow) = (Rounding::NearestEven, Overflow::Saturate);
        let target = Target { format: SCALE, rounding, overflow, random: None };
        target.pack(&quotient(&largest, &six, target.bits_wanted())).as_bits()
    }
}
