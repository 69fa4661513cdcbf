//! [`Tier`]: what executes a compiled design.

use std::fmt;
use std::str::FromStr;

/// What executes a compiled design. All give the same values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// A bytecode, on any machine; skips what does not change.
    Bytecode,
    /// Machine code made by Cranelift, with vectors of 128 bits: for processors that are not x86-64,
    /// and on those with the crate's feature `portable`. Float functions are computed gate by gate.
    Portable,
    /// Machine code with vectors of 256 bits: AVX2, FMA, BMI1 and BMI2.
    Avx2,
    /// Machine code with vectors of 512 bits: AVX-512 (F, DQ, BW, VL), BMI1 and BMI2.
    Avx512,
}

impl Tier {
    /// All, from the most portable to the most special.
    pub const ALL: [Self; 4] = [Self::Bytecode, Self::Portable, Self::Avx2, Self::Avx512];

    /// Whether this processor can run it.
    #[cfg(target_arch = "x86_64")]
    pub fn is_available(self) -> bool {
        let scalars = || {
            is_x86_feature_detected!("bmi1")
                && is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("popcnt")
        };
        match self {
            Self::Bytecode => true,
            #[cfg(feature = "portable")]
            Self::Portable => crate::native::is_portable_available(),
            #[cfg(not(feature = "portable"))]
            Self::Portable => false,
            Self::Avx2 => {
                is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") && scalars()
            }
            Self::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vl")
                    && scalars()
            }
        }
    }

    /// Whether this processor can run it.
    #[cfg(not(target_arch = "x86_64"))]
    pub fn is_available(self) -> bool {
        match self {
            Self::Bytecode => true,
            Self::Portable => crate::native::is_portable_available(),
            Self::Avx2 | Self::Avx512 => false,
        }
    }

    /// Whether it computes functions of floats.
    pub(crate) fn has_floats(self) -> bool {
        matches!(self, Self::Avx2 | Self::Avx512)
    }

    /// The most special one that this processor can run.
    pub fn best() -> Self {
        Self::chosen(None, Self::is_available)
    }

    /// The one that was asked for, or else the most special one that is not above it and is
    /// available.
    pub(crate) fn chosen(asked: Option<Self>, is_available: impl Fn(Self) -> bool) -> Self {
        let allowed = Self::ALL.into_iter().filter(|tier| asked.is_none_or(|asked| *tier <= asked));
        allowed.rev().find(|tier| is_available(*tier)).unwrap_or(Self::Bytecode)
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytecode => "bytecode",
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        })
    }
}

impl FromStr for Tier {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|tier| tier.to_string() == name);
        let names = || Self::ALL.map(|tier| tier.to_string()).join(", ");
        found
            .ok_or_else(|| format!("`{name}` is no tier of the simulator: take one of {}", names()))
    }
}

#[cfg(test)]
mod tests {
    use super::Tier;

    /// On processors of each kind, whatever was asked for.
    #[test]
    fn what_a_processor_cannot_run_becomes_the_next_that_it_can() {
        let (portable, half, full) = (Tier::Portable, Tier::Avx2, Tier::Avx512);
        let chosen = |asked, best: Tier| Tier::chosen(asked, |tier| tier <= best);
        for best in Tier::ALL {
            assert_eq!(chosen(None, best), best);
            for asked in Tier::ALL {
                assert_eq!(chosen(Some(asked), best), asked.min(best));
            }
        }
        // A processor with AVX-512 alone is none of ours, but nothing rests on the order.
        assert_eq!(Tier::chosen(None, |tier| tier != half), full);
        assert_eq!(Tier::chosen(Some(half), |tier| tier != half), portable);
    }
}
