//! Nets as horizontal and vertical lines, each vertical one on a track of its own.

use super::draw::Canvas;
use super::graph::{Graph, Shape};
use super::place::Placed;

/// Pixels from one track to the next, and beside the tracks.
const TRACK: f64 = 9.0;
const BESIDE: f64 = 26.0;

/// What a net does between two columns: gap `g` is left of column `g`.
#[derive(Clone, Debug)]
struct Trunk {
    net: usize,
    /// Heights at which it comes from the left, and goes on to the right.
    left: Vec<f64>,
    right: Vec<f64>,
    /// Whether a line on the right ends in a pin.
    ends: Vec<bool>,
    /// Its lane below all boxes, if it goes back.
    lane: Option<f64>,
    track: usize,
}

impl Trunk {
    fn range(&self) -> (f64, f64) {
        let all = self.left.iter().chain(&self.right).chain(&self.lane);
        all.fold((f64::MAX, f64::MIN), |(low, high), y| (low.min(*y), high.max(*y)))
    }

    fn straight(&self) -> bool {
        let (low, high) = self.range();
        high - low < 0.5
    }
}

/// Draws the nets of placed boxes, and gives the boxes' `x`; where the sheet ends.
pub(super) fn draw(canvas: &mut Canvas, graph: &Graph, placed: &Placed) -> f64 {
    let routed = Routed::new(graph, placed);
    routed.lanes(canvas, graph, placed);
    for (gap, trunks) in routed.gaps.iter().enumerate() {
        for trunk in trunks {
            routed.trunk(canvas, graph, placed, gap, trunk);
        }
    }
    for (index, net) in graph.nets.iter().enumerate() {
        routed.passes(canvas, placed, index, net.width);
    }
    routed.bottom
}

/// Where each box's left edge is, by node: for those who draw the boxes.
pub(super) fn edges(graph: &Graph, placed: &Placed) -> Vec<f64> {
    let routed = Routed::new(graph, placed);
    (0..graph.nodes.len()).map(|node| edges_at(&routed, graph, placed, node).0).collect()
}

struct Routed {
    gaps: Vec<Vec<Trunk>>,
    /// The left edge of each column, and what would be the next.
    columns: Vec<f64>,
    /// Where the lowest lane ends.
    bottom: f64,
}

impl Routed {
    fn new(graph: &Graph, placed: &Placed) -> Self {
        let count = placed.layers.columns.len();
        let mut gaps: Vec<Vec<Trunk>> = vec![Vec::new(); count + 1];
        let mut lane = placed.bottom() + 14.0;
        for index in 0..graph.nets.len() {
            lane = trunks(graph, placed, index, lane, &mut gaps);
        }
        gaps.iter_mut().for_each(|gap| assign(gap));
        let room = |gap: &Vec<Trunk>| {
            let tracks = gap.iter().filter(|t| !t.straight()).map(|t| t.track + 1).max();
            tracks.map_or(0.0, |tracks| tracks as f64 * TRACK) + BESIDE
        };
        let mut x = placed.left;
        let mut columns = Vec::new();
        for (gap, trunks) in gaps.iter().enumerate() {
            let outer = gap == 0 && trunks.is_empty();
            x += if outer { 0.0 } else { room(trunks) };
            columns.push(x);
            x += if gap < count { placed.column_width(gap) } else { 0.0 };
        }
        Self { gaps, columns, bottom: lane }
    }

    fn track_x(&self, gap: usize, trunk: &Trunk) -> f64 {
        let right = self.columns[gap];
        right - BESIDE / 2.0 - TRACK * trunk.track as f64 - 4.0
    }

    fn trunk(
        &self,
        canvas: &mut Canvas,
        graph: &Graph,
        placed: &Placed,
        gap: usize,
        trunk: &Trunk,
    ) {
        let net = &graph.nets[trunk.net];
        let x = self.track_x(gap, trunk);
        let class = class(net.width);
        let from = placed.layers.column[net.from.0];
        let xs = edges_at(self, graph, placed, net.from.0);
        for y in &trunk.left {
            let start = if from + 1 == gap {
                xs.1
            } else {
                self.columns[gap - 1] + placed.column_width(gap - 1)
            };
            canvas.line(start, *y, x, *y, class);
            if from + 1 == gap && net.width > 1 {
                canvas.text(start + 4.0, y - 3.5, "width", &net.width.to_string(), "");
            }
        }
        for (y, ends) in trunk.right.iter().zip(&trunk.ends) {
            let end = match ends {
                true => self.end_x(graph, placed, trunk.net, gap, *y),
                false => self.columns[gap],
            };
            canvas.line(x, *y, end, *y, class);
            if *ends {
                canvas.arrow(end, *y);
            }
        }
        let (low, high) = trunk.range();
        canvas.line(x, low, x, high, class);
        let stops = trunk.left.iter().chain(&trunk.right).chain(&trunk.lane);
        let inner = stops.clone().filter(|y| **y > low + 0.5 && **y < high - 0.5);
        let mut dots: Vec<f64> = inner.copied().collect();
        for end in [low, high] {
            // A wire that goes on at the end of the vertical line, too.
            if !trunk.straight() && stops.clone().filter(|y| (**y - end).abs() < 0.5).count() > 1 {
                dots.push(end);
            }
        }
        dots.iter().for_each(|y| canvas.dot(x, *y));
    }

