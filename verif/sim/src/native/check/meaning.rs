//! What each operation gives, lane by lane.

use super::super::ops::{Bin, Compare, Op, Shift};
use olivine_netlist::{FloatFunction, FloatOperation};

/// An operand or a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Scalar(u64),
    /// A register as lanes of 32 bits; one of 64 is two of these, the low one first.
    Vector(Vec<u32>),
    /// A bit for each lane of 32 bits.
    Mask(Vec<bool>),
    /// A bit for each lane of 64 bits.
    Half(Vec<bool>),
}

impl Value {
    fn scalar(&self) -> u64 {
        let Self::Scalar(value) = self else { panic!("no scalar: {self:?}") };
        *value
    }

    fn words(&self) -> &[u32] {
        let Self::Vector(words) = self else { panic!("no vector: {self:?}") };
        words
    }

    fn lanes(&self, wide: bool) -> Vec<u64> {
        let words = self.words();
        let pair = |pair: &[u32]| u64::from(pair[0]) | u64::from(pair[1]) << 32;
        if wide {
            words.chunks_exact(2).map(pair).collect()
        } else {
            words.iter().map(|word| u64::from(*word)).collect()
        }
    }

    fn bits(&self) -> &[bool] {
        match self {
            Self::Mask(bits) | Self::Half(bits) => bits,
            _ => panic!("no mask: {self:?}"),
        }
    }
}

fn vector(lanes: impl IntoIterator<Item = u64>, wide: bool) -> Value {
    let lanes = lanes.into_iter();
    let words = |lane: u64| [lane as u32, (lane >> 32) as u32];
    Value::Vector(if wide {
        lanes.flat_map(words).collect()
    } else {
        lanes.map(|l| l as u32).collect()
    })
}

fn mask(bits: impl IntoIterator<Item = bool>, wide: bool) -> Value {
    let bits = bits.into_iter().collect();
    if wide { Value::Half(bits) } else { Value::Mask(bits) }
}

fn bin(op: Bin, a: u64, b: u64) -> u64 {
    match op {
        Bin::And => a & b,
        Bin::AndNot => a & !b,
        Bin::Or => a | b,
        Bin::Xor => a ^ b,
        Bin::Add => a.wrapping_add(b),
        Bin::Sub => a.wrapping_sub(b),
        Bin::Mul => a.wrapping_mul(b),
    }
}

/// As a number in two's complement.
fn signed(a: u64, wide: bool) -> i64 {
    if wide { a as i64 } else { i64::from(a as u32 as i32) }
}

fn shift(op: Shift, a: u64, by: u64, wide: bool) -> u64 {
    let bits = if wide { 64 } else { 32 };
    match op {
        Shift::Signed => (signed(a, wide) >> by.min(bits - 1)) as u64,
        _ if by >= bits => 0,
        Shift::Left => a << by,
        Shift::Right => a >> by,
    }
}

fn compare(op: Compare, a: u64, b: u64, wide: bool) -> bool {
    match op {
        Compare::Equal => a == b,
        Compare::Less => a < b,
        Compare::LessSigned => signed(a, wide) < signed(b, wide),
    }
}

/// By a table of three bits: the first counts four.
fn logic(table: u8, [a, b, c]: [u64; 3]) -> u64 {
    let bit = |k: u32| (a >> k & 1) << 2 | (b >> k & 1) << 1 | c >> k & 1;
    (0..64).fold(0, |all, k| all | u64::from(table >> bit(k) & 1) << k)
}

/// The sum of two products of signed halves.
fn multiply_short(a: u64, b: u64) -> u64 {
    let product = |at: u32| i64::from((a >> at) as i16) * i64::from((b >> at) as i16);
    product(0).wrapping_add(product(16)) as u64
}

fn less_short(a: u64, by: u16) -> u64 {
    u64::from((a as u16).wrapping_sub(by)) | a & 0xffff_0000
}

fn float(function: FloatFunction, from: &[u64]) -> u64 {
    let is_subnormal = |x: f32| function.flushed && x.is_subnormal();
    let flushed = |x: f32| if is_subnormal(x) { 0f32.copysign(x) } else { x };
    let x = |k: usize| flushed(f32::from_bits(from[k] as u32));
    let result = match function.operation {
        FloatOperation::Multiply => x(0) * x(1),
        FloatOperation::Add => x(0) + x(1),
        FloatOperation::MultiplyAdd => x(1).mul_add(x(2), x(0)),
    };
    if result.is_nan() { 0x7fc0_0000 } else { flushed(result).to_bits().into() }
}

