//! Memories.

use super::json::{Bit, SourceCell};
use super::module::Reader;
use olivine_netlist::{
    Bits, Collision, DomainId, Kind, Memory, MemoryId, Op, ReadKind, ReadPort, ValueId, WritePort,
};

/// Reads a memory.
pub(super) fn read(r: &mut Reader<'_>, cell: &SourceCell) -> bool {
    if cell.kind != "$mem_v2" {
        return false;
    }
    let (width, depth) = (cell.number("WIDTH"), cell.number("SIZE"));
    let id = MemoryId(r.module.memories.len() as u32);
    let name = r.names.claim(&cell.name, None);
    let place = r.place;
    let kind = Kind::Bits;
    let init = initial_words(cell, width as usize);
    let memory = Memory {
        name,
        width,
        depth,
        kind,
        init,
        crossing: false,
        reads: Vec::new(),
        writes: Vec::new(),
        place,
    };
    r.module.memories.push(memory);
    let data = r.reserved(cell, "RD_DATA");
    let mut parts = Vec::new();
    for index in 0..cell.number("RD_PORTS") {
        parts.push(read_port(r, cell, id, index));
    }
    match (parts.as_slice(), data) {
        ([only], Some(slot)) => {
            // The reserved value is the port itself.
            r.module.cells.pop();
            r.module.cells[slot.index()].op = Op::ReadData { memory: id, port: 0 };
            debug_assert_eq!(only.index(), r.module.cells.len());
            r.module.memories[id.index()].reads[0].value = slot;
        }
        (_, Some(_)) => {
            let all = r.add(Op::Concat(parts.into()), width * cell.number("RD_PORTS"));
            r.define(cell, "RD_DATA", all);
        }
        (_, None) => {}
    }
    for index in 0..cell.number("WR_PORTS") {
        write_port(r, cell, id, index);
    }
    true
}

/// Words from address 0 to the last of which something is known.
fn initial_words(cell: &SourceCell, width: usize) -> Vec<Bits> {
    let bits = cell.constant("INIT");
    let known = bits.iter().rposition(|b| *b != Bit::Undefined).map_or(0, |last| last + 1);
    let words = bits.chunks(width.max(1)).take(known.div_ceil(width.max(1)));
    words.map(|w| Bits::from_bools(&w.iter().map(|b| *b == Bit::One).collect::<Vec<_>>())).collect()
}

/// The bits of one of several ports of `width` bits each.
fn at<'c>(cell: &'c SourceCell, port: &str, index: u32, width: u32) -> &'c [Bit] {
    let start = (index * width) as usize;
    cell.bits(port).get(start..start + width as usize).unwrap_or(&[])
}

fn bit(cell: &SourceCell, parameter: &str, index: u32) -> Bit {
    cell.constant(parameter).get(index as usize).copied().unwrap_or(Bit::Zero)
}

fn fault(r: &mut Reader<'_>, cell: &SourceCell, what: &str) {
    let message = format!("the memory `{}` has {what}", cell.name);
    let help = "use `prep` without `-rdff`: registers before read ports stay registers then";
    r.log.fault("I020", &cell.src, message, help);
}

/// The address from the first word on.
fn address(r: &mut Reader<'_>, cell: &SourceCell, way: &str, index: u32) -> ValueId {
    let bits = at(cell, &format!("{way}_ADDR"), index, cell.number("ABITS"));
    let value = r.word(bits);
    match cell.number("OFFSET") {
        0 => value,
        offset => {
            let width = r.module.width(value);
            let first = r.number(width, u64::from(offset));
            r.add(Op::Sub(value, first), width)
        }
    }
}

fn read_port(r: &mut Reader<'_>, cell: &SourceCell, id: MemoryId, index: u32) -> ValueId {
    let address = address(r, cell, "RD", index);
    let kind = match bit(cell, "RD_CLK_ENABLE", index) {
        Bit::One => synchronous(r, cell, index),
        _ => ReadKind::Async,
    };
    if bit(cell, "RD_WIDE_CONTINUATION", index) == Bit::One {
        fault(r, cell, "a read port of several words");
    }
    let width = cell.number("WIDTH");
    let value = r.add(Op::ReadData { memory: id, port: index }, width);
    let place = r.place;
    r.module.memories[id.index()].reads.push(ReadPort { address, kind, place, value });
    value
}

