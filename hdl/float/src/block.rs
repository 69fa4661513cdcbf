//! [`BlockSum`], [`BlockAdd`] and [`BlockDot`]: dot products of MX blocks.

use crate::integer::unpack_integer;
use crate::pack::Target;
use crate::quantize::levels;
use crate::staged::sealed::Sealed;
use crate::sum::{self, sum};
use crate::unpacked::{Unpacked, exponent_shape, resize, unpack};
use crate::{Cuts, Element, Format, Overflow, Rounding, Staged};
use olivine_lang::prelude::*;

/// The sum of products of two blocks, without their scales: an exact integer.
#[derive(Clone, Copy, Debug, Bundle)]
pub struct BlockTotal {
    /// In units of the square of the least element; unspecified if special.
    pub integer: Signed,
    /// An element is a NaN, or infinity met zero or its opposite.
    pub nan: Bit,
    /// Infinite; then `integer` does not count.
    pub infinite: Bit,
    /// The sign of the infinity.
    pub negative: Bit,
}

impl BlockTotal {
    /// The total of `size` products, as a shape.
    pub fn shape_of(element: Element, size: u32) -> Self {
        let width = element.product_width() + bits_for(u64::from(size.saturating_sub(1)));
        let flag = bit();
        Self { integer: signed(width), nan: flag, infinite: flag, negative: flag }
    }
}

/// Multiplies two blocks element by element and adds the products, exactly.
///
/// ```text
///        +----------+
///   a -->|          |
///        | BlockSum |--> total
///   b -->|          |
///        +----------+
/// ```
///
/// *Behaviour*: `total = Σ a[i] · b[i]`. No sum on the way is rounded or too wide, so the order of
/// addition does not matter. Width of the integer for 32 elements: E2M1 14, E2M3 18, E3M2 24, E4M3
/// 42, E5M2 70, int8 21 bits.
///
/// *Timing*: combinational: a tree of adders; a result in each cycle, no handshake, no state, no
/// reset. In stages: [`Pipelined`](crate::Pipelined), with places before the tree and behind each of its
/// levels.
///
/// *Undefined*: the integer of a total that is special.
///
/// *Verification*: all pairs of elements at every place of the block, and random blocks, against the
/// golden model, which is compared with integers of unlimited size. Blocks of 32 of every element are
/// proved to give the exact sum in integers, whatever the order: no adder of the netlist can overflow,
/// and each of its terms is shown all pairs of its elements.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct BlockSum {
    /// What the blocks are made of.
    pub element: Element,
    /// How many elements: 2 to 1024; 32 in MX.
    pub size: u32,
}

/// The ports of [`BlockSum`].
#[derive(Ports)]
pub struct BlockSumPorts {
    /// The codes of a block.
    pub a: In<Vec<Unsigned>>,
    /// The codes of the other block.
    pub b: In<Vec<Unsigned>>,
    /// The sum of products.
    pub total: Out<BlockTotal>,
}

impl Module for BlockSum {
    type Ports = BlockSumPorts;

    fn check(&self) -> Result<(), String> {
        self.element.possible()?;
        crate::element::block_size(self.size)
    }

    fn ports(&self) -> BlockSumPorts {
        let codes = vec![unsigned(self.element.width()); self.size as usize];
        let total = BlockTotal::shape_of(self.element, self.size);
        BlockSumPorts { a: codes.clone(), b: codes, total }
    }

    fn name(&self) -> String {
        format!("block_sum_{}_of_{}", self.element.tag(), self.size)
    }