/// The result of an operation on registers of so many lanes.
pub(super) fn meaning(op: Op, tables: &[[u32; 16]], n: usize, from: &[Value]) -> Value {
    let each =
        |wide: bool, f: &dyn Fn(u64) -> u64| vector(from[0].lanes(wide).into_iter().map(f), wide);
    let both = |wide: bool, f: &dyn Fn(u64, u64) -> u64| {
        let (a, b) = (from[0].lanes(wide), from[1].lanes(wide));
        vector(a.into_iter().zip(b).map(|(a, b)| f(a, b)), wide)
    };
    let tested =
        |wide: bool, f: &dyn Fn(u64) -> bool| mask(from[0].lanes(wide).into_iter().map(f), wide);
    let compared = |wide: bool, f: &dyn Fn(u64, u64) -> bool| {
        let (a, b) = (from[0].lanes(wide), from[1].lanes(wide));
        mask(a.into_iter().zip(b).map(|(a, b)| f(a, b)), wide)
    };
    // The first operand changed where the second is set.
    let changed = |wide: bool, f: &dyn Fn(u64) -> u64| {
        let lanes = from[0].lanes(wide).into_iter().zip(from[1].bits());
        vector(lanes.map(|(a, set)| if *set { f(a) } else { a }), wide)
    };
    let spread = |value: u64, wide: bool| vector(vec![value; if wide { n / 2 } else { n }], wide);
    match op {
        Op::VectorNumber { value, wide } => spread(value, wide),
        Op::VectorTable(table) => Value::Vector(tables[table as usize][..n].to_vec()),
        Op::Splat { wide } => spread(from[0].scalar(), wide),
        Op::Masked { value, wide } => {
            vector(from[0].bits().iter().map(|set| if *set { value } else { 0 }), wide)
        }
        Op::Vector { op, wide } => both(wide, &|a, b| bin(op, a, b)),
        Op::VectorWith { op, value, wide } => each(wide, &|a| bin(op, a, value)),
        Op::MulShort => both(false, &multiply_short),
        Op::LessShort(by) => each(false, &|a| less_short(a, by)),
        Op::Float(function) => {
            let lanes: Vec<Vec<u64>> = from.iter().map(|value| value.lanes(false)).collect();
            let of_lane = |k: usize| lanes.iter().map(|l| l[k]).collect::<Vec<u64>>();
            vector((0..n).map(|k| float(function, &of_lane(k))), false)
        }
        Op::VectorShift { op, by, wide } => each(wide, &|a| shift(op, a, by.into(), wide)),
        Op::VectorShiftBy { op, wide } => both(wide, &|a, by| shift(op, a, by, wide)),
        Op::ShiftWhere { op, by, wide } => changed(wide, &|a| shift(op, a, by.into(), wide)),
        Op::WithWhere { op, value, wide } => changed(wide, &|a| bin(op, a, value)),
        Op::Logic { table, wide } => {
            let [a, b, c] = [0, 1, 2].map(|k| from[k].lanes(wide));
            vector((0..a.len()).map(|k| logic(table, [a[k], b[k], c[k]])), wide)
        }
        Op::LogicWith { table, value, wide } => both(wide, &|a, b| logic(table, [a, b, value])),
        Op::Blend { wide } => {
            let lanes = from[1].lanes(wide).into_iter().zip(from[2].lanes(wide));
            let set = from[0].bits().iter();
            vector(lanes.zip(set).map(|((then, other), set)| if *set { then } else { other }), wide)
        }
        Op::Permute { table, wide } | Op::Permute2 { table, wide } => {
            let lanes: Vec<u64> = from.iter().flat_map(|value| value.lanes(wide)).collect();
            let step = if wide { 2 } else { 1 };
            let places = tables[table as usize][..n].iter().step_by(step);
            vector(places.map(|place| lanes[*place as usize]), wide)
        }
        Op::Insert { lane, wide } => {
            let mut lanes = from[0].lanes(wide);
            lanes[lane as usize] = from[1].scalar();
            vector(lanes, wide)
        }
        Op::Widen { high } => {
            let words = from[0].words();
            let half = if high { &words[n / 2..] } else { &words[..n / 2] };
            vector(half.iter().map(|word| u64::from(*word)), true)
        }
        Op::Narrow => vector(from.iter().flat_map(|value| value.lanes(true)), false),
        Op::VectorCompare { op, wide } => compared(wide, &|a, b| compare(op, a, b, wide)),
        Op::VectorCompareNot { op, wide } => compared(wide, &|a, b| !compare(op, a, b, wide)),
        Op::VectorCompareWith { op, value, wide } => tested(wide, &|a| compare(op, a, value, wide)),
        Op::VectorCompareWithNot { op, value, wide } => {
            tested(wide, &|a| !compare(op, a, value, wide))
        }
        Op::VectorTest { value, wide } => tested(wide, &|a| a & value != 0),
        Op::VectorTestNot { value, wide } => tested(wide, &|a| a & value == 0),
        Op::MaskSplat => mask(vec![from[0].scalar() != 0; n], false),
        Op::MaskNumber(ones) => mask(vec![ones; n], false),
        Op::Masks(op) => {
            let bits = from[0].bits().iter().zip(from[1].bits());
            mask(bits.map(|(a, b)| bin(op, (*a).into(), (*b).into()) & 1 == 1), false)
        }
        Op::MaskNot => mask(from[0].bits().iter().map(|bit| !bit), false),
        Op::MaskHalf { high } => {
            let (low, upper) = from[0].bits().split_at(n / 2);
            Value::Half(if high { upper } else { low }.to_vec())
        }
        Op::MaskJoin => mask(from.iter().flat_map(|half| half.bits().to_vec()), false),
        Op::Extract { lane, wide } => Value::Scalar(from[0].lanes(wide)[lane as usize]),
        Op::ExtractBit(lane) => Value::Scalar(from[0].bits()[lane as usize].into()),
        Op::MaskBits => {
            let bits = from[0].bits().iter().enumerate();
            Value::Scalar(bits.fold(0, |all, (lane, bit)| all | u64::from(*bit) << lane))
        }
        _ => unreachable!("no operation on vectors: {op:?}"),
    }
}
