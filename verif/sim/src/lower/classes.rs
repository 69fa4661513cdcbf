//! The order in which cells are lowered.
//!
//! A class is a cell in all occurrences of its module. Classes are lowered operands first. Where
//! classes depend on each other in a circle, as in an array whose elements are chained
//! combinationally, their cells are lowered occurrence by occurrence instead.

use super::{Lowering, Who};
use olivine_netlist::{Op, ReadKind, ValueId};
use rustc_hash::FxHashSet as HashSet;

impl Lowering<'_> {
    /// Lowers all cells.
    pub fn lower_classes(&mut self) {
        let count = self.occurrences.vertices() as usize;
        let Components { members, ends } =
            components(count, |vertex, list| self.class_operands(vertex, list));
        let mut start = 0;
        for (end, is_circle) in ends {
            let group = &members[start..end];
            start = end;
            let (variant, cell) = self.occurrences.cell(group[0]);
            if is_circle {
                self.lower_circle(group);
            } else if self.is_vector(variant) {
                self.lower(variant, cell, Who::All);
            } else {
                (0..self.lanes(variant)).for_each(|l| self.lower(variant, cell, Who::One(l)));
            }
        }
    }

    /// The classes that a class depends on combinationally, in any occurrence.
    fn class_operands(&self, vertex: u32, list: &mut Vec<u32>) {
        let (variant, cell) = self.occurrences.cell(vertex);
        let here = &self.occurrences.variants[variant as usize];
        let module = self.module(variant);
        if let Some((_, operands)) = self.lifted(variant, cell) {
            list.extend(operands.iter().map(|o| self.occurrences.vertex(variant, *o)));
            return;
        }
        match &module.cell(cell).op {
            Op::Input(port) => {
                for placer in &here.placers {
                    let values = &self.module(placer.variant).instances[placer.instance.index()];
                    let values = &values.inputs[port.index()];
                    list.extend(values.iter().map(|v| self.occurrences.vertex(placer.variant, *v)));
                }
            }
            Op::InstanceOutput { instance, port, element } => {
                let (child, _) = self.occurrences.child(variant, *instance, 0, *element);
                let value = self.module(child).ports[port.index()].value;
                list.push(self.occurrences.vertex(child, value));
            }
            Op::ReadData { memory, port } => {
                let read = &module.memories[memory.index()].reads[*port as usize];
                if read.kind == ReadKind::Async {
                    list.push(self.occurrences.vertex(variant, read.address));
                }
            }
            op => op.operands(|o| list.push(self.occurrences.vertex(variant, o))),
        }
    }

    /// The cells in one occurrence that a cell in one occurrence depends on.
    fn lane_operands(&self, vertex: u32, lane: u32, list: &mut Vec<(u32, u32)>) {
        let (variant, cell) = self.occurrences.cell(vertex);
        match &self.module(variant).cell(cell).op {
            Op::Input(_) if self.lanes(variant) == 1 && variant == super::Occurrences::TOP => {}
            Op::Input(port) => {
                let (parent, value, at) = self.source(variant, port.index(), lane);
                list.push((self.occurrences.vertex(parent, value), at));
            }
            Op::InstanceOutput { instance, port, element } => {
                let (child, at) = self.occurrences.child(variant, *instance, lane, *element);
                let value = self.module(child).ports[port.index()].value;
                list.push((self.occurrences.vertex(child, value), at));
            }
            _ => {
                let mut classes = Vec::new();
                self.class_operands(vertex, &mut classes);
                list.extend(classes.into_iter().map(|class| (class, lane)));
            }
        }
    }

    /// What drives an input port of an occurrence: the variant, its value and its lane.
    pub fn source(&self, variant: u32, port: usize, lane: u32) -> (u32, ValueId, u32) {
        let (placer, parent_lane, element) =
            self.occurrences.variants[variant as usize].placer_of(lane);
        let instance = &self.module(placer.variant).instances[placer.instance.index()];
        (placer.variant, instance.inputs[port][element as usize], parent_lane)
    }

    /// Lowers classes that depend on each other, cell by cell in each occurrence.
    fn lower_circle(&mut self, group: &[u32]) {
        let members: HashSet<u32> = group.iter().copied().collect();
        let mut done: HashSet<(u32, u32)> = HashSet::default();
        for &vertex in group {
            let (variant, _) = self.occurrences.cell(vertex);
            for lane in 0..self.lanes(variant) {
                self.lower_lane((vertex, lane), &members, &mut done);
            }
        }
    }

    /// Lowers one cell of a circle after those it depends on.
    fn lower_lane(
        &mut self,
        root: (u32, u32),
        members: &HashSet<u32>,
        done: &mut HashSet<(u32, u32)>,
    ) {
        let mut stack = vec![(root, false)];
        let mut operands = Vec::new();
        while let Some((at, ready)) = stack.pop() {
            if done.contains(&at) {
                continue;
            }
            if ready {
                done.insert(at);
                let (variant, cell) = self.occurrences.cell(at.0);
                self.lower(variant, cell, Who::One(at.1));
                continue;
            }
            stack.push((at, true));
            self.lane_operands(at.0, at.1, &mut operands);
            let inner = operands.drain(..).filter(|o| members.contains(&o.0));
            stack.extend(inner.map(|o| (o, false)));
        }
    }
}

