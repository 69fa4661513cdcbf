//! What is needed under a condition alone goes into a body that is skipped when it does not hold.
//!
//! - States that are stored under one condition (a stage that stalls, an element that is not
//!   enabled) share a body with all that is computed for them alone.
//! - What one side of a choice alone needs is computed when that side is chosen.
//!
//! Instructions only move back, to the store or the choice that they are for; a load does not move
//! across a store to its cell.

mod choice;
mod group;
#[cfg(test)]
mod tests;

use super::ops::{Class, Inst, Op, Operands, V, When};
use crate::kernel::Owner;
pub(super) use choice::Choice;
use choice::Condition;
use group::Member;
use rustc_hash::FxHashMap as HashMap;
use smallvec::smallvec;
use std::collections::BTreeMap;

/// As deep as bodies are nested.
const DEPTH: u32 = 6;

/// Forms bodies of at least so many instructions; new values are numbered on from `values`, their
/// owners added. Bodies that are there already stand at the end and stay as they are. Each region,
/// some stores, becomes a body that is done when a value is not zero.
pub(super) fn form(
    insts: Vec<Inst>,
    least: u32,
    values: &mut u32,
    owners: &mut Vec<Owner>,
    regions: Vec<(V, Vec<usize>)>,
) -> Vec<Inst> {
    let mut former = Former::new(insts, least, *values, owners);
    former.regions = regions;
    let all: Vec<usize> = (0..former.insts.len()).collect();
    former.level(all, 0);
    *values = former.uses.len() as u32;
    former.formed
}

/// Where instructions are put.
enum Place {
    /// A body of stores, by condition; its instructions stand before the last of them.
    Stores(Condition, Vec<usize>),
    /// What the two sides of a choice need alone.
    Choice([Vec<usize>; 2]),
}

struct Former<'a> {
    insts: Vec<Inst>,
    /// Instructions that a body must have.
    least: u32,
    owners: &'a mut Vec<Owner>,
    /// Bodies that are to be, around the others: when they are done, and their stores.
    regions: Vec<(V, Vec<usize>)>,
    /// By value.
    uses: Vec<u32>,
    makers: Vec<usize>,
    /// Uses that are not yet known to be in a body; as `uses` but while one is found.
    left: Vec<u32>,
    /// Conditions on masks of the bodies that instructions are put in: they hold for some lanes, so
    /// that choices by them stay.
    inside: Vec<Condition>,
    /// By instruction: whether a body or a level has it.
    here: Vec<bool>,
    /// Stores by the first byte of their cell; writes of memories by pointer.
    stores: BTreeMap<u32, Vec<usize>>,
    puts: HashMap<u32, Vec<usize>>,
    /// Reads of memories by pointer.
    fetches: HashMap<u32, Vec<usize>>,
    formed: Vec<Inst>,
}

impl<'a> Former<'a> {
    fn new(insts: Vec<Inst>, least: u32, values: u32, owners: &'a mut Vec<Owner>) -> Self {
        let mut uses = vec![0; values as usize];
        let mut makers = vec![usize::MAX; values as usize];
        let mut stores: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let mut puts: HashMap<u32, Vec<usize>> = HashMap::default();
        let mut fetches: HashMap<u32, Vec<usize>> = HashMap::default();
        for (at, inst) in insts.iter().enumerate() {
            inst.from.iter().for_each(|v| uses[v.0 as usize] += 1);
            if let Some(to) = inst.to {
                makers[to.0 as usize] = at;
            }
            match inst.op {
                Op::Put { pointer, .. } => puts.entry(pointer).or_default().push(at),
                Op::Fetch { pointer, .. } => fetches.entry(pointer).or_default().push(at),
                op => {
                    if let Some(cell) = stored(op) {
                        stores.entry(cell).or_default().push(at);
                    }
                }
            }
        }
        let (left, here, formed) = (uses.clone(), vec![false; insts.len()], Vec::new());
        let inside = Vec::new();
        Self {
            insts,
            least,
            owners,
            regions: Vec::new(),
            uses,
            makers,
            left,
            inside,
            here,
            stores,
            puts,
            fetches,
            formed,
        }
    }

    /// Puts instructions, in order, behind what is formed.
    fn level(&mut self, all: Vec<usize>, depth: u32) {
        let mut places = self.places(&all, depth);
        let inside: Vec<usize> = all.iter().copied().filter(|at| self.here[*at]).collect();
        all.iter().for_each(|at| self.here[*at] = false);
        for at in inside {
            match places.remove(&at) {
                None => self.put(at),
                Some(Place::Stores(condition, body)) => {
                    let (when, negated, about) = condition.clone();
                    self.push(Op::If { when, negated }, None, about);
                    self.inside.push(condition);
                    self.level(body, depth + 1);
                    self.inside.pop();
                    self.push(Op::End(None), None, Operands::new());
                }
                Some(Place::Choice(bodies)) => self.choose(at, bodies, depth),
            }
        }
    }

