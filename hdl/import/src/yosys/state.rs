//! Flip-flops.

use super::json::{Bit, SourceCell};
use super::module::Reader;
use olivine_netlist::{Bits, Case, DomainId, Kind, Op, Register, RegisterId, ValueId};

/// Reads a flip-flop with any of an enable, a synchronous reset, an asynchronous reset or load.
pub(super) fn read(r: &mut Reader<'_>, cell: &SourceCell) -> bool {
    match cell.kind.as_str() {
        "$dff" | "$dffe" | "$sdff" | "$sdffe" | "$sdffce" | "$adff" | "$adffe" | "$aldff"
        | "$aldffe" => {}
        "$anyconst" => {
            any_constant(r, cell);
            return true;
        }
        _ => return false,
    }
    let Some(domain) = clock(r, cell) else { return true };
    let data = r.word(cell.bits("D"));
    let enable = level(r, cell, "EN");
    let mut cases = vec![(enable, data)];
    if let Some(reset) = level(r, cell, "SRST") {
        let value = r.word(&cell.constant("SRST_VALUE"));
        let condition = match (cell.kind.as_str(), enable) {
            ("$sdffce", Some(enable)) => r.add(Op::And(enable, reset), 1),
            _ => reset,
        };
        cases.push((Some(condition), value));
    }
    let own_reset = own_reset(r, cell, domain);
    let at_once = match (level(r, cell, "ARST"), level(r, cell, "ALOAD")) {
        _ if own_reset.is_some() => None,
        (Some(reset), _) => Some((reset, r.word(&cell.constant("ARST_VALUE")))),
        (None, Some(load)) => Some((load, r.word(cell.bits("AD")))),
        (None, None) => None,
    };
    cases.extend(at_once.map(|(condition, value)| (Some(condition), value)));
    let stored = store(r, cell, domain, &cases, own_reset.as_deref());
    if let Some((condition, value)) = at_once {
        let seen = r.mux(condition, value, stored);
        r.define(cell, "Q", seen);
    }
    true
}

/// The value that the reset of the register's own domain gives it at once, if that is what its
/// asynchronous reset is.
fn own_reset(r: &Reader<'_>, cell: &SourceCell, domain: DomainId) -> Option<Vec<bool>> {
    let reset = r.clocks[r.index][domain.index()].reset.as_ref()?;
    let is_it = reset.at_once() && cell.bits("ARST") == [Bit::Net(reset.net)];
    is_it.then(|| cell.constant("ARST_VALUE").iter().map(|bit| *bit == Bit::One).collect())
}

fn clock(r: &mut Reader<'_>, cell: &SourceCell) -> Option<DomainId> {
    let bit = cell.bits("CLK").first().copied().unwrap_or(Bit::Undefined);
    let domain = r.domain(bit);
    // A clock that is a net has its fault already.
    if domain.is_none() && !matches!(bit, Bit::Net(_)) {
        let message = format!("the clock of `{}` is a constant", cell.name);
        r.log.fault("I010", &cell.src, message, "bring the clock in by a port");
    }
    domain
}

/// A control input as a condition that acts when it is one.
fn level(r: &mut Reader<'_>, cell: &SourceCell, port: &str) -> Option<ValueId> {
    let bits = cell.connections.get(port)?;
    let value = r.word(bits);
    let high = cell.flag(&format!("{port}_POLARITY"));
    Some(if high { value } else { r.invert(value) })
}

/// What the netlist says of the output's bits.
struct Output {
    name: String,
    signed: bool,
    /// For each bit.
    init: Vec<Bit>,
}