    fn build(&self, p: BlockSumPorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Sealed for BlockSum {}

impl Staged for BlockSum {
    fn places(&self) -> u32 {
        1 + levels(self.size)
    }

    #[named]
    fn stages(&self, p: BlockSumPorts, cuts: &mut Cuts) {
        let pairs = p.a.into_iter().zip(p.b);
        let products: Vec<_> = pairs.map(|(a, b)| self.element.product(a, b)).collect();
        let nan = any_of(products.iter().map(|x| x.nan));
        let above = any_of(products.iter().map(|x| x.infinite & !x.negative));
        let below = any_of(products.iter().map(|x| x.infinite & x.negative));
        let integers: Vec<Signed> = products.into_iter().map(|x| x.integer).collect();
        let (integers, flags) = cuts.here((integers, [nan, above, below]));
        let (integer, [nan, above, below]) = tree(integers, flags, cuts);
        p.total.drive(BlockTotal {
            integer,
            nan: nan | (above & below),
            infinite: above | below,
            negative: below,
        });
    }
}

/// The sum of numbers in pairs, each level one bit wider, with a place for registers behind it; what
/// comes along stays as late.
pub(crate) fn tree<T: Signal>(
    mut terms: Vec<Signed>,
    mut along: T,
    cuts: &mut Cuts,
) -> (Signed, T) {
    while terms.len() > 1 {
        let add = |pair: &[Signed]| match pair {
            [a, b] => *a + *b,
            rest => rest[0].extend(rest[0].width() + 1),
        };
        (terms, along) = cuts.here((terms.chunks(2).map(add).collect(), along));
    }
    (terms[0], along)
}

/// Scales a block's total and adds it to an fp32 sum.
///
/// ```text
///            +----------+
///       c -->|          |
///   total -->|          |
/// scale_a -->| BlockAdd |--> result
/// scale_b -->|          |
///            +----------+
/// ```
///
/// *Behaviour*: `result = RNE(c + 2^(scale_a − 127) · 2^(scale_b − 127) · total)`, rounded once.
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset.
///
/// *Numerics*: gradual underflow. A scale of 255 is NaN and makes the result one. Specials as for
/// [`Add`](crate::Add); an integer of 0 counts as +0.
///
/// *Undefined*: nothing.
///
/// *Verification*: as part of [`BlockDot`].
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct BlockAdd {
    /// What the blocks are made of.
    pub element: Element,
    /// How many elements they have.
    pub size: u32,
}

/// The ports of [`BlockAdd`].
#[derive(Ports)]
pub struct BlockAddPorts {
    /// The sum so far.
    pub c: In<Float>,
    /// The block's total.
    pub total: In<BlockTotal>,
    /// E8M0 scale of the one block.
    pub scale_a: In<Unsigned>,
    /// E8M0 scale of the other block.
    pub scale_b: In<Unsigned>,
    /// The new sum.
    pub result: Out<Float>,
}

impl Module for BlockAdd {
    type Ports = BlockAddPorts;

    fn check(&self) -> Result<(), String> {
        self.element.possible()?;
        crate::element::block_size(self.size)
    }

    fn ports(&self) -> BlockAddPorts {
        let (sum, scale) = (Format::FP32.shape(), unsigned(8));
        let total = BlockTotal::shape_of(self.element, self.size);
        BlockAddPorts { c: sum, total, scale_a: scale, scale_b: scale, result: sum }
    }

    fn name(&self) -> String {
        format!("block_add_{}_of_{}", self.element.tag(), self.size)
    }

    fn build(&self, p: BlockAddPorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Sealed for BlockAdd {}

impl Staged for BlockAdd {
    fn places(&self) -> u32 {
        1 + sum::PLACES + 1
    }

    #[named]
    fn stages(&self, p: BlockAddPorts, cuts: &mut Cuts) {
        let c = unpack(p.c, Format::FP32);
        let plain = unpack_integer(p.total.integer, self.element.product_unit());
        // Scales add up to −254 to 254.
        let range = (plain.range.0 - 254, plain.range.1 + 254);
        let shape = exponent_shape((range.0.min(-254) - 2, range.1.max(512) + 2));
        let scales = resize((p.scale_a + p.scale_b).to_signed(), shape).wrapping_sub(254);
        let infinite = p.total.infinite;
        let scaled = Unpacked {
            sign: infinite.select(p.total.negative, plain.sign),
            nan: p.total.nan | p.scale_a.all() | p.scale_b.all(),
            infinite,
            zero: plain.zero & !infinite,
            exponent: resize(plain.exponent, shape).wrapping_add(scales),
            range,
            ..plain
        };
        let target = Target {
            format: Format::FP32,
            rounding: Rounding::NearestEven,
            overflow: Overflow::Special,
            random: None,
        };
        let (c, scaled) = (c.through(cuts), scaled.through_too(cuts));
        let exact = sum(&c, &scaled, target.bits_wanted(), false, cuts);
        p.result.drive(target.pack_in_stages(exact, cuts));
    }
}

/// The dot product of two MX blocks, added to an fp32 sum.
///
/// ```text
///            +----------+
///       c -->|          |
/// a, b ----->| BlockDot |--> result
/// scale_a -->|          |
/// scale_b -->|          |
///            +----------+
/// ```
///
/// *Behaviour*: [`BlockSum`], then [`BlockAdd`]: all products of a block are added exactly, and the
/// only rounding is that of the sum.
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset.
///
/// *Undefined*: nothing.
///
/// *Verification*: all pairs of elements at every place, all scales, random blocks and sums near the
/// block's, against the golden model.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct BlockDot {
    /// What the blocks are made of.
    pub element: Element,
    /// How many elements they have: 2 to 1024; 32 in MX.
    pub size: u32,
}

/// The ports of [`BlockDot`].
#[derive(Ports)]
pub struct BlockDotPorts {
    /// The sum so far.
    pub c: In<Float>,
    /// The codes of a block.
    pub a: In<Vec<Unsigned>>,
    /// Its E8M0 scale.
    pub scale_a: In<Unsigned>,
    /// The codes of the other block.
    pub b: In<Vec<Unsigned>>,
    /// Its E8M0 scale.
    pub scale_b: In<Unsigned>,
    /// The new sum.
    pub result: Out<Float>,
}

impl Module for BlockDot {
    type Ports = BlockDotPorts;

    fn check(&self) -> Result<(), String> {
        self.element.possible()?;
        crate::element::block_size(self.size)
    }

    fn ports(&self) -> BlockDotPorts {
        let codes = vec![unsigned(self.element.width()); self.size as usize];
        let (sum, scale) = (Format::FP32.shape(), unsigned(8));
        BlockDotPorts {
            c: sum,
            a: codes.clone(),
            scale_a: scale,
            b: codes,
            scale_b: scale,
            result: sum,
        }
    }

    fn name(&self) -> String {
        format!("block_dot_{}_of_{}", self.element.tag(), self.size)
    }

    fn build(&self, p: BlockDotPorts) {
        let (element, size) = (self.element, self.size);
        let products = instance(BlockSum { element, size }, "products");
        products.a.drive(p.a);
        products.b.drive(p.b);
        let add = instance(BlockAdd { element, size }, "add");
        add.c.drive(p.c);
        add.total.drive(products.total);
        add.scale_a.drive(p.scale_a);
        add.scale_b.drive(p.scale_b);
        p.result.drive(add.result);
    }
}
