//! fp32 sums and bf16 accumulations by cases: each case is small enough to be proved, and together they are all.
#![allow(dead_code)]

use crate::textbook::{AddBySwap, MacBySteps, wide_product, widened};
use olivine_float::{Add, Format, Mac, Rounding};
use olivine_formal::{CertificateFile, Report, Verdict, prove};
use olivine_lang::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const FORMAT: Format = Format::FP32;
/// From this difference on only the sticky bit is left of the lower term.
const FAR: i64 = 26;

/// Pairs of terms. Exponents are those of IEEE 754: subnormal numbers have the least one.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Case {
    /// The exponents differ by so much, which is not zero.
    Apart(i64),
    /// The exponent of the first is higher by more than [`FAR`].
    Above,
    /// The exponent of the first is lower by more than [`FAR`].
    Below,
    /// Equal exponents, both normal.
    Level,
    /// Equal exponents, one of them subnormal: the places of the leading ones, 0 for none, 24 for a
    /// normal number.
    Subnormal(u32, u32),
}

impl Case {
    /// All of them.
    pub fn all() -> Vec<Self> {
        let apart = (-FAR..=FAR).filter(|d| *d != 0).map(Self::Apart);
        let places = (0..=24).flat_map(|a| (0..=24).map(move |b| (a, b)));
        let subnormal = places.filter(|p| *p != (24, 24)).map(|(a, b)| Self::Subnormal(a, b));
        apart.chain([Self::Above, Self::Below, Self::Level]).chain(subnormal).collect()
    }

    /// All that there are without subnormal numbers; zeros are left.
    pub fn normal() -> Vec<Self> {
        let subnormal = |case: &Self| match case {
            Self::Subnormal(a, b) => *a == 0 && *b == 0,
            _ => true,
        };
        Self::all().into_iter().filter(subnormal).collect()
    }

    /// Whether it is this case; for all formats with a mantissa of 23 bits.
    pub fn holds(self, a: Float, b: Float) -> Bit {
        let exponent = |x: Float| {
            let field = x.slice(23, x.width() - 24);
            field | (!field.any()).as_unsigned().extend(field.width())
        };
        let difference = exponent(a) - exponent(b);
        match self {
            Self::Apart(d) => difference.eq(d),
            Self::Above => difference.gt(FAR),
            Self::Below => difference.lt(-FAR),
            Self::Level => difference.eq(0) & leads(a, 24) & leads(b, 24),
            Self::Subnormal(x, y) => difference.eq(0) & leads(a, x) & leads(b, y),
        }
    }
}

/// Whether the leading one of the significand is in this place, counted from 1.
fn leads(x: Float, place: u32) -> Bit {
    let hidden = x.slice(23, x.width() - 24).any();
    let significand = x.slice(0, 23).concat(hidden);
    if place == 0 {
        return !significand.any();
    }
    let above = significand >> (place - 1);
    above.eq(1)
}

/// Asserts that the adder and the textbook's agree in one case.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct SumsAgree {
    /// Which case.
    pub case: Case,
    /// Whether the signs differ.
    pub opposed: bool,
    /// Of the adder; the textbook's is to nearest, ties to even.
    pub rounding: Rounding,
}

/// The ports of [`SumsAgree`] and [`CasesAreAll`].
#[derive(Ports)]
pub struct TermsPorts {
    a: In<Float>,
    b: In<Float>,
}

impl Module for SumsAgree {
    type Ports = TermsPorts;

    fn ports(&self) -> TermsPorts {
        TermsPorts { a: FORMAT.shape(), b: FORMAT.shape() }
    }

    fn build(&self, p: TermsPorts) {
        let unit = instance(Add { format: FORMAT, rounding: self.rounding }, "unit");
        let textbook = instance(AddBySwap { format: FORMAT }, "textbook");
        for (port, term) in [(unit.a, p.a), (textbook.a, p.a), (unit.b, p.b), (textbook.b, p.b)] {
            port.drive(term);
        }
        assume("the case", self.case.holds(p.a, p.b));
        assume("the signs", (p.a.top_bit() ^ p.b.top_bit()).eq(self.opposed));
        always("the sums agree", unit.result.eq(textbook.result));
    }
}

/// Asserts that accumulation and textbook agree in one case of addend and product.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct MacsAgree {
    /// Which case.
    pub case: Case,
    /// Whether the signs differ.
    pub opposed: bool,
    /// Squares a factor on one side, which is wrong.
    pub fault: bool,
}

/// The ports of [`MacsAgree`] and [`MacCasesAreAll`].
#[derive(Ports)]
pub struct FactorsPorts {
    c: In<Float>,
    a: In<Float>,
    b: In<Float>,
}

fn factors() -> FactorsPorts {
    let operand = Format::BF16.shape();
    FactorsPorts { c: FORMAT.shape(), a: operand, b: operand }
}

