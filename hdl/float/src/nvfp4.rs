//! [`Nvfp4Dot`] and [`Nvfp4Quantize`]: blocks of E2M1 that share an E4M3 scale.

use crate::block::{BlockDotPorts, tree};
use crate::integer::unpack_integer;
use crate::pack::Target;
use crate::product::product;
use crate::quantize::{QuantizePorts, largest, levels};
use crate::quotient::{self, quotient, quotients};
use crate::staged::sealed::Sealed;
use crate::sum::{self, sum};
use crate::unpacked::{Unpacked, exponent_shape, unpack};
use crate::{Cuts, Element, Format, Overflow, Rounding, Specials, Staged};
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
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset. In stages:
/// [`Pipelined`](crate::Pipelined), with places behind the products, each level of the tree of adders, the
/// scales and each part of the sum.
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

    fn build(&self, p: BlockDotPorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Sealed for Nvfp4Dot {}

impl Staged for Nvfp4Dot {
    fn places(&self) -> u32 {
        1 + levels(self.size) + 1 + sum::PLACES + 1
    }

    #[named]
    fn stages(&self, p: BlockDotPorts, cuts: &mut Cuts) {
        let pairs = p.a.into_iter().zip(p.b);
        let products: Vec<Signed> = pairs.map(|(a, b)| ELEMENT.product(a, b).integer).collect();
        let along = (p.c, p.scale_a, p.scale_b);
        let (products, along) = cuts.here((products, along));
        let (total, (c, scale_a, scale_b)) = tree(products, along, cuts);
        let [x, y] = [scale_a, scale_b].map(|code| unpack(code.as_float(SCALE.shape()), SCALE));
        let integer = unpack_integer(total, ELEMENT.product_unit());
        let scaled = product(&product(&x, &y), &integer).through(cuts);
        let c = unpack(c, Format::FP32).through_too(cuts);
        let target = Target {
            format: Format::FP32,
            rounding: Rounding::NearestEven,
            overflow: Overflow::Special,
            random: None,
        };
        let exact = sum(&c, &scaled, target.bits_wanted(), false, cuts);
        p.result.drive(target.pack_in_stages(exact, cuts));
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
/// tree of maxima, a division by six, a division of few bits by the scale. In stages:
/// [`Pipelined`](crate::Pipelined), with places behind each level of the tree, each four bits of a division
/// and the scale.
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

    fn build(&self, p: QuantizePorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Sealed for Nvfp4Quantize {}

impl Staged for Nvfp4Quantize {
    fn places(&self) -> u32 {
        let division = |target: Target| quotient::places(quotient::bits(target.bits_wanted()));
        levels(self.size) + division(scale()) + 2 + division(self.element(None))
    }

    #[named]
    fn stages(&self, p: QuantizePorts, cuts: &mut Cuts) {
        let scale = self.scale(&p.values, cuts);
        let scale = cuts.here(scale);
        let (values, randoms) = cuts.input((p.values, p.randoms.clone()));
        let values: Vec<_> = values.iter().map(|x| unpack(*x, self.from)).collect();
        let special = any_of(values.iter().map(|x| x.nan | x.infinite));
        let none = special | !scale.any();
        let divisor = unpack(scale.as_float(SCALE.shape()), SCALE);
        let wanted = self.element(None).bits_wanted();
        let along = (scale, special, none, randoms);
        let (quotients, along) = quotients(&values, &divisor, wanted, along, cuts);
        let (scale, special, none, randoms) = along;
        let nan = constant(unsigned(8), SCALE.nan());
        p.scale.drive(special.select(nan, scale));
        for (index, quotient) in quotients.iter().enumerate() {
            let random = randoms.as_ref().map(|all| all[index]);
            let code = self.element(random).pack(quotient).as_bits();
            p.elements[index].drive(code & (!none).repeat(code.width()));
        }
    }
}

/// Where scales go.
fn scale() -> Target {
    let (rounding, overflow) = (Rounding::NearestEven, Overflow::Saturate);
    Target { format: SCALE, rounding, overflow, random: None }
}

impl Nvfp4Quantize {
    fn element(&self, random: Option<Unsigned>) -> Target {
        let (rounding, overflow) = (self.rounding, Overflow::Saturate);
        Target { format: Format::E2M1, rounding, overflow, random }
    }

    /// The scale of a block of numbers.
    #[named]
    fn scale(&self, values: &[Float], cuts: &mut Cuts) -> Unsigned {
        let largest = largest(values, self.from, cuts);
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
        let target = scale();
        let exact = quotient(&largest, &six, target.bits_wanted(), cuts);
        target.pack_in_stages(exact, cuts).as_bits()
    }
}
