//! [`Placed`]: the room each box takes, and where it stands.

use super::graph::{Graph, Node, Shape};
use super::layers::{Layers, Slot};

/// Pixels from one pin to the next.
pub(super) const PIN: f64 = 17.0;
/// Pixels of a character, in the titles and in the smaller text.
pub(super) const CHAR: f64 = 7.4;
pub(super) const SMALL_CHAR: f64 = 6.1;

const LINE: f64 = 15.0;
const BETWEEN: f64 = 16.0;
const PASS: f64 = 4.0;
const SWEEPS: usize = 10;
/// So far a box is moved to make a wire straight, and so much nearer it may come to others.
const SNAP: f64 = 9.0;
const NEAR: f64 = 3.0;

/// The place of a box.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// A graph on the sheet. Columns get their `x` when the tracks between them are known.
#[derive(Debug)]
pub(super) struct Placed {
    pub layers: Layers,
    pub left: f64,
    pub top: f64,
    /// By node.
    pub rects: Vec<Rect>,
    /// By column and position, the middle of a slot.
    pub middles: Vec<Vec<f64>>,
    /// By node, the height of each input pin in the order of pins, from the box's top.
    pub pins: Vec<Vec<f64>>,
}

impl Placed {
    pub fn new(graph: &Graph, layers: Layers, left: f64, top: f64) -> Self {
        let rects: Vec<Rect> = graph.nodes.iter().map(size).collect();
        let pins = graph
            .nodes
            .iter()
            .map(|n| (0..n.inputs.len()).map(|p| pin_y(n, n.inputs.len(), p)).collect());
        let middles = layers.columns.iter().map(|c| vec![0.0; c.len()]).collect();
        let mut placed = Self { layers, left, top, rects, middles, pins: pins.collect() };
        for c in 0..placed.layers.columns.len() {
            placed.settle(c, &placed.middles[c].clone());
        }
        for sweep in 0..SWEEPS {
            placed.pull(graph, sweep.is_multiple_of(2));
            placed.order_pins(graph);
        }
        placed.straighten(graph);
        placed.rest();
        placed
    }

    /// The height of an output pin on the sheet.
    pub fn output_y(&self, graph: &Graph, (node, pin): (usize, usize)) -> f64 {
        let of = &graph.nodes[node];
        self.rects[node].y + pin_y(of, of.outputs.len(), pin)
    }

    /// The height of an input pin on the sheet.
    pub fn input_y(&self, (node, pin): (usize, usize)) -> f64 {
        self.rects[node].y + self.pins[node][pin]
    }

    /// The height at which a net passes a column.
    pub fn pass_y(&self, column: usize, net: usize) -> f64 {
        self.middles[column][self.layers.position(column, Slot::Pass(net))]
    }

    /// Where the lowest box ends.
    pub fn bottom(&self) -> f64 {
        self.rects.iter().map(|r| r.y + r.height).fold(self.top, f64::max)
    }

    /// The widest box of a column.
    pub fn column_width(&self, column: usize) -> f64 {
        let widths = self.layers.columns[column].iter().map(|slot| match slot {
            Slot::Node(node) => self.rects[*node].width,
            Slot::Pass(_) => 0.0,
        });
        widths.fold(0.0, f64::max)
    }

    fn height(&self, slot: Slot) -> f64 {
        match slot {
            Slot::Node(node) => self.rects[node].height + BETWEEN,
            Slot::Pass(_) => PASS + BETWEEN / 2.0,
        }
    }