fn output(r: &Reader<'_>, cell: &SourceCell) -> Output {
    let bits = cell.bits("Q");
    let nets = &r.source.nets;
    let mut init = vec![Bit::Undefined; bits.len()];
    for net in nets {
        let Some(text) = &net.init else { continue };
        let values = super::json::constant(text);
        for (bit, value) in net.bits.iter().zip(values) {
            if value != Bit::Undefined {
                let same = bits.iter().zip(&mut init).filter(|(b, _)| *b == bit);
                same.for_each(|(_, init)| *init = value);
            }
        }
    }
    let named = |net: &&super::json::SourceNet| !net.hidden;
    let exact = nets.iter().filter(named).find(|net| net.bits == bits);
    let part = || {
        let inside = |net: &&super::json::SourceNet| bits.iter().all(|b| net.bits.contains(b));
        nets.iter().filter(named).find(inside)
    };
    let whole = exact.or_else(part);
    let name = match (whole, exact) {
        (Some(net), Some(_)) => net.name.clone(),
        (Some(net), None) => match net.bits.iter().position(|b| Some(b) == bits.first()) {
            None | Some(0) => net.name.clone(),
            Some(low) => format!("{}_{low}", net.name),
        },
        _ => cell.name.clone(),
    };
    Output { name, signed: exact.is_some_and(|net| net.signed), init }
}

/// The registers of a flip-flop: several, where some bits have an init value and others none.
fn store(
    r: &mut Reader<'_>,
    cell: &SourceCell,
    domain: DomainId,
    cases: &[(Option<ValueId>, ValueId)],
    reset: Option<&[bool]>,
) -> ValueId {
    let output = output(r, cell);
    let slot = r.reserved(cell, "Q");
    let mut parts = Vec::new();
    let mut low = 0;
    while low < output.init.len() {
        let known = output.init[low] != Bit::Undefined;
        let rest = output.init[low..].iter();
        let count = rest.take_while(|b| (**b != Bit::Undefined) == known).count();
        let bits = &output.init[low..low + count];
        let init = known
            .then(|| Bits::from_bools(&bits.iter().map(|b| *b == Bit::One).collect::<Vec<_>>()));
        let whole = count == output.init.len();
        let (low_bit, width) = (low as u32, count as u32);
        let cases = cases.iter().map(|&(condition, value)| {
            let value = match whole {
                true => value,
                false => r.add(Op::Slice { value, low: low_bit }, width),
            };
            Case { condition, value, place: r.place }
        });
        let cases: Vec<Case> = cases.collect();
        // The reserved value is the register itself, unless something stands between.
        let plain = whole && (reset.is_some() || !cell.connections.contains_key("ARST"));
        let plain = plain && !cell.connections.contains_key("ALOAD");
        let reserved = slot.filter(|_| plain);
        let reset = reset.map(|reset| Bits::from_bools(&reset[low..low + count]));
        parts.push(register(r, &output, reserved, (reset, init), width, domain, cases));
        low += count;
    }
    match parts.as_slice() {
        [only] => *only,
        _ => {
            let all = r.add(Op::Concat(parts.into()), output.init.len() as u32);
            r.define(cell, "Q", all);
            slot.unwrap_or(all)
        }
    }
}

#[allow(clippy::too_many_arguments)] // the parts of a register
fn register(
    r: &mut Reader<'_>,
    output: &Output,
    reserved: Option<ValueId>,
    (reset, init): (Option<Bits>, Option<Bits>),
    width: u32,
    domain: DomainId,
    cases: Vec<Case>,
) -> ValueId {
    let id = RegisterId(r.module.registers.len() as u32);
    let value = match reserved {
        Some(value) => {
            r.module.cells[value.index()].op = Op::Register(id);
            value
        }
        None => r.add(Op::Register(id), width),
    };
    let name = r.names.claim(&output.name, Some(value));
    let kind = if output.signed { Kind::Signed } else { Kind::Bits };
    let place = r.place;
    let kind = if width == 1 && !output.signed { Kind::Bit } else { kind };
    r.module.registers.push(Register {
        name,
        width,
        kind,
        domain,
        reset,
        init,
        crossing: false,
        cases,
        place,
        value,
    });
    value
}

/// Any value, but always the same: a register that nothing changes.
fn any_constant(r: &mut Reader<'_>, cell: &SourceCell) {
    let (Some(slot), false) = (r.reserved(cell, "Y"), r.module.domains.is_empty()) else { return };
    let width = r.module.width(slot);
    let output = Output { name: cell.name.clone(), signed: false, init: Vec::new() };
    register(r, &output, Some(slot), (None, None), width, DomainId(0), Vec::new());
}
