//! One signal over all cycles, and how its bits are written.

use olivine_trace::Lane;

/// How plain bits are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Radix {
    /// Hexadecimal; a digit with unknown bits is `x`
    #[default]
    Hex,
    /// Binary
    Bin,
    /// Decimal, 0 or above
    Unsigned,
    /// Decimal, two's complement
    Signed,
}

/// A value as it came: bits that a radix writes, or a text that stands as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// `0`, `1` and what is unknown, most significant first.
    Bits(String),
    Text(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub path: String,
    pub values: Vec<Value>,
}

impl Column {
    /// Levels for a bit that is known throughout, else texts.
    pub fn lane(&self, radix: Radix) -> Lane {
        let levels = self.values.iter().map(|value| match value {
            Value::Bits(bits) if bits == "0" => Some(false),
            Value::Bits(bits) if bits == "1" => Some(true),
            _ => None,
        });
        if let Some(levels) = levels.collect::<Option<Vec<bool>>>() {
            return Lane::Levels(levels);
        }
        Lane::texts(self.values.iter().map(|value| match value {
            Value::Bits(bits) => written(bits, radix),
            Value::Text(text) => text.clone(),
        }))
    }
}

fn written(bits: &str, radix: Radix) -> String {
    let known = bits.chars().all(|c| c == '0' || c == '1');
    match radix {
        Radix::Bin => bits.to_string(),
        Radix::Unsigned | Radix::Signed if !known => "x".to_string(),
        Radix::Unsigned if bits.len() <= 128 => {
            u128::from_str_radix(bits, 2).map_or_else(|_| hex(bits), |n| n.to_string())
        }
        Radix::Signed if bits.len() <= 127 => {
            let magnitude = i128::from_str_radix(bits, 2).unwrap_or(0);
            let negative = bits.starts_with('1');
            (magnitude - if negative { 1 << bits.len() } else { 0 }).to_string()
        }
        Radix::Hex | Radix::Unsigned | Radix::Signed => hex(bits),
    }
}

fn hex(bits: &str) -> String {
    let padding = bits.len().next_multiple_of(4) - bits.len();
    let padded: Vec<char> = std::iter::repeat_n('0', padding).chain(bits.chars()).collect();
    let digit = |nibble: &[char]| {
        let text: String = nibble.iter().collect();
        match u32::from_str_radix(&text, 2) {
            Ok(value) => char::from_digit(value, 16).unwrap_or('x'),
            Err(_) if nibble.iter().all(|c| "zZ".contains(*c)) => 'z',
            Err(_) => 'x',
        }
    };
    padded.chunks(4).map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_radix() {
        for (bits, radix, expect) in [
            ("101010", Radix::Hex, "2a"),
            ("1x1010", Radix::Hex, "xa"),
            ("zzzz0001", Radix::Hex, "z1"),
            ("1x", Radix::Bin, "1x"),
            ("11111101", Radix::Signed, "-3"),
            ("01111101", Radix::Signed, "125"),
            ("11111101", Radix::Unsigned, "253"),
            ("1x", Radix::Unsigned, "x"),
            ("1x", Radix::Signed, "x"),
        ] {
            assert_eq!(written(bits, radix), expect, "{bits} {radix:?}");
        }
        let wide = "1".repeat(130);
        assert!(written(&wide, Radix::Signed).starts_with("3fff"));
    }

    #[test]
    fn a_bit_is_levels_only_where_it_is_known() {
        let column = |values: &[&str]| Column {
            path: "a".to_string(),
            values: values.iter().map(|v| Value::Bits(v.to_string())).collect(),
        };
        assert_eq!(column(&["0", "1"]).lane(Radix::Hex), Lane::Levels(vec![false, true]));
        let unknown = Lane::texts(["0", "x"].map(str::to_string));
        assert_eq!(column(&["0", "x"]).lane(Radix::Hex), unknown);
    }
}
