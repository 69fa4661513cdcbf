//! [`Layers`]: which box stands in which column, and in what order (Sugiyama, Tagawa, Toda 1981).

use super::graph::{Graph, Shape};

/// Something that takes room in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// A box.
    Node(usize),
    /// A net on its way to a later column.
    Pass(usize),
}

/// Boxes in columns. Nets run from a column to later ones, but for feedback.
#[derive(Debug)]
pub(super) struct Layers {
    /// By node.
    pub column: Vec<usize>,
    /// From left to right, from top to bottom.
    pub columns: Vec<Vec<Slot>>,
}

const SWEEPS: usize = 12;

impl Layers {
    pub fn new(graph: &Graph) -> Self {
        let column = columns_of(graph);
        let count = column.iter().max().map_or(0, |c| c + 1);
        let mut columns = vec![Vec::new(); count];
        for (node, c) in column.iter().enumerate() {
            columns[*c].push(Slot::Node(node));
        }
        for (index, net) in graph.nets.iter().enumerate() {
            let from = column[net.from.0];
            let last = net.to.iter().map(|(node, _)| column[*node]).max().unwrap_or(from);
            for passed in columns.iter_mut().take(last).skip(from + 1) {
                passed.push(Slot::Pass(index));
            }
        }
        let mut layers = Self { column, columns };
        let links = layers.links(graph);
        for sweep in 0..SWEEPS {
            layers.sweep(&links, sweep.is_multiple_of(2));
        }
        layers
    }

    /// Where a slot stands: (column, position).
    pub fn position(&self, column: usize, slot: Slot) -> usize {
        let found = self.columns[column].iter().position(|s| *s == slot);
        found.expect("a slot that was put there")
    }

    /// For every column but the first: pairs of (slot before, slot in it) that a net joins.
    fn links(&self, graph: &Graph) -> Vec<Vec<(Slot, Slot)>> {
        let mut links = vec![Vec::new(); self.columns.len()];
        for (index, net) in graph.nets.iter().enumerate() {
            let from = self.column[net.from.0];
            let before = |c: usize| match c == from + 1 {
                true => Slot::Node(net.from.0),
                false => Slot::Pass(index),
            };
            for (node, _) in &net.to {
                let c = self.column[*node];
                if c > from {
                    links[c].push((before(c), Slot::Node(*node)));
                }
            }
            let passed = |c: usize| self.columns[c].contains(&Slot::Pass(index));
            for (c, links) in links.iter_mut().enumerate().skip(from + 2) {
                if passed(c - 1) && passed(c) {
                    links.push((Slot::Pass(index), Slot::Pass(index)));
                }
            }
            if self.columns.get(from + 1).is_some_and(|c| c.contains(&Slot::Pass(index))) {
                links[from + 1].push((Slot::Node(net.from.0), Slot::Pass(index)));
            }
        }
        links
    }

    /// Orders each column by the mean position of its neighbours in the one before (or after).
    fn sweep(&mut self, links: &[Vec<(Slot, Slot)>], forward: bool) {
        let count = self.columns.len();
        for step in 1..count {
            let c = if forward { step } else { count - 1 - step };
            let pairs: Vec<(Slot, Slot)> = match forward {
                true => links[c].iter().map(|(a, b)| (*b, *a)).collect(),
                false => links[c + 1].clone(),
            };
            let other = if forward { c - 1 } else { c + 1 };
            let mean = |(at, slot): (usize, &Slot)| {
                let near = pairs.iter().filter(|(own, _)| own == slot);
                let places: Vec<usize> = near.map(|(_, o)| self.position(other, *o)).collect();
                match places.len() {
                    0 => at as f64,
                    n => places.iter().sum::<usize>() as f64 / n as f64,
                }
            };
            let keys: Vec<f64> = self.columns[c].iter().enumerate().map(mean).collect();
            let mut order: Vec<usize> = (0..keys.len()).collect();
            order.sort_by(|a, b| keys[*a].total_cmp(&keys[*b]));
            self.columns[c] = order.iter().map(|i| self.columns[c][*i]).collect();
        }
    }
}

/// The longest way to each node, feedback left out; inputs first, outputs last.
fn columns_of(graph: &Graph) -> Vec<usize> {
    let count = graph.nodes.len();
    let mut next = vec![Vec::new(); count];
    for net in &graph.nets {
        next[net.from.0].extend(net.to.iter().map(|(node, _)| *node));
    }
    let order = reverse_postorder(graph, &next);
    let mut rank = vec![0; count];
    order.iter().enumerate().for_each(|(at, node)| rank[*node] = at);
    let mut column = vec![0; count];
    for &node in &order {
        for &to in next[node].iter().filter(|to| rank[**to] > rank[node]) {
            column[to] = column[to].max(column[node] + 1);
        }
    }
    let last = column.iter().copied().max().unwrap_or(0);
    for (node, of) in graph.nodes.iter().enumerate() {
        if of.shape == Shape::Output {
            column[node] = last.max(1);
        }
    }
    column
}

/// Depth first from inputs, then from what they do not reach.
fn reverse_postorder(graph: &Graph, next: &[Vec<usize>]) -> Vec<usize> {
    let inputs = (0..graph.nodes.len()).filter(|n| graph.nodes[*n].shape == Shape::Input);
    let others = (0..graph.nodes.len()).filter(|n| graph.nodes[*n].shape != Shape::Input);
    let (mut seen, mut order) = (vec![false; graph.nodes.len()], Vec::new());
    for root in inputs.chain(others) {
        let mut stack = vec![(root, 0)];
        if std::mem::replace(&mut seen[root], true) {
            continue;
        }
        while let Some((node, at)) = stack.last_mut() {
            match next[*node].get(*at) {
                None => {
                    order.push(*node);
                    stack.pop();
                }
                Some(&to) => {
                    *at += 1;
                    if !std::mem::replace(&mut seen[to], true) {
                        stack.push((to, 0));
                    }
                }
            }
        }
    }
    order.reverse();
    order
}