    /// Moves the slots of a column as near to the wanted middles as their order and room allow:
    /// pools of adjacent violators (Ayer et al. 1955) on the middles less the room before them.
    fn settle(&mut self, column: usize, wanted: &[f64]) {
        let slots = self.layers.columns[column].clone();
        let heights: Vec<f64> = slots.iter().map(|s| self.height(*s)).collect();
        let mut offset = 0.0;
        let mut offsets = Vec::new();
        for (i, h) in heights.iter().enumerate() {
            offset += if i == 0 { 0.0 } else { (heights[i - 1] + h) / 2.0 };
            offsets.push(offset);
        }
        let mut pools: Vec<(f64, usize)> = Vec::new();
        for (want, offset) in wanted.iter().zip(&offsets) {
            pools.push((want - offset, 1));
            while pools.len() > 1 && pools[pools.len() - 2].0 > pools[pools.len() - 1].0 {
                let (b, n) = pools.pop().expect("two");
                let (a, m) = pools.pop().expect("two");
                pools.push(((a * m as f64 + b * n as f64) / (m + n) as f64, m + n));
            }
        }
        let bases = pools.iter().flat_map(|(base, n)| std::iter::repeat_n(*base, *n));
        let middles: Vec<f64> = bases.zip(&offsets).map(|(b, o)| b + o).collect();
        for (slot, middle) in slots.iter().zip(&middles) {
            if let Slot::Node(node) = slot {
                self.rects[*node].y = middle - self.rects[*node].height / 2.0;
            }
        }
        self.middles[column] = middles;
    }

    /// Pulls every column towards what it is wired to on one side.
    fn pull(&mut self, graph: &Graph, forward: bool) {
        let count = self.layers.columns.len();
        for step in 0..count {
            let column = if forward { step } else { count - 1 - step };
            let slots = self.layers.columns[column].clone();
            let wanted: Vec<f64> = slots
                .iter()
                .enumerate()
                .map(|(at, slot)| {
                    self.middles[column][at] + self.wish(graph, column, *slot, forward)
                })
                .collect();
            self.settle(column, &wanted);
        }
    }

    /// How far a slot would move to make its wires on one side straight, on average.
    fn wish(&self, graph: &Graph, column: usize, slot: Slot, backward_wires: bool) -> f64 {
        let mut moves = Vec::new();
        for (index, net) in graph.nets.iter().enumerate() {
            let from = self.layers.column[net.from.0];
            let ends: Vec<_> =
                net.to.iter().filter(|(n, _)| self.layers.column[*n] > from).collect();
            match slot {
                Slot::Node(node) if backward_wires => {
                    for end in ends.iter().filter(|(n, _)| *n == node) {
                        moves.push(self.wire_y(graph, index, column - 1) - self.input_y(**end));
                    }
                }
                Slot::Node(node) if net.from.0 == node => {
                    let own = self.output_y(graph, net.from);
                    for end in ends.iter().filter(|(n, _)| self.layers.column[*n] == column + 1) {
                        moves.push(self.input_y(**end) - own);
                    }
                    if ends.iter().any(|(n, _)| self.layers.column[*n] > column + 1) {
                        moves.push(self.pass_y(column + 1, index) - own);
                    }
                }
                Slot::Pass(passing) if passing == index => {
                    let own = self.pass_y(column, index);
                    if backward_wires {
                        moves.push(self.wire_y(graph, index, column - 1) - own);
                    } else {
                        for end in ends.iter().filter(|(n, _)| self.layers.column[*n] == column + 1)
                        {
                            moves.push(self.input_y(**end) - own);
                        }
                    }
                }
                _ => {}
            }
        }
        if moves.is_empty() { 0.0 } else { moves.iter().sum::<f64>() / moves.len() as f64 }
    }

    /// The height of a net where it leaves a column to the right.
    pub fn wire_y(&self, graph: &Graph, net: usize, column: usize) -> f64 {
        let from = graph.nets[net].from;
        if self.layers.column[from.0] == column {
            self.output_y(graph, from)
        } else {
            self.pass_y(column, net)
        }
    }

    /// Pins without names stand in the order in which their wires come.
    fn order_pins(&mut self, graph: &Graph) {
        for (node, of) in graph.nodes.iter().enumerate() {
            if matches!(of.shape, Shape::Instance | Shape::Memory) || of.inputs.len() < 2 {
                continue;
            }
            let column = self.layers.column[node];
            let mut wires: Vec<(f64, usize)> = Vec::new();
            for (index, net) in graph.nets.iter().enumerate() {
                for (_, pin) in net.to.iter().filter(|(n, _)| *n == node) {
                    let ahead = self.layers.column[net.from.0] < column;
                    let y = if ahead { self.wire_y(graph, index, column - 1) } else { f64::MAX };
                    wires.push((y, *pin));
                }
            }
            wires.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            for (at, (_, pin)) in wires.iter().enumerate() {
                self.pins[node][*pin] = pin_y(of, of.inputs.len(), at);
            }
        }
    }

