//! Float literals.

use olivine_netlist::Bits;

/// `value` in an IEEE-style format, if the format holds it exactly; NaN is quiet, without
/// payload.
pub(crate) fn exact(value: f64, exponent: u32, mantissa: u32) -> Option<Bits> {
    if !(2..=11).contains(&exponent) || !(1..=52).contains(&mantissa) {
        return None;
    }
    let bits = value.to_bits();
    let (sign, fraction) = (bits >> 63, bits & ((1 << 52) - 1));
    let bias = (1i64 << (exponent - 1)) - 1;
    let special = (1u64 << exponent) - 1;
    let (field, fraction) = if value.is_nan() {
        (special, 1 << 51)
    } else if value.is_infinite() {
        (special, 0)
    } else if value == 0.0 {
        (0, 0)
    } else {
        let own = (bits >> 52 & 0x7ff) as i64 - 1023;
        finite(own, fraction, bias, special, mantissa)?
    };
    let dropped = 52 - mantissa;
    (fraction & ((1 << dropped) - 1) == 0).then(|| {
        let low = fraction >> dropped | field << mantissa | sign << (exponent + mantissa);
        Bits::new(exponent + mantissa + 1, low)
    })
}

/// The exponent field and the fraction, subnormal where the format is.
fn finite(own: i64, fraction: u64, bias: i64, special: u64, mantissa: u32) -> Option<(u64, u64)> {
    let field = own + bias;
    if own < -1022 || field >= special as i64 {
        return None;
    }
    if field > 0 {
        return Some((field as u64, fraction));
    }
    let shift = 1 - field;
    let full = 1 << 52 | fraction;
    let fits = shift <= i64::from(mantissa) && full & ((1 << shift) - 1) == 0;
    fits.then(|| (0, full >> shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fp32_is_what_rust_says() {
        let subnormal = f32::from_bits(1 << 20);
        let values = [0.0, -0.0, 1.0, -2.5, f32::MAX, f32::MIN_POSITIVE, f32::INFINITY, subnormal];
        for value in values {
            let expect = Bits::new(32, u64::from(value.to_bits()));
            assert_eq!(exact(f64::from(value), 8, 23), Some(expect), "{value}");
        }
        assert_eq!(exact(f64::NAN, 8, 23), Some(Bits::new(32, 0x7fc0_0000)));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(exact(0.1, 8, 7), None);
        assert_eq!(exact(1e39, 8, 23), None);
        assert_eq!(exact(1.5, 8, 7), Some(Bits::new(16, 0x3fc0)));
        assert_eq!(exact(257.0, 8, 7), None);
    }
}
