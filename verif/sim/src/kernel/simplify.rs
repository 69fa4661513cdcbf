//! Identities applied as nodes are made. Constant operands alone are folded before.

use super::{Graph, NodeId, NodeOp, ones};

/// A simpler node with the value of `op` modulo 2^`width`, if one is known.
pub(super) fn simplify(g: &mut Graph, op: &NodeOp, width: u32) -> Option<NodeId> {
    match op {
        NodeOp::Not(a) => not(g, *a, width),
        NodeOp::And(a, b) => and(g, *a, *b, width),
        NodeOp::Or(a, b) => or(g, *a, *b, width),
        NodeOp::Xor(a, b) => xor(g, *a, *b, width),
        NodeOp::Add(a, b) => add(g, *a, *b, width),
        NodeOp::Sub(a, b) if g.constant(*b) == Some(0) => fits(g, *a, width),
        NodeOp::Mul(a, b) => multiply(g, *a, *b, width),
        NodeOp::Eq(a, b) => equal(g, *a, *b),
        NodeOp::Less(a, b) => less(g, *a, *b),
        NodeOp::LessSigned { a, b, bits } => less_signed(g, *a, *b, *bits),
        NodeOp::ShiftLeft(a, by) => shift_left(g, *a, *by, width),
        NodeOp::ShiftRight(a, by) => shift_right(g, *a, *by, width),
        NodeOp::Mux { condition, then, otherwise } => mux(g, *condition, *then, *otherwise, width),
        NodeOp::Select(index, options) => select(g, *index, options, width),
        NodeOp::Join(parts) => join(g, parts, width),
        NodeOp::Slice(a, low) => slice(g, *a, *low, width),
        NodeOp::ShiftRightSigned { a, amount, bits } => shift_signed(g, *a, *amount, *bits, width),
        NodeOp::SignExtend(a, bits) if g.width(*a) < *bits || *bits >= width => fits(g, *a, width),
        NodeOp::AndNot(a, b) => and_not(g, *a, *b, width),
        NodeOp::Test { a, low, width } => test(g, *a, *low, *width),
        NodeOp::Parity(a) if g.width(*a) == 1 => Some(*a),
        _ => None,
    }
}

/// `a` itself, if it needs no cutting.
fn fits(g: &mut Graph, a: NodeId, width: u32) -> Option<NodeId> {
    if g.width(a) <= width { Some(a) } else { Some(g.add(NodeOp::Slice(a, 0), width)) }
}

fn not(g: &mut Graph, a: NodeId, width: u32) -> Option<NodeId> {
    match g.node(a).op {
        NodeOp::Not(inner) if g.width(a) == width && g.width(inner) <= width => Some(inner),
        NodeOp::Eq(x, zero) if width == 1 && g.constant(zero) == Some(0) => Some(g.any(x)),
        NodeOp::SignExtend(bit, 1) if g.width(a) == width => {
            let inverse = g.add(NodeOp::Not(bit), 1);
            Some(g.add(NodeOp::SignExtend(inverse, 1), width))
        }
        _ => None,
    }
}

/// The constant operand first, if there is one.
fn constant_first(g: &Graph, a: NodeId, b: NodeId) -> Option<(u64, NodeId)> {
    let left = g.constant(a).map(|value| (value, b));
    left.or_else(|| g.constant(b).map(|value| (value, a)))
}

fn and(g: &mut Graph, a: NodeId, b: NodeId, width: u32) -> Option<NodeId> {
    if a == b {
        return fits(g, a, width);
    }
    if let Some((value, other)) = constant_first(g, a, b) {
        let all = ones(width.min(g.width(other)));
        return match value & all {
            0 => Some(g.number(0)),
            bits if bits == all => fits(g, other, width),
            _ => None,
        };
    }
    and_of_repeated(g, a, b, width)
        .or_else(|| and_of_repeated(g, b, a, width))
        .or_else(|| and_of_inverse(g, a, b, width))
        .or_else(|| and_of_inverse(g, b, a, width))
}

