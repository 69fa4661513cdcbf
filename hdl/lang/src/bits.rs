//! Small functions on the bits of a number, as trees of cells.

use crate::leaf::{Leaf, Reading};
use crate::operand::Operand;
use crate::place::here;
use crate::{Bit, Unsigned, constant, mux, scalar::bits_for, unsigned};

impl Unsigned {
    /// Bit `index`, a signal; past the end it is zero.
    #[track_caller]
    pub fn bit_at(&self, index: impl Operand<Unsigned>) -> Bit {
        let at = here();
        let low = self.shift_right(index);
        Bit(crate::parts::slice(at, low.0, 0, 1, Reading::Bit))
    }

    /// The lowest bit that is one, alone; zero if there is none.
    #[track_caller]
    pub fn lowest_one(&self) -> Unsigned {
        *self & (!*self).wrapping_add(1)
    }

    /// The bits in the opposite order.
    #[track_caller]
    pub fn reversed(&self) -> Unsigned {
        let at = here();
        let mut bits = self.bits();
        bits.reverse();
        crate::parts::pack(at, &bits)
    }

    /// How many bits are one; wide enough for all of them.
    #[track_caller]
    pub fn count_ones(&self) -> Unsigned {
        let at = here();
        let width = bits_for(u64::from(self.0.width));
        let mut sums: Vec<Unsigned> = self.bits().iter().map(Bit::as_unsigned).collect();
        while sums.len() > 1 {
            let pairs = sums.chunks(2).map(|pair| match pair {
                [a, b] => *a + *b,
                rest => rest[0],
            });
            sums = pairs.collect();
        }
        let sum = sums[0].0;
        if sum.width < width {
            return Unsigned(crate::arith::extend(at, sum, width));
        }
        Unsigned(crate::arith::truncate(at, sum, width))
    }

    /// How many zeros stand above the highest one; the width if there is none.
    #[track_caller]
    pub fn leading_zeros(&self) -> Unsigned {
        self.reversed().trailing_zeros()
    }

    /// How many zeros stand below the lowest one; the width if there is none.
    #[track_caller]
    pub fn trailing_zeros(&self) -> Unsigned {
        let at = here();
        let shape = unsigned(bits_for(u64::from(self.0.width)));
        let mut nodes: Vec<Lowest> = Vec::new();
        for (i, bit) in self.bits().into_iter().enumerate() {
            let index = crate::constant::scalar(at, shape, (i as u64).given());
            nodes.push(Lowest { any: bit, index });
        }
        while nodes.len() > 1 {
            nodes = nodes.chunks(2).map(|pair| Lowest::of(at, pair)).collect();
        }
        let none = crate::constant::scalar(at, shape, u64::from(self.0.width).given());
        mux::choose(at, nodes[0].any.0, &nodes[0].index, &none)
    }

    /// As many bits as there are values of this number, all zero but the one that it counts.
    #[track_caller]
    pub fn decoded(&self) -> Unsigned {
        let at = here();
        let width = 1u32.checked_shl(self.0.width).unwrap_or(0);
        let one = constant::of(at, &Unsigned(Leaf::shape(width, Reading::Unsigned)), 1.given());
        one.shift_left(*self)
    }
}

/// The lowest one of some bits.
#[derive(Clone, Copy)]
struct Lowest {
    any: Bit,
    index: Unsigned,
}

impl Lowest {
    fn of(at: crate::place::At, pair: &[Self]) -> Self {
        let [low, high] = pair else { return pair[0] };
        let index = mux::choose(at, low.any.0, &low.index, &high.index);
        let any = crate::logic::or(at, low.any, high.any);
        Self { any, index }
    }
}