    fn push(&mut self, op: Op, to: Option<V>, from: Operands) {
        self.formed.push(Inst { op, to, from });
    }

    fn put(&mut self, at: usize) {
        let idle = |to: V| self.uses[to.0 as usize] == 0;
        if !self.insts[at].to.is_some_and(idle) {
            self.formed.push(self.insts[at].clone());
        }
    }

    /// A choice whose sides are in bodies.
    fn choose(&mut self, at: usize, [then, otherwise]: [Vec<usize>; 2], depth: u32) {
        let inst = self.insts[at].clone();
        let choice = Choice::of(&inst).expect("it was one");
        let to = inst.to.expect("a choice has a result");
        let class = inst.op.class();
        if choice.when == When::Any {
            // Some lanes may take the other side.
            let negated = then.is_empty();
            let blended = self.value(to);
            self.push(Op::If { when: When::Any, negated }, None, choice.about);
            self.level(if negated { otherwise } else { then }, depth + 1);
            self.push(inst.op, Some(blended), inst.from);
            self.push(Op::Else, None, smallvec![blended]);
            let other = if negated { choice.then } else { choice.otherwise };
            return self.push(Op::End(class), Some(to), smallvec![other]);
        }
        self.push(Op::If { when: choice.when, negated: false }, None, choice.about);
        self.level(then, depth + 1);
        self.push(Op::Else, None, smallvec![choice.then]);
        self.level(otherwise, depth + 1);
        self.push(Op::End(class), Some(to), smallvec![choice.otherwise]);
    }

    /// A new value with the owner of another.
    fn value(&mut self, like: V) -> V {
        let v = V(self.uses.len() as u32);
        self.uses.push(1);
        self.owners.push(self.owners[like.0 as usize]);
        v
    }

    /// The bodies of a level, each at the instruction that it stands at. Afterwards `here` is set
    /// for what stays in the level.
    fn places(&mut self, all: &[usize], depth: u32) -> HashMap<usize, Place> {
        all.iter().for_each(|at| self.here[*at] = true);
        let mut places = HashMap::default();
        for (done, stores) in std::mem::take(&mut self.regions) {
            self.region(done, stores, &mut places);
        }
        if depth == DEPTH {
            return places;
        }
        let free: Vec<usize> =
            all.iter().copied().filter(|at| self.here[*at] && !places.contains_key(at)).collect();
        for (condition, members) in self.groups(&free) {
            self.stores_of(condition, &members, &mut places);
        }
        for &at in all.iter().rev() {
            if self.here[at] && !places.contains_key(&at) {
                self.sides(at, &mut places);
            }
        }
        places
    }

    /// The operation that makes a value.
    fn maker(&self, v: V) -> Option<Op> {
        self.insts.get(self.makers[v.0 as usize]).map(|inst| inst.op)
    }

    /// A body of these stores and of all that is computed for them alone.
    fn region(&mut self, done: V, stores: Vec<usize>, places: &mut HashMap<usize, Place>) {
        let anchor = *stores.last().expect("a region has stores");
        let roots: Vec<V> = stores.iter().map(|at| self.insts[*at].from[0]).collect();
        self.add_use(done);
        let mut body = self.alone(&roots, anchor, &stores);
        body.iter().for_each(|at| self.here[*at] = false);
        stores.iter().filter(|at| **at != anchor).for_each(|at| self.here[*at] = false);
        body.extend(stores);
        body.sort_unstable();
        places.insert(anchor, Place::Stores((When::Set, false, smallvec![done]), body));
    }

    /// A body of stores, if it is worth one.
    fn stores_of(
        &mut self,
        condition: Condition,
        members: &[Member],
        places: &mut HashMap<usize, Place>,
    ) {
        let anchor = members.last().expect("a group has members").at;
        let stores: Vec<usize> = members.iter().map(|m| m.at).collect();
        if !stores.iter().all(|store| self.waits(*store, anchor, &stores)) {
            return;
        }
        let roots: Vec<V> = members.iter().flat_map(|m| m.roots.iter().copied()).collect();
        // The jump looks at it, too.
        condition.2.iter().for_each(|v| self.add_use(*v));
        let mut body = self.alone(&roots, anchor, &stores);
        let weight: u32 = body.iter().map(|at| weight(self.insts[*at].op)).sum();
        if weight + 3 * members.len() as u32 <= self.least {
            return condition.2.iter().for_each(|v| self.drop_use(*v));
        }
        for (maker, value, user) in members.iter().filter_map(|member| member.made) {
            let from = std::mem::take(&mut self.insts[maker].from);
            from.iter().for_each(|v| self.drop_use(*v));
            let made = self.insts[maker].to.expect("a choice has a result");
            self.drop_use(made);
            self.add_use(value);
            let used = self.insts[user].from.iter_mut().filter(|v| **v == made);
            used.for_each(|v| *v = value);
        }
        body.iter().for_each(|at| self.here[*at] = false);
        stores.iter().filter(|at| **at != anchor).for_each(|at| self.here[*at] = false);
        body.extend(stores);
        body.sort_unstable();
        places.insert(anchor, Place::Stores(condition, body));
    }

