//! What can stand still: [`Region`]s of stores that are left out for as long as all that they are
//! computed from is as it was.
//!
//! A region begins with the states of an occurrence of a module, as they are in the kernel. It takes
//! in what feeds it one by one (the delays before an array), as long as it is not read more because
//! of that, and what depends on nothing else. It stores a function of what it loads: of its leaves,
//! which others store, and of its own states. Behind an edge that changed no own state, another
//! edge with the same leaves changes nothing at all.

mod watch;

use super::bodies::{self, Choice};
use super::layout::Shape;
use super::ops::{Inst, Op, V};
use rustc_hash::FxHashMap as HashMap;
use std::collections::BTreeMap;
pub(super) use watch::{Watched, watch};

/// Words of the sets of what instructions load, at most: of larger programs nothing stands still.
const WORDS: usize = 1 << 21;

/// Bytes of the storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Span {
    pub at: u32,
    pub bytes: u32,
}

impl Span {
    fn contains(self, other: Self) -> bool {
        self.at <= other.at && other.at + other.bytes <= self.at + self.bytes
    }

    /// What an instruction loads.
    fn loaded(op: Op, shape: Shape) -> Option<Self> {
        let (at, bytes) = match op {
            Op::Load(cell) | Op::Peek(cell) => (cell.at, cell.size.into()),
            Op::VectorLoad(cell) => (cell.at, vector(cell.size, shape)),
            Op::MaskLoad(at) => (at, shape.mask),
            _ => return None,
        };
        Some(Self { at, bytes })
    }

    /// What an instruction stores.
    fn stored(op: Op, shape: Shape) -> Option<Self> {
        let (at, bytes) = match op {
            Op::Store(cell) => (cell.at, cell.size.into()),
            Op::VectorStore(cell) => (cell.at, vector(cell.size, shape)),
            Op::MaskStore(at) => (at, shape.mask),
            _ => return None,
        };
        Some(Self { at, bytes })
    }
}

/// Bytes of a chunk of a cell, or of half of one of 64 bits.
fn vector(size: u8, shape: Shape) -> u32 {
    shape.lanes * u32::from(size.min(4))
}

/// Stores that are done or left out together.
#[derive(Clone, Debug)]
pub(super) struct Region {
    /// The occurrence whose states it began with.
    pub key: u32,
    /// Its stores, in order.
    pub stores: Vec<usize>,
    /// What it loads and others store.
    pub leaves: Vec<Span>,
    /// What it loads and stores.
    pub own: Vec<Span>,
    /// What it costs, about.
    pub weight: u32,
}

/// Which regions there are to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which<'a> {
    /// All that can pay.
    All,
    /// All that there are, whatever it costs.
    Any,
    /// Those of these keys.
    Of(&'a [u32]),
}

/// The regions of a program whose instructions are in order; `groups` says, by the first byte of a
/// state's chunk, of what occurrence it is.
pub(super) fn regions(
    insts: &[Inst],
    values: u32,
    shape: Shape,
    groups: &HashMap<u32, u32>,
    which: Which,
) -> Vec<Region> {
    let Some(flow) = Flow::of(insts, values, shape) else { return Vec::new() };
    Chooser::new(&flow, groups).regions(which)
}

/// A set of spans, by index; span 0 stands for all that is no span, such as words of memories.
type Set = Vec<u64>;

const IMPURE: usize = 0;

fn has(set: &[u64], index: usize) -> bool {
    set[index / 64] >> (index % 64) & 1 == 1
}

fn add(set: &mut [u64], index: usize) {
    set[index / 64] |= 1 << (index % 64);
}

fn unite(set: &mut [u64], other: &[u64]) {
    set.iter_mut().zip(other).for_each(|(a, b)| *a |= b);
}

fn members(set: &[u64]) -> impl Iterator<Item = usize> + '_ {
    set.iter().enumerate().flat_map(|(at, word)| {
        let rest = std::iter::successors(Some(*word), |rest| Some(rest & (rest - 1)));
        rest.take_while(|rest| *rest != 0).map(move |rest| 64 * at + rest.trailing_zeros() as usize)
    })
}

/// A store, with what its value is computed from.
struct Stored {
    at: usize,
    span: Span,
    set: Set,
}

/// What flows into stores.
struct Flow<'i> {
    insts: &'i [Inst],
    shape: Shape,
    makers: Vec<usize>,
    uses: Vec<u32>,
    /// By index in a set, from 1 on.
    spans: Vec<Span>,
    stores: Vec<Stored>,
}