/// `a` with a bit repeated over all its width is a choice.
fn and_of_repeated(g: &mut Graph, a: NodeId, b: NodeId, width: u32) -> Option<NodeId> {
    let NodeOp::SignExtend(condition, 1) = g.node(b).op else { return None };
    if g.width(b) < g.width(a) {
        return None;
    }
    let otherwise = g.number(0);
    Some(g.add(NodeOp::Mux { condition, then: a, otherwise }, width))
}

fn and_of_inverse(g: &mut Graph, a: NodeId, b: NodeId, width: u32) -> Option<NodeId> {
    let NodeOp::Not(inverse) = g.node(b).op else { return None };
    (g.width(b) >= g.width(a)).then(|| g.add(NodeOp::AndNot(a, inverse), width))
}

fn and_not(g: &mut Graph, a: NodeId, b: NodeId, width: u32) -> Option<NodeId> {
    if a == b || g.constant(a) == Some(0) {
        return Some(g.number(0));
    }
    if let Some(value) = g.constant(b) {
        let kept = g.number(!value & ones(g.width(a)));
        return Some(g.add(NodeOp::And(a, kept), width));
    }
    match g.node(b).op {
        NodeOp::Not(inner) if g.width(b) >= g.width(a) => Some(g.add(NodeOp::And(a, inner), width)),
        NodeOp::SignExtend(condition, 1) if g.width(b) >= g.width(a) => {
            let then = g.number(0);
            Some(g.add(NodeOp::Mux { condition, then, otherwise: a }, width))
        }
        _ => None,
    }
}

/// Bits of a slice are bits of what was sliced.
fn test(g: &mut Graph, a: NodeId, low: u32, width: u32) -> Option<NodeId> {
    let own = g.width(a);
    if low >= own {
        return Some(g.number(0));
    }
    if low + width > own {
        return Some(g.add(NodeOp::Test { a, low, width: own - low }, 1));
    }
    if width == 1 {
        return Some(g.add(NodeOp::Slice(a, low), 1));
    }
    match g.node(a).op {
        NodeOp::Slice(inner, more) => {
            Some(g.add(NodeOp::Test { a: inner, low: low + more, width }, 1))
        }
        NodeOp::SignExtend(bit, 1) => Some(bit),
        NodeOp::Join(_) => {
            let tested = g.add(NodeOp::Slice(a, low), width);
            let NodeOp::Join(parts) = g.node(tested).op.clone() else { return Some(g.any(tested)) };
            // Where a bit is does not matter.
            let bits = parts.iter().map(|(part, _)| *part);
            let all = bits.reduce(|all, part| {
                let width = g.width(all).max(g.width(part));
                g.add(NodeOp::Or(all, part), width)
            });
            all.map(|all| g.any(all))
        }
        _ => None,
    }
}

fn or(g: &mut Graph, a: NodeId, b: NodeId, width: u32) -> Option<NodeId> {
    if a == b {
        return fits(g, a, width);
    }
    let Some((value, other)) = constant_first(g, a, b) else {
        return or_of_repeated(g, a, b, width).or_else(|| or_of_repeated(g, b, a, width));
    };
    if value & ones(width) == 0 {
        return fits(g, other, width);
    }
    let all = ones(g.width(other).min(width));
    (g.width(other) <= width && value & all == all && value <= ones(width)).then(|| g.number(value))
}

/// `a` or a bit repeated over all the width is a choice.
fn or_of_repeated(g: &mut Graph, a: NodeId, b: NodeId, width: u32) -> Option<NodeId> {
    let NodeOp::SignExtend(condition, 1) = g.node(b).op else { return None };
    if g.width(b) != width || g.width(a) > width {
        return None;
    }
    let then = g.ones(width);
    Some(g.add(NodeOp::Mux { condition, then, otherwise: a }, width))
}

fn xor(g: &mut Graph, a: NodeId, b: NodeId, width: u32) -> Option<NodeId> {
    if a == b {
        return Some(g.number(0));
    }
    let (value, other) = constant_first(g, a, b)?;
    match value & ones(width) {
        0 => fits(g, other, width),
        bits if bits == ones(width) => Some(g.add(NodeOp::Not(other), width)),
        _ => None,
    }
}

