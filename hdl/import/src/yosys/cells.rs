//! Word-level operators, with Yosys' widths and signs.
//!
//! An operator of two operands is signed if both operands are. Operands are extended to the
//! widest of both and the result, each by its own sign in what Yosys writes; the result is cut.

use super::json::SourceCell;
use super::module::Reader;
use super::{divide, select, shift};
use olivine_netlist::{Op, ValueId};

/// What the cells of one type have in common.
pub(super) struct Operands {
    pub a: ValueId,
    pub b: ValueId,
    /// Whether both are signed.
    pub signed: bool,
    /// Width of the result.
    pub width: u32,
}

impl Reader<'_> {
    /// Extended or cut to `width`.
    pub fn resize(&mut self, value: ValueId, width: u32, signed: bool) -> ValueId {
        match self.module.width(value) {
            w if w == width => value,
            w if w > width => self.add(Op::Slice { value, low: 0 }, width),
            _ if signed => self.add(Op::ExtendSigned(value), width),
            _ => self.add(Op::Extend(value), width),
        }
    }

    /// Whether any bit is one.
    pub fn truth(&mut self, value: ValueId) -> ValueId {
        if self.module.width(value) == 1 {
            return value;
        }
        self.add(Op::ReduceOr(value), 1)
    }

    pub fn invert(&mut self, value: ValueId) -> ValueId {
        let width = self.module.width(value);
        self.add(Op::Not(value), width)
    }

    pub fn mux(&mut self, condition: ValueId, then: ValueId, otherwise: ValueId) -> ValueId {
        let width = self.module.width(then);
        self.add(Op::Mux { condition, then, otherwise }, width)
    }

    /// Gives the output that was reserved for `port` its meaning.
    pub fn define(&mut self, cell: &SourceCell, port: &str, value: ValueId) {
        let Some(slot) = self.reserved(cell, port) else { return };
        // A value that was just made belongs to nobody else yet: its operator moves.
        let newest = value.index() + 1 == self.module.cells.len() && value >= self.first;
        let linked = matches!(self.module.cell(value).op, Op::Register(_) | Op::ReadData { .. });
        let op = if newest && !linked {
            self.module.cells.pop().expect("the newest cell").op
        } else {
            Op::Wire(value)
        };
        let slot = &mut self.module.cells[slot.index()];
        (slot.op, slot.place) = (op, self.place);
    }
}

/// Reads a combinational cell.
pub(super) fn read(r: &mut Reader<'_>, cell: &SourceCell) -> bool {
    let width = cell.bits("Y").len() as u32;
    let result = match cell.kind.as_str() {
        "$scopeinfo" | "$print" => return true,
        "$anyseq" => {
            let Some(slot) = r.reserved(cell, "Y") else { return true };
            let width = r.module.width(slot);
            r.add(Op::Undefined, width)
        }
        kind if width > 0 => {
            let Some(result) = unary(r, cell, kind, width)
                .or_else(|| binary(r, cell, kind, width))
                .or_else(|| select::read(r, cell, kind))
            else {
                return false;
            };
            result
        }
        // A result of no bits concerns nobody.
        kind => return kind.starts_with('$') && cell.connections.contains_key("Y"),
    };
    r.define(cell, "Y", result);
    true
}

fn unary(r: &mut Reader<'_>, cell: &SourceCell, kind: &str, width: u32) -> Option<ValueId> {
    if cell.connections.contains_key("B") || cell.connections.contains_key("S") {
        return None;
    }
    let signed = cell.flag("A_SIGNED");
    let a = r.word(cell.bits("A"));
    let reduced = |r: &mut Reader<'_>, op: Op| r.add(op, 1);
    let bit = match kind {
        "$reduce_and" => reduced(r, Op::ReduceAnd(a)),
        "$reduce_or" | "$reduce_bool" => reduced(r, Op::ReduceOr(a)),
        "$reduce_xor" => reduced(r, Op::ReduceXor(a)),
        "$reduce_xnor" => {
            let odd = reduced(r, Op::ReduceXor(a));
            r.invert(odd)
        }
        "$logic_not" => {
            let any = r.truth(a);
            r.invert(any)
        }
        "$pos" | "$buf" => return Some(r.resize(a, width, signed)),
        "$not" => {
            let a = r.resize(a, width, signed);
            return Some(r.invert(a));
        }
        "$neg" => {
            let a = r.resize(a, width, signed);
            let zero = r.number(width, 0);
            return Some(r.add(Op::Sub(zero, a), width));
        }
        "$slice" => {
            let low = cell.number("OFFSET");
            return Some(r.add(Op::Slice { value: a, low }, width));
        }
        _ => return None,
    };
    Some(r.resize(bit, width, false))
}

