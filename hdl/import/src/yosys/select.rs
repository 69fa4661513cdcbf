//! Multiplexers.

use super::json::{Bit, SourceCell};
use super::module::Reader;
use olivine_netlist::{Op, ValueId};

/// Reads a multiplexer.
pub(super) fn read(r: &mut Reader<'_>, cell: &SourceCell, kind: &str) -> Option<ValueId> {
    match kind {
        "$mux" => {
            let [a, b, s] = ["A", "B", "S"].map(|port| r.word(cell.bits(port)));
            Some(r.mux(s, b, a))
        }
        "$pmux" => Some(parallel(r, cell)),
        "$bmux" => {
            let index = r.word(cell.bits("S"));
            let width = cell.bits("Y").len();
            let options: Vec<_> = cell.bits("A").chunks(width).map(|c| r.word(c)).collect();
            Some(r.add(Op::Select { index, options: options.into() }, width as u32))
        }
        "$demux" => {
            let (a, s) = (r.word(cell.bits("A")), r.word(cell.bits("S")));
            let mut parts = Vec::new();
            let count = cell.bits("Y").len() / cell.bits("A").len().max(1);
            let (wa, ws) = (r.module.width(a), r.module.width(s));
            for index in 0..count {
                let number = r.number(ws, index as u64);
                let chosen = r.add(Op::Eq(s, number), 1);
                let zero = r.number(wa, 0);
                parts.push(r.mux(chosen, a, zero));
            }
            Some(r.add(Op::Concat(parts.into()), cell.bits("Y").len() as u32))
        }
        "$bwmux" => {
            let [a, b, s] = ["A", "B", "S"].map(|port| r.word(cell.bits(port)));
            let width = r.module.width(a);
            let not = r.invert(s);
            let (a, b) = (r.add(Op::And(a, not), width), r.add(Op::And(b, s), width));
            Some(r.add(Op::Or(a, b), width))
        }
        _ => None,
    }
}

/// `A` without a selection, the part of `B` with one, undefined with several. Where the
/// selections compare one value with different constants, there never are several.
fn parallel(r: &mut Reader<'_>, cell: &SourceCell) -> ValueId {
    let mut result = r.word(cell.bits("A"));
    let width = r.module.width(result);
    let selections = cell.bits("S");
    let exclusive = are_exclusive(r, selections);
    let parts = cell.bits("B").chunks(width as usize);
    let mut seen: Option<ValueId> = None;
    let mut several: Option<ValueId> = None;
    for (selection, part) in selections.iter().zip(parts) {
        let (condition, then) = (r.word(&[*selection]), r.word(part));
        result = r.mux(condition, then, result);
        if !exclusive {
            if let Some(seen) = seen {
                let both = r.add(Op::And(seen, condition), 1);
                several = Some(several.map_or(both, |s| r.add(Op::Or(s, both), 1)));
            }
            seen = Some(seen.map_or(condition, |s| r.add(Op::Or(s, condition), 1)));
        }
    }
    match several {
        Some(several) => {
            let free = r.add(Op::Undefined, width);
            r.mux(several, free, result)
        }
        None => result,
    }
}

/// Whether every two of the selections hold for different values of one word, by what the cells
/// that make them are in the text.
fn are_exclusive(r: &Reader<'_>, selections: &[Bit]) -> bool {
    let mut word: Option<Vec<Bit>> = None;
    let mut values: Vec<Vec<Bit>> = Vec::new();
    selections.iter().all(|selection| {
        let Some(found) = equal_to(r, *selection, 8) else { return false };
        found.into_iter().all(|(compared, value)| {
            let fresh = !values.contains(&value);
            values.push(value);
            fresh && *word.get_or_insert_with(|| compared.clone()) == compared
        })
    })
}

/// The constants for which a bit is one: each with the word that it is compared with.
fn equal_to(r: &Reader<'_>, bit: Bit, depth: u32) -> Option<Vec<(Vec<Bit>, Vec<Bit>)>> {
    let cell = r.cell_of(bit)?;
    let constant = |bits: &[Bit]| bits.iter().all(|b| matches!(b, Bit::Zero | Bit::One));
    let padded = |bits: &[Bit], width: usize| {
        let mut bits = bits.to_vec();
        bits.resize(width.max(bits.len()), Bit::Zero);
        bits
    };
    let (a, b) = (cell.bits("A"), cell.bits("B"));
    match cell.kind.as_str() {
        "$eq" if constant(b) && b.len() <= a.len() && !cell.flag("B_SIGNED") => {
            Some(vec![(a.to_vec(), padded(b, a.len()))])
        }
        "$logic_not" => Some(vec![(a.to_vec(), vec![Bit::Zero; a.len()])]),
        "$reduce_or" if depth > 0 => {
            let all: Option<Vec<_>> = a.iter().map(|bit| equal_to(r, *bit, depth - 1)).collect();
            Some(all?.into_iter().flatten().collect())
        }
        "$not" if a.len() == 1 => Some(vec![(a.to_vec(), vec![Bit::Zero])]),
        _ => None,
    }
}