fn add(g: &mut Graph, a: NodeId, b: NodeId, width: u32) -> Option<NodeId> {
    if width == 1 {
        return Some(g.add(NodeOp::Xor(a, b), 1));
    }
    let (value, other) = constant_first(g, a, b)?;
    if value == 0 { fits(g, other, width) } else { None }
}

fn multiply(g: &mut Graph, a: NodeId, b: NodeId, width: u32) -> Option<NodeId> {
    let (value, other) = constant_first(g, a, b)?;
    match value {
        0 => Some(g.number(0)),
        _ if value.is_power_of_two() => {
            Some(g.add(NodeOp::Join(Box::new([(other, value.trailing_zeros())])), width))
        }
        _ => None,
    }
}

fn equal(g: &mut Graph, a: NodeId, b: NodeId) -> Option<NodeId> {
    if a == b {
        return Some(g.number(1));
    }
    let (value, other) = constant_first(g, a, b)?;
    match (value, g.width(other)) {
        (v, width) if v > ones(width) => Some(g.number(0)),
        (0, 1) => Some(g.add(NodeOp::Not(other), 1)),
        (1, 1) => Some(other),
        _ => match g.node(other).op.clone() {
            NodeOp::Join(parts) => Some(join_equals(g, &parts, value)),
            _ => None,
        },
    }
}

/// Whether a join is a number: the parts of each source are looked at where they are.
fn join_equals(g: &mut Graph, parts: &[(NodeId, u32)], value: u64) -> NodeId {
    let mut expected: Vec<(NodeId, u64, u64)> = Vec::new();
    let mut covered = 0;
    for &(part, shift) in parts {
        // Other parts stand where a number has zeros.
        if let Some(number) = g.constant(part) {
            if !value & number << shift != 0 {
                return g.number(0);
            }
            covered |= number << shift;
            continue;
        }
        let bits = ones(g.width(part));
        covered |= bits << shift;
        let (source, low) = match g.node(part).op {
            NodeOp::Slice(source, low) => (source, low),
            _ => (part, 0),
        };
        let (bits, here) = (bits << low, (value >> shift & bits) << low);
        // A source whose bit is asked for twice, as different ones, is no case of its own.
        match expected.iter_mut().find(|(s, mask, _)| *s == source && *mask & bits == 0) {
            Some((_, mask, wanted)) => (*mask, *wanted) = (*mask | bits, *wanted | here),
            None => expected.push((source, bits, here)),
        }
    }
    if value & !covered != 0 {
        return g.number(0);
    }
    let mut all = g.number(1);
    for (source, mask, wanted) in expected {
        let whole = ones(g.width(source));
        let looked_at = if mask & whole == whole {
            source
        } else if mask.is_power_of_two() {
            g.add(NodeOp::Slice(source, mask.trailing_zeros()), 1)
        } else {
            let mask = g.number(mask);
            let width = g.width(mask);
            g.add(NodeOp::And(source, mask), width)
        };
        let wanted = if mask.is_power_of_two() { u64::from(wanted != 0) } else { wanted };
        let wanted = g.number(wanted);
        let equal = g.add(NodeOp::Eq(looked_at, wanted), 1);
        all = g.add(NodeOp::And(all, equal), 1);
    }
    all
}

fn less(g: &mut Graph, a: NodeId, b: NodeId) -> Option<NodeId> {
    if a == b || g.constant(b) == Some(0) {
        return Some(g.number(0));
    }
    if g.constant(b) == Some(1) {
        let zero = g.number(0);
        return Some(g.add(NodeOp::Eq(a, zero), 1));
    }
    let above = g.constant(b).is_some_and(|b| b > ones(g.width(a)));
    above.then(|| g.number(1))
}

/// Two numbers without sign bits compare as unsigned ones.
fn less_signed(g: &mut Graph, a: NodeId, b: NodeId, bits: u32) -> Option<NodeId> {
    let unsigned = g.width(a) < bits && g.width(b) < bits;
    (a == b || unsigned).then(|| g.add(NodeOp::Less(a, b), 1))
}