fn synchronous(r: &mut Reader<'_>, cell: &SourceCell, index: u32) -> ReadKind {
    let (width, writes) = (cell.number("WIDTH"), cell.number("WR_PORTS"));
    let init = cell.constant("RD_INIT_VALUE");
    let init = init.iter().skip((index * width) as usize).take(width as usize);
    let reset = ["RD_ARST", "RD_SRST"].iter().any(|p| at(cell, p, index, 1) != [Bit::Zero]);
    if reset || init.into_iter().any(|b| *b != Bit::Undefined) {
        fault(r, cell, "a read port with a reset or an initial value");
    }
    let mask = |parameter: &str| -> Vec<bool> {
        let bits = cell.constant(parameter);
        let start = (index * writes) as usize;
        let bits = bits.into_iter().skip(start).take(writes as usize);
        bits.map(|b| b == Bit::One).collect()
    };
    let (transparent, free) = (mask("RD_TRANSPARENCY_MASK"), mask("RD_COLLISION_X_MASK"));
    let all = |m: &[bool]| !m.is_empty() && m.iter().all(|b| *b);
    let none = |m: &[bool]| m.iter().all(|b| !*b);
    let collision = match (all(&transparent), all(&free)) {
        (true, _) if none(&free) => Collision::New,
        (_, true) if none(&transparent) => Collision::Undefined,
        _ if none(&transparent) && none(&free) => Collision::Old,
        _ => {
            fault(r, cell, "a read port that treats write ports differently");
            Collision::Old
        }
    };
    let enable = match at(cell, "RD_EN", index, 1) {
        [Bit::One] => None,
        bits => Some(r.word(bits)),
    };
    ReadKind::Sync { domain: port_domain(r, cell, "RD", index), enable, collision }
}

fn port_domain(r: &mut Reader<'_>, cell: &SourceCell, way: &str, index: u32) -> DomainId {
    let bits = at(cell, &format!("{way}_CLK"), index, 1);
    // A clock that is none has its fault already.
    bits.first().and_then(|b| r.domain(*b)).unwrap_or(DomainId(0))
}

fn write_port(r: &mut Reader<'_>, cell: &SourceCell, id: MemoryId, index: u32) {
    let width = cell.number("WIDTH");
    if bit(cell, "WR_CLK_ENABLE", index) != Bit::One {
        fault(r, cell, "a write port without a clock");
        return;
    }
    if bit(cell, "WR_WIDE_CONTINUATION", index) == Bit::One {
        fault(r, cell, "a write port of several words");
    }
    let domain = port_domain(r, cell, "WR", index);
    let address = address(r, cell, "WR", index);
    let data = r.word(at(cell, "WR_DATA", index, width));
    let enables = at(cell, "WR_EN", index, width).to_vec();
    let part = part_width(&enables);
    let (enable, mask) = match (part == enables.len(), enables.first()) {
        (true, Some(Bit::One)) => (None, None),
        (true, Some(bit)) => (Some(r.word(&[*bit])), None),
        _ => {
            let parts: Vec<Bit> = enables.iter().step_by(part).copied().collect();
            (None, Some(r.word(&parts)))
        }
    };
    let place = r.place;
    let port = WritePort { domain, address, data, enable, mask, place };
    r.module.memories[id.index()].writes.push(port);
}

/// The widest equal parts of a word whose bits are written together.
fn part_width(enables: &[Bit]) -> usize {
    let uniform = |width: &usize| {
        enables.len().is_multiple_of(*width)
            && enables.chunks(*width).all(|chunk| chunk.iter().all(|b| *b == chunk[0]))
    };
    (1..=enables.len()).rev().find(uniform).unwrap_or(1)
}
