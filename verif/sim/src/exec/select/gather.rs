//! Lanes from anywhere: neighbour wires of arrays, and the wires at an array's edge.

use super::super::action::{Action, Copy, Operand, Place};
use super::super::elem::{CHUNK, Elem};
use super::{Selection, Source};
use crate::kernel::{Lane, NodeId, NodeOp};
use rustc_hash::FxHashMap as HashMap;

/// From how many lanes on a source of another type is converted as a whole.
const CONVERT_FROM: usize = 8;
/// From how many lanes on a run is copied as bytes.
const COPY_FROM: usize = 4;

impl Selection<'_> {
    /// A vector of these lanes, in the type `elem`.
    pub(super) fn gather(&mut self, sources: &[Lane], elem: Elem) -> Operand {
        if sources.iter().all(|(node, _)| self.is_constant(*node)) {
            return self.constants(sources, elem);
        }
        let places = self.places(sources, elem);
        let (copies, patches) = runs(&places, elem.bytes());
        let lanes = sources.len() as u32;
        self.make_vector(elem, lanes, Action::Gather { elem, copies, patches })
    }

    fn constants(&mut self, sources: &[Lane], elem: Elem) -> Operand {
        let offset = self.storage.allocate(elem.storage(sources.len() as u32), CHUNK);
        for (lane, (node, _)) in sources.iter().enumerate() {
            if let NodeOp::Const(value) = self.node(*node).op {
                self.storage.store(elem, offset + lane as u32 * elem.bytes(), value);
            }
        }
        Operand { var: self.fixed(offset, Source::Constant), elem, whole: true }
    }

    /// Where each lane is found with at least `elem`'s bytes.
    fn places(&mut self, sources: &[Lane], elem: Elem) -> Vec<Place> {
        let mut uses: HashMap<NodeId, usize> = HashMap::default();
        sources.iter().for_each(|(node, _)| *uses.entry(*node).or_default() += 1);
        let mut slots: HashMap<Lane, Place> = HashMap::default();
        let mut places = Vec::new();
        for &(node, lane) in sources {
            let same = Elem::of(self.width(node)) == elem || uses[&node] >= CONVERT_FROM;
            places.push(if self.node(node).lanes == 1 {
                (self.scalar(node), 0)
            } else if same {
                (self.vector(node, elem).var, lane * elem.bytes())
            } else {
                *slots.entry((node, lane)).or_insert_with(|| (self.load(node, lane), 0))
            });
        }
        places
    }
}

/// Splits a gather into copies of bytes and single lanes. The commonest distance, such as that
/// to the neighbour in an array, is one copy over all lanes, whose exceptions are mended after.
fn runs(places: &[Place], bytes: u32) -> (Vec<Copy>, Vec<(u32, Place)>) {
    let distance = |lane: usize| {
        let (var, from) = places[lane];
        (var, i64::from(from) - lane as i64 * i64::from(bytes))
    };
    let mut votes: HashMap<_, Vec<usize>> = HashMap::default();
    (0..places.len()).for_each(|lane| votes.entry(distance(lane)).or_default().push(lane));
    let commonest = votes.values().max_by_key(|l| (l.len(), usize::MAX - l[0]));
    let bulk = commonest.filter(|lanes| lanes.len() >= COPY_FROM);
    let mut copies = Vec::new();
    let copy = |first: usize, last: usize| Copy {
        to: first as u32 * bytes,
        from: places[first],
        bytes: (last - first + 1) as u32 * bytes,
    };
    if let Some(lanes) = bulk {
        copies.push(copy(lanes[0], lanes[lanes.len() - 1]));
    }
    let mended = bulk.map(|lanes| distance(lanes[0]));
    let rest: Vec<usize> =
        (0..places.len()).filter(|lane| Some(distance(*lane)) != mended).collect();
    let mut patches = Vec::new();
    let follows = |a: &usize, b: &usize| *b == a + 1 && distance(*a) == distance(*b);
    for run in rest.chunk_by(follows) {
        if run.len() >= COPY_FROM {
            copies.push(copy(run[0], run[run.len() - 1]));
        } else {
            patches.extend(run.iter().map(|lane| (*lane as u32 * bytes, places[*lane])));
        }
    }
    (copies, patches)
}
