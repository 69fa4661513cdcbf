//! The operations that are tried, with what operands, and the wrong ones in their place.

use super::super::ops::{Bin, Compare, Op, Shift};
use super::meaning::Value;
use olivine_interp::undefined_bits;
use olivine_netlist::FloatFunction;

/// What an operand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar,
    /// A scalar that is 0 or 1.
    Bit,
    /// Lanes of 32 or of 64 bits.
    Vector,
    /// Amounts of shifts, of lanes of 64 bits if `true`.
    Amount(bool),
    /// Numbers of fp32.
    Float,
    /// A bit for each lane of 32 bits.
    Mask,
    /// A bit for each lane of 64 bits.
    Half,
}

/// An operation with its operands and tables.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub op: Op,
    pub kinds: Vec<Kind>,
    pub tables: Vec<[u32; 16]>,
}

impl Case {
    pub fn is_flushed(&self) -> bool {
        matches!(self.op, Op::Float(function) if function.flushed)
    }
}

const BINS: [Bin; 7] = [Bin::And, Bin::AndNot, Bin::Or, Bin::Xor, Bin::Add, Bin::Sub, Bin::Mul];
const SHIFTS: [Shift; 3] = [Shift::Left, Shift::Right, Shift::Signed];
const COMPARES: [Compare; 3] = [Compare::Equal, Compare::Less, Compare::LessSigned];

/// All bits of a lane.
fn ones(wide: bool) -> u64 {
    if wide { u64::MAX } else { u64::from(u32::MAX) }
}

/// Numbers that emitters may treat in ways of their own.
fn numbers(wide: bool) -> Vec<u64> {
    let top = ones(wide) / 2 + 1;
    let mut all = vec![0, 1, 2, 5, top - 1, top, top + 1, ones(wide), ones(wide) - 6];
    if wide {
        all.extend([3 << 31, 0x1_0000_0001]);
    }
    all
}

/// On registers of so many lanes.
pub(super) fn cases(lanes: u32, ternary: bool) -> Vec<Case> {
    let mut all = Vec::new();
    for wide in [false, true] {
        arithmetic(wide, &mut all);
        decisions(wide, &mut all);
        if ternary {
            logic(wide, &mut all);
        }
        moves(lanes, wide, &mut all);
    }
    masks(lanes, &mut all);
    all
}

fn case(op: Op, kinds: &[Kind]) -> Case {
    Case { op, kinds: kinds.to_vec(), tables: Vec::new() }
}

fn arithmetic(wide: bool, all: &mut Vec<Case>) {
    let (one, two) = ([Kind::Vector], [Kind::Vector; 2]);
    all.extend(BINS.map(|op| case(Op::Vector { op, wide }, &two)));
    for value in numbers(wide) {
        all.push(case(Op::VectorNumber { value, wide }, &[]));
        // A number is inverted before it takes bits away.
        let bins = BINS.into_iter().filter(|op| *op != Bin::AndNot);
        all.extend(bins.map(|op| case(Op::VectorWith { op, value, wide }, &one)));
    }
    let table = std::array::from_fn(|lane| 0x9e37_79b9u32.wrapping_mul(lane as u32 % 5 + 1));
    let tables = vec![table, table.map(|lane| lane ^ 1)];
    all.push(Case { op: Op::VectorTable(0), kinds: Vec::new(), tables });
    let bits = if wide { 64 } else { 32 };
    for op in SHIFTS {
        all.push(case(Op::VectorShiftBy { op, wide }, &[Kind::Vector, Kind::Amount(wide)]));
        let shifts = [1, 7, bits / 2, bits - 1].map(|by| Op::VectorShift { op, by, wide });
        all.extend(shifts.map(|op| case(op, &one)));
    }
    all.push(case(Op::Splat { wide }, &[Kind::Scalar]));
    if !wide {
        all.push(case(Op::MulShort, &two));
        all.extend([1, 0x80, 0x8000].map(|by| case(Op::LessShort(by), &one)));
        for function in FloatFunction::ALL {
            all.push(case(Op::Float(function), &vec![Kind::Float; function.operands()]));
        }
    }
}

