//! [`PriorityEncoder`].

use olivine_lang::prelude::*;

/// The index of the lowest bit that is one.
///
/// ```text
///           +-----------------+
///  bits --->| PriorityEncoder |--> index, any
///           +-----------------+
/// ```
///
/// *Parameters*: `n`, the number of bits, at least 1.
///
/// *Ports*: see [`PriorityEncoderPorts`].
///
/// *Behaviour*: `any` if some bit is one; then `index` is the least `i` with `bits[i]`.
///
/// *Timing*: combinational, a tree of about log₂ `n` levels.
///
/// *Undefined*: nothing; `index` is 0 where there is no one.
///
/// *Verification*: proved for several `n`: the bit at `index` is one and all below it are zero.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::PriorityEncoder;
///
/// let mut bench = Bench::new(PriorityEncoder { n: 6 });
/// bench.run(1, |p, _| {
///     p.bits.poke(0b101000u8);
///     assert_eq!((p.any.peek(), p.index.peek()), (1, 3));
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct PriorityEncoder {
    /// The number of bits.
    pub n: u32,
}

/// The ports of [`PriorityEncoder`].
#[derive(Ports)]
pub struct PriorityEncoderPorts {
    /// What is looked through.
    pub bits: In<Unsigned>,
    /// The index of the lowest one; 0 if there is none.
    pub index: Out<Unsigned>,
    /// There is a one.
    pub any: Out<Bit>,
}

impl Module for PriorityEncoder {
    type Ports = PriorityEncoderPorts;

    fn ports(&self) -> PriorityEncoderPorts {
        let index = unsigned(index_width(self.n as usize));
        PriorityEncoderPorts { bits: unsigned(self.n), index, any: bit() }
    }

    #[named]
    fn build(&self, p: PriorityEncoderPorts) {
        let zeros = p.bits.trailing_zeros().truncate(p.index.width());
        let any = p.bits.any();
        p.any.drive(any);
        p.index.drive(mux(any, zeros, 0));

        let at_index = constant(p.bits.shape(), 1).shift_left(p.index);
        always("it says whether there is a one", p.any.eq(p.bits.ne(0)));
        when(p.any, || {
            always("the bit at the index is one", (p.bits & at_index).eq(at_index));
            always("no bit below the index is", (p.bits & at_index.wrapping_sub(1)).eq(0));
        })
        .otherwise(|| always("without a one the index is 0", p.index.eq(0)));
        cover("the last bit is the lowest one", p.any & p.index.eq(self.n - 1));
    }
}
