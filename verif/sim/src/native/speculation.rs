//! [`Speculation`]: code in which states that hardly ever change are numbers, found while it runs.
//!
//! A processor that takes no interrupt, whose caches hit, spends most of its logic on what could
//! happen instead. When a run has paid for it, the states that keep their values for a while, and the
//! inputs, are taken as known: code is made of what is left of the edge. It is entered when all of
//! them have these values, and its edge is the last for now when one of them gets another; that edge
//! is right as any other. What changed too often is given up, and all of it if it does not pay. Values
//! are the same at all times.

mod special;

use super::code::Code;
use super::emit256::Avx2;
use super::emit512::Avx512;
use super::machine::Native;
use crate::exec::{Elem, Storage};
use crate::kernel::Kernel;
use crate::{Tier, Tuning};
use olivine_netlist::DomainId;

/// How often it is looked which states keep their values.
const SAMPLES: u64 = 256;

/// How many times one may have another value meanwhile.
const MISSES: u32 = 3;

/// Edges in one go that are worth a look at whether all is as it is taken.
const LEAST: u64 = 16;

/// Edges at most until it is looked again.
const BURST: u64 = 64;

/// What changes more often than once in so many edges is not taken as known.
const SELDOM: u64 = 64;

/// Trials, each without what changed too often in the one before.
const TRIALS: u32 = 2;

/// Instructions that it takes to enter the code and to leave it, about.
const PRICE: u64 = 1000;

/// Trials that it takes before it is looked for the first time whether more is to be made; from then
/// on it is twice as long each time.
const PERIOD: u64 = 8;

/// Edges until it is looked again where it is done whatever it costs.
const EAGER: u64 = 8;

/// How many there are at most.
const SPECIALS: usize = 4;

/// What is taken as known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    State(u32),
    Input(u32),
}

/// A place, its first byte in the storage, and the number that it has.
#[derive(Clone, Copy, Debug)]
struct Assumed {
    place: Place,
    at: u32,
    value: u64,
}

impl Assumed {
    fn holds(&self, storage: &Storage) -> bool {
        storage.load(Elem::U64, self.at) == self.value
    }
}

/// Code for as long as all is as it is taken.
#[derive(Clone, Debug)]
struct Special {
    code: Code,
    assumed: Vec<Assumed>,
    /// Conditions that are numbers meanwhile.
    constant: Vec<(u32, u64)>,
    /// Instructions of an edge that are left out.
    saved: u64,
    /// By what is assumed: how often that did not hold.
    broken: Vec<u64>,
    /// What did not hold when it was looked last.
    suspect: usize,
    /// Edges until it is looked again.
    burst: u64,
    /// Edges in this code, and how often it was entered.
    edges: u64,
    entries: u64,
}

/// What comes next.
#[derive(Clone, Debug)]
enum Phase {
    /// Nothing is known.
    Waiting,
    /// These have had their values nearly always so far: how often not.
    Sampling {
        left: u64,
        kept: Vec<(Assumed, u32)>,
    },
    Trying {
        round: u32,
    },
}

/// What is taken as known in the edges of a domain.
#[derive(Clone, Debug)]
pub(super) struct Speculation {
    /// The one on trial is the last.
    specials: Vec<Special>,
    /// The one that ran last.
    current: usize,
    phase: Phase,
    /// Edges so far, and those after which there is something to do.
    edges: u64,
    due: u64,
    /// Edges until it is looked again, and those when that was done last.
    period: u64,
    looked: u64,
    /// Edges of a trial.
    trial: u64,
    /// Whether it is done whatever it costs.
    eager: bool,
    /// Instructions of an edge where nothing is known.
    insts: usize,
}

