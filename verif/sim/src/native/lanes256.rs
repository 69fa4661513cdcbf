//! AVX2: lanes that move within a register, between registers, and to and from scalars.

use super::asm::{Asm, Code, Rm};
use super::emit256::{SPARE_VECTOR, code, ymm};

const SPARE: Rm = Rm::Reg(SPARE_VECTOR);

/// Between general and vector registers: of 64 bits, if `wide`.
fn move_code(wide: bool, opcode: u8) -> Code {
    Code(1, 1, wide.into(), opcode)
}

/// A scalar in every lane.
pub(super) fn splat(asm: &mut Asm, wide: bool, to: u8, scalar: u8) {
    asm.vex(move_code(wide, 0x6e), false, to, 0, Rm::Reg(scalar), None);
    ymm(asm, code(2, if wide { 0x59 } else { 0x58 }), to, 0, Rm::Reg(to));
}

/// Loads a number for each lane.
pub(super) fn constant(asm: &mut Asm, table: &[u32], to: u8) {
    let bytes: Vec<u8> = table.iter().flat_map(|lane| lane.to_le_bytes()).collect();
    let table = asm.constant(&bytes);
    ymm(asm, code(1, 0x6f), to, 0, table);
}

/// A register whose low half is a half of another.
pub(super) fn half(asm: &mut Asm, high: bool, from: u8) -> u8 {
    if !high {
        return from;
    }
    asm.vex(code(3, 0x39), true, from, 0, SPARE, Some(1));
    SPARE_VECTOR
}

/// The low 32 bits of each lane of 64 of two registers.
pub(super) fn join_halves(asm: &mut Asm, to: u8, from: &[u8]) {
    const EVEN: u8 = 0x88;
    const ORDER: u8 = 0xd8;
    asm.vex(Code(1, 0, 0, 0xc6), true, to, from[0], Rm::Reg(from[1]), Some(EVEN));
    permute_wide(asm, ORDER, to, to);
}

fn permute_wide(asm: &mut Asm, order: u8, to: u8, from: u8) {
    asm.vex(Code(3, 1, 1, 0x00), true, to, 0, Rm::Reg(from), Some(order));
}

/// For each lane of 32 bits the one that it comes from, where it matters; as lanes of 64 bits have
/// it, both halves.
type Sources = [Option<u8>; 8];

/// The lanes that a table takes of the operand with this number.
fn sources(table: &[u32; 16], wide: bool, operand: u32) -> Sources {
    let unit = if wide { 4 } else { 8 };
    std::array::from_fn(|place| {
        let (from, part) =
            if wide { (table[place & !1], place as u32 & 1) } else { (table[place], 0) };
        let lane = from % unit * (8 / unit) + part;
        (from / unit == operand).then_some(lane as u8)
    })
}

/// Lanes of a register; `to` is another one.
pub(super) fn permute(asm: &mut Asm, table: &[u32; 16], wide: bool, to: u8, from: u8) {
    moved(asm, &sources(table, wide, 0), to, from);
}

/// Lanes of two registers; `to` is a third one.
pub(super) fn permute2(asm: &mut Asm, table: &[u32; 16], wide: bool, to: u8, from: &[u8]) {
    let [first, second] = [0, 1].map(|operand| sources(table, wide, operand));
    let [mut a, mut b] = [from[0], from[1]];
    if !in_place(&first) {
        moved(asm, &first, to, a);
        a = to;
    }
    if !in_place(&second) {
        moved(asm, &second, SPARE_VECTOR, b);
        b = SPARE_VECTOR;
    }
    let of_second = (0..8).filter(|place| second[*place].is_some()).fold(0, |m, p| m | 1 << p);
    asm.vex(code(3, 0x02), true, to, a, Rm::Reg(b), Some(of_second));
}

fn in_place(sources: &Sources) -> bool {
    sources.iter().enumerate().all(|(place, from)| from.is_none_or(|from| from == place as u8))
}

/// Lanes of a register that move, to another register.
fn moved(asm: &mut Asm, sources: &Sources, to: u8, from: u8) {
    if let Some(order) = in_quarters(sources) {
        return asm.vex(code(1, 0x70), true, to, 0, Rm::Reg(from), Some(order));
    }
    if let Some(order) = in_pairs(sources) {
        return permute_wide(asm, order, to, from);
    }
    let lane = |(place, from): (usize, &Option<u8>)| u32::from(from.unwrap_or(place as u8));
    let table: Vec<u32> = sources.iter().enumerate().map(lane).collect();
    constant(asm, &table, to);
    ymm(asm, code(2, 0x36), to, to, Rm::Reg(from));
}

/// Two bits for each of four places, if all that is wanted of each place agrees.
fn order(wanted: impl Iterator<Item = (usize, u8)>) -> Option<u8> {
    let mut order: [Option<u8>; 4] = [None; 4];
    for (place, from) in wanted {
        if order[place].is_some_and(|known| known != from) {
            return None;
        }
        order[place] = Some(from);
    }
    let two = |(place, from): (usize, &Option<u8>)| from.unwrap_or(place as u8) << (2 * place);
    Some(order.iter().enumerate().map(two).sum())
}

/// The order within each half of the register, if it is the same in both.
fn in_quarters(sources: &Sources) -> Option<u8> {
    let wanted = || (0..8).filter_map(|place| sources[place].map(|from| (place, from)));
    let stays = wanted().all(|(place, from)| place / 4 == usize::from(from / 4));
    stays.then(|| order(wanted().map(|(place, from)| (place % 4, from % 4)))).flatten()
}

/// The order of the lanes of 64 bits, if none is split.
fn in_pairs(sources: &Sources) -> Option<u8> {
    let wanted = || (0..8).filter_map(|place| sources[place].map(|from| (place, from)));
    let whole = wanted().all(|(place, from)| place % 2 == usize::from(from % 2));
    whole.then(|| order(wanted().map(|(place, from)| (place / 2, from / 2)))).flatten()
}

/// The first operand with a lane set to the second, a scalar.
pub(super) fn insert(asm: &mut Asm, lane: u8, wide: bool, to: u8, from: &[u8]) {
    splat(asm, wide, SPARE_VECTOR, from[1]);
    let lanes = if wide { 3 << (2 * lane) } else { 1 << lane };
    asm.vex(code(3, 0x02), true, to, from[0], SPARE, Some(lanes));
}

/// A lane as a scalar.
pub(super) fn extract(asm: &mut Asm, lane: u8, wide: bool, to: u8, from: u8) {
    let lanes = if wide { 2 } else { 4 };
    let source = half(asm, lane >= lanes, from);
    if lane.is_multiple_of(lanes) {
        return asm.vex(move_code(wide, 0x7e), false, source, 0, Rm::Reg(to), None);
    }
    let take = Code(3, 1, wide.into(), 0x16);
    asm.vex(take, false, source, 0, Rm::Reg(to), Some(lane % lanes));
}
