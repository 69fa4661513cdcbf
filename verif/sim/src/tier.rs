//! [`Tier`]: what executes a compiled design.

use std::fmt;
use std::str::FromStr;

/// What executes a compiled design. All give the same values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// A bytecode, on any machine; skips what does not change.
    Bytecode,
    /// Machine code with vectors of 512 bits: AVX-512 (F, DQ, BW, VL) and BMI2.
    Avx512,
}

impl Tier {
    /// All, from the most portable to the most special.
    pub const ALL: [Self; 2] = [Self::Bytecode, Self::Avx512];

    /// Whether this processor can run it.
    pub fn is_available(self) -> bool {
        match self {
            Self::Bytecode => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("bmi1")
                    && is_x86_feature_detected!("bmi2")
                    && is_x86_feature_detected!("popcnt")
            }
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx512 => false,
        }
    }

    /// The most special one that this processor can run.
    pub fn best() -> Self {
        let available = Self::ALL.into_iter().rev().find(|tier| tier.is_available());
        available.unwrap_or(Self::Bytecode)
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytecode => "bytecode",
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