fn shift_signed(g: &mut Graph, a: NodeId, by: NodeId, bits: u32, width: u32) -> Option<NodeId> {
    if g.width(a) < bits {
        return Some(g.add(NodeOp::ShiftRight(a, by), width));
    }
    let amount = g.constant(by)?.min(u64::from(bits - 1)) as u32;
    let kept = g.add(NodeOp::Slice(a, amount), bits - amount);
    Some(g.add(NodeOp::SignExtend(kept, bits - amount), width))
}

fn shift_left(g: &mut Graph, a: NodeId, by: NodeId, width: u32) -> Option<NodeId> {
    let amount = g.constant(by)?;
    if amount >= u64::from(width) {
        return Some(g.number(0));
    }
    Some(g.add(NodeOp::Join(Box::new([(a, amount as u32)])), width))
}

fn shift_right(g: &mut Graph, a: NodeId, by: NodeId, width: u32) -> Option<NodeId> {
    let amount = g.constant(by)?;
    if amount >= u64::from(g.width(a)) {
        return Some(g.number(0));
    }
    Some(g.add(NodeOp::Slice(a, amount as u32), width))
}

fn mux(g: &mut Graph, c: NodeId, then: NodeId, otherwise: NodeId, width: u32) -> Option<NodeId> {
    if let Some(condition) = g.constant(c) {
        return fits(g, if condition != 0 { then } else { otherwise }, width);
    }
    if then == otherwise {
        return fits(g, then, width);
    }
    if let NodeOp::Not(inverse) = g.node(c).op {
        let swapped = NodeOp::Mux { condition: inverse, then: otherwise, otherwise: then };
        return Some(g.add(swapped, width));
    }
    let one_bit = g.width(then).max(g.width(otherwise)) == 1;
    match (g.constant(then), g.constant(otherwise)) {
        (Some(1), Some(0)) => Some(c),
        (Some(0), Some(1)) => Some(g.add(NodeOp::Not(c), 1)),
        (Some(1), _) if one_bit => Some(g.add(NodeOp::Or(c, otherwise), 1)),
        (Some(0), _) if one_bit => Some(g.add(NodeOp::AndNot(otherwise, c), 1)),
        (_, Some(0)) if one_bit => Some(g.add(NodeOp::And(c, then), 1)),
        (_, Some(1)) if one_bit => {
            let inverse = g.add(NodeOp::Not(c), 1);
            Some(g.add(NodeOp::Or(inverse, then), 1))
        }
        _ => None,
    }
}

fn select(g: &mut Graph, index: NodeId, options: &[NodeId], width: u32) -> Option<NodeId> {
    let last = options.len() - 1;
    let first = options[0];
    if options.iter().all(|o| *o == first) {
        return fits(g, first, width);
    }
    if let Some(index) = g.constant(index) {
        return fits(g, options[usize::try_from(index).map_or(last, |i| i.min(last))], width);
    }
    let reachable = 1usize.checked_shl(g.width(index)).unwrap_or(usize::MAX);
    if reachable < options.len() {
        return Some(g.add(NodeOp::Select(index, options[..reachable].into()), width));
    }
    let mux = NodeOp::Mux { condition: index, then: options[last], otherwise: first };
    (options.len() == 2 && g.width(index) == 1).then(|| g.add(mux, width))
}

fn join(g: &mut Graph, parts: &[(NodeId, u32)], width: u32) -> Option<NodeId> {
    let flat = flat_parts(g, parts, width);
    match flat.as_slice() {
        [] => Some(g.number(0)),
        [(only, 0)] => Some(*only),
        _ if flat.as_slice() == parts => None,
        _ => Some(g.add(NodeOp::Join(flat.into()), width)),
    }
}