fn decisions(wide: bool, all: &mut Vec<Case>) {
    let mask = if wide { Kind::Half } else { Kind::Mask };
    let (one, two) = ([Kind::Vector], [Kind::Vector; 2]);
    for op in COMPARES {
        all.push(case(Op::VectorCompare { op, wide }, &two));
        all.push(case(Op::VectorCompareNot { op, wide }, &two));
        for value in numbers(wide) {
            all.push(case(Op::VectorCompareWith { op, value, wide }, &one));
            all.push(case(Op::VectorCompareWithNot { op, value, wide }, &one));
        }
    }
    for value in numbers(wide).into_iter().filter(|value| *value != 0) {
        all.push(case(Op::VectorTest { value, wide }, &one));
        all.push(case(Op::VectorTestNot { value, wide }, &one));
        all.push(case(Op::Masked { value, wide }, &[mask]));
        let bins = BINS.into_iter().filter(|op| *op != Bin::AndNot);
        let with = bins.map(|op| case(Op::WithWhere { op, value, wide }, &[Kind::Vector, mask]));
        all.extend(with);
    }
    for op in SHIFTS {
        all.push(case(Op::ShiftWhere { op, by: 3, wide }, &[Kind::Vector, mask]));
    }
    all.push(case(Op::Blend { wide }, &[mask, Kind::Vector, Kind::Vector]));
}

fn logic(wide: bool, all: &mut Vec<Case>) {
    for table in [0x96, 0xe8, 0x1b] {
        all.push(case(Op::Logic { table, wide }, &[Kind::Vector; 3]));
        let value = 0x1234_5678 | u64::from(wide) << 40;
        all.push(case(Op::LogicWith { table, value, wide }, &[Kind::Vector; 2]));
    }
}

/// Orders of lanes: in some there are short ways.
fn moves(lanes: u32, wide: bool, all: &mut Vec<Case>) {
    let unit = if wide { lanes / 2 } else { lanes };
    let table = |of: &dyn Fn(u32) -> u32| {
        let mut table = [0; 16];
        (0..unit).for_each(|k| table[if wide { 2 * k } else { k } as usize] = of(k));
        table
    };
    let random = |k: u32, below: u32| {
        undefined_bits(u64::from(below), "lane", k.into(), 32).low_u64() as u32 % below
    };
    let orders: [&dyn Fn(u32) -> u32; 5] =
        [&|k| (k + 1) % unit, &|k| k ^ 1, &|k| (k + 2) % unit, &|_| unit - 1, &|k| random(k, unit)];
    for order in orders {
        let op = Op::Permute { table: 0, wide };
        let tables = vec![table(order), table(&|k| (order(k) + 1) % unit)];
        all.push(Case { op, kinds: vec![Kind::Vector], tables });
    }
    let orders: [&dyn Fn(u32) -> u32; 5] = [
        &|k| if k % 2 == 0 { k } else { unit + k },
        &|k| k + 1,
        &|k| if k == 0 { 2 * unit - 1 } else { k - 1 },
        &|k| if k == 1 { unit } else { k },
        &|k| random(k, 2 * unit),
    ];
    for order in orders {
        let op = Op::Permute2 { table: 0, wide };
        let tables = vec![table(order), table(&|k| (order(k) + 1) % (2 * unit))];
        all.push(Case { op, kinds: vec![Kind::Vector; 2], tables });
    }
    for lane in 0..unit as u8 {
        all.push(case(Op::Insert { lane, wide }, &[Kind::Vector, Kind::Scalar]));
        all.push(case(Op::Extract { lane, wide }, &[Kind::Vector]));
    }
}

fn masks(lanes: u32, all: &mut Vec<Case>) {
    for high in [false, true] {
        all.push(case(Op::Widen { high }, &[Kind::Vector]));
        all.push(case(Op::MaskHalf { high }, &[Kind::Mask]));
        all.push(case(Op::MaskNumber(high), &[]));
    }
    all.push(case(Op::Narrow, &[Kind::Vector; 2]));
    all.push(case(Op::MaskJoin, &[Kind::Half; 2]));
    all.push(case(Op::MaskSplat, &[Kind::Bit]));
    all.push(case(Op::MaskNot, &[Kind::Mask]));
    all.extend(BINS[..4].iter().map(|op| case(Op::Masks(*op), &[Kind::Mask; 2])));
    all.extend((0..lanes as u8).map(|lane| case(Op::ExtractBit(lane), &[Kind::Mask])));
    all.push(case(Op::MaskBits, &[Kind::Mask]));
}

