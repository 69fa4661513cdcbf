//! Sweeping: state that is always equal, and with it everything that depends on it.
//!
//! Bits of state (and whole memories) of one name on the two sides of a miter, or that random runs
//! show alike, are taken to be equal. In one step from any such state, gates of one function are
//! merged; what then is not equal after the step is taken apart, until nothing is. What is left is
//! inductive, and a target that has become zero is never hit.

mod candidates;
mod classes;
mod evidence;
mod image;
mod merger;
mod simulate;

use crate::bits::WholeSystem;
use crate::certificate::Evidence;
use crate::engine::{Halt, Progress, Work};
use crate::gates::Lit;
use crate::options::Start;
use crate::sabotage::{Bug, planted};
use crate::solver::Deadline;
use crate::system::TransitionSystem;
use candidates::Source;
pub(crate) use candidates::latch_names;
use classes::Classes;
use image::{Given, Image};
use merger::{Compared, Merger};
use simulate::{Shown, simulate};
use std::time::Instant;

/// What comparing may take, in conflicts.
#[derive(Clone, Copy)]
struct Effort {
    /// Of two gates that look alike; gates are merged by form alone if it is zero.
    may: u32,
    /// Of what has to be equal; what random patterns do not tell apart is equal if it is zero.
    must: u32,
}

/// Round after round.
const EFFORTS: [Effort; 4] = [
    Effort { may: 0, must: 300 },
    Effort { may: 100, must: 2_000 },
    Effort { may: 2_000, must: 50_000 },
    Effort { may: 50_000, must: 5_000_000 },
];

/// How much more the targets may take, which are few.
const FINAL: u32 = 50;

/// For looking alone.
const LOOK: Effort = Effort { may: 0, must: 0 };

/// What sweeping proved.
pub(crate) struct Swept {
    /// By target: it is never hit.
    pub proved: Vec<bool>,
    /// Why.
    pub evidence: Evidence,
}

/// Sweeps a system made by [`TransitionSystem::with_whole_memories`]. Assumptions are not used.
/// `None` if nothing is proved.
pub(crate) fn sweep(
    system: &TransitionSystem,
    start: Start,
    deadline: Deadline,
    observe: &mut dyn FnMut(Progress),
) -> Option<Swept> {
    let begin = Instant::now();
    let whole = WholeSystem::new(system);
    let shown = simulate(system, &whole, start);
    let hit = |shown: &Shown| shown.hit.iter().all(|&hit| hit);
    if system.assumptions.is_empty() && shown.as_ref().is_some_and(hit) {
        return None;
    }
    let mut sweep = Sweep { system, whole: &whole, start, deadline, shown, round: 0 };
    let mut best: Option<Swept> = None;
    for effort in EFFORTS {
        for source in [Source::NamesAndRuns, Source::Names, Source::Runs] {
            for any_reset in [true, false] {
                if any_reset && start == Start::PowerUp {
                    continue;
                }
                sweep.round += 1;
                let open = system.targets.len() - best.as_ref().map_or(0, Swept::count);
                let work = Work::Sweep(sweep.round);
                observe(Progress { depth: 0, work, open, elapsed: begin.elapsed() });
                let Ok(found) = sweep.attempt(source, any_reset, effort) else { return best };
                if found.count() > best.as_ref().map_or(0, Swept::count) {
                    best = Some(found);
                }
                if best.as_ref().is_some_and(|best| best.proved.iter().all(|&p| p)) {
                    return best;
                }
            }
        }
    }
    best
}

impl Swept {
    fn count(&self) -> usize {
        self.proved.iter().filter(|&&p| p).count()
    }
}

struct Sweep<'a> {
    system: &'a TransitionSystem,
    whole: &'a WholeSystem,
    start: Start,
    deadline: Deadline,
    shown: Option<Shown>,
    round: u32,
}

