//! [`Rounding`] and [`Overflow`]: where an exact result goes that a format cannot hold.

use olivine_lang::prelude::*;

/// Which of its two neighbours in a format an exact result becomes.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Rounding {
    /// The nearer; of two equally near the even one.
    NearestEven,
    /// The nearer; of two equally near the one of larger magnitude.
    NearestAway,
    /// The one of smaller magnitude.
    TowardZero,
    /// The greater one.
    Up,
    /// The lesser one.
    Down,
    /// One of the two by chance: the one of larger magnitude iff `⌊d · 2^bits⌋ + random ≥ 2^bits`,
    /// where `d` in [0, 1) is what would be cut off, in units of the last place.
    ///
    /// With `random` uniform that happens with probability `d`, exactly so where `d` is a multiple
    /// of `2^-bits`, and by less than `2^-bits` too rarely otherwise. What is exact never moves.
    Stochastic {
        /// Width of the random number: 1 to 32.
        bits: u32,
    },
}

/// What becomes of a result that is too large for its format.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Overflow {
    /// Infinity, or the largest number where the rounding is toward it; a NaN in a format that
    /// has no infinity; the largest number in one that has neither.
    Special,
    /// The largest number. That is what infinities become, too.
    Saturate,
}

impl Rounding {
    /// Whether units can have this rounding, for [`Module::check`].
    pub(crate) fn possible(self) -> Result<(), String> {
        match self {
            Self::Stochastic { bits } if !(1..=32).contains(&bits) => {
                Err(format!("a random number of {bits} bits: it must have from 1 to 32"))
            }
            _ => Ok(()),
        }
    }

    /// Short for names.
    pub(crate) fn tag(self) -> String {
        match self {
            Self::NearestEven => "rne".into(),
            Self::NearestAway => "rna".into(),
            Self::TowardZero => "rtz".into(),
            Self::Up => "rup".into(),
            Self::Down => "rdn".into(),
            Self::Stochastic { bits } => format!("sr{bits}"),
        }
    }

    /// The width of its random number, 0 if it needs none.
    pub(crate) fn random_bits(self) -> u32 {
        match self {
            Self::Stochastic { bits } => bits,
            _ => 0,
        }
    }

    /// The shape of the port for its random number.
    pub(crate) fn random(self) -> Option<Unsigned> {
        Some(self.random_bits()).filter(|bits| *bits > 0).map(unsigned)
    }

    /// How many bits below the last place it looks at one by one; what is below those only counts
    /// as zero or not.
    pub(crate) fn bits_below(self) -> u32 {
        self.random_bits().max(1)
    }

    /// Whether a number goes up in magnitude. `below` is what is cut off: its last bit says whether
    /// anything is lost below the others, which are at least [`Rounding::bits_below`].
    #[track_caller]
    pub(crate) fn goes_up(
        self,
        negative: Bit,
        odd: Bit,
        below: Unsigned,
        random: Option<Unsigned>,
    ) -> Bit {
        let half = below.top_bit();
        match (self, random) {
            (Self::NearestAway, _) => half,
            (Self::TowardZero, _) => constant(bit(), false),
            (Self::Up, _) => below.any() & !negative,
            (Self::Down, _) => below.any() & negative,
            (Self::Stochastic { bits }, Some(random)) => {
                let d = below.slice(below.width() - bits, bits);
                (d + random).top_bit()
            }
            _ => half & (below.truncate(below.width() - 1).any() | odd),
        }
    }

    /// Whether what is too large becomes infinity, and not the largest number.
    #[track_caller]
    pub(crate) fn to_infinity(self, negative: Bit) -> Bit {
        match self {
            Self::TowardZero => constant(bit(), false),
            Self::Up => !negative,
            Self::Down => negative,
            _ => constant(bit(), true),
        }
    }
}
