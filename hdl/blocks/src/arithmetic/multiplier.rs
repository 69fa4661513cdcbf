//! [`Multiplier`].

use super::adder::{AdderArchitecture, add};
use super::booth;
use super::columns::{Columns, two_rows, wallace};
use olivine_lang::prelude::*;

/// How a [`Multiplier`] is made.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum MultiplierArchitecture {
    /// `a * b`: what the tools make of it, DSP blocks on an FPGA.
    Native,
    /// A row of full adders for each bit of `b`.
    Array,
    /// A tree of full adders, then a prefix adder.
    Wallace,
    /// Half as many partial products, by Booth's recoding in radix 4; then as Wallace.
    Booth,
}

impl MultiplierArchitecture {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Native, Self::Array, Self::Wallace, Self::Booth];
}

/// Multiplies two unsigned numbers.
///
/// ```text
///         +------------+
///  a ---->| Multiplier |--> product
///  b ---->|            |
///         +------------+
/// ```
///
/// *Parameters*: `a` and `b`, the widths of the factors, at least 1; `architecture`, how: the
/// result is the same.
///
/// *Ports*: see [`MultiplierPorts`].
///
/// *Behaviour*: `product = a · b`, in full.
///
/// *Timing*: combinational; how deep, the architecture says.
///
/// *Undefined*: nothing.
///
/// *Verification*: proved for every architecture up to 6×6 bits and odd widths; by all pairs at
/// 8×8; by random pairs above.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::{Multiplier, MultiplierArchitecture};
///
/// let architecture = MultiplierArchitecture::Booth;
/// let mut bench = Bench::new(Multiplier { a: 8, b: 6, architecture });
/// bench.run(1, |p, _| {
///     p.a.poke(200u8);
///     p.b.poke(50u8);
///     assert_eq!(p.product.peek(), 10_000);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Multiplier {
    /// Bits of the first factor.
    pub a: u32,
    /// Bits of the second factor.
    pub b: u32,
    /// How it is made.
    pub architecture: MultiplierArchitecture,
}

/// The ports of [`Multiplier`].
#[derive(Ports)]
pub struct MultiplierPorts {
    /// A factor.
    pub a: In<Unsigned>,
    /// The other.
    pub b: In<Unsigned>,
    /// The product, as wide as both together.
    pub product: Out<Unsigned>,
}

impl Module for Multiplier {
    type Ports = MultiplierPorts;

    fn ports(&self) -> MultiplierPorts {
        let product = unsigned(self.a.saturating_add(self.b));
        MultiplierPorts { a: unsigned(self.a), b: unsigned(self.b), product }
    }

    #[named]
    fn build(&self, p: MultiplierPorts) {
        let product = match self.architecture {
            MultiplierArchitecture::Native => p.a * p.b,
            MultiplierArchitecture::Array => array(p.a, p.b),
            MultiplierArchitecture::Wallace => tree(products(p.a, p.b)),
            MultiplierArchitecture::Booth => tree(booth::partial_products(p.a, p.b)),
        };
        p.product.drive(product);

        always("it is the product", p.product.eq(p.b * p.a));
        cover("the greatest product", p.a.all() & p.b.all());
    }
}

/// Row by row: the lowest bit of each sum is done, the others meet the next row.
#[track_caller]
fn array(a: Unsigned, b: Unsigned) -> Unsigned {
    let mut rows = b.bits().into_iter().map(|bit| a & bit.repeat(a.width()));
    let mut above = rows.next().expect("a factor has a bit").extend(a.width() + 1);
    let mut done = Vec::new();
    for row in rows {
        done.push(above.bit(0));
        let none = constant(bit(), false);
        above = add(AdderArchitecture::Ripple, above.slice(1, a.width()), row, none);
    }
    done.extend(above.bits());
    cat(done)
}

/// Every bit of `a` with every bit of `b`.
#[track_caller]
fn products(a: Unsigned, b: Unsigned) -> Columns {
    let mut columns: Columns = vec![Vec::new(); (a.width() + b.width()) as usize];
    for (i, x) in a.bits().into_iter().enumerate() {
        for (j, y) in b.bits().into_iter().enumerate() {
            columns[i + j].push(x & y);
        }
    }
    columns
}

#[track_caller]
fn tree(columns: Columns) -> Unsigned {
    let width = columns.len() as u32;
    let [x, y] = two_rows(&wallace(columns));
    let none = constant(bit(), false);
    add(AdderArchitecture::KoggeStone, x, y, none).truncate(width)
}