fn binary(r: &mut Reader<'_>, cell: &SourceCell, kind: &str, width: u32) -> Option<ValueId> {
    if !cell.connections.contains_key("B") || cell.connections.contains_key("S") {
        return None;
    }
    let signed = cell.flag("A_SIGNED") && cell.flag("B_SIGNED");
    let (a, b) = (r.word(cell.bits("A")), r.word(cell.bits("B")));
    let operands = Operands { a, b, signed, width };
    if let Some(result) = shift::read(r, cell, kind, &operands) {
        return Some(result);
    }
    if kind == "$concat" {
        return Some(r.add(Op::Concat([a, b].into()), width));
    }
    if matches!(kind, "$logic_and" | "$logic_or") {
        let (a, b) = (r.truth(a), r.truth(b));
        let op = if kind == "$logic_and" { Op::And(a, b) } else { Op::Or(a, b) };
        let bit = r.add(op, 1);
        return Some(r.resize(bit, width, false));
    }
    compare(r, kind, &operands)
        .or_else(|| modular(r, kind, &operands))
        .or_else(|| divide::read(r, kind, &operands))
}

/// Operators whose low bits depend on low bits only.
fn modular(r: &mut Reader<'_>, kind: &str, o: &Operands) -> Option<ValueId> {
    if kind == "$mul" {
        return Some(product(r, o));
    }
    let (a, b) = (r.resize(o.a, o.width, o.signed), r.resize(o.b, o.width, o.signed));
    let op = match kind {
        "$and" => Op::And(a, b),
        "$or" => Op::Or(a, b),
        "$xor" => Op::Xor(a, b),
        "$xnor" => {
            let different = r.add(Op::Xor(a, b), o.width);
            return Some(r.invert(different));
        }
        "$add" => Op::Add(a, b),
        "$sub" => Op::Sub(a, b),
        _ => return None,
    };
    Some(r.add(op, o.width))
}

/// The full product of operands that are not wider than the result, extended or cut.
fn product(r: &mut Reader<'_>, o: &Operands) -> ValueId {
    let [a, b] = [o.a, o.b].map(|v| {
        let width = r.module.width(v).min(o.width);
        r.resize(v, width, false)
    });
    let full = r.module.width(a) + r.module.width(b);
    let op = if o.signed { Op::MulSigned(a, b) } else { Op::MulUnsigned(a, b) };
    let product = r.add(op, full);
    r.resize(product, o.width, o.signed)
}

fn compare(r: &mut Reader<'_>, kind: &str, o: &Operands) -> Option<ValueId> {
    let common = r.module.width(o.a).max(r.module.width(o.b));
    let known = ["$eq", "$eqx", "$ne", "$nex", "$lt", "$le", "$gt", "$ge"];
    if !known.contains(&kind) {
        return None;
    }
    let (a, b) = (r.resize(o.a, common, o.signed), r.resize(o.b, common, o.signed));
    let less = |a, b| if o.signed { Op::LessSigned(a, b) } else { Op::LessUnsigned(a, b) };
    let (op, inverted) = match kind {
        "$eq" | "$eqx" => (Op::Eq(a, b), false),
        "$ne" | "$nex" => (Op::Eq(a, b), true),
        "$lt" => (less(a, b), false),
        "$gt" => (less(b, a), false),
        "$le" => (less(b, a), true),
        _ => (less(a, b), true),
    };
    let bit = r.add(op, 1);
    let bit = if inverted { r.invert(bit) } else { bit };
    Some(r.resize(bit, o.width, false))
}