    /// The left edge of the box whose pin is at this height.
    fn end_x(&self, graph: &Graph, placed: &Placed, net: usize, gap: usize, y: f64) -> f64 {
        let here = |end: &&(usize, usize)| {
            placed.layers.column[end.0] == gap && (placed.input_y(**end) - y).abs() < 0.5
        };
        let end = graph.nets[net].to.iter().find(here).expect("a pin at this height");
        edges_at(self, graph, placed, end.0).0
    }

    /// Straight through the columns that a net passes.
    fn passes(&self, canvas: &mut Canvas, placed: &Placed, net: usize, width: u32) {
        for (column, slots) in placed.layers.columns.iter().enumerate() {
            if slots.contains(&super::layers::Slot::Pass(net)) {
                let y = placed.pass_y(column, net);
                let x = self.columns[column];
                canvas.line(x, y, x + placed.column_width(column), y, class(width));
            }
        }
    }

    /// The way back of feedback.
    fn lanes(&self, canvas: &mut Canvas, graph: &Graph, placed: &Placed) {
        for (index, net) in graph.nets.iter().enumerate() {
            let own: Vec<(usize, &Trunk)> = self
                .gaps
                .iter()
                .enumerate()
                .flat_map(|(gap, trunks)| trunks.iter().map(move |t| (gap, t)))
                .filter(|(_, t)| t.net == index && t.lane.is_some())
                .collect();
            let xs = own.iter().map(|(gap, t)| self.track_x(*gap, t));
            let (low, high) = xs.fold((f64::MAX, f64::MIN), |(l, h), x| (l.min(x), h.max(x)));
            if let Some(y) = own.first().and_then(|(_, t)| t.lane) {
                canvas.line(low, y, high, y, class(net.width));
            }
        }
        let right = self.columns.last().copied().unwrap_or(0.0);
        canvas.reach(right, placed.bottom());
        canvas.reach(right, self.bottom);
    }
}

/// Left and right edge of a box.
fn edges_at(routed: &Routed, graph: &Graph, placed: &Placed, node: usize) -> (f64, f64) {
    let column = placed.layers.column[node];
    let (left, width) = (routed.columns[column], placed.column_width(column));
    let own = placed.rects[node].width;
    let x = match graph.nodes[node].shape {
        Shape::Input => left + width - own,
        Shape::Output => left,
        _ => left + (width - own) / 2.0,
    };
    (x, x + own)
}

fn class(width: u32) -> &'static str {
    if width > 1 { "bus" } else { "wire" }
}

/// The trunks of one net; the lane that is free after it.
fn trunks(graph: &Graph, placed: &Placed, index: usize, lane: f64, gaps: &mut [Vec<Trunk>]) -> f64 {
    let net = &graph.nets[index];
    let from = placed.layers.column[net.from.0];
    let new = || Trunk {
        net: index,
        left: Vec::new(),
        right: Vec::new(),
        ends: Vec::new(),
        lane: None,
        track: 0,
    };
    let mut own: Vec<Trunk> = (0..gaps.len()).map(|_| new()).collect();
    own[from + 1].left.push(placed.output_y(graph, net.from));
    let mut feedback = false;
    for end in &net.to {
        let column = placed.layers.column[end.0];
        own[column].right.push(placed.input_y(*end));
        own[column].ends.push(true);
        if column <= from {
            feedback = true;
            own[column].lane = Some(lane);
            own[from + 1].lane = Some(lane);
        }
    }
    for (column, slots) in placed.layers.columns.iter().enumerate() {
        if slots.contains(&super::layers::Slot::Pass(index)) {
            let y = placed.pass_y(column, index);
            own[column].right.push(y);
            own[column].ends.push(false);
            own[column + 1].left.push(y);
        }
    }
    for (gap, trunk) in own.into_iter().enumerate() {
        if !trunk.left.is_empty() || !trunk.right.is_empty() {
            gaps[gap].push(trunk);
        }
    }
    if feedback { lane + TRACK + 2.0 } else { lane }
}

/// Gives every trunk of a gap a track, counted from the right, so that none lie on each other and
/// few cross: of those that go down, the lowest source is leftmost; of those that go up, the
/// highest.
fn assign(gap: &mut [Trunk]) {
    let key = |t: &Trunk| {
        let source = t.left.first().copied().unwrap_or(f64::MAX);
        let (_, high) = t.range();
        let down = high > source + 0.5;
        (down, if down { source } else { -source })
    };
    let mut order: Vec<usize> = (0..gap.len()).filter(|i| !gap[*i].straight()).collect();
    order.sort_by(|a, b| key(&gap[*a]).partial_cmp(&key(&gap[*b])).expect("numbers"));
    let mut tracks: Vec<Vec<(f64, f64)>> = Vec::new();
    for index in order {
        let (low, high) = gap[index].range();
        let free =
            |track: &Vec<(f64, f64)>| track.iter().all(|(l, h)| high + 3.0 < *l || *h + 3.0 < low);
        let track = tracks.iter().position(free).unwrap_or(tracks.len());
        if track == tracks.len() {
            tracks.push(Vec::new());
        }
        tracks[track].push((low, high));
        gap[index].track = track;
    }
}