impl<'i> Flow<'i> {
    /// Nothing if it is too large.
    fn of(insts: &'i [Inst], values: u32, shape: Shape) -> Option<Self> {
        let end = insts.iter().position(|inst| matches!(inst.op, Op::If { .. }));
        let end = end.unwrap_or(insts.len());
        let mut uses = vec![0; values as usize];
        insts.iter().flat_map(|inst| &inst.from).for_each(|v| uses[v.0 as usize] += 1);
        // What is stored again at the end is left alone.
        let again: Vec<Span> =
            insts[end..].iter().filter_map(|inst| Span::stored(inst.op, shape)).collect();
        let mut spans = vec![Span { at: 0, bytes: 0 }];
        let mut indices: HashMap<Span, usize> = HashMap::default();
        for span in insts[..end].iter().filter_map(|inst| Span::loaded(inst.op, shape)) {
            indices.entry(span).or_insert_with(|| {
                spans.push(span);
                spans.len() - 1
            });
        }
        let words = spans.len().div_ceil(64);
        if words * values as usize > WORDS {
            return None;
        }
        let mut makers = vec![usize::MAX; values as usize];
        let mut sets: Vec<Set> = vec![Vec::new(); values as usize];
        let mut stores = Vec::new();
        for (at, inst) in insts[..end].iter().enumerate() {
            let mut set = vec![0; words];
            inst.from.iter().for_each(|v| unite(&mut set, &sets[v.0 as usize]));
            match Span::loaded(inst.op, shape) {
                Some(span) => add(&mut set, indices[&span]),
                None if matches!(inst.op, Op::Fetch { .. }) => add(&mut set, IMPURE),
                None => {}
            }
            if let Some(to) = inst.to {
                makers[to.0 as usize] = at;
                sets[to.0 as usize] = set;
            } else if let Some(span) = Span::stored(inst.op, shape)
                && !has(&set, IMPURE)
                && !again.contains(&span)
            {
                stores.push(Stored { at, span, set });
            }
        }
        Some(Self { insts, shape, makers, uses, spans, stores })
    }

    /// Whether a state changes in nearly every cycle: its next value depends on it and on hardly
    /// anything else, and no choice keeps it.
    fn is_restless(&self, store: &Stored) -> bool {
        let value = self.insts[store.at].from[0];
        members(&store.set).count() <= 3 && self.returns(value, store) && !self.keeps(value, store)
    }

    /// Whether what is there comes back to its own lane.
    fn returns(&self, v: V, store: &Stored) -> bool {
        let Some(inst) = self.insts.get(self.makers[v.0 as usize]) else { return false };
        let elsewhere = matches!(inst.op, Op::Permute { .. } | Op::Permute2 { .. });
        let own = |span: Span| store.span.contains(span);
        Span::loaded(inst.op, self.shape).is_some_and(own)
            || !elsewhere && inst.from.iter().any(|v| self.returns(*v, store))
    }

    /// Whether a value may be what is there already.
    fn keeps(&self, v: V, store: &Stored) -> bool {
        let Some(inst) = self.insts.get(self.makers[v.0 as usize]) else { return false };
        if Span::loaded(inst.op, self.shape) == Some(store.span) {
            return true;
        }
        let sides = Choice::of(inst).map(|choice| [choice.then, choice.otherwise]);
        sides.is_some_and(|sides| sides.into_iter().any(|side| self.keeps(side, store)))
    }

    /// What these stores alone need, in instructions.
    fn weight(&self, stores: &[usize]) -> u32 {
        let mut left: HashMap<u32, u32> = HashMap::default();
        let mut stack: Vec<V> =
            stores.iter().map(|index| self.insts[self.stores[*index].at].from[0]).collect();
        let mut all = stores.len() as u32;
        while let Some(v) = stack.pop() {
            let left = left.entry(v.0).or_insert(self.uses[v.0 as usize]);
            *left -= 1;
            if *left > 0 {
                continue;
            }
            if let Some(inst) = self.insts.get(self.makers[v.0 as usize]) {
                all += bodies::weight(inst.op);
                stack.extend(&inst.from);
            }
        }
        all
    }
}

/// A region in the making.
struct Growing {
    stores: Vec<usize>,
    /// What it loads, its own states too.
    set: Set,
    own: Set,
}

impl Growing {
    fn is_leaf(&self, index: usize) -> bool {
        has(&self.set, index) && !has(&self.own, index)
    }

    /// How many leaves a store would bring.
    fn brings(&self, store: &Stored) -> usize {
        members(&store.set)
            .filter(|index| !has(&self.set, *index) && !has(&self.own, *index))
            .count()
    }
}

/// Divides stores among regions.
struct Chooser<'f> {
    flow: &'f Flow<'f>,
    /// By store.
    groups: Vec<Option<u32>>,
    taken: Vec<bool>,
    restless: Vec<bool>,
    /// By span: the store that makes it whole.
    source: Vec<Option<usize>>,
}