impl Speculation {
    /// For an edge of so many instructions.
    pub fn new(tuning: Tuning, insts: usize) -> Self {
        let first = tuning.known_after.map_or(u64::MAX, |after| after / insts.max(1) as u64);
        let (due, trial) = (first, (first / 16).max(64));
        Self {
            specials: Vec::new(),
            current: 0,
            phase: Phase::Waiting,
            edges: 0,
            due,
            period: PERIOD * trial,
            looked: 0,
            trial,
            eager: tuning.known_after == Some(0),
            insts,
        }
    }

    /// Edges until there is something to do.
    pub fn rest(&self) -> u64 {
        self.due.saturating_sub(self.edges)
    }

    /// Notes edges, and whether they were in the code that was entered.
    pub fn count(&mut self, edges: u64, inside: bool) {
        self.edges += edges;
        if inside {
            self.specials[self.current].edges += edges;
        }
    }

    /// How many states and inputs are numbers in code that is there, at most.
    pub fn known(&self) -> usize {
        self.specials.iter().map(|special| special.assumed.len()).max().unwrap_or(0)
    }

    /// The code to run, if all is as it is taken, and for how many of so many edges; without it, that
    /// is until it is looked again.
    pub fn enter(&mut self, storage: &mut Storage, edges: u64) -> (Option<&Code>, u64) {
        let worth = edges >= LEAST || self.eager;
        let Some(current) = self.specials.get_mut(self.current).filter(|_| worth) else {
            return (None, edges);
        };
        if current.is_broken(storage) {
            let some = edges.min(current.burst);
            current.burst = (2 * current.burst).min(BURST);
            let on_trial = matches!(self.phase, Phase::Trying { .. });
            let others = 0..if on_trial { 0 } else { self.specials.len() };
            let Some(other) = others.into_iter().find(|k| !self.specials[*k].is_broken(storage))
            else {
                return (None, some);
            };
            self.current = other;
        }
        let special = &mut self.specials[self.current];
        special.burst = 1;
        special.entries += 1;
        special.constant.iter().for_each(|(at, value)| storage.store(Elem::U64, *at, *value));
        (Some(&special.code), edges)
    }

    /// Whether most edges were in such code since it was looked for the last time.
    fn suffices(&self) -> bool {
        let inside: u64 = self.specials.iter().map(|special| special.edges).sum();
        8 * inside >= 7 * (self.edges - self.looked)
    }

    /// Has nothing to do for a long time.
    fn settle(&mut self) {
        while self.specials.len() > SPECIALS {
            let least = (0..self.specials.len()).min_by_key(|k| self.specials[*k].edges);
            self.specials.remove(least.expect("there is one"));
        }
        self.current = 0;
        self.specials.iter_mut().for_each(|special| special.edges = 0);
        self.phase = Phase::Waiting;
        self.looked = self.edges;
        let period = if self.eager { EAGER } else { self.period };
        self.due = self.edges.saturating_add(period);
        self.period = self.period.saturating_mul(2);
    }
}

impl Special {
    /// Whether something does not hold; what, when it is looked for the first time.
    fn is_broken(&mut self, storage: &Storage) -> bool {
        let fails = |assumed: &Assumed| !assumed.holds(storage);
        if self.assumed.get(self.suspect).is_some_and(fails) && self.burst > 1 {
            return true;
        }
        let Some(first) = self.assumed.iter().position(fails) else { return false };
        self.suspect = first;
        if self.burst == 1 {
            let each = self.assumed.iter().zip(&mut self.broken);
            each.for_each(|(assumed, broken)| *broken += u64::from(fails(assumed)));
        }
        true
    }

    /// Whether it took less in a trial than the edge would have.
    fn pays(&self) -> bool {
        self.edges * self.saved > 2 * self.entries * PRICE
    }

    /// What held most of a trial of so many edges, if some did not.
    fn seldom_broken(&self, trial: u64) -> Option<Vec<Assumed>> {
        let kept = self.assumed.iter().zip(&self.broken).filter(|(_, n)| **n * SELDOM <= trial);
        let kept: Vec<Assumed> = kept.map(|(assumed, _)| *assumed).collect();
        (kept.len() < self.assumed.len()).then_some(kept)
    }
}

