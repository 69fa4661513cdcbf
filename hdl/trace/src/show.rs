//! One value as a person reads it.

use crate::float::show_float;
use olivine_netlist::{Bits, Kind};

/// The value in the reading of `kind`: hexadecimal digits for plain bits, decimal for numbers and
/// floats, the variant of an enumeration. What the kind cannot read (a tag without a variant,
/// a number or float of more than 64 bits) is shown as `0x` and hexadecimal digits.
pub fn show_value(kind: &Kind, value: &Bits) -> String {
    let raw = || format!("0x{value:x}");
    match kind {
        Kind::Bits => format!("{value:x}"),
        Kind::Bit | Kind::Unsigned => value.to_u64().map_or_else(raw, |n| n.to_string()),
        Kind::Signed => value.to_i64().map_or_else(raw, |n| n.to_string()),
        Kind::Float { exponent, mantissa } => {
            show_float(*exponent, *mantissa, value).unwrap_or_else(raw)
        }
        Kind::Enum(e) => e.tag(value).map_or_else(raw, |tag| e.variants[tag].clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use olivine_netlist::{Encoding, EnumKind};
    use std::sync::Arc;

    fn check(kind: &Kind, value: Bits, expect: &str) {
        assert_eq!(show_value(kind, &value), expect, "{kind:?} {value}");
    }

    #[test]
    fn each_kind_has_its_reading() {
        let wide = Bits::ones(70);
        check(&Kind::Bits, Bits::new(10, 0x2a), "02a");
        check(&Kind::Bit, Bits::new(1, 1), "1");
        check(&Kind::Unsigned, Bits::new(8, 200), "200");
        check(&Kind::Unsigned, wide.clone(), "0x3fffffffffffffffff");
        check(&Kind::Signed, Bits::new(8, 200), "-56");
        check(&Kind::Signed, wide.clone(), "-1");
        check(&Kind::Signed, wide.shift_right(1, false), "0x1fffffffffffffffff");
        let variants = vec!["Idle".to_string(), "Busy".to_string()];
        let fetch = EnumKind { name: "Fetch".to_string(), variants, ..EnumKind::default() };
        let one_hot = EnumKind { encoding: Encoding::OneHot, ..fetch.clone() };
        let one_hot = Kind::Enum(Arc::new(one_hot));
        check(&one_hot, Bits::new(2, 2), "Busy");
        check(&one_hot, Bits::new(2, 3), "0x3");
        let fetch = Kind::Enum(Arc::new(fetch));
        check(&fetch, Bits::new(2, 1), "Busy");
        check(&fetch, Bits::new(2, 3), "0x3");
        check(&fetch, wide, "0x3fffffffffffffffff");
    }
}
