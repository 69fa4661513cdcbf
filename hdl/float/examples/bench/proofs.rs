//! Proofs that units equal descriptions of another structure.

use crate::cases::{Case, accumulations, prove_all, sums};
use crate::evidence::{Job, Method, Row};
use crate::integer_sum;
use crate::iterated::{Applied, SameResults, proved};
use crate::miter;
use crate::stimulus::ELEMENTS;
use crate::textbook::{AddBySwap, CompareByCases, CutByCarry, ExtremeByCases, SumBackwards};
use olivine_float::{
    Add, BlockSum, Cast, Compare, Divide, Element, End, Extreme, Fma, Format, Rounding, Times,
};
use olivine_lang::prelude::{Design, Module, elaborate};
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
    match prove_all(wrong, 1) {
        Err(report) if report.contains("VIOLATED") => {}
        other => return Err(format!("{unit} {format}: the fault was not found: {other:?}")),
    }
    let start = Instant::now();
    let count = prove_all(claims, 1).map_err(|report| format!("{unit} {format}: {report}"))?;
    let format = format!("{format}, {count} claims");
    let method = (Method::Proof, "textbook structure");
    Row::new((unit, &format), method, 2f64.powi(64), start, fault.to_string())
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

/// A unit that works in cycles, by the combinational one.
fn iterated((name, format): (&str, &str), unit: impl Applied, digit: u32) -> Result<Row, String> {
    let shape = unit.operands();
    let bits = shape.c.map_or(0, |c| c.width()) + shape.a.width() + shape.b.width();
    let same = SameResults { unit, digit, fault: false };
    let wrong = SameResults { fault: true, ..same.clone() };
    if !proved(&wrong).is_err_and(|report| report.contains("VIOLATED")) {
        return Err(format!("{name} {format}: the fault was not found"));
    }
    let start = Instant::now();
    proved(&same).map_err(|report| format!("{name} {format}: {report}"))?;
    let format = format!("{format}, a digit of {digit} each cycle");
    let method = (Method::Proof, "the combinational unit");
    let fault = "a factor is squared".to_string();
    Row::new((name, &format), method, 2f64.powi(bits as i32), start, fault)
}

/// Order in every format.
const ORDERED: [(&str, Format); 9] = [
    ("fp32", Format::FP32),
    ("tf32", Format::TF32),
    ("bf16", Format::BF16),
    ("fp16", Format::FP16),
    ("e5m2", Format::E5M2),
    ("e4m3", Format::E4M3),
    ("e3m2", Format::E3M2),
    ("e2m3", Format::E2M3),
    ("e2m1", Format::E2M1),
];

/// Comparison, minimum and maximum of a format.
fn order(name: &'static str, format: Format) -> Result<[Claim; 3], String> {
    let bits = 2 * format.width() as i32;
    let compare = claim(
        ("compare", name, bits),
        Compare { format },
        CompareByCases { format, fault: false },
        (CompareByCases { format, fault: true }, "less and greater are exchanged"),
    );
    let extreme = |unit, end, other| {
        let (right, wrong) = (Extreme { format, end }, Extreme { format, end: other });
        claim((unit, name, bits), right, ExtremeByCases { format, end }, (wrong, "the other end"))
    };
    let (least, greatest) = (End::Minimum, End::Maximum);
    Ok([compare?, extreme("minimum", least, greatest)?, extreme("maximum", greatest, least)?])
}

fn claims(quick: bool) -> Result<Vec<Claim>, String> {
    let (cut, chance) = (Cast::new(Format::FP32, Format::BF16), Rounding::Stochastic { bits: 16 });
    let by_carry = |by_chance| CutByCarry { by_chance };
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
    ];
    for (name, format) in ORDERED {
        claims.extend(order(name, format)?);
    }
    claims.push(sum("e5m2", Format::E5M2)?);
    claims.push(sum("bf16", Format::BF16)?);
    claims.push(claim(
        ("block sum", "e2m1 ×3, any order", 24),
        block(3),
        backwards(3),
        (SumBackwards { sum: block(3), fault: true }, "a product is subtracted"),
    )?);
    if !quick {
        claims.push(sum("fp16", Format::FP16)?);
    }
    Ok(claims)
}

/// What is shown on one processor; quick rows take seconds.
pub fn jobs(quick: bool) -> Result<Vec<Job>, String> {
    let mut jobs: Vec<Job> = Vec::new();
    // The longest first.
    for claim in claims(quick)?.into_iter().rev() {
        jobs.push(Box::new(move || claim.row()));
    }
    for (element, size) in ELEMENTS
        .map(|element| (element, 32))
        .into_iter()
        .chain([(Element::Float(Format::E2M1), 16)])
    {
        jobs.push(Box::new(move || block_sum(element, size)));
    }
    let rounding = Rounding::NearestEven;
    for (name, operand, digit) in
        [("e2m1", Format::E2M1, 1), ("e4m3", Format::E4M3, 1), ("e5m2", Format::E5M2, 2)]
    {
        let times = Times { operand, result: operand, rounding };
        jobs.push(Box::new(move || iterated(("multiply", name), times.clone(), digit)));
        let divide = Divide { format: operand, rounding };
        jobs.push(Box::new(move || iterated(("divide", name), divide.clone(), digit)));
    }
    let fma = Fma { operand: Format::E2M1, sum: Format::E4M3, rounding };
    jobs.push(Box::new(move || iterated(("fused add", "e2m1→e4m3"), fma.clone(), 1)));
    Ok(jobs)
}

/// What is shown case by case, on all processors.
pub fn rows(quick: bool) -> Result<Vec<Row>, String> {
    let shown = |row: Result<Row, String>| row.inspect(Row::print);
    let wrong = (&*accumulations(true), "a factor is squared");
    let accumulations = accumulations(false);
    let mut rows = vec![shown(by_cases(("accumulate", "bf16→fp32"), &accumulations, wrong))?];
    if !quick {
        let all = sums(&Case::all(), Rounding::NearestEven);
        let away = sums(&[Case::Apart(1)], Rounding::NearestAway);
        rows.push(shown(by_cases(("add", "fp32"), &all, (&away, "ties go away from zero")))?);
    }
    Ok(rows)
}