impl Native {
    /// Takes the next step of finding what is known.
    pub(super) fn speculate(&mut self, kernel: &Kernel, domain: DomainId) {
        let index = domain.index();
        let Speculation { eager, trial, edges, .. } = self.domains[index].speculation;
        let phase = std::mem::replace(&mut self.domains[index].speculation.phase, Phase::Waiting);
        let (next, due) = match phase {
            Phase::Waiting => {
                let speculation = &mut self.domains[index].speculation;
                if !eager && speculation.suffices() {
                    return speculation.settle();
                }
                let all = self.candidates(kernel, domain);
                let kept = all.into_iter().map(|assumed| (assumed, 0)).collect();
                let left = if eager { 3 } else { SAMPLES };
                (Phase::Sampling { left, kept }, edges + 1)
            }
            Phase::Sampling { left, mut kept } => {
                let most = if eager { 0 } else { MISSES };
                kept.retain_mut(|(assumed, misses)| {
                    *misses += u32::from(!assumed.holds(&self.storage));
                    *misses <= most
                });
                if left == 0 {
                    let kept = kept.into_iter().map(|(assumed, _)| assumed).collect();
                    return self.begin_trial(kernel, domain, kept, 0);
                }
                // In no rhythm that a program may have, too.
                let between = if eager { 1 } else { 1 + left * left % 61 };
                (Phase::Sampling { left: left - 1, kept }, edges + between)
            }
            Phase::Trying { round } => {
                let speculation = &mut self.domains[index].speculation;
                let special = speculation.specials.pop().expect("it is tried");
                let fewer = special.seldom_broken(trial).filter(|_| round < TRIALS);
                if let Some(kept) = fewer {
                    return self.begin_trial(kernel, domain, kept, round + 1);
                }
                speculation.specials.extend(Some(special).filter(Special::pays));
                return speculation.settle();
            }
        };
        let speculation = &mut self.domains[index].speculation;
        (speculation.phase, speculation.due) = (next, due);
    }

    fn begin_trial(&mut self, kernel: &Kernel, domain: DomainId, kept: Vec<Assumed>, round: u32) {
        let special = match self.tier() {
            Tier::Avx512 => self.special::<Avx512>(kernel, domain, kept),
            Tier::Avx2 => self.special::<Avx2>(kernel, domain, kept),
            #[cfg(any(feature = "portable", not(target_arch = "x86_64")))]
            Tier::Portable => self.special::<super::portable::Portable>(kernel, domain, kept),
            _ => unreachable!("it has machine code"),
        };
        let speculation = &mut self.domains[domain.index()].speculation;
        let is_tried = special.is_some() && !speculation.eager;
        speculation.specials.extend(special);
        if !is_tried {
            return speculation.settle();
        }
        speculation.current = speculation.specials.len() - 1;
        speculation.phase = Phase::Trying { round };
        speculation.due = speculation.edges + speculation.trial;
    }

    /// What may be taken as known, with its present value: inputs, and states of one lane that no
    /// memory changes.
    fn candidates(&self, kernel: &Kernel, domain: DomainId) -> Vec<Assumed> {
        if kernel.stimuli > 1 || self.domains[domain.index()].works_outside() {
            return Vec::new();
        }
        let is_one = |state: &u32| {
            let state = &kernel.states[*state as usize];
            state.init.len() == 1 && (state.next.is_some() || state.domain != domain)
        };
        let states = (0..kernel.states.len() as u32).filter(is_one).map(Place::State);
        let places = states.chain((0..kernel.inputs).map(Place::Input));
        let assumed = |place: Place| {
            let at = match place {
                Place::State(state) => self.layout.states[state as usize].at,
                Place::Input(slot) => self.layout.inputs[slot as usize].at,
            };
            Assumed { place, at, value: self.storage.load(Elem::U64, at) }
        };
        places.map(assumed).collect()
    }
}