    /// Whether a write of a memory can be done later; a store always can.
    fn waits(&self, at: usize, anchor: usize, own: &[usize]) -> bool {
        let Op::Put { pointer, .. } = self.insts[at].op else { return true };
        let between = |all: &Vec<usize>| {
            all.iter().any(|other| (at + 1..anchor).contains(other) && !own.contains(other))
        };
        let reads = self.fetches.get(&pointer).is_some_and(between);
        !reads && !self.puts.get(&pointer).is_some_and(between)
    }

    /// Whether this is put in a body that is skipped when a choice by masks takes one side.
    fn is_inside(&self, choice: &Choice, negated: bool) -> bool {
        let same = |(when, n, about): &Condition| {
            (*when, *n) == (choice.when, negated) && *about == choice.about
        };
        self.inside.iter().any(same)
    }

    fn add_use(&mut self, v: V) {
        self.uses[v.0 as usize] += 1;
        self.left[v.0 as usize] += 1;
    }

    fn drop_use(&mut self, v: V) {
        self.uses[v.0 as usize] -= 1;
        self.left[v.0 as usize] -= 1;
    }

    /// Bodies for the sides of a choice, if they are worth it.
    fn sides(&mut self, at: usize, places: &mut HashMap<usize, Place>) {
        let Some(choice) = Choice::of(&self.insts[at]) else { return };
        if self.is_inside(&choice, false) || self.is_inside(&choice, true) {
            return;
        }
        let mut sides = [choice.then, choice.otherwise].map(|root| self.alone(&[root], at, &[]));
        let weights = sides.each_ref().map(|side| {
            let all = side.iter().map(|at| weight(self.insts[*at].op));
            all.sum::<u32>()
        });
        let heavier = usize::from(weights[1] > weights[0]);
        for (k, side) in sides.iter_mut().enumerate() {
            let both = choice.when != When::Any && weights[heavier] > self.least;
            if weights[k] <= self.least && !(both && weights[k] > 2) || !both && k != heavier {
                side.clear();
            }
            side.sort_unstable();
        }
        if sides.iter().all(Vec::is_empty) {
            return;
        }
        sides.iter().flatten().for_each(|at| self.here[*at] = false);
        places.insert(at, Place::Choice(sides));
    }

    /// The instructions that these values alone need, each root for one use.
    fn alone(&mut self, roots: &[V], anchor: usize, own: &[usize]) -> Vec<usize> {
        let mut found = Vec::new();
        let mut stack = roots.to_vec();
        let mut touched = Vec::new();
        while let Some(v) = stack.pop() {
            self.left[v.0 as usize] -= 1;
            touched.push(v);
            let at = self.makers[v.0 as usize];
            if self.left[v.0 as usize] > 0 || at >= anchor || !self.here[at] {
                continue;
            }
            if self.moves(at, anchor, own) {
                found.push(at);
                stack.extend(&self.insts[at].from);
            }
        }
        touched.iter().for_each(|v| self.left[v.0 as usize] += 1);
        found
    }

    /// Whether an instruction can stand at a later place.
    fn moves(&self, at: usize, anchor: usize, own: &[usize]) -> bool {
        let between = |stores: &Vec<usize>| {
            let first = stores.partition_point(|store| *store < at);
            let until = stores[first..].iter().take_while(|store| **store < anchor);
            until.into_iter().any(|store| !own.contains(store))
        };
        match self.insts[at].op {
            Op::Load(cell) | Op::Peek(cell) | Op::VectorLoad(cell) => {
                !self.stores.range(near(cell.at)).any(|(_, stores)| between(stores))
            }
            Op::MaskLoad(place) => {
                !self.stores.range(near(place)).any(|(_, stores)| between(stores))
            }
            Op::Fetch { pointer, .. } => !self.puts.get(&pointer).is_some_and(between),
            _ => true,
        }
    }
}

/// Cells that can overlap one: none has more bytes than a chunk of lanes of 64 bits.
fn near(at: u32) -> std::ops::Range<u32> {
    at.saturating_sub(127)..at + 128
}

/// The first byte of the cell that is stored to.
fn stored(op: Op) -> Option<u32> {
    match op {
        Op::Store(cell) | Op::VectorStore(cell) => Some(cell.at),
        Op::MaskStore(at) => Some(at),
        _ => None,
    }
}

/// The first byte of the cell that is loaded.
fn loaded(op: Op) -> Option<u32> {
    match op {
        Op::Load(cell) | Op::Peek(cell) | Op::VectorLoad(cell) => Some(cell.at),
        _ => None,
    }
}

/// What an operation costs, about.
pub(super) fn weight(op: Op) -> u32 {
    match (op, op.class()) {
        (op, _) if op.is_number() => 0,
        (Op::Fetch { .. } | Op::MulHigh | Op::Float(_), _) => 4,
        (_, Some(Class::Vector)) => 2,
        _ => 1,
    }
}
