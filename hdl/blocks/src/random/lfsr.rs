//! [`Lfsr`]: a linear feedback shift register.

use olivine_lang::prelude::*;

/// The polynomials that an [`Lfsr`] can have. All are primitive: the register visits every state
/// but zero.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Polynomial {
    /// x⁸ + x⁶ + x⁵ + x⁴ + 1.
    Degree8,
    /// x¹⁶ + x¹⁵ + x¹³ + x⁴ + 1.
    Degree16,
    /// x³² + x²² + x² + x + 1.
    Degree32,
    /// x⁶⁴ + x⁶³ + x⁶¹ + x⁶⁰ + 1.
    Degree64,
}

impl Polynomial {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Degree8, Self::Degree16, Self::Degree32, Self::Degree64];

    /// Its powers, the highest first.
    pub const fn powers(self) -> &'static [u32] {
        match self {
            Self::Degree8 => &[8, 6, 5, 4, 0],
            Self::Degree16 => &[16, 15, 13, 4, 0],
            Self::Degree32 => &[32, 22, 2, 1, 0],
            Self::Degree64 => &[64, 63, 61, 60, 0],
        }
    }

    /// The highest power: the width of the register.
    pub const fn degree(self) -> u32 {
        self.powers()[0]
    }
}

/// A source of random numbers that moves only when told to.
///
/// ```text
///            +------+
///    seed -->|      |
///    load -->| Lfsr |--> value
/// advance -->|      |
///            +------+
/// ```
///
/// *Parameters*: `polynomial`; `steps` of an advance, 1 to 64.
///
/// *Ports*: see [`LfsrPorts`].
///
/// *Behaviour*: a Galois register: `value` is `seed · x^(steps · k)` modulo the polynomial after `k`
/// advances. With `steps` at least as large as the number of bits used, successive numbers share no
/// bits. `load` wins over `advance`.
///
/// *Timing*: `value` comes from registers; `load` and `advance` act at the next edge.
///
/// *Reset*: to 1.
///
/// *Numerics*: the period is `2^degree − 1` advances if `steps` shares no factor with that, as powers
/// of two do. A seed of zero is taken as 1, as zero would stay for ever.
///
/// A register that is shared hands its numbers out in the order of requests, so that results depend
/// on timing; where that matters take [`CounterRandom`](crate::CounterRandom).
///
/// *Undefined*: nothing.
///
/// *Verification*: against a golden model that multiplies polynomials, and in the tests of floats
/// against one that raises x to powers; that the polynomials are primitive is shown there. Proved:
/// the register never becomes zero; what an advance does is undone by as many steps back.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::{Lfsr, Polynomial};
///
/// let mut bench = Bench::new(Lfsr { polynomial: Polynomial::Degree8, steps: 4 });
/// bench.run(3, |p, cycle| {
///     p.load.poke(false);
///     p.advance.poke(true);
///     assert_eq!(p.value.peek(), [1, 0x10, 0x71][cycle]);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Lfsr {
    /// Which polynomial.
    pub polynomial: Polynomial,
    /// How many steps an advance takes: 1 to 64.
    pub steps: u32,
}

/// The ports of [`Lfsr`].
#[derive(Ports)]
pub struct LfsrPorts {
    /// What `load` loads.
    pub seed: In<Unsigned>,
    /// Starts at `seed`.
    pub load: In<Bit>,
    /// Goes on to the next number.
    pub advance: In<Bit>,
    /// The present number; never zero.
    pub value: Out<Unsigned>,
}

impl Module for Lfsr {
    type Ports = LfsrPorts;

    fn check(&self) -> Result<(), String> {
        let possible = (1..=64).contains(&self.steps);
        let reason = || format!("{} steps for an advance: there must be 1 to 64", self.steps);
        possible.then_some(()).ok_or_else(reason)
    }

    fn ports(&self) -> LfsrPorts {
        let state = unsigned(self.polynomial.degree());
        LfsrPorts { seed: state, load: bit(), advance: bit(), value: state }
    }

    fn name(&self) -> String {
        format!("lfsr{}_by_{}", self.polynomial.degree(), self.steps)
    }

    #[named]
    fn build(&self, p: LfsrPorts) {
        let width = self.polynomial.degree();
        let state = reg(unsigned(width)).reset(1);
        when(p.advance, || {
            let next = (0..self.steps).fold(state, |now, _| self.step(now));
            state.set(next);
        });
        when(p.load, || {
            let one = (!p.seed.any()).as_unsigned().extend(width);
            state.set(p.seed | one);
        });
        p.value.drive(state);
        always("the register is never zero", state.any());
    }
}

impl Lfsr {
    /// Times x.
    fn step(&self, now: Unsigned) -> Unsigned {
        let powers = &self.polynomial.powers()[1..];
        let low = powers.iter().fold(0u64, |low, power| low | 1 << power);
        let carry = now.top_bit().repeat(now.width());
        now.shift_left(1) ^ (carry & constant(unsigned(now.width()), Bits::new(now.width(), low)))
    }
}