impl Sweep<'_> {
    /// With `any_reset` the classes hold from power-up on, whenever resets are active; without,
    /// they hold after reset as long as none is.
    fn attempt(&self, source: Source, any_reset: bool, effort: Effort) -> Result<Swept, Halt> {
        let mut classes = Classes::candidates(self.system, self.shown.as_ref(), source);
        while !self.begins(&mut classes, any_reset, effort)? {}
        while self.step(&mut classes, any_reset, LOOK)?.changed {}
        let (mut merger, image) = loop {
            let step = self.step(&mut classes, any_reset, effort)?;
            if !step.changed {
                break (step.merger, step.image);
            }
        };
        let mut proved = Vec::new();
        for &bad in &self.whole.bits.bad {
            let compared = merger.compare(Lit::ZERO, image.of(bad), FINAL * effort.must)?;
            proved.push(compared == Compared::Equal);
        }
        let evidence = evidence::evidence(self.system, self.whole, &classes, &image, any_reset);
        Ok(Swept { proved, evidence })
    }

    /// One step from any state of the classes, and what it takes apart. Without effort only what
    /// random patterns tell apart.
    fn step(&self, classes: &mut Classes, any_reset: bool, effort: Effort) -> Result<Step, Halt> {
        let mut merger = Merger::new(self.deadline, effort.may);
        let reset = if any_reset { merger.free() } else { Lit::ZERO };
        let latches = classes.state(&mut merger);
        let contents = classes.memories.clone();
        let given = Given { latches: &latches, reset, choosers: None, contents: &contents };
        let image = Image::new(&mut merger, self.whole, &given)?;
        let next = self.next(&image);
        let mut changed = classes.refine(&mut merger, &next, effort.must)?;
        if effort.must > 0 {
            changed |= self.part_memories(classes, &mut merger, &image, effort)?;
        }
        Ok(Step { merger, image, changed })
    }

    fn next(&self, image: &Image) -> Vec<Lit> {
        self.whole.bits.latches.iter().map(|latch| image.of(latch.next)).collect()
    }

    /// Takes apart what is not equal at the beginning. False if memories had to be parted, which
    /// may part more.
    fn begins(&self, classes: &mut Classes, any_reset: bool, effort: Effort) -> Result<bool, Halt> {
        let mut merger = Merger::new(self.deadline, effort.may);
        let power_up = |known: Option<bool>| known.map(Lit::constant);
        let latches = self.whole.bits.latches.iter().map(|l| power_up(l.power_up));
        let mut state: Vec<Lit> = latches.map(|lit| lit.unwrap_or_else(|| merger.free())).collect();
        let edges = match self.start {
            Start::AfterReset { edges } if !any_reset => edges,
            _ => 0,
        };
        let mut contents = classes.memories.clone();
        let domains = self.whole.bits.domains.len();
        for step in 0..edges as usize * domains {
            let domain = step % domains;
            let choosers: Vec<Lit> = (0..domains - 1).map(|d| Lit::constant(d == domain)).collect();
            let given = Given {
                latches: &state,
                reset: Lit::ONE,
                choosers: Some(&choosers),
                contents: &contents,
            };
            let image = Image::new(&mut merger, self.whole, &given)?;
            if self.part_memories(classes, &mut merger, &image, effort)? {
                return Ok(false);
            }
            state = self.next(&image);
            let count = contents.len();
            contents.iter_mut().for_each(|c| *c += count);
        }
        if !planted(Bug::StartUnswept) {
            classes.refine(&mut merger, &state, effort.must)?;
        }
        Ok(true)
    }

    /// Parts memories that are not written alike. Whether any was.
    fn part_memories(
        &self,
        classes: &mut Classes,
        merger: &mut Merger,
        image: &Image,
        effort: Effort,
    ) -> Result<bool, Halt> {
        let mut changed = false;
        for memory in 0..classes.memories.len() {
            let leader = classes.memories[memory];
            if leader != memory && !self.written_alike([leader, memory], merger, image, effort)? {
                classes.memories[memory] = memory;
                changed = true;
            }
        }
        Ok(changed)
    }

    /// Whether the step leaves two memories that are equal so: bit by bit, the ports that can
    /// write it do so alike, in their order.
    fn written_alike(
        &self,
        pair: [usize; 2],
        merger: &mut Merger,
        image: &Image,
        effort: Effort,
    ) -> Result<bool, Halt> {
        for bit in 0..self.system.flat.memories[pair[0]].width as usize {
            let [first, second] = pair.map(|memory| self.writes_of(memory, bit, image));
            if first.len() != second.len() {
                return Ok(false);
            }
            for (a, b) in first.into_iter().zip(second) {
                let mut wrong = merger.xor(a.data, b.data)?;
                for i in 0..a.address.len().max(b.address.len()) {
                    let at = |word: &[Lit]| word.get(i).copied().unwrap_or(Lit::ZERO);
                    let differ = merger.xor(at(&a.address), at(&b.address))?;
                    wrong = merger.any([wrong, differ])?;
                }
                let wrong = merger.and(a.enable, wrong)?;
                for (left, right) in [(a.enable, b.enable), (Lit::ZERO, wrong)] {
                    let compared = merger.compare(left, right, effort.must)?;
                    if compared != Compared::Equal && !planted(Bug::WritesUncompared) {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }

    /// The writes that a bit of a memory can see.
    fn writes_of(&self, memory: usize, bit: usize, image: &Image) -> Vec<BitWrite> {
        let writes = self.whole.writes[memory].iter().map(|write| BitWrite {
            enable: image.of(write.enables[bit]),
            address: write.address.iter().map(|&lit| image.of(lit)).collect(),
            data: image.of(write.data[bit]),
        });
        writes.filter(|write| write.enable != Lit::ZERO).collect()
    }
}

/// What came of a step.
struct Step {
    merger: Merger,
    image: Image,
    /// Classes were taken apart.
    changed: bool,
}

/// What a write port does to one bit of the words.
struct BitWrite {
    enable: Lit,
    address: Vec<Lit>,
    data: Lit,
}