impl<'f> Chooser<'f> {
    fn new(flow: &'f Flow<'f>, groups: &HashMap<u32, u32>) -> Self {
        let mut by_place: Vec<usize> = (0..flow.stores.len()).collect();
        by_place.sort_by_key(|index| flow.stores[*index].span.at);
        let source = |span: &Span| {
            let after = by_place.partition_point(|index| flow.stores[*index].span.at <= span.at);
            let index = *by_place.get(after.checked_sub(1)?)?;
            flow.stores[index].span.contains(*span).then_some(index)
        };
        Self {
            groups: flow.stores.iter().map(|s| groups.get(&s.span.at).copied()).collect(),
            taken: vec![false; flow.stores.len()],
            restless: flow.stores.iter().map(|store| flow.is_restless(store)).collect(),
            source: flow.spans.iter().map(source).collect(),
            flow,
        }
    }

    fn regions(mut self, which: Which) -> Vec<Region> {
        let mut groups: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (index, group) in self.groups.iter().enumerate() {
            group.iter().for_each(|group| groups.entry(*group).or_default().push(index));
        }
        let mut groups: Vec<(u32, Vec<usize>)> = groups.into_iter().collect();
        let weights: HashMap<u32, u32> =
            groups.iter().map(|(key, stores)| (*key, self.flow.weight(stores))).collect();
        groups.sort_by_key(|(key, _)| std::cmp::Reverse(weights[key]));
        let mut all = Vec::new();
        for (key, stores) in groups {
            if matches!(which, Which::Of(keys) if !keys.contains(&key)) {
                continue;
            }
            all.extend(self.region(key, stores, !matches!(which, Which::All)));
        }
        all
    }

    /// A region that begins with these stores, if it can stand still and pays (or `any` way).
    fn region(&mut self, key: u32, stores: Vec<usize>, any: bool) -> Option<Region> {
        let words = self.flow.spans.len().div_ceil(64);
        let mut region = Growing { stores: Vec::new(), set: vec![0; words], own: vec![0; words] };
        for index in stores {
            if !self.taken[index] && !self.restless[index] {
                self.take(&mut region, index);
            }
        }
        self.grow(&mut region);
        self.close(&mut region);
        let flow = self.flow;
        let restless = |index: &usize| self.source[*index].is_some_and(|s| self.restless[s]);
        let leaves: Vec<usize> = members(&region.set).filter(|i| region.is_leaf(*i)).collect();
        let weight = flow.weight(&region.stores);
        let pays = weight > 16 + 6 * leaves.len() as u32;
        if region.stores.is_empty() || leaves.iter().any(restless) || !(any || pays) {
            region.stores.iter().for_each(|index| self.taken[*index] = false);
            return None;
        }
        let spans = |all: &mut dyn Iterator<Item = usize>| all.map(|i| flow.spans[i]).collect();
        let own = members(&region.set).filter(|index| has(&region.own, *index));
        let mut places: Vec<usize> = region.stores.iter().map(|i| flow.stores[*i].at).collect();
        places.sort_unstable();
        Some(Region {
            key,
            stores: places,
            leaves: spans(&mut leaves.iter().copied()),
            own: spans(&mut { own }),
            weight,
        })
    }

    fn take(&mut self, region: &mut Growing, index: usize) {
        self.taken[index] = true;
        region.stores.push(index);
        unite(&mut region.set, &self.flow.stores[index].set);
        for (span, source) in self.source.iter().enumerate() {
            if *source == Some(index) {
                add(&mut region.own, span);
            }
        }
    }

    /// Takes in the states of leaves, each for one leaf at most.
    fn grow(&mut self, region: &mut Growing) {
        loop {
            let of_leaf = |index: usize| {
                let source = self.source[index].filter(|_| region.is_leaf(index))?;
                let store = &self.flow.stores[source];
                let alone = members(&store.set).all(|i| self.source[i] != Some(source));
                let may = self.groups[source].is_some() && !self.taken[source];
                let few = region.brings(store) <= usize::from(alone);
                (may && few && !self.restless[source]).then_some(source)
            };
            let Some(source) = members(&region.set).find_map(of_leaf) else { return };
            self.take(region, source);
        }
    }

    /// Takes in what is no state and depends on nothing else.
    fn close(&mut self, region: &mut Growing) {
        for index in 0..self.flow.stores.len() {
            let store = &self.flow.stores[index];
            let free = !self.taken[index] && self.groups[index].is_none();
            let known = |i: usize| has(&region.set, i) || self.source[i] == Some(index);
            let any = members(&store.set).any(|i| has(&region.set, i));
            if free && any && members(&store.set).all(known) {
                self.take(region, index);
            }
        }
    }
}
