//! A proof that a block's sum is that of its products in integers, in whatever order these are added:
//! its netlist is read as a sum of terms, none of which can leave its adder's width; each term depends
//! on one pair of elements alone; and for all pairs it is their product.
#![allow(dead_code)] // The tests take what they need of it.

use crate::stimulus::golden_element;
use olivine_float::{BlockSum, Element};
use olivine_golden::number::Value;
use olivine_interp::{Engine, Undefined};
use olivine_lang::prelude::{Design, elaborate};
use olivine_netlist::{Bits, Direction, Module, ModuleId, Op, Port, PortId, ValueId};
use olivine_sim::Compiled;
use std::collections::BTreeSet;

/// The unit, as [`proved`] wants it.
pub fn design(element: Element, size: u32) -> Result<Design, String> {
    elaborate(BlockSum { element, size }).map_err(|faults| faults.to_string())
}

/// Proves it of a design: [`design`], or a mutant of it. How many pairs were multiplied.
///
/// # Errors
/// What of it does not hold.
pub fn proved(design: &Design, element: Element, size: u32) -> Result<u64, String> {
    let top = design.flatten();
    let integer = top.ports.iter().find(|port| port.direction == Direction::Output);
    let integer = integer.ok_or("no output")?.value;
    let growth = size.next_power_of_two().ilog2();
    let product = top.cell(integer).width.checked_sub(growth).ok_or("the sum is too narrow")?;
    let terms = terms(&top, integer, product)?;
    let pairs: BTreeSet<u32> =
        terms.iter().map(|term| pair(&top, *term, size)).collect::<Result<_, String>>()?;
    if terms.len() != size as usize || pairs != (0..size).collect() {
        return Err(format!("{} terms of the pairs {pairs:?}", terms.len()));
    }
    products(showing(design, top, &terms)?, terms.len(), element, size)
}

/// The terms of a sum: values of the products' width. An adder of so many is exact if it has as many
/// bits more as their number has.
fn terms(module: &Module, value: ValueId, product: u32) -> Result<Vec<ValueId>, String> {
    let cell = module.cell(value);
    match &cell.op {
        _ if cell.width == product => Ok(vec![value]),
        Op::Wire(of) | Op::ExtendSigned(of) => terms(module, *of, product),
        Op::Add(a, b) => {
            let all = [terms(module, *a, product)?, terms(module, *b, product)?].concat();
            let needed = product + all.len().next_power_of_two().ilog2();
            if cell.width < needed {
                return Err(format!("{} terms in {} bits", all.len(), cell.width));
            }
            Ok(all)
        }
        other => Err(format!("no sum: {}", other.name())),
    }
}

/// The one pair of elements that a term depends on.
fn pair(module: &Module, term: ValueId, size: u32) -> Result<u32, String> {
    let (mut seen, mut waiting, mut inputs) = (BTreeSet::new(), vec![term], BTreeSet::new());
    while let Some(value) = waiting.pop() {
        if !seen.insert(value) {
            continue;
        }
        match &module.cell(value).op {
            Op::Input(port) => drop(inputs.insert(port.0)),
            Op::Undefined | Op::Register(_) | Op::ReadData { .. } => {
                return Err("a term that is no function of the elements".into());
            }
            op => op.operands(|operand| waiting.push(operand)),
        }
    }
    match inputs.iter().copied().collect::<Vec<u32>>()[..] {
        [a, b] if a < size && b == a + size => Ok(a),
        _ => Err(format!("a term of the inputs {inputs:?}")),
    }
}

/// The flat design with its terms for further outputs.
fn showing(design: &Design, mut top: Module, terms: &[ValueId]) -> Result<Design, String> {
    let like = top.ports.iter().find(|port| port.direction == Direction::Output);
    let like = like.ok_or("no output")?.clone();
    for (index, term) in terms.iter().enumerate() {
        let (name, width) = (format!("term{index}"), top.cell(*term).width);
        top.ports.push(Port { name, value: *term, width, ..like.clone() });
    }
    let shown = Design { modules: vec![top], top: ModuleId(0), files: design.files.clone() };
    shown.validate().map_err(|faults| format!("{faults:?}"))?;
    Ok(shown)
}

/// Shows all pairs to all terms at once, which are the last outputs.
fn products(design: Design, terms: usize, element: Element, size: u32) -> Result<u64, String> {
    let first = design.top().ports.len() - terms;
    let mut engine = Compiled::new(&design, Undefined::Random(1));
    let (codes, of) = (1u64 << element.width(), golden_element(element));
    let mut shown = 0;
    for (a, b) in (0..codes).flat_map(|a| (0..codes).map(move |b| (a, b))) {
        let Some(wanted) = units(of.value(a).multiply(of.value(b)), element) else { continue };
        for i in 0..size {
            engine.set_u64(PortId(i), a);
            engine.set_u64(PortId(i + size), b);
        }
        for index in 0..terms {
            let found = signed(&engine.get(PortId((first + index) as u32)));
            if found != wanted {
                return Err(format!("{a:#x} · {b:#x} is {found}, not {wanted}"));
            }
        }
        shown += 1;
    }
    Ok(shown)
}

/// In units of the square of the least element; none if it is special.
fn units(value: Value, element: Element) -> Option<i128> {
    let unit = match element {
        Element::Float(f) => {
            let bias = (1 << (f.exponent - 1)) - 1;
            2 * (1 - bias - f.mantissa as i32)
        }
        Element::Int8 => -12,
    };
    let Value::Finite { negative, magnitude, exponent } = value else { return None };
    let units = if magnitude == 0 { 0 } else { (magnitude as i128) << (exponent - unit) };
    Some(if negative { -units } else { units })
}

/// A number in two's complement of up to 128 bits.
fn signed(bits: &Bits) -> i128 {
    let words = bits.extend_signed(128);
    (u128::from(words.words()[1]) << 64 | u128::from(words.words()[0])) as i128
}
