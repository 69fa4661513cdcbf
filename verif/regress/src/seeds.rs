//! [`Seeds`] of a bench in a plan.

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use std::fmt;

/// The most seeds that one entry of a plan can have.
const SEEDS_MAX: u64 = 10_000_000;

/// The seeds of a bench: a count, a range as text, or a list. Never empty. All 64 bits of a seed
/// count; those beyond 63 bits are written in a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeds(Vec<u64>);

impl Seeds {
    /// All of them, in the plan's order.
    pub fn iter(&self) -> impl Iterator<Item = u64> {
        self.0.iter().copied()
    }

    fn new(first: u64, end: u64) -> Result<Self, String> {
        match end.checked_sub(first) {
            None | Some(0) => Err("there must be at least one seed".into()),
            Some(count) if count > SEEDS_MAX => {
                Err(format!("{count} seeds are more than {SEEDS_MAX}"))
            }
            Some(_) => Ok(Self((first..end).collect())),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let numbers = text.split_once("..").map(|(first, end)| (number(first), number(end)));
        match numbers {
            Some((Some(first), Some(end))) => Self::new(first, end),
            _ => Err(format!("`{text}` is no range of seeds; write it as \"100..200\"")),
        }
    }
}

fn number(text: &str) -> Option<u64> {
    let text = text.trim().replace('_', "");
    match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

fn seed<E: Error>(value: i64) -> Result<u64, E> {
    u64::try_from(value).map_err(|_| E::custom(format!("{value} is no seed: it is negative")))
}

impl<'de> Deserialize<'de> for Seeds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SeedsVisitor)
    }
}

struct SeedsVisitor;

impl<'de> Visitor<'de> for SeedsVisitor {
    type Value = Seeds;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a number of seeds, a range such as \"100..200\", or a list of seeds")
    }

    fn visit_i64<E: Error>(self, count: i64) -> Result<Seeds, E> {
        Seeds::new(0, u64::try_from(count).unwrap_or(0)).map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, count: u64) -> Result<Seeds, E> {
        Seeds::new(0, count).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Seeds, E> {
        Seeds::parse(text).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Seeds, A::Error> {
        let mut seeds = Vec::new();
        while let Some(value) = list.next_element::<i64>()? {
            seeds.push(seed(value)?);
        }
        if seeds.is_empty() {
            return Err(A::Error::custom("there must be at least one seed"));
        }
        Ok(Seeds(seeds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        let check = |text: &str, expect: &[u64]| {
            assert_eq!(Seeds::parse(text).unwrap().0, expect, "{text}");
        };
        check("3..5", &[3, 4]);
        check(" 1_000 .. 1_001 ", &[1000]);
        check("0xffff_ffff_ffff_fffe..0xffffffffffffffff", &[u64::MAX - 1]);
    }

    #[test]
    fn wrong_ranges_are_told_why() {
        let check = |text: &str, expect: &str| {
            let fault = Seeds::parse(text).unwrap_err();
            assert!(fault.contains(expect), "{text}: {fault}");
        };
        check("5..5", "at least one seed");
        check("6..5", "at least one seed");
        check("5", "`5` is no range of seeds");
        check("a..b", "`a..b` is no range of seeds");
        check("0..99999999999", "99999999999 seeds are more than 10000000");
    }
}