impl Module for MacsAgree {
    type Ports = FactorsPorts;

    fn ports(&self) -> FactorsPorts {
        factors()
    }

    fn build(&self, p: FactorsPorts) {
        let (unit, textbook) = (instance(Mac::BF16, "unit"), instance(MacBySteps, "textbook"));
        for (port, value) in [(unit.c, p.c), (unit.a, p.a), (unit.b, p.b)] {
            port.drive(value);
        }
        let a = if self.fault { p.b } else { p.a };
        for (port, value) in [(textbook.c, p.c), (textbook.a, a), (textbook.b, p.b)] {
            port.drive(value);
        }
        let (c, product) = (widened(p.c), wide_product(p.a, p.b));
        assume("the case", self.case.holds(c, product));
        assume("the signs", (c.top_bit() ^ product.top_bit()).eq(self.opposed));
        always("the sums agree", unit.sum.eq(textbook.sum));
    }
}

/// Asserts that every accumulation belongs to a case.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct MacCasesAreAll;

impl Module for MacCasesAreAll {
    type Ports = FactorsPorts;

    fn ports(&self) -> FactorsPorts {
        factors()
    }

    fn build(&self, p: FactorsPorts) {
        let (c, product) = (widened(p.c), wide_product(p.a, p.b));
        let opposed = c.top_bit() ^ product.top_bit();
        let cases = Case::normal()
            .into_iter()
            .flat_map(|case| [false, true].map(|signs| case.holds(c, product) & opposed.eq(signs)));
        always("every accumulation belongs to a case", any_of(cases));
    }
}

/// Asserts that every pair belongs to a case.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct CasesAreAll;

impl Module for CasesAreAll {
    type Ports = TermsPorts;

    fn ports(&self) -> TermsPorts {
        TermsPorts { a: FORMAT.shape(), b: FORMAT.shape() }
    }

    fn build(&self, p: TermsPorts) {
        let opposed = p.a.top_bit() ^ p.b.top_bit();
        let cases = Case::all()
            .into_iter()
            .flat_map(|case| [false, true].map(|signs| case.holds(p.a, p.b) & opposed.eq(signs)));
        always("every pair belongs to a case", any_of(cases));
    }
}

/// The sums of these cases, of either sign; the last claim is that of [`CasesAreAll`].
pub fn sums(cases: &[Case], rounding: Rounding) -> Vec<Design> {
    let signs = |case: &Case| [false, true].map(|opposed| (*case, opposed));
    let claims = cases.iter().flat_map(signs);
    let designs =
        claims.map(|(case, opposed)| elaborate(SumsAgree { case, opposed, rounding }).unwrap());
    designs.chain([elaborate(CasesAreAll).unwrap()]).collect()
}

/// The accumulations of all cases; the last claim is that of [`MacCasesAreAll`].
pub fn accumulations(fault: bool) -> Vec<Design> {
    let signs = |case: Case| [false, true].map(|opposed| (case, opposed));
    let claims = Case::normal().into_iter().flat_map(signs);
    let designs =
        claims.map(|(case, opposed)| elaborate(MacsAgree { case, opposed, fault }).unwrap());
    designs.chain([elaborate(MacCasesAreAll).unwrap()]).collect()
}

/// Time for a claim, and for a certificate.
const LIMIT: Duration = Duration::from_secs(300);

/// Checks what a report rests on apart from the engines, as `olivine certify` does with a file.
fn check(claim: &Design, report: &Report) -> Result<(), String> {
    let file = CertificateFile::new(claim, report);
    let checked = file.check(Some(LIMIT)).map_err(|fault| fault.to_string())?;
    checked.into_iter().try_for_each(|one| one.map_err(|rejection| rejection.to_string()))
}

/// Proves every claim, on all processors, and checks the certificate of each `certified`-th and of the
/// last, by which the others are all that there are; how many claims there were.
///
/// # Errors
/// The first that is not proved; a certificate that is rejected; nothing to prove.
pub fn prove_all(claims: &[Design], certified: usize) -> Result<usize, String> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<(), String> {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(claim) = claims.get(index) else { return Ok(()) };
            let options = crate::miter::options(LIMIT);
            let report = prove(claim, &options).map_err(|faults| format!("{faults:?}"))?;
            let proved = |row: &olivine_formal::Row| matches!(row.verdict, Verdict::Proved { .. });
            if report.rows.is_empty() || !report.rows.iter().all(proved) {
                return Err(report.to_string());
            }
            if index.is_multiple_of(certified) || index + 1 == claims.len() {
                check(claim, &report)?;
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|w| w.join().expect("it does not panic"))
    })?;
    if claims.is_empty() { Err("nothing to prove".into()) } else { Ok(claims.len()) }
}