    /// Where a wire would be straight but for a few pixels, and there is room, it becomes so.
    fn straighten(&mut self, graph: &Graph) {
        for column in 1..self.layers.columns.len() {
            for at in 0..self.layers.columns[column].len() {
                let slot = self.layers.columns[column][at];
                let by = self.nearly_straight(graph, column, slot);
                let half = self.height(slot) / 2.0 - NEAR;
                let middle = self.middles[column][at] + by;
                let free = |other: usize| {
                    let room = half + self.height(self.layers.columns[column][other]) / 2.0 - NEAR;
                    (self.middles[column][other] - middle).abs() >= room
                };
                let above = at == 0 || free(at - 1);
                let below = at + 1 == self.layers.columns[column].len() || free(at + 1);
                if above && below {
                    self.middles[column][at] = middle;
                    if let Slot::Node(node) = slot {
                        self.rects[node].y += by;
                    }
                }
            }
        }
    }

    /// The smallest move, of a few pixels, that makes a wire from the left straight.
    fn nearly_straight(&self, graph: &Graph, column: usize, slot: Slot) -> f64 {
        let mut least = f64::MAX;
        for (index, net) in graph.nets.iter().enumerate() {
            if self.layers.column[net.from.0] >= column {
                continue;
            }
            let ends = net.to.iter().filter(|(node, _)| slot == Slot::Node(*node));
            let own = ends.map(|end| self.input_y(*end));
            let passing = (slot == Slot::Pass(index)).then(|| self.pass_y(column, index));
            for y in own.chain(passing) {
                let by = self.wire_y(graph, index, column - 1) - y;
                least = if by.abs() < least.abs() { by } else { least };
            }
        }
        if least.abs() <= SNAP { least } else { 0.0 }
    }

    /// Everything below the top of the sheet.
    fn rest(&mut self) {
        let highest = self.rects.iter().map(|r| r.y).fold(f64::MAX, f64::min);
        let passes = self.middles.iter().flatten().copied().fold(f64::MAX, f64::min);
        let down = self.top - highest.min(passes);
        self.rects.iter_mut().for_each(|r| r.y += down);
        self.middles.iter_mut().flatten().for_each(|y| *y += down);
    }
}

/// The room of titles above the pins.
pub(super) fn head(node: &Node) -> f64 {
    match node.shape {
        Shape::Instance | Shape::Memory => 14.0 + LINE * (1 + node.about.len()) as f64,
        _ => 0.0,
    }
}

/// The height of pin `at` of `count` on one side of a box, from its top.
fn pin_y(node: &Node, count: usize, at: usize) -> f64 {
    match node.shape {
        Shape::Instance | Shape::Memory => head(node) + PIN * (at as f64 + 0.5),
        _ => {
            let middle = size(node).height / 2.0;
            middle + PIN * (at as f64 - (count as f64 - 1.0) / 2.0)
        }
    }
}

fn text_width(node: &Node) -> f64 {
    let title = node.title.chars().count() as f64 * CHAR;
    let about = node.about.iter().map(|line| line.chars().count() as f64 * SMALL_CHAR);
    about.fold(title, f64::max)
}

fn size(node: &Node) -> Rect {
    let pins = node.inputs.len().max(node.outputs.len()) as f64;
    let longest = |pins: &[super::graph::Pin]| {
        pins.iter().map(|p| p.name.chars().count() as f64 * SMALL_CHAR).fold(0.0, f64::max)
    };
    let across = longest(&node.inputs) + longest(&node.outputs) + 34.0;
    let (width, height) = match node.shape {
        Shape::Instance | Shape::Memory => {
            (across.max(text_width(node) + 24.0), head(node) + pins * PIN + 6.0)
        }
        _ => {
            let text = LINE * (1 + node.about.len()) as f64 + 8.0;
            (text_width(node) + 24.0, text.max(pins * PIN + 6.0))
        }
    };
    Rect { x: 0.0, y: 0.0, width: width.ceil(), height: height.ceil() }
}
