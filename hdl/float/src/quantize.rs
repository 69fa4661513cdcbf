//! [`Quantize`]: floats to an MX block.

use crate::integer::to_integer;
use crate::pack::Target;
use crate::staged::sealed::Sealed;
use crate::unpacked::{Unpacked, exponent_shape, resize, unpack};
use crate::{Cuts, Element, Format, Overflow, Rounding, Specials, Staged};
use olivine_lang::prelude::*;

/// Makes a block-scaled number of floats.
///
/// ```text
///             +----------+--> scale
///   values -->|          |
///             | Quantize |
///  randoms -->|          |
///             +----------+--> elements
/// ```
///
/// *Behaviour* (OCP MX 1.0, section 6.3): `e = ⌊log₂ max|x|⌋ − exponent_max`, within −127 to 127;
/// `scale = e + 127`; `elements[i] = round(values[i] · 2^-e)`, saturating. What the values are, a row
/// or a column, is the business of who brings them.
///
/// *Timing*: combinational: a block in each cycle, no handshake, no state, no reset. In stages:
/// [`Pipelined`](crate::Pipelined), with places behind each level of the tree of maxima, and between the
/// scale and the elements.
///
/// *Numerics*: subnormal numbers are read and made. A block of zeros has scale 0. An infinity or NaN
/// among the values gives scale 255, which is NaN, and elements 0. An int8 element is in −128 to 127.
///
/// *Undefined*: nothing.
///
/// *Verification*: random blocks of near and far numbers, all scales, corners, against the golden
/// model.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Quantize {
    /// The format of the values: one with infinities.
    pub from: Format,
    /// What the block is made of.
    pub element: Element,
    /// How many elements: 2 to 1024; 32 in MX.
    pub size: u32,
    /// How elements are rounded.
    pub rounding: Rounding,
}

/// The ports of [`Quantize`].
#[derive(Ports)]
pub struct QuantizePorts {
    /// What is quantized.
    pub values: In<Vec<Float>>,
    /// For stochastic rounding, one for each value, uniform.
    pub randoms: Option<In<Vec<Unsigned>>>,
    /// E8M0.
    pub scale: Out<Unsigned>,
    /// Codes.
    pub elements: Out<Vec<Unsigned>>,
}

impl Module for Quantize {
    type Ports = QuantizePorts;

    fn check(&self) -> Result<(), String> {
        self.from.possible()?;
        self.element.possible()?;
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
            elements: vec![unsigned(self.element.width()); count],
        }
    }

    fn name(&self) -> String {
        let (from, element, rounding) = (self.from.tag(), self.element.tag(), self.rounding.tag());
        format!("quantize_{from}_{element}_of_{}_{rounding}", self.size)
    }

    fn build(&self, p: QuantizePorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Sealed for Quantize {}

impl Staged for Quantize {
    fn places(&self) -> u32 {
        levels(self.size) + 1
    }

    #[named]
    fn stages(&self, p: QuantizePorts, cuts: &mut Cuts) {
        let largest = largest(&p.values, self.from, cuts);
        let scale = cuts.here(self.scale(largest));
        let (values, randoms) = cuts.input((p.values, p.randoms));
        let values: Vec<_> = values.into_iter().map(|x| unpack(x, self.from)).collect();
        let special = any_of(values.iter().map(|x| x.nan | x.infinite));
        p.scale.drive(scale | special.repeat(8));
        for (index, value) in values.into_iter().enumerate() {
            let random = randoms.as_ref().map(|all| all[index]);
            let code = self.element(&value, scale, random);
            p.elements[index].drive(code & (!special).repeat(code.width()));
        }
    }
}

/// Places for registers in a tree of maxima over so many values.
pub(crate) fn levels(size: u32) -> u32 {
    bits_for(u64::from(size - 1))
}

/// The largest magnitude of some values, by a tree with a place for registers behind each level.
#[named]
#[track_caller]
pub(crate) fn largest(values: &[Float], format: Format, cuts: &mut Cuts) -> Unsigned {
    let width = format.width() - 1;
    let mut largest: Vec<_> = values.iter().map(|x| x.slice(0, width)).collect();
    while largest.len() > 1 {
        let greater = |pair: &[Unsigned]| pair.iter().copied().reduce(|a, b| a.max(b));
        let pairs = largest.chunks(2).map(|pair| greater(pair).expect("it has one"));
        largest = cuts.here(pairs.collect());
    }
    largest[0]
}

impl Quantize {
    /// The scale of a block of numbers by the largest magnitude among them.
    #[named]
    fn scale(&self, largest: Unsigned) -> Unsigned {
        let sign = constant(bit(), false);
        let largest = unpack(cat((largest, sign)).as_float(self.from.shape()), self.from);
        let rebias = 127 - self.element.exponent_max();
        let range = (largest.range.0 + rebias, largest.range.1 + rebias);
        let shape = exponent_shape((range.0.min(-1) - 1, range.1.max(254) + 1));
        let scale = resize(largest.exponent, shape).wrapping_add(constant(shape, rebias));
        let none = largest.zero | scale.is_negative();
        let bounded = scale.gt(constant(shape, 254)).select(constant(shape, 254), scale);
        bounded.as_unsigned().truncate(8) & (!none).repeat(8)
    }

    /// `value / 2^(scale − 127)` as a code.
    #[named]
    fn element(&self, value: &Unpacked, scale: Unsigned, random: Option<Unsigned>) -> Unsigned {
        // A scale of 0 comes with the least numbers, and never with the largest.
        let range = (value.range.0 - 127, self.element.exponent_max() + self.integer_places());
        let shape = exponent_shape((range.0.min(-128) - 2, range.1.max(256) + 2));
        let by = constant(shape, 127 + self.integer_places())
            .wrapping_sub(resize(scale.to_signed(), shape));
        let exponent = resize(value.exponent, shape).wrapping_add(by);
        let scaled = Unpacked { exponent, range, ..*value };
        match self.element {
            Element::Int8 => to_integer(&scaled, 8, self.rounding, random).as_unsigned(),
            Element::Float(format) => {
                let (rounding, overflow) = (self.rounding, Overflow::Saturate);
                Target { format, rounding, overflow, random }.pack(&scaled).as_bits()
            }
        }
    }

    /// Bits of an integer element below one.
    fn integer_places(&self) -> i32 {
        if self.element == Element::Int8 { 6 } else { 0 }
    }
}