/// Operands made by a seed.
pub(super) fn operands(case: &Case, lanes: usize, seed: u64) -> Vec<Value> {
    let random = |k: usize, lane: usize| {
        undefined_bits(seed, "operand", (100 * k + lane) as u64, 64).low_u64()
    };
    let mask = |k: usize, count: usize| (0..count).map(|lane| random(k, lane) & 1 == 1).collect();
    let of = |(k, kind): (usize, &Kind)| match kind {
        Kind::Scalar => Value::Scalar(random(k, 0)),
        Kind::Bit => Value::Scalar(random(k, 0) & 1),
        Kind::Vector => {
            Value::Vector((0..lanes / 2).flat_map(|at| pair(case.op, random(k, at))).collect())
        }
        Kind::Amount(wide) => {
            Value::Vector((0..lanes).map(|lane| amount(random(k, lane), lane, *wide)).collect())
        }
        Kind::Float => Value::Vector((0..lanes).map(|lane| number(random(k, lane))).collect()),
        Kind::Mask => Value::Mask(mask(k, lanes)),
        Kind::Half => Value::Half(mask(k, lanes / 2)),
    };
    case.kinds.iter().enumerate().map(of).collect()
}

/// Two lanes of 32 bits, or one of 64: any number, one at the border of some order, or one near the
/// number that the operation is about.
fn pair(op: Op, random: u64) -> [u32; 2] {
    let (value, wide) = match op {
        Op::VectorCompareWith { value, wide, .. }
        | Op::VectorCompareWithNot { value, wide, .. }
        | Op::VectorTest { value, wide }
        | Op::VectorTestNot { value, wide } => (value, wide),
        _ => (0, random & 1 == 1),
    };
    let near = |how: u64| match how % 8 {
        0 => value,
        1 => value.wrapping_add(1),
        2 => value.wrapping_sub(1),
        3 | 4 => 1 << (how >> 3 & 63),
        5 => !value,
        6 => 0,
        _ => ones(wide) / 2 + (how >> 3 & 1),
    };
    let how = random >> 40;
    match (random >> 62, wide) {
        (0, _) => [random as u32, (random >> 32) as u32],
        (_, true) => [near(how) as u32, (near(how) >> 32) as u32],
        (_, false) => [near(how) as u32, near(how >> 10) as u32],
    }
}

/// Up to twice a lane's bits; the upper half of a lane of 64 bits is zero, now and then not.
fn amount(random: u64, lane: usize, wide: bool) -> u32 {
    let upper = wide && lane % 2 == 1;
    match random >> 60 {
        0 => random as u32,
        _ if upper => 0,
        _ => random as u32 % if wide { 128 } else { 64 },
    }
}

/// Exponents near each other, at the borders, and of every kind.
fn number(random: u64) -> u32 {
    let exponent = match random >> 62 {
        0 => random >> 32 & 0xff,
        1 => {
            if random >> 32 & 1 == 1 {
                0xff
            } else {
                0
            }
        }
        _ => 120 + (random >> 32 & 15),
    };
    let fraction = if random >> 40 & 7 == 0 { 0 } else { random & 0x7f_ffff };
    let sign = random >> 23 & 1;
    (sign << 31 | exponent << 23 | fraction) as u32
}

fn next<T: PartialEq + Copy>(all: &[T], one: T) -> T {
    let at = all.iter().position(|x| *x == one).expect("one of them");
    all[(at + 1) % all.len()]
}

