//! [`Adder`].

use super::prefix::{self, Carry};
use olivine_lang::prelude::*;

/// How an [`Adder`] is made.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum AdderArchitecture {
    /// `a + b`: what the tools make of it, a carry chain on an FPGA.
    Native,
    /// One full adder after the other: smallest, slowest.
    Ripple,
    /// Blocks of about √width bits, each for both carries, of which the true one is chosen.
    CarrySelect,
    /// A prefix tree with ⌈log₂ width⌉ levels, fan-out of up to half of the bits.
    Sklansky,
    /// A prefix tree with ⌈log₂ width⌉ levels, fan-out 2, most cells and wires.
    KoggeStone,
    /// A prefix tree with about twice as many levels, fewest cells.
    BrentKung,
}

impl AdderArchitecture {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Native,
        Self::Ripple,
        Self::CarrySelect,
        Self::Sklansky,
        Self::KoggeStone,
        Self::BrentKung,
    ];
}

/// Adds two numbers and a carry.
///
/// ```text
///              +-------+
///     a, b --->| Adder |--> sum
///  carry_in -->|       |--> carry_out
///              +-------+
/// ```
///
/// *Parameters*: `width`, at least 1; `architecture`, how: the result is the same.
///
/// *Ports*: see [`AdderPorts`].
///
/// *Behaviour*: `carry_out · 2^width + sum = a + b + carry_in`.
///
/// *Timing*: combinational; how deep, the architecture says.
///
/// *Undefined*: nothing.
///
/// *Verification*: proved for every architecture, up to 32 bits.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::{Adder, AdderArchitecture};
///
/// let mut bench = Bench::new(Adder { width: 8, architecture: AdderArchitecture::BrentKung });
/// bench.run(1, |p, _| {
///     p.a.poke(200u8);
///     p.b.poke(100u8);
///     p.carry_in.poke(true);
///     assert_eq!((p.sum.peek(), p.carry_out.peek()), (45, 1));
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Adder {
    /// Bits of a number.
    pub width: u32,
    /// How it is made.
    pub architecture: AdderArchitecture,
}

/// The ports of [`Adder`].
#[derive(Ports)]
pub struct AdderPorts {
    /// A number.
    pub a: In<Unsigned>,
    /// Another.
    pub b: In<Unsigned>,
    /// One more.
    pub carry_in: In<Bit>,
    /// The sum modulo 2^width.
    pub sum: Out<Unsigned>,
    /// The sum has one bit more.
    pub carry_out: Out<Bit>,
}

impl Module for Adder {
    type Ports = AdderPorts;

    fn ports(&self) -> AdderPorts {
        let number = unsigned(self.width);
        AdderPorts { a: number, b: number, carry_in: bit(), sum: number, carry_out: bit() }
    }

    #[named]
    fn build(&self, p: AdderPorts) {
        let sum = add(self.architecture, p.a, p.b, p.carry_in);
        p.sum.drive(sum.truncate(self.width));
        p.carry_out.drive(sum.top_bit());

        let carry = p.carry_in.as_unsigned().extend(self.width + 1);
        let spec = (p.b + p.a).wrapping_add(carry);
        always("carry and sum are a + b + carry", p.sum.concat(p.carry_out).eq(spec));
        cover("a carry runs through all bits", p.carry_in & p.carry_out & !p.sum.any());
    }
}

/// The sum of two numbers of one width and a carry, one bit wider.
#[track_caller]
pub(super) fn add(how: AdderArchitecture, a: Unsigned, b: Unsigned, carry: Bit) -> Unsigned {
    let bits: Vec<(Bit, Bit)> = a.bits().into_iter().zip(b.bits()).collect();
    match how {
        AdderArchitecture::Native => {
            (a + b).wrapping_add(carry.as_unsigned().extend(a.width() + 1))
        }
        AdderArchitecture::Ripple => cat(ripple(&bits, carry)),
        AdderArchitecture::CarrySelect => cat(carry_select(&bits, carry)),
        AdderArchitecture::Sklansky => by_prefixes(&bits, carry, prefix::sklansky),
        AdderArchitecture::KoggeStone => by_prefixes(&bits, carry, prefix::kogge_stone),
        AdderArchitecture::BrentKung => by_prefixes(&bits, carry, prefix::brent_kung),
    }
}

/// The sum of each pair, and the carry last.
#[track_caller]
fn ripple(bits: &[(Bit, Bit)], mut carry: Bit) -> Vec<Bit> {
    let mut sum = Vec::with_capacity(bits.len() + 1);
    for (a, b) in bits {
        let half = *a ^ *b;
        sum.push(half ^ carry);
        carry = mux(half, carry, *a);
    }
    sum.push(carry);
    sum
}

#[track_caller]
fn carry_select(bits: &[(Bit, Bit)], mut carry: Bit) -> Vec<Bit> {
    let block = bits.len().isqrt().max(1);
    let mut sum = Vec::with_capacity(bits.len() + 1);
    for block in bits.chunks(block) {
        let [without, with] = [false, true].map(|c| ripple(block, constant(bit(), c)));
        let mut chosen: Vec<Bit> =
            with.iter().zip(&without).map(|(with, without)| mux(carry, *with, *without)).collect();
        carry = chosen.pop().expect("a carry comes last");
        sum.append(&mut chosen);
    }
    sum.push(carry);
    sum
}

/// The carry into each bit from a tree of prefixes; the carry in is a place of its own.
#[track_caller]
fn by_prefixes(
    bits: &[(Bit, Bit)],
    carry: Bit,
    prefixes: impl Fn(&[Carry]) -> Vec<Carry>,
) -> Unsigned {
    let own = |(a, b): &(Bit, Bit)| Carry { generate: *a & *b, propagate: *a ^ *b };
    let first = Carry { generate: carry, propagate: constant(bit(), false) };
    let places: Vec<Carry> = std::iter::once(first).chain(bits.iter().map(own)).collect();
    let carries = prefixes(&places);
    let sums = places[1..].iter().zip(&carries).map(|(own, below)| own.propagate ^ below.generate);
    let last = carries[bits.len()].generate;
    cat(sums.chain([last]).collect::<Vec<Bit>>())
}
