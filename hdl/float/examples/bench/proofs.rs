//! Proofs that units equal descriptions of another structure.

use crate::cases::{Case, accumulations, prove_all, sums};
use crate::evidence::{Method, Row};
use crate::integer_sum;
use crate::miter;
use crate::stimulus::ELEMENTS;
use crate::textbook::{AddBySwap, CompareByCases, CutByCarry, MacBySteps, SumBackwards};
use olivine_float::{Add, BlockSum, Cast, Compare, Element, Fma, Format, Mac, Rounding};
use olivine_formal::Engine;
use olivine_lang::prelude::{Design, Module, elaborate};
use olivine_netlist::Faults;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(600);

/// A unit, the description, and a unit with a fault.
struct Claim {
    unit: &'static str,
    format: &'static str,
    /// Width of all inputs together.
    bits: i32,
    sides: [Design; 3],
    fault: &'static str,
}

fn claim(
    (unit, format, bits): (&'static str, &'static str, i32),
    right: impl Module,
    textbook: impl Module,
    (wrong, fault): (impl Module, &'static str),
) -> Result<Claim, String> {
    let sides = [elaborate(right), elaborate(textbook), elaborate(wrong)];
    let [right, textbook, wrong] = sides.map(|side| side.map_err(|faults| faults.to_string()));
    Ok(Claim { unit, format, bits, sides: [right?, textbook?, wrong?], fault })
}

impl Claim {
    fn row(&self) -> Result<Row, String> {
        let [right, textbook, wrong] = &self.sides;
        let name = format!("{} {}", self.unit, self.format);
        if !miter::compare(wrong, textbook, LIMIT).iter().any(|row| row.failed()) {
            return Err(format!("{name}: the fault was not found"));
        }
        let start = Instant::now();
        let verdicts = miter::compare(right, textbook, LIMIT);
        if !verdicts.iter().all(|row| row.succeeded()) {
            let all: Vec<String> = verdicts.iter().map(ToString::to_string).collect();
            return Err(format!("{name}: {}", all.join("\n")));
        }
        let cases = 2f64.powi(self.bits);
        let method = (Method::Proof, "textbook structure");
        Row::new((self.unit, self.format), method, cases, start, self.fault.to_string())
    }
}

fn add(format: Format, rounding: Rounding) -> Add {
    Add { format, rounding }
}

fn sum(name: &'static str, format: Format) -> Result<Claim, String> {
    claim(
        ("add", name, 2 * format.width() as i32),
        add(format, Rounding::NearestEven),
        AddBySwap { format },
        (add(format, Rounding::NearestAway), "ties go away from zero"),
    )
}

/// A unit whose inputs are split into cases.
fn by_cases(
    (unit, format): (&str, &str),
    claims: &[Design],
    (wrong, fault): (&[Design], &str),
) -> Result<Row, String> {
    match prove_all(wrong) {
        Err(report) if report.contains("VIOLATED") => {}
        other => return Err(format!("{unit} {format}: the fault was not found: {other:?}")),
    }
    let start = Instant::now();
    let count = prove_all(claims).map_err(|report| format!("{unit} {format}: {report}"))?;
    let format = format!("{format}, {count} claims");
    let method = (Method::Proof, "textbook structure");
    Row::new((unit, &format), method, 2f64.powi(64), start, fault.to_string())
}

/// What sweeping alone says of all inputs at once: proved, or that it does not know in this time; then
/// the proof by cases stands beside it.
fn swept(
    (unit, format, bits): (&str, &str, i32),
    (right, textbook): (impl Module, impl Module),
    (wrong, fault): (impl Module, &str),
) -> Result<Row, String> {
    const TIME: Duration = Duration::from_secs(40);
    let elaborated = |faults: Faults| faults.to_string();
    let (right, textbook) =
        (elaborate(right).map_err(elaborated)?, elaborate(textbook).map_err(elaborated)?);
    let wrong = elaborate(wrong).map_err(elaborated)?;
    let name = format!("{unit} {format} by sweeping");
    // It proves nothing of what is wrong.
    let proved = |rows: &[olivine_formal::Row]| rows.iter().all(|row| row.succeeded());
    if proved(&miter::compare_by(&wrong, &textbook, Engine::Sweep, Duration::from_secs(5))) {
        return Err(format!("{name}: the fault was not found"));
    }
    let start = Instant::now();
    let rows = miter::compare_by(&right, &textbook, Engine::Sweep, TIME);
    if rows.iter().any(|row| row.failed()) {
        return Err(format!("{name}: {rows:?}"));
    }
    let (method, cases) = match proved(&rows) {
        true => (Method::Proof, 2f64.powi(bits)),
        false => (Method::Unknown, 0.0),
    };
    let against = "textbook structure, sweeping alone";
    let fault = format!("{fault}: not proved");
    Row::new((unit, format), (method, against), cases, start, fault)
}

/// Sums of both widths, and the accumulation.
fn sweeps() -> Result<[Row; 3], String> {
    let away = "ties go away from zero";
    let sum = |name, format: Format| {
        let sides = (add(format, Rounding::NearestEven), AddBySwap { format });
        let wrong = (add(format, Rounding::NearestAway), away);
        swept(("add", name, 2 * format.width() as i32), sides, wrong)
    };
    let claim = ("accumulate", "bf16→fp32", 64);
    let turned = Fma { operand: Format::BF16, sum: Format::FP32, rounding: Rounding::NearestEven };
    let wrong = (turned, "subnormal numbers count");
    Ok([
        sum("bf16", Format::BF16)?,
        sum("fp32", Format::FP32)?,
        swept(claim, (Mac::BF16, MacBySteps), wrong)?,
    ])
}

/// The sum of a block: that of integers, for all inputs and in any order.
fn block_sum(element: Element, size: u32) -> Result<Row, String> {
    let design = integer_sum::design(element, size)?;
    let mutations = design.mutations();
    let wrong = mutations
        .iter()
        .skip(mutations.len() / 14)
        .step_by(mutations.len() / 7)
        .find(|mutation| integer_sum::proved(&mutation.apply(&design), element, size).is_err());
    let name = match element {
        Element::Float(f) => format!("e{}m{}", f.exponent, f.mantissa),
        Element::Int8 => "int8".to_string(),
    };
    let format = format!("{name} ×{size}, any order");
    let fault = wrong.ok_or_else(|| format!("block sum {format}: no fault was found"))?;
    let start = Instant::now();
    let told = |wrong: String| format!("block sum {format}: {wrong}");
    integer_sum::proved(&design, element, size).map_err(told)?;
    let cases = 2f64.powi((2 * size * element.width()) as i32);
    let method = (Method::Proof, "integers");
    Row::new(("block sum", &format), method, cases, start, fault.description.clone())
}

/// The rows; quick ones take seconds.
pub fn rows(quick: bool) -> Result<Vec<Row>, String> {
    let (cut, chance) = (Cast::new(Format::FP32, Format::BF16), Rounding::Stochastic { bits: 16 });
    let (by_carry, format) = (|by_chance| CutByCarry { by_chance }, Format::FP32);
    let block = |size| BlockSum { element: Element::Float(Format::E2M1), size };
    let backwards = |size| SumBackwards { sum: block(size), fault: false };
    let mut claims = vec![
        claim(
            ("cast", "fp32→bf16", 32),
            cut.clone(),
            by_carry(false),
            (cut.clone().rounding(Rounding::NearestAway), "ties go away from zero"),
        )?,
        claim(
            ("cast by chance", "fp32→bf16, d + r ≥ 2¹⁶", 48),
            cut.clone().rounding(chance),
            by_carry(true),
            (cut.rounding(chance).overflow(olivine_float::Overflow::Saturate), "it saturates"),
        )?,
        claim(
            ("compare", "fp32", 64),
            Compare { format },
            CompareByCases { format },
            (Compare { format: Format::ieee(9, 22) }, "the exponent is one bit wider"),
        )?,
        sum("e5m2", Format::E5M2)?,
        sum("bf16", Format::BF16)?,
        claim(
            ("block sum", "e2m1 ×3, any order", 24),
            block(3),
            backwards(3),
            (SumBackwards { sum: block(3), fault: true }, "a product is subtracted"),
        )?,
    ];
    if !quick {
        claims.push(sum("fp16", Format::FP16)?);
    }
    let mut rows = claims.iter().map(Claim::row).collect::<Result<Vec<Row>, String>>()?;
    for element in ELEMENTS {
        rows.push(block_sum(element, 32)?);
    }
    rows.push(block_sum(Element::Float(Format::E2M1), 16)?);
    let wrong = (&*accumulations(true), "a factor is squared");
    rows.push(by_cases(("accumulate", "bf16→fp32"), &accumulations(false), wrong)?);
    if !quick {
        let all = sums(&Case::all(), Rounding::NearestEven);
        let away = sums(&[Case::Apart(1)], Rounding::NearestAway);
        rows.push(by_cases(("add", "fp32"), &all, (&away, "ties go away from zero"))?);
        rows.extend(sweeps()?);
    }
    Ok(rows)
}
