//! The arrays: weight-stationary, fed by their own random numbers, folded into a checksum.
//!
//! ```text
//!            weights: one source per column
//!               |        |        |
//!            +--v--+  +--v--+  +--v--+
//!   source ->| PE  |->| PE  |->| PE  |    operands move east, sums and weights south
//!            +--+--+  +--+--+  +--+--+
//!   source ->| PE  |->| PE  |->| PE  |
//!            +--+--+  +--+--+  +--+--+
//!               +--------+--------+-----> xor, rotated into `chk`
//! ```
//!
//! Every cycle a new operand enters each row, so nearly everything changes; for the first N of
//! every 1024 cycles the weights move. Each sum of each cycle goes into `chk`: equal checksums
//! after equal cycles are equal behaviour.

use super::float::{Add, Multiply};
use olivine::prelude::*;

/// What an element computes with.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Kind {
    /// int8 × int8 + int32.
    Int8,
    /// bf16 × bf16, exact, + fp32, rounded once; subnormals are zero.
    Bf16,
}

impl Kind {
    fn operand(self) -> Unsigned {
        unsigned(if self == Self::Int8 { 8 } else { 16 })
    }

    fn multiply_add(self, sum: Unsigned, a: Unsigned, w: Unsigned) -> Unsigned {
        if self == Self::Int8 {
            let product = (a.as_signed() * w.as_signed()).extend(32);
            return sum.wrapping_add(product.as_unsigned());
        }
        let multiply = instance(Multiply, "mul");
        multiply.x.drive(a);
        multiply.y.drive(w);
        let add = instance(Add, "add");
        add.x.drive(sum);
        add.y.drive(multiply.z);
        add.z
    }

    /// The operand and the weight in a source's state.
    fn pick(self, s: Unsigned) -> (Unsigned, Unsigned) {
        if self == Self::Int8 {
            return (s.slice(0, 8), s.slice(8, 8));
        }
        let normal = |fraction: u32, exponent: u32, sign: u32| {
            let exponent = (s.slice(exponent, 4) + 120).truncate(8);
            cat((s.slice(fraction, 7), exponent, s.bit(sign)))
        };
        (normal(0, 7, 11), normal(12, 19, 23))
    }
}

/// A processing element: `p_out` becomes `p_in + a_in · w`.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Element {
    kind: Kind,
}

#[derive(Ports)]
struct ElementPorts {
    load: In<Bit>,
    a_in: In<Unsigned>,
    w_in: In<Unsigned>,
    p_in: In<Unsigned>,
    a_out: Out<Unsigned>,
    w_out: Out<Unsigned>,
    p_out: Out<Unsigned>,
}

impl Module for Element {
    type Ports = ElementPorts;

    fn ports(&self) -> ElementPorts {
        let (word, sum) = (self.kind.operand(), unsigned(32));
        ElementPorts {
            load: bit(),
            a_in: word,
            w_in: word,
            p_in: sum,
            a_out: word,
            w_out: word,
            p_out: sum,
        }
    }

    #[named]
    fn build(&self, p: ElementPorts) {
        let a = reg(self.kind.operand()).reset(0);
        let w = reg(self.kind.operand()).reset(0);
        let sum = reg(unsigned(32)).reset(0);
        a.set(p.a_in);
        when(p.load, || w.set(p.w_in));
        sum.set(self.kind.multiply_add(p.p_in, p.a_in, w));
        p.a_out.drive(a);
        p.w_out.drive(w);
        p.p_out.drive(sum);
    }
}

/// A source of random numbers: xorshift32. In the cycle after reset its state is made of the seed
/// and of a number of its own.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Source {
    kind: Kind,
}

#[derive(Ports)]
struct SourcePorts {
    first: In<Bit>,
    seed: In<Unsigned>,
    own: In<Unsigned>,
    operand: Out<Unsigned>,
    weight: Out<Unsigned>,
}

impl Module for Source {
    type Ports = SourcePorts;

    fn ports(&self) -> SourcePorts {
        let (word, operand) = (unsigned(32), self.kind.operand());
        SourcePorts { first: bit(), seed: word, own: word, operand, weight: operand }
    }

    #[named]
    fn build(&self, p: SourcePorts) {
        let held = reg(unsigned(32)).reset(0);
        let s = p.first.select((p.seed ^ p.own) | 1, held);
        let s1 = s ^ s.shift_left(13);
        let s2 = s1 ^ s1.shift_right(17);
        held.set(s2 ^ s2.shift_left(5));
        let (operand, weight) = self.kind.pick(s);
        p.operand.drive(operand);
        p.weight.drive(weight);
    }
}

/// An N × N array with its sources and its checksum.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Array {
    /// What the elements compute with.
    pub kind: Kind,
    /// Rows and columns.
    pub n: usize,
}

/// The ports of [`Array`].
#[derive(Ports)]
pub struct ArrayPorts {
    /// Chooses the random numbers.
    pub seed: In<Unsigned>,
    /// Of all sums of all cycles.
    pub chk: Out<Unsigned>,
}

impl Module for Array {
    type Ports = ArrayPorts;

    fn ports(&self) -> ArrayPorts {
        ArrayPorts { seed: unsigned(32), chk: unsigned(32) }
    }

    fn name(&self) -> String {
        format!("bench_{:?}_{}", self.kind, self.n).to_lowercase()
    }

    #[named]
    fn build(&self, p: ArrayPorts) {
        let n = self.n;
        let first = reg(bit()).reset(true);
        first.set(false);
        let count = reg(unsigned(10)).reset(0);
        count.set(count.wrapping_add(1));
        let load = count.lt(n as u64);
        let sources = instances(Source { kind: self.kind }, [n], "source");
        for i in sources.indices() {
            sources[i].first.drive(first);
            sources[i].seed.drive(p.seed);
            let own = 0x9e37_79b9_u32.wrapping_mul(i as u32 + 1);
            sources[i].own.drive(constant(unsigned(32), u64::from(own)));
        }
        let pe = instances(Element { kind: self.kind }, [n, n], "pe");
        for (r, c) in pe.indices() {
            let zero = constant(unsigned(32), 0);
            pe[r][c].load.drive(load);
            pe[r][c].a_in.drive(if c == 0 { sources[r].operand } else { pe[r][c - 1].a_out });
            pe[r][c].w_in.drive(if r == 0 { sources[c].weight } else { pe[r - 1][c].w_out });
            pe[r][c].p_in.drive(if r == 0 { zero } else { pe[r - 1][c].p_out });
        }
        (0..n).for_each(|i| unused(pe[i][n - 1].a_out));
        (0..n).for_each(|i| unused(pe[n - 1][i].w_out));
        let fold = pe[n - 1].iter().map(|e| e.p_out).reduce(|a, b| a ^ b).expect("a column");
        let chk = reg(unsigned(32)).reset(0);
        let turned = cat((chk.top_bit(), chk.truncate(31)));
        chk.set(turned ^ fold);
        p.chk.drive(chk);
    }
}
