//! How far the functions of one variable are from their values: by the golden model's series, and by
//! doubles, which are quicker, where these tell enough.
#![allow(dead_code)] // The tests take what they need of it.

use olivine_float::Function;
use olivine_golden::function::{self, Function as Golden};
use olivine_golden::number::{self, Value};

/// All of them, with the golden model's.
pub const FUNCTIONS: [(Function, Golden); 9] = [
    (Function::Exp2, Golden::Exp2),
    (Function::Log2, Golden::Log2),
    (Function::Reciprocal, Golden::Reciprocal),
    (Function::ReciprocalRoot, Golden::ReciprocalRoot),
    (Function::Sigmoid, Golden::Sigmoid),
    (Function::Tanh, Golden::Tanh),
    (Function::Erf, Golden::Erf),
    (Function::Gelu, Golden::Gelu),
    (Function::GeluDerivative, Golden::GeluDerivative),
];

/// Units of a last place in the golden model's errors.
pub const UNIT: u64 = 1 << 20;

/// What the error at x may be more than that of the others: of GELU |x|·2⁻²⁷, of its derivative 2⁻²⁶.
fn more(golden: Golden, x: f64) -> f64 {
    match golden {
        Golden::Gelu => x.abs() * 2f64.powi(-27),
        Golden::GeluDerivative => 2f64.powi(-26),
        _ => 0.0,
    }
}

/// The error of `y` at `x` in units of the last place; of GELU and its derivative what is beyond
/// what it may be more.
pub fn in_last_places(
    golden: Golden,
    (x, y): (u64, u64),
    value: Value,
    f: number::Format,
) -> Option<u64> {
    let error = function::error(y, value, f)?;
    let x = f64::from(f32::from_bits((x << (23 - f.mantissa)) as u32));
    let more = more(golden, x);
    if more == 0.0 || !more.is_finite() {
        return Some(error);
    }
    let least = f.exponent_min();
    let place = value.log2_floor().map_or(least, |e| e.max(least)) - f.mantissa as i32;
    let more = (UNIT as f64 * more * 2f64.powi(-place)) as u64;
    Some(error.saturating_sub(more))
}

/// What doubles may be off, in last places of fp32: far more than they are.
const DOUBLES_ARE_OFF: f64 = 1.0 / 1024.0;
/// Every so-manieth error is told by the series, too.
const CHECKED: u32 = 1021;

/// Tells errors in fp32.
pub struct Judge {
    golden: Golden,
    /// In last places.
    bound: f64,
    told: u32,
}

impl Judge {
    /// Of this function, whose errors are to be below the bound in last places.
    pub fn new(golden: Golden, bound: f64) -> Self {
        Self { golden, bound, told: 0 }
    }

    /// The error at `x`.
    ///
    /// # Errors
    /// It is not below the bound; doubles and series disagree about it.
    pub fn error(&mut self, x: u64, y: u64) -> Result<f64, String> {
        self.told += 1;
        let quick = self.by_doubles(x, y);
        let near = |error: f64| error > self.bound - DOUBLES_ARE_OFF;
        if !self.told.is_multiple_of(CHECKED) && quick.is_some_and(|error| !near(error)) {
            return Ok(quick.expect("it is some"));
        }
        let exact = self.by_series(x, y).ok_or_else(|| format!("{x:#x} gives {y:#x}"))?;
        if quick.is_some_and(|quick| (quick - exact).abs() > DOUBLES_ARE_OFF) {
            return Err(format!("{x:#x} gives {y:#x}, off by {exact}; by doubles {quick:?}"));
        }
        if exact < self.bound { Ok(exact) } else { Err(format!("{x:#x}: off by {exact}")) }
    }

    fn by_series(&self, x: u64, y: u64) -> Option<f64> {
        let f = number::Format::FP32;
        let error = in_last_places(self.golden, (x, y), self.golden.at(x, f), f)?;
        Some(error as f64 / UNIT as f64)
    }

    /// None where something is infinite, too large or a NaN.
    fn by_doubles(&self, x: u64, y: u64) -> Option<f64> {
        let [x, y] = [x, y].map(|code| f64::from(f32::from_bits(code as u32)));
        let value = self.value(x);
        if !(y.is_finite() && value.abs() < f64::from(f32::MAX)) {
            return None;
        }
        let exponent = (value.to_bits() >> 52 & 0x7ff) as i32 - 1023;
        let place = exponent.max(-126) - 23;
        let error = (y - value).abs() * 2f64.powi(-place);
        Some((error - more(self.golden, x) * 2f64.powi(-place)).max(0.0))
    }

    fn value(&self, x: f64) -> f64 {
        use std::f64::consts::{FRAC_1_SQRT_2, TAU};
        match self.golden {
            Golden::Exp2 => x.exp2(),
            Golden::Log2 => x.log2(),
            Golden::Reciprocal => x.recip(),
            Golden::ReciprocalRoot => x.sqrt().recip(),
            Golden::Sigmoid => ((-x).exp() + 1.0).recip(),
            Golden::Tanh => x.tanh(),
            Golden::Erf => libm::erf(x),
            Golden::Gelu => x * libm::erfc(-x * FRAC_1_SQRT_2) / 2.0,
            Golden::GeluDerivative => {
                let density = (-x * x / 2.0).exp() / TAU.sqrt();
                libm::erfc(-x * FRAC_1_SQRT_2) / 2.0 + x * density
            }
        }
    }
}
