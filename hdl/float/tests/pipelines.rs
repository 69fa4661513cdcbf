//! Units in stages: new inputs in each cycle, outputs those of the combinational unit, later; for
//! every number of stages up to more than there are places.

use olivine_float::{
    Add, AddProduct, BlockAdd, BlockSum, Cast, Compare, Divide, Element, ElementTimes, End,
    Evaluate, Extreme, Fma, Format, Function, IntegerMac, Nvfp4Dot, Nvfp4Quantize, Pipelined,
    Quantize, Rounding, Staged, Times,
};
use olivine_interp::{Engine, Interp, Undefined, undefined_bits};
use olivine_lang::prelude::*;
use olivine_netlist::{Direction, DomainId, PortId};

const CYCLES: u64 = 400;

/// The ports of a design in one direction.
fn ports(design: &Design, direction: Direction) -> Vec<PortId> {
    let ports = design.top().ports.iter().enumerate();
    let found = ports.filter(|(_, port)| port.direction == direction);
    found.map(|(index, _)| PortId(index as u32)).collect()
}

/// How many outputs were those of the unit `behind` cycles before, or the first that was not.
fn follows(unit: &Design, pipelined: &Design, behind: u64) -> Result<usize, String> {
    let mut engines = [unit, pipelined].map(|design| Interp::new(design, Undefined::Random(1)));
    let (inputs, outputs) = (ports(unit, Direction::Input), ports(unit, Direction::Output));
    let mut history: Vec<Vec<Bits>> = Vec::new();
    let mut compared = 0;
    for cycle in 0..CYCLES {
        for port in &inputs {
            let shape = &unit.top().ports[port.0 as usize];
            // Numbers are near each other in half of the cycles: their exponents repeat.
            let seed = if cycle % 2 == 0 { cycle } else { cycle / 64 };
            let value = undefined_bits(seed, &shape.name, cycle / 2, shape.width);
            engines.iter_mut().for_each(|engine| engine.set(*port, &value));
        }
        let [now, later] = engines
            .each_mut()
            .map(|engine| outputs.iter().map(|port| engine.get(*port)).collect::<Vec<Bits>>());
        history.push(now);
        if let Some(before) = cycle.checked_sub(behind) {
            let wanted = &history[before as usize];
            if later != *wanted {
                return Err(format!("cycle {cycle}: {later:?}, not {wanted:?}"));
            }
            compared += later.len();
        }
        if pipelined.top().domains.len() == 1 {
            engines[1].step(DomainId(0));
        }
    }
    if compared == 0 { Err("nothing was compared".into()) } else { Ok(compared) }
}

#[track_caller]
fn check(unit: impl Staged) {
    let plain = elaborate(unit.clone()).unwrap();
    for latency in 0..=unit.places() + 2 {
        let design = elaborate(Pipelined { unit: unit.clone(), latency }).unwrap();
        let compared = follows(&plain, &design, latency.into());
        assert!(
            compared.as_ref().is_ok_and(|count| *count > 0),
            "{unit:?} in {latency}: {compared:?}"
        );
        let wrong = follows(&plain, &design, u64::from(latency) + 1);
        assert!(wrong.is_err(), "{unit:?} in {latency}: one cycle more is no difference");
    }
}

#[test]
fn sums_products_both_and_quotients() {
    for rounding in [Rounding::NearestEven, Rounding::Stochastic { bits: 8 }, Rounding::Down] {
        let format = Format::BF16;
        check(Add { format, rounding });
        check(Times { operand: format, result: format, rounding });
        check(Fma { operand: format, sum: Format::FP32, rounding });
        check(Divide { format, rounding });
    }
}

#[test]
fn casts() {
    for rounding in [Rounding::NearestEven, Rounding::Stochastic { bits: 16 }] {
        check(Cast::new(Format::FP32, Format::BF16).rounding(rounding));
        check(Cast::new(Format::FP32, Format::E4M3).rounding(rounding));
    }
}

#[test]
fn order() {
    let format = Format::FP32;
    check(Compare { format });
    check(Extreme { format, end: End::Minimum });
    check(Extreme { format, end: End::Maximum });
}

#[test]
fn accumulations() {
    check(AddProduct { operand: Format::BF16, sum: Format::FP32 });
    for element in [Element::Float(Format::E4M3), Element::Int8] {
        check(ElementTimes { element });
        check(BlockAdd { element, size: 32 });
        check(BlockSum { element, size: 5 });
    }
    check(Nvfp4Dot { size: 5 });
    check(IntegerMac::INT8);
}

#[test]
fn quantizers() {
    for rounding in [Rounding::NearestEven, Rounding::Stochastic { bits: 8 }] {
        for element in [Element::Float(Format::E4M3), Element::Int8] {
            check(Quantize { from: Format::BF16, element, size: 5, rounding });
        }
        check(Nvfp4Quantize { from: Format::BF16, size: 5, rounding });
    }
}

/// One of each structure.
#[test]
fn functions() {
    for function in [
        Function::Exp2,
        Function::Sigmoid,
        Function::Tanh,
        Function::Gelu,
        Function::GeluDerivative,
    ] {
        check(Evaluate { function, format: Format::BF16 });
    }
}

#[test]
fn more_stages_than_anyone_wants_are_told() {
    let unit = Add { format: Format::BF16, rounding: Rounding::NearestEven };
    let faults = elaborate(Pipelined { unit, latency: 65 }).unwrap_err().to_string();
    assert!(faults.contains("there must be at most 64"), "{faults}");
}