/// The parts with those of inner joins, constants first and together, nothing above `width`.
fn flat_parts(g: &mut Graph, parts: &[(NodeId, u32)], width: u32) -> Vec<(NodeId, u32)> {
    let (mut number, mut flat) = (0, Vec::new());
    for &(part, shift) in parts.iter().filter(|(_, shift)| *shift < width) {
        let cut = if g.width(part) + shift > width {
            g.add(NodeOp::Slice(part, 0), width - shift)
        } else {
            part
        };
        match g.node(cut).op.clone() {
            NodeOp::Const(value) => number |= value << shift,
            NodeOp::Join(inner) => {
                for (part, more) in inner {
                    match g.constant(part) {
                        Some(value) => number |= value << (shift + more),
                        None => flat.push((part, shift + more)),
                    }
                }
            }
            _ => flat.push((cut, shift)),
        }
    }
    let flat = adjacent(g, &flat);
    let mut flat = repeated(g, &flat);
    if number != 0 {
        flat.insert(0, (g.number(number), 0));
    }
    flat
}

/// Neighbouring slices of one node become one slice.
fn adjacent(g: &mut Graph, parts: &[(NodeId, u32)]) -> Vec<(NodeId, u32)> {
    let mut result: Vec<(NodeId, u32)> = Vec::new();
    for &(part, shift) in parts {
        let joined = result.last().and_then(|&last| neighbour(g, last, (part, shift)));
        match joined {
            Some(joined) => *result.last_mut().expect("there is a last part") = joined,
            None => result.push((part, shift)),
        }
    }
    result
}

/// One bit several times in a row becomes that bit sign-extended.
fn repeated(g: &mut Graph, parts: &[(NodeId, u32)]) -> Vec<(NodeId, u32)> {
    let mut result = Vec::new();
    let in_a_row = |a: &(NodeId, u32), b: &(NodeId, u32)| a.0 == b.0 && a.1 + 1 == b.1;
    for run in parts.chunk_by(in_a_row) {
        if run.len() > 2 && g.width(run[0].0) == 1 {
            let wide = g.add(NodeOp::SignExtend(run[0].0, 1), run.len() as u32);
            result.push((wide, run[0].1));
        } else {
            result.extend(run);
        }
    }
    result
}

/// One slice for two that are neighbours in the source and in the join.
fn neighbour(g: &mut Graph, low: (NodeId, u32), high: (NodeId, u32)) -> Option<(NodeId, u32)> {
    let (NodeOp::Slice(a, from), NodeOp::Slice(b, next)) = (&g.node(low.0).op, &g.node(high.0).op)
    else {
        return None;
    };
    let (a, from, width) = (*a, *from, g.width(low.0));
    let fit = a == *b && *next == from + width && high.1 == low.1 + width;
    let both = width + g.width(high.0);
    fit.then(|| (g.add(NodeOp::Slice(a, from), both), low.1))
}

fn slice(g: &mut Graph, a: NodeId, low: u32, width: u32) -> Option<NodeId> {
    if low >= g.width(a) {
        return Some(g.number(0));
    }
    if low == 0 && g.width(a) <= width {
        return Some(a);
    }
    match g.node(a).op.clone() {
        NodeOp::Slice(inner, more) => {
            let width = width.min(g.width(a) - low);
            Some(g.add(NodeOp::Slice(inner, low + more), width))
        }
        NodeOp::Join(parts) => Some(slice_of_join(g, &parts, low, width)),
        NodeOp::SignExtend(bit, 1) => {
            Some(g.add(NodeOp::SignExtend(bit, 1), width.min(g.width(a) - low)))
        }
        _ => None,
    }
}

fn slice_of_join(g: &mut Graph, parts: &[(NodeId, u32)], low: u32, width: u32) -> NodeId {
    let mut kept = Vec::new();
    for &(part, shift) in parts {
        let end = shift + g.width(part);
        if end > low && shift < low + width {
            let skip = low.saturating_sub(shift);
            let room = low + width - shift - skip;
            let cut = g.add(NodeOp::Slice(part, skip), room);
            kept.push((cut, (shift + skip) - low));
        }
    }
    g.add(NodeOp::Join(kept.into()), width)
}