/// Strongly connected components, each after those that it depends on.
#[derive(Debug, PartialEq, Eq)]
struct Components {
    /// All of the first, then all of the second, and so on.
    members: Vec<u32>,
    /// Of each, where it ends among those, and whether what is in it depends on itself.
    ends: Vec<(usize, bool)>,
}

/// The strongly connected components of `0..count` under "depends on" (Tarjan, SIAM J. Comput.
/// 1972, without recursion). `feeds` adds to a list what a vertex depends on.
fn components(count: usize, feeds: impl Fn(u32, &mut Vec<u32>)) -> Components {
    const NEW: u32 = u32::MAX;
    let mut number = vec![NEW; count];
    let mut low = vec![0u32; count];
    let mut on_stack = vec![false; count];
    let (mut stack, mut next) = (Vec::new(), 0u32);
    let mut found = Components { members: Vec::with_capacity(count), ends: Vec::new() };
    // Vertices on the way, each with where what it depends on begins in `rest`, and whether it
    // depends on itself directly.
    let mut calls: Vec<(u32, usize, bool)> = Vec::new();
    let mut rest = Vec::new();
    for root in 0..count as u32 {
        if number[root as usize] != NEW {
            continue;
        }
        calls.push((root, 0, false));
        while let Some((vertex, first, itself)) = calls.last_mut() {
            let v = *vertex as usize;
            if number[v] == NEW {
                (number[v], low[v], on_stack[v]) = (next, next, true);
                next += 1;
                stack.push(*vertex);
                feeds(*vertex, &mut rest);
            }
            if rest.len() > *first {
                let operand = rest.pop().expect("it is not empty");
                let o = operand as usize;
                *itself |= o == v;
                if number[o] == NEW {
                    calls.push((operand, rest.len(), false));
                } else if on_stack[o] {
                    low[v] = low[v].min(number[o]);
                }
                continue;
            }
            let itself = *itself;
            calls.pop();
            if let Some((parent, ..)) = calls.last() {
                let p = *parent as usize;
                low[p] = low[p].min(low[v]);
            }
            if low[v] == number[v] {
                let start = stack.iter().rposition(|s| *s as usize == v).expect("it is on it");
                let alone = stack.len() - start == 1;
                stack[start..].iter().for_each(|g| on_stack[*g as usize] = false);
                found.members.extend(stack.drain(start..));
                found.ends.push((found.members.len(), !alone || itself));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn circles_are_one_group_after_what_they_need() {
        let feeds = [vec![1], vec![2], vec![0, 3], vec![], vec![4, 0]];
        let mut found = components(5, |v, list| list.extend(&feeds[v as usize]));
        found.members[1..4].sort_unstable();
        assert_eq!(found.members, [3, 0, 1, 2, 4]);
        assert_eq!(found.ends, [(1, false), (4, true), (5, true)]);
    }
}
