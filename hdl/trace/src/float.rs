//! Floats of any small format, in the fewest decimal digits that mean the same value.

use olivine_netlist::Bits;

/// The decimal reading; `None` if the value does not fit an `f64`.
pub(crate) fn show_float(exponent: u32, mantissa: u32, value: &Bits) -> Option<String> {
    let format = Format::new(exponent, mantissa)?;
    if value.width() != 1 + exponent + mantissa {
        return None;
    }
    let number = format.decode(value.low_u64());
    if !number.is_finite() || number == 0.0 {
        return Some(format!("{number}").to_lowercase());
    }
    // 17 digits are enough for any f64, so one of these means the value.
    let digits = (0..17).map(|digits| format!("{number:.digits$e}"));
    let mut short = digits.filter_map(|text| text.parse::<f64>().ok());
    let short = short.find(|n| format.round(*n) == number).unwrap_or(number);
    let plain = (1e-4..1e7).contains(&short.abs());
    Some(if plain { format!("{short}") } else { format!("{short:e}") })
}

/// An IEEE-style format whose numbers all are `f64` numbers.
struct Format {
    mantissa: u32,
    /// The exponent's field of all ones.
    top: u64,
    bias: i32,
}

impl Format {
    fn new(exponent: u32, mantissa: u32) -> Option<Self> {
        // At 11 exponent bits the format is an f64 with fewer mantissa bits: still exact.
        let fits = (2..=11).contains(&exponent) && mantissa <= 52;
        fits.then(|| Self { mantissa, top: (1 << exponent) - 1, bias: (1 << (exponent - 1)) - 1 })
    }

    fn decode(&self, bits: u64) -> f64 {
        let fraction = bits & ((1 << self.mantissa) - 1);
        let field = bits >> self.mantissa & self.top;
        let sign = if bits >> self.mantissa > self.top { -1.0 } else { 1.0 };
        let unit = self.unit(field.max(1) as i32 - self.bias);
        match field {
            0 => sign * fraction as f64 * unit,
            f if f == self.top && fraction == 0 => sign * f64::INFINITY,
            f if f == self.top => f64::NAN,
            _ => sign * (fraction | 1 << self.mantissa) as f64 * unit,
        }
    }

    /// The weight of the lowest mantissa bit of numbers with this exponent.
    fn unit(&self, exponent: i32) -> f64 {
        power_of_two(exponent - self.mantissa as i32)
    }

    /// The nearest number of the format, ties to even. Overflow gives a number above all others.
    fn round(&self, number: f64) -> f64 {
        let exponent = (number.abs().to_bits() >> 52) as i32 - 1023;
        let unit = self.unit(exponent.max(1 - self.bias));
        (number / unit).round_ties_even() * unit
    }
}

/// 2 to the `exponent`, subnormal results included.
fn power_of_two(exponent: i32) -> f64 {
    if exponent >= -1022 {
        f64::from_bits(((exponent + 1023) as u64) << 52)
    } else {
        f64::from_bits(1 << (exponent + 1074))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(exponent: u32, mantissa: u32, bits: u64, expect: &str) {
        let value = Bits::new(1 + exponent + mantissa, bits);
        assert_eq!(show_float(exponent, mantissa, &value).as_deref(), Some(expect), "{value}");
    }

    #[test]
    fn bf16_is_short() {
        check(8, 7, 0x0000, "0");
        check(8, 7, 0x8000, "-0");
        check(8, 7, 0x3f80, "1");
        check(8, 7, 0xc049, "-3.14");
        check(8, 7, 0x3dcd, "0.1");
        check(8, 7, 0x7f80, "inf");
        check(8, 7, 0xff80, "-inf");
        check(8, 7, 0x7fc0, "nan");
        check(8, 7, 0x0001, "9e-41");
        check(8, 7, 0x7f7f, "3.39e38");
    }

    /// Rust prints the shortest digits too, so both must agree on f32 and f64.
    #[test]
    fn ieee_formats_read_as_rust_reads_them() {
        let mut state = 0x1234_5678_9abc_def0_u64;
        for _ in 0..2000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888);
            let (double, single) = (f64::from_bits(state), f32::from_bits((state >> 32) as u32));
            let shown = show_float(11, 52, &Bits::new(64, state)).unwrap();
            assert!(double.is_nan() || shown.parse() == Ok(double), "{double} {shown}");
            let shown = show_float(8, 23, &Bits::new(32, state >> 32)).unwrap();
            assert!(single.is_nan() || shown.parse() == Ok(single), "{single} {shown}");
            let rust = format!("{single:e}");
            assert!(digits(&shown).len() <= digits(&rust).len(), "{single} {shown}");
        }
    }

    /// The significant digits of a decimal number.
    fn digits(text: &str) -> String {
        let mantissa = text.split('e').next().unwrap_or_default().to_lowercase();
        let digits: String = mantissa.chars().filter(|c| !".-".contains(*c)).collect();
        digits.trim_matches('0').to_string()
    }

    #[test]
    fn what_no_f64_holds_is_left_alone() {
        assert_eq!(show_float(15, 112, &Bits::zero(128)), None);
        assert_eq!(show_float(8, 7, &Bits::zero(17)), None);
    }
}
