//! Units in as many stages as they have places: proved to give the results of the combinational ones,
//! later, with new inputs in each cycle. Functions, whose tables an induction knows nothing of, show that
//! for all bf16.

use crate::evidence::{Job, Method, Row};
use crate::later::compare;
use olivine_float::{
    Add, AddProduct, BlockAdd, BlockSum, Cast, Compare, Divide, Element, ElementTimes, End,
    Evaluate, Extreme, Fma, Format, Function, IntegerMac, Nvfp4Dot, Nvfp4Quantize, Pipelined,
    Quantize, Rounding, Staged, Times,
};
use olivine_interp::{Engine, Undefined};
use olivine_lang::prelude::{Faults, elaborate};
use olivine_netlist::{Design, Direction, DomainId, PortId};
use olivine_sim::Compiled;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Time for a proof, and for finding a fault.
const LIMIT: Duration = Duration::from_secs(120);
const SEARCH: Duration = Duration::from_secs(2);

const COMBINATIONAL: &str = "the combinational unit";

fn staged_format(format: &str, latency: u32) -> String {
    let stages = if latency == 1 { "a stage".to_string() } else { format!("{latency} stages") };
    format!("{format}, in {stages}")
}

/// Bits of all inputs.
fn input_bits(design: &Design) -> u32 {
    let ports = design.top().ports.iter();
    ports.filter(|port| port.direction == Direction::Input).map(|port| port.width).sum()
}

fn row(unit: impl Staged, (name, format): (&str, &str)) -> Result<Row, String> {
    let latency = unit.places();
    let told = |faults: Faults| format!("{name} {format}: {faults}");
    let plain = elaborate(unit.clone()).map_err(told)?;
    let staged = elaborate(Pipelined { unit, latency }).map_err(told)?;
    let mutations = staged.mutations();
    let stride = (mutations.len() / 40).max(1);
    let noticed = |mutant: &Design| {
        compare(&plain, mutant, latency, SEARCH).iter().any(olivine_formal::Row::failed)
    };
    let mut candidates = mutations.iter().skip(stride / 2).step_by(stride);
    let fault = candidates.find(|mutation| noticed(&mutation.apply(&staged)));
    let fault = fault.ok_or_else(|| format!("{name} {format}: no fault was found"))?;
    let start = Instant::now();
    let rows = compare(&plain, &staged, latency, LIMIT);
    if rows.is_empty() || !rows.iter().all(olivine_formal::Row::succeeded) {
        let all: Vec<String> = rows.iter().map(ToString::to_string).collect();
        return Err(format!("{name} {format} in {latency} stages: {}", all.join("\n")));
    }
    let format = staged_format(format, latency);
    let method = (Method::Proof, COMBINATIONAL);
    let cases = 2f64.powi(input_bits(&plain) as i32);
    Row::new((name, &format), method, cases, start, fault.description.clone())
}

/// Numbers of bf16.
const ALL: u64 = 1 << 16;

/// One number after the other through a function in stages; how many results were those of the
/// combinational unit, or the first that was not.
fn one_by_one(plain: &Design, staged: &Design, latency: u32) -> Result<u64, String> {
    let [mut plain, mut staged] = [plain, staged].map(|d| Compiled::new(d, Undefined::Random(1)));
    let (x, result) = (PortId(0), PortId(1));
    let mut under_way = VecDeque::new();
    let mut shown = 0;
    for number in (0..ALL).chain((0..latency).map(u64::from)) {
        plain.set_u64(x, number);
        staged.set_u64(x, number);
        under_way.push_back((number, plain.get_u64(result)));
        if under_way.len() > latency as usize {
            let (number, wanted) = under_way.pop_front().expect("it has some");
            let found = staged.get_u64(result);
            if found != wanted {
                return Err(format!("{number:x} gives {found:x}, not {wanted:x}"));
            }
            shown += 1;
        }
        staged.step(DomainId(0));
    }
    Ok(shown)
}

fn function(name: &str, function: Function) -> Result<Row, String> {
    let unit = Evaluate { function, format: Format::BF16 };
    let latency = unit.places();
    let told = |faults: Faults| format!("{name}: {faults}");
    let plain = elaborate(unit.clone()).map_err(told)?;
    let staged = elaborate(Pipelined { unit, latency }).map_err(told)?;
    let mutations = staged.mutations();
    let stride = (mutations.len() / 40).max(1);
    let noticed = |mutant: &Design| one_by_one(&plain, mutant, latency).is_err();
    let mut candidates = mutations.iter().skip(stride / 2).step_by(stride);
    let fault = candidates.find(|mutation| noticed(&mutation.apply(&staged)));
    let fault = fault.ok_or_else(|| format!("{name}, in stages: no fault was found"))?;
    let start = Instant::now();
    let shown = one_by_one(&plain, &staged, latency).map_err(|e| format!("{name}: {e}"))?;
    if shown != ALL {
        return Err(format!("{name}: {shown} numbers, not {ALL}"));
    }
    let (format, method) = (staged_format("bf16", latency), (Method::Exhaustive, COMBINATIONAL));
    Row::new((name, &format), method, shown as f64, start, fault.description.clone())
}

/// What is shown.
pub fn jobs() -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::new();
    let (single, bfloat, rounding) = (Format::FP32, Format::BF16, Rounding::NearestEven);
    macro_rules! job {
        ($name:expr, $format:expr, $unit:expr) => {
            jobs.push(Box::new(move || row($unit, ($name, $format))))
        };
    }
    for (name, format) in [("fp32", single), ("bf16", bfloat)] {
        job!("add", name, Add { format, rounding });
        job!("multiply", name, Times { operand: format, result: format, rounding });
        job!("fused add", name, Fma { operand: format, sum: format, rounding });
        job!("divide", name, Divide { format, rounding });
        job!("compare", name, Compare { format });
        job!("minimum", name, Extreme { format, end: End::Minimum });
        job!("maximum", name, Extreme { format, end: End::Maximum });
    }
    job!("fused add", "bf16→fp32", Fma { operand: bfloat, sum: single, rounding });
    job!("accumulate", "bf16→fp32", AddProduct { operand: bfloat, sum: single });
    job!("accumulate", "int8→int32", IntegerMac::INT8);
    job!("cast", "fp32→bf16", Cast::new(single, bfloat));
    job!("cast", "fp32→e4m3", Cast::new(single, Format::E4M3));
    let chance = Rounding::Stochastic { bits: 16 };
    job!("cast by chance", "fp32→bf16", Cast::new(single, bfloat).rounding(chance));
    for (name, element) in [
        ("mxfp8 e4m3", Element::Float(Format::E4M3)),
        ("mxfp4 e2m1", Element::Float(Format::E2M1)),
        ("mxint8", Element::Int8),
    ] {
        job!("element product", name, ElementTimes { element });
        job!("block sum", name, BlockSum { element, size: 8 });
        job!("block add", name, BlockAdd { element, size: 32 });
        job!("quantize", name, Quantize { from: bfloat, element, size: 8, rounding });
    }
    job!("block dot", "nvfp4 ×16", Nvfp4Dot { size: 16 });
    job!("quantize", "fp32→nvfp4 ×8", Nvfp4Quantize { from: single, size: 8, rounding });
    for (name, of) in [
        ("Exp2", Function::Exp2),
        ("Sigmoid", Function::Sigmoid),
        ("Gelu", Function::Gelu),
        ("GeluDerivative", Function::GeluDerivative),
    ] {
        jobs.push(Box::new(move || function(name, of)));
    }
    jobs
}
