//! Constants in three notations.

use olivine_netlist::Bits;

/// The value of `const`, `constd` or `consth`, if the digits are of the notation and fit.
pub(super) fn constant(notation: &str, digits: &str, width: u32) -> Option<Bits> {
    match notation {
        "const" => binary(digits).filter(|bits| bits.width() == width),
        "consth" => Bits::parse_hex(width, digits),
        _ => match digits.strip_prefix('-') {
            Some(digits) => {
                let value = decimal(digits, width)?;
                let negated = Bits::zero(width).wrapping_sub(&value);
                // The least number is its own opposite.
                (negated.sign() || !value.any()).then_some(negated)
            }
            None => decimal(digits, width),
        },
    }
}

/// Ones and zeros, the most significant first.
pub(crate) fn binary(digits: &str) -> Option<Bits> {
    let bit = |c| match c {
        '0' => Some(false),
        '1' => Some(true),
        _ => None,
    };
    let bits: Option<Vec<bool>> = digits.chars().rev().map(bit).collect();
    bits.filter(|bits| !bits.is_empty()).map(|bits| Bits::from_bools(&bits))
}

fn decimal(digits: &str, width: u32) -> Option<Bits> {
    // Four bits more than the width show what does not fit.
    let wide = width.checked_add(4)?;
    let mut value = Bits::zero(wide);
    for c in digits.chars() {
        let digit = Bits::new(wide, u64::from(c.to_digit(10)?));
        let times_ten = value.shift_left(3).wrapping_add(&value.shift_left(1));
        value = times_ten.wrapping_add(&digit);
        if value.slice(width, 4).any() {
            return None;
        }
    }
    (!digits.is_empty()).then(|| value.slice(0, width))
}

/// Ones and zeros, the most significant first.
pub(crate) fn to_binary(bits: &Bits) -> String {
    (0..bits.width()).rev().map(|i| if bits.bit(i) { '1' } else { '0' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations() {
        let check = |notation, digits, width, expect: Option<u64>| {
            let expect = expect.map(|value| Bits::new(width, value));
            assert_eq!(constant(notation, digits, width), expect, "{notation} {digits}");
        };
        check("const", "0110", 4, Some(6));
        check("const", "110", 4, None);
        check("const", "012", 3, None);
        check("constd", "15", 4, Some(15));
        check("constd", "16", 4, None);
        check("constd", "-8", 4, Some(8));
        check("constd", "-1", 4, Some(15));
        check("constd", "-9", 4, None);
        check("constd", "0", 1, Some(0));
        check("constd", "", 4, None);
        check("consth", "fF", 8, Some(255));
        check("consth", "1ff", 8, None);
        assert_eq!(to_binary(&Bits::new(4, 6)), "0110");
    }
}