/// An operation in the place of this one, with the same kinds of operands and result.
pub(super) fn wrong(case: &Case) -> Option<Op> {
    // Nearly the same number: the smallest error there is.
    let other = |op: Bin, value: u64| match op {
        Bin::Mul => (op, value.wrapping_add(1)),
        op => (op, value ^ 1),
    };
    Some(match case.op {
        Op::VectorNumber { value, wide } => Op::VectorNumber { value: value ^ 1, wide },
        Op::VectorTable(_) => Op::VectorTable(1),
        Op::Masked { value, wide } => Op::Masked { value: value ^ 1, wide },
        Op::Vector { op, wide } => Op::Vector { op: next(&BINS, op), wide },
        Op::VectorWith { op, value, wide } => {
            let (op, value) = other(op, value);
            Op::VectorWith { op, value, wide }
        }
        Op::WithWhere { op, value, wide } => {
            let (op, value) = other(op, value);
            Op::WithWhere { op, value, wide }
        }
        Op::MulShort => Op::Vector { op: Bin::Mul, wide: false },
        Op::LessShort(by) => Op::LessShort(by ^ 1),
        Op::Float(f) if f.operands() == 2 => {
            let alike = FloatFunction::ALL.into_iter().filter(|g| g.operands() == 2);
            let alike: Vec<FloatFunction> = alike.filter(|g| g.flushed == f.flushed).collect();
            Op::Float(next(&alike, f))
        }
        Op::VectorShift { op, by, wide } => Op::VectorShift { op, by: by - 1, wide },
        Op::ShiftWhere { op, by, wide } => Op::ShiftWhere { op, by: by - 1, wide },
        Op::VectorShiftBy { op, wide } => Op::VectorShiftBy { op: next(&SHIFTS, op), wide },
        Op::VectorCompare { op, wide } => Op::VectorCompareNot { op, wide },
        Op::VectorCompareNot { op, wide } => Op::VectorCompareNot { op: next(&COMPARES, op), wide },
        Op::VectorCompareWith { op, value, wide } => {
            let value = value.wrapping_add(1) & ones(wide);
            Op::VectorCompareWith { op, value, wide }
        }
        Op::VectorCompareWithNot { op, value, wide } => Op::VectorCompareWith { op, value, wide },
        Op::VectorTest { value, wide } => Op::VectorTestNot { value, wide },
        Op::VectorTestNot { value, wide } => Op::VectorTestNot { value: value ^ 1 << 9, wide },
        Op::Logic { table, wide } => Op::Logic { table: table ^ 4, wide },
        Op::LogicWith { table, value, wide } => Op::LogicWith { table, value: value ^ 64, wide },
        Op::Permute { wide, .. } => Op::Permute { table: 1, wide },
        Op::Permute2 { wide, .. } => Op::Permute2 { table: 1, wide },
        Op::Insert { lane, wide } => Op::Insert { lane: lane ^ 1, wide },
        Op::Extract { lane, wide } => Op::Extract { lane: lane ^ 1, wide },
        Op::ExtractBit(lane) => Op::ExtractBit(lane ^ 1),
        Op::MaskBits => Op::ExtractBit(0),
        Op::Widen { high } => Op::Widen { high: !high },
        Op::MaskHalf { high } => Op::MaskHalf { high: !high },
        Op::MaskNumber(ones) => Op::MaskNumber(!ones),
        Op::Masks(op) => Op::Masks(next(&BINS[..4], op)),
        Op::Splat { wide } => Op::VectorNumber { value: 0, wide },
        Op::MaskSplat => Op::MaskNumber(true),
        _ => return None,
    })
}

/// Two operands that change places, where it matters.
pub(super) fn swapped(op: Op) -> Option<[usize; 2]> {
    match op {
        Op::Blend { .. } => Some([1, 2]),
        Op::Float(function) if function.operands() == 3 => Some([0, 2]),
        Op::Narrow | Op::MaskJoin | Op::Masks(Bin::AndNot) => Some([0, 1]),
        Op::Vector { op: Bin::Sub | Bin::AndNot, .. } | Op::VectorShiftBy { .. } => Some([0, 1]),
        Op::VectorCompare { op: Compare::Less | Compare::LessSigned, .. } => Some([0, 1]),
        Op::Logic { table: 0x1b, .. } | Op::LogicWith { table: 0x1b, .. } => Some([0, 1]),
        _ => None,
    }
}
