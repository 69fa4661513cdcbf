//! Lanes from anywhere: permutations, and single lanes set.

use super::build::{Builder, Size, View};
use super::ops::{Cell, Op, V};
use super::vectors::Parts;
use crate::kernel::{Lane, NodeId};
use smallvec::{SmallVec, smallvec};

/// Where lanes of a register come from: a register, or a scalar.
type Source = (NodeId, u32);

/// Those of a register's lanes.
type Sources = SmallVec<[Source; 16]>;

impl Builder<'_> {
    /// A chunk of a gather.
    pub fn gather(&mut self, lanes: &[Lane], chunk: u32, view: View) -> Parts {
        let wide = view == View::Wide;
        let (first, end) = self.extent(chunk, lanes.len());
        let unit = (self.lanes / if wide { 2 } else { 1 }) as usize;
        let mut parts = Parts::new();
        for lanes in lanes[first..end].chunks(unit) {
            let v = self.gather_register(lanes, unit as u32, view);
            parts.push(v);
        }
        if wide && parts.len() == 1 {
            parts.push(parts[0]);
        }
        parts
    }

    /// The lanes of one register of `unit` lanes.
    fn gather_register(&mut self, lanes: &[Lane], unit: u32, view: View) -> V {
        let graph = &self.kernel.graph;
        let source = |&(node, lane): &Lane| {
            if graph.lanes(node) == 1 { (node, 0) } else { (node, lane / unit) }
        };
        let sources: Sources = lanes.iter().map(source).collect();
        let mut distinct = sources.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let alone = |s: &Source| sources.iter().filter(|x| *x == s).count() == 1;
        let plain = !matches!(view, View::Factor(_));
        let scalar = |s: &Source| graph.lanes(s.0) == 1 && graph.constant(s.0).is_none();
        let is_set = |s: &Source| plain && scalar(s) && alone(s);
        let (set, moved): (Sources, Sources) = distinct.into_iter().partition(is_set);
        let wide = view == View::Wide;
        let mut result = self.merge(lanes, &sources, &moved, unit, view);
        for source in set {
            let lane = sources.iter().position(|s| *s == source).expect("it is one of them");
            let before = result.unwrap_or_else(|| self.number(Op::VectorNumber { value: 0, wide }));
            let scalar = self.scalar(source.0);
            let insert = Op::Insert { lane: lane as u8, wide };
            result = Some(self.emit(insert, &[before, scalar]));
        }
        result.expect("a gather has lanes")
    }

    /// The lanes that come from these sources; the others are anything.
    fn merge(
        &mut self,
        lanes: &[Lane],
        sources: &[Source],
        moved: &[Source],
        unit: u32,
        view: View,
    ) -> Option<V> {
        let wide = view == View::Wide;
        let graph = &self.kernel.graph;
        // The lane of the source that goes to a place; scalars are the same in all lanes.
        let from = |place: usize| match lanes[place] {
            (node, _) if graph.lanes(node) == 1 => place as u32,
            (_, lane) => lane % unit,
        };
        let (mut constants, moved): (Sources, Sources) =
            moved.iter().copied().partition(|source: &Source| graph.constant(source.0).is_some());
        let mut result: Option<(V, Sources)> = None;
        let moved = match constants.as_slice() {
            [_, _, ..] => {
                let v = self.constants(lanes, view);
                result = Some((v, constants));
                moved
            }
            _ => {
                constants.extend(moved);
                constants
            }
        };
        for source in moved {
            let v = self.source(source, unit, view);
            let Some((before, mut done)) = result.take() else {
                result = Some((v, smallvec![source]));
                continue;
            };
            let table: SmallVec<[u32; 16]> = (0..unit as usize)
                .map(|place| match sources.get(place) {
                    Some(s) if *s == source => unit + from(place),
                    Some(s) if done.as_slice() == [*s] => from(place),
                    _ => place as u32,
                })
                .collect();
            let table = self.table(&table, wide);
            done.push(source);
            let v = self.emit(Op::Permute2 { table, wide }, &[before, v]);
            result = Some((v, done));
        }
        let (v, done) = result?;
        let in_place = |(place, s): (usize, &Source)| *s != done[0] || from(place) == place as u32;
        if done.len() > 1 || sources.iter().enumerate().all(in_place) {
            return Some(v);
        }
        let from_one = |place: usize| match sources.get(place) {
            Some(s) if *s == done[0] => from(place),
            _ => place as u32,
        };
        let table: SmallVec<[u32; 16]> = (0..unit as usize).map(from_one).collect();
        let table = self.table(&table, wide);
        Some(self.emit(Op::Permute { table, wide }, &[v]))
    }

    /// The lanes that are constants, each in its place.
    fn constants(&mut self, lanes: &[Lane], view: View) -> V {
        let value = |(place, (node, _)): (usize, &Lane)| {
            let value = self.kernel.graph.constant(*node)?;
            Some((place, value))
        };
        let known: Vec<(usize, u64)> = lanes.iter().enumerate().filter_map(value).collect();
        let mut table = [0; 16];
        for (place, value) in known {
            match view {
                View::Narrow => table[place] = value as u32,
                View::Wide => {
                    table[2 * place] = value as u32;
                    table[2 * place + 1] = (value >> 32) as u32;
                }
                View::Factor(bits) => {
                    let above = 64 - bits;
                    table[place] = u32::from(((value << above) as i64 >> above) as u16);
                }
            }
        }
        let table = self.known_table(table);
        self.number(Op::VectorTable(table))
    }

    fn source(&mut self, (node, index): Source, unit: u32, view: View) -> V {
        match view {
            View::Narrow => self.vector(node, index),
            View::Factor(bits) => self.factor(node, index, bits),
            View::Wide if self.kernel.graph.lanes(node) == 1 => self.wide(node, 0)[0],
            View::Wide => {
                let lane = index * unit;
                self.wide(node, lane / self.lanes)[(lane % self.lanes / unit) as usize]
            }
        }
    }

    /// The index of a table of lanes; of 64 bits, if `wide`.
    fn table(&mut self, lanes: &[u32], wide: bool) -> u32 {
        let mut table = [0; 16];
        for (place, lane) in lanes.iter().enumerate() {
            table[if wide { 2 * place } else { place }] = *lane;
        }
        self.known_table(table)
    }

    fn known_table(&mut self, table: [u32; 16]) -> u32 {
        let tables = &mut self.tables;
        *self.known_tables.entry(table).or_insert_with(|| {
            tables.push(table);
            tables.len() as u32 - 1
        })
    }

    /// A chunk of a cell as lanes; as two halves of 64 bits, if `wide`. Notes that a state is read.
    pub fn load(&mut self, cell: Cell, chunk: u32, wide: bool, state: bool) -> Parts {
        let halves: &[bool] = if wide { &[false, true] } else { &[false] };
        let mut parts = Parts::new();
        for half in halves {
            let cell = self.layout.chunk(cell, chunk, *half);
            parts.push(self.emit(Op::VectorLoad(cell), &[]));
            if state {
                self.reads(cell);
            }
        }
        parts
    }

    /// A lane of a node, or its only one.
    pub fn lane_or_one(&mut self, node: NodeId, lane: u32) -> V {
        if self.kernel.graph.lanes(node) == 1 { self.scalar(node) } else { self.lane(node, lane) }
    }

    /// A chunk lane by lane: `make` gives the scalar for a lane of the node.
    pub fn by_lane(
        &mut self,
        node: NodeId,
        chunk: u32,
        size: Size,
        mut make: impl FnMut(&mut Self, u32) -> V,
    ) -> Parts {
        let wide = size.is_wide();
        let unit = (self.lanes / if wide { 2 } else { 1 }) as usize;
        let (first, end) = self.extent(chunk, self.kernel.graph.lanes(node) as usize);
        let zero = self.number(Op::VectorNumber { value: 0, wide });
        let mut parts: Parts = smallvec![zero; if wide { 2 } else { 1 }];
        for lane in first..end {
            let scalar = make(self, lane as u32);
            let (part, place) = ((lane - first) / unit, (lane - first) % unit);
            let insert = Op::Insert { lane: place as u8, wide };
            parts[part] = self.emit(insert, &[parts[part], scalar]);
        }
        parts
    }
}
