//! The engines side by side on a [`BitSystem`].

mod alike;
mod ask;
mod base;
mod lasso;
mod model;
mod portfolio;
mod step;

pub(crate) use ask::{legal_samples, triggered_under_reset};
pub(crate) use lasso::{Lasso, LassoSearch, Loop};
pub(crate) use model::{Model, ModelStep};

use crate::bits::BitSystem;
use crate::certificate::Merge;
use crate::gates::Gates;
use crate::options::{Engine, Options};
use crate::pdr::{Cube, PdrByParts};
use crate::solver::Deadline;
use crate::symmetry::Symmetry;
use base::Base;
use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};
use step::Induction;

/// Why a search ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Halt {
    /// The time is over.
    Time,
    /// The process holds more memory than it may.
    Memory,
    /// The system has become too large.
    Size,
    /// Two engines disagree: a bug.
    Disagreement,
    /// Sweeping alone was asked for.
    Swept,
    /// Following words of memories alone was asked for.
    Tracked,
    /// Algebra alone was asked for.
    Algebra,
    /// Exhaustion alone was asked for.
    Patterns,
}

/// What a search may use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// When to stop.
    pub deadline: Deadline,
    /// Most gates.
    pub gates_max: usize,
}

impl Limits {
    /// As [`Limits::check`], with room for more gates.
    pub(crate) fn check_room(&self, gates: &Gates) -> Result<(), Halt> {
        if self.deadline.would_be_out_of_memory(gates.growth()) {
            return Err(Halt::Memory);
        }
        self.check(gates.gates().len())
    }

    pub(crate) fn check(&self, gates: usize) -> Result<(), Halt> {
        if self.deadline.is_over() {
            return Err(Halt::Time);
        }
        if gates > self.gates_max { Err(Halt::Size) } else { Ok(()) }
    }

    /// Why it really is, of a search that still holds its memory.
    pub(crate) fn told(&self, halt: Halt) -> Halt {
        let memory = halt == Halt::Time && self.deadline.is_out_of_memory();
        if memory { Halt::Memory } else { halt }
    }

    pub(crate) fn at_most(self, duration: Duration) -> Self {
        Self { deadline: self.deadline.min(Deadline::after(Some(duration))), ..self }
    }
}

/// How far a search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Samples after reset in which every open property has been searched.
    pub depth: u32,
    /// What is being done.
    pub work: Work,
    /// Properties not yet decided.
    pub open: usize,
    /// Time since the start.
    pub elapsed: Duration,
}

/// What a search is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Looking at runs of so many samples.
    Samples(u32),
    /// Raising PDR to this level.
    Level(u32),
    /// Trying patterns; so many parts in a thousand are done.
    Patterns(u32),
    /// Sweeping, in this round of effort.
    Sweep(u32),
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Samples(depth) => write!(f, "depth {depth}"),
            Self::Level(level) => write!(f, "level {level}"),
            Self::Sweep(round) => write!(f, "sweep {round}"),
            Self::Patterns(done) => write!(f, "{}.{} % of all patterns", done / 10, done % 10),
        }
    }
}

/// What is known of a target.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// How it ended.
    pub state: Outcome,
    /// Samples in which it is not hit.
    pub clear: u32,
    /// The level that PDR has reached; 0 if it has not begun.
    pub level: u32,
    /// When it was decided.
    pub elapsed: Duration,
    /// Samples in none of which the assertion's antecedent can hold, if it has one and that is so.
    pub untriggered: Option<u32>,
}

/// How the search for a target ended.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// Neither hit nor proved.
    Open,
    /// Never hit, as was shown before the search.
    Known,
    /// Never hit.
    Proved(Proof),
    /// Hit.
    Hit(Model),
    /// The assumptions allow no run of more than so many samples, or no sample of its domain.
    Vacuous(u32),
}

/// What a proof rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// k-induction.
    Induction {
        /// The samples before the last one in the inductive step.
        k: u32,
        /// The targets that are inductive together.
        targets: Vec<usize>,
        /// Whether the step relies on states being distinct.
        distinct: bool,
    },
    /// No pattern hits the target.
    Exhaustion {
        /// Bits that it depends on.
        free_bits: u32,
    },
    /// Equal polynomials.
    Algebra {
        /// Targets that are proved together.
        targets: Vec<usize>,
        /// What is equal on the way.
        merges: Arc<[Merge]>,
    },
    /// An invariant.
    Invariant {
        /// What no reached state is in.
        cubes: Vec<Cube>,
        /// Targets it relies on: known before, or all proved by the k-induction of the last of them.
        given: Vec<usize>,
    },
}

impl Proof {
    /// How many samples an inductive step relies on; 0 if there is none.
    pub fn k(&self) -> u32 {
        if let Self::Induction { k, .. } = self { *k } else { 0 }
    }
}

/// Searches for all targets of the system.
pub(crate) struct Search<'a> {
    system: &'a BitSystem,
    options: &'a Options,
    limits: Limits,
    start: Instant,
    observe: &'a mut dyn FnMut(Progress),
    /// By target.
    pub findings: Vec<Finding>,
    /// Why the search ended before its depth, if it did.
    pub halt: Option<Halt>,
    /// What algebra has proved of every state, before the search.
    pub by_algebra: Option<Proof>,
    base: Base<'a>,
    base_time: Duration,
    step_time: Duration,
    alone_time: Duration,
    pdr_time: Duration,
    /// By target.
    pdrs: Vec<Option<PdrByParts<'a>>>,
    symmetry: Rc<OnceCell<Symmetry<'a>>>,
    /// By target, once it is known: the first target that is alike.
    first_alike: Option<Vec<usize>>,
    /// By domain: some legal run has a sample of it.
    sampled: Vec<bool>,
}

/// Samples up to which contradictory assumptions are looked for where a proof needs fewer.
const LEGAL_SAMPLES: u32 = 8;

/// Whether some run is legal for as many samples as are looked at where a proof needs none.
pub(crate) fn has_legal_run(system: &BitSystem, options: &Options, deadline: Deadline) -> bool {
    let limits = Limits { deadline, gates_max: options.gates_max };
    let mut base = Base::new(system, options.start);
    (0..LEGAL_SAMPLES.min(options.depth)).all(|_| base.extend(&limits) == Ok(true))
}

impl<'a> Search<'a> {
    /// A search that counts its time from `start`.
    pub fn new(
        system: &'a BitSystem,
        options: &'a Options,
        deadline: Deadline,
        start: Instant,
        observe: &'a mut dyn FnMut(Progress),
    ) -> Self {
        let open = Finding {
            state: Outcome::Open,
            clear: 0,
            level: 0,
            elapsed: Duration::ZERO,
            untriggered: None,
        };
        Self {
            system,
            options,
            limits: Limits { deadline, gates_max: options.gates_max },
            start,
            observe,
            findings: vec![open; system.bad.len()],
            halt: None,
            by_algebra: None,
            base: Base::new(system, options.start),
            base_time: Duration::ZERO,
            step_time: Duration::ZERO,
            alone_time: Duration::ZERO,
            pdr_time: Duration::ZERO,
            pdrs: system.bad.iter().map(|_| None).collect(),
            symmetry: Rc::default(),
            first_alike: None,
            sampled: vec![false; system.domains.len()],
        }
    }

    /// The target is never hit, as was shown before.
    pub fn know(&mut self, target: usize, elapsed: Duration) {
        self.findings[target].state = Outcome::Known;
        self.findings[target].elapsed = elapsed;
    }

    /// Runs to the end.
    pub fn run(&mut self) {
        self.search();
        // Being stopped here changes no verdict: every proof has met a legal sample.
        let _further = self.vacuous_samples();
        self.never_sampled();
        let _notes = self.antecedents();
    }

    /// Runs to the end, without a look at whether what is proved says something.
    pub fn search(&mut self) {
        let ended = match self.options.engine {
            Engine::Pdr => self.levels_alone(),
            Engine::Exhaust => self.patterns_alone(),
            // Its part comes before this search; what it left is open.
            Engine::Sweep => self.samples_alone(Halt::Swept),
            Engine::Track => self.samples_alone(Halt::Tracked),
            Engine::Algebra => self.samples_alone(Halt::Algebra),
            Engine::Auto | Engine::Bmc | Engine::KInduction => self.deepen(),
        };
        if let Err(halt) = ended {
            self.halt = Some(self.limits.told(halt));
        }
        let end = self.start.elapsed();
        for finding in &mut self.findings {
            if matches!(finding.state, Outcome::Open) {
                finding.elapsed = end;
            }
        }
    }

    fn open(&self) -> Vec<usize> {
        let open = |f: &Finding| matches!(f.state, Outcome::Open);
        (0..self.findings.len()).filter(|&t| open(&self.findings[t])).collect()
    }

    fn decide(&mut self, target: usize, outcome: Outcome) {
        self.findings[target].state = outcome;
        self.findings[target].elapsed = self.start.elapsed();
    }

    fn deepen(&mut self) -> Result<(), Halt> {
        // Without state the first sample is like every other.
        let stateless = self.system.latches.is_empty();
        let inductive = self.options.engine != Engine::Bmc && !stateless;
        let mut induction = inductive.then(|| Induction::new(self.system, self.options.paths));
        if let Some(induction) = &mut induction {
            self.known().into_iter().for_each(|target| induction.rely_on(target));
        }
        for k in 0..self.options.depth {
            // First, so that nothing is called proved which no legal run ever meets.
            if !self.sample()? {
                return Ok(());
            }
            if self.open().is_empty() {
                return Ok(());
            }
            if k == 0 && self.options.engine == Engine::Auto {
                self.take_algebra();
                self.patterns_where_hard()?;
            }
            if let Some(induction) = &mut induction {
                self.step(induction, k)?;
            }
            self.hits()?;
            if stateless && self.options.engine != Engine::Bmc {
                self.prove(self.open(), 0, false);
            }
            self.report(k + 1);
            if self.open().is_empty() {
                return Ok(());
            }
            if k > 0 && self.options.engine == Engine::Auto {
                self.levels_meanwhile()?;
            }
        }
        if let Some(induction) = &mut induction {
            self.last_step(induction)?;
        }
        if self.options.engine == Engine::Auto { self.levels_to_the_end() } else { Ok(()) }
    }

    /// No search, but one sample: whether there is a legal one. What is open then is left, for
    /// want of this.
    fn samples_alone(&mut self, of: Halt) -> Result<(), Halt> {
        if !self.sample()? {
            return Ok(());
        }
        self.take_algebra();
        if self.open().is_empty() { Ok(()) } else { Err(of) }
    }

    /// Decides what algebra has proved, once a sample is known to be legal.
    fn take_algebra(&mut self) {
        let Some(proof) = self.by_algebra.take() else { return };
        if let Proof::Algebra { targets, .. } = &proof {
            for &target in targets {
                self.decide(target, Outcome::Proved(proof.clone()));
            }
        }
    }

    /// What was proved before this search.
    fn known(&self) -> Vec<usize> {
        let known = |f: &Finding| matches!(f.state, Outcome::Known);
        (0..self.findings.len()).filter(|&t| known(&self.findings[t])).collect()
    }

    fn report(&mut self, depth: u32) {
        self.report_work(Work::Samples(depth));
    }

    fn report_work(&mut self, work: Work) {
        let (open, depth) = (self.open().len(), self.base.samples() as u32);
        (self.observe)(Progress { depth, work, open, elapsed: self.start.elapsed() });
    }

    /// One sample more from the start. False if there is no legal one.
    fn sample(&mut self) -> Result<bool, Halt> {
        let begin = Instant::now();
        let legal = self.base.extend(&self.limits)?;
        if !legal {
            self.all_vacuous();
        } else if self.system.domains.len() == 1 {
            self.sampled[0] = true;
        } else {
            for domain in 0..self.sampled.len() {
                self.sampled[domain] |= self.base.samples_domain(domain, &self.limits)?;
            }
        }
        self.base_time += begin.elapsed();
        Ok(legal)
    }

    /// Looks for hits at the last sample.
    fn hits(&mut self) -> Result<(), Halt> {
        let begin = Instant::now();
        for target in self.open() {
            match self.base.hit(target, &self.limits)? {
                Some(model) => self.decide(target, Outcome::Hit(model)),
                None => {
                    self.base.clear(target);
                    self.findings[target].clear += 1;
                }
            }
        }
        self.base_time += begin.elapsed();
        Ok(())
    }

    fn all_vacuous(&mut self) {
        let samples = self.base.samples() as u32 - 1;
        for target in 0..self.findings.len() {
            if !matches!(self.findings[target].state, Outcome::Hit(_)) {
                self.decide(target, Outcome::Vacuous(samples));
            }
        }
    }

    /// The inductive step for k. In [`Engine::Auto`] it may be left undone for want of time.
    fn step(&mut self, induction: &mut Induction, k: u32) -> Result<(), Halt> {
        let limits = match self.options.engine {
            Engine::Auto => self.limits.at_most(self.allowance()),
            _ => self.limits,
        };
        let begin = Instant::now();
        if k > 0 {
            induction.extend(&self.limits)?;
        }
        let found = self.attempt(induction, self.open(), &limits);
        self.step_time += begin.elapsed();
        let left_undone = found == Err(Halt::Time) && !self.limits.deadline.is_over();
        if left_undone { self.each_alone(induction) } else { found }
    }

    /// The step once more for each open target by itself, where all together take too long: few
    /// that are hard hold up no others.
    fn each_alone(&mut self, induction: &mut Induction) -> Result<(), Halt> {
        let open = self.open();
        let spare = (self.base_time + Duration::from_secs(2)).saturating_sub(self.alone_time);
        if open.len() < 2 {
            return Ok(());
        }
        let share = spare / open.len() as u32;
        let begin = Instant::now();
        for target in open {
            match self.attempt(induction, vec![target], &self.limits.at_most(share)) {
                Err(Halt::Time) if !self.limits.deadline.is_over() => {}
                ended => ended?,
            }
        }
        self.alone_time += begin.elapsed();
        Ok(())
    }

    fn allowance(&self) -> Duration {
        (self.base_time + Duration::from_secs(2)).saturating_sub(self.step_time)
    }

    /// The step for k = depth: with all the time that is left, or with its part of it.
    fn last_step(&mut self, induction: &mut Induction) -> Result<(), Halt> {
        induction.extend(&self.limits)?;
        let limits = match self.options.engine {
            Engine::Auto => self.limits.at_most(self.allowance()),
            _ => self.limits,
        };
        match self.attempt(induction, self.open(), &limits) {
            Err(Halt::Time) if !self.limits.deadline.is_over() => Ok(()),
            ended => ended,
        }
    }

    fn attempt(
        &mut self,
        induction: &mut Induction,
        targets: Vec<usize>,
        limits: &Limits,
    ) -> Result<(), Halt> {
        let inductive = induction.inductive(targets, limits)?;
        for &target in &inductive {
            induction.rely_on(target);
        }
        self.prove(inductive, induction.k() as u32, induction.relies_on_distinct());
        Ok(())
    }

    /// All of `targets` and what was proved before are inductive together.
    fn prove(&mut self, targets: Vec<usize>, k: u32, distinct: bool) {
        let known = |f: &Finding| matches!(f.state, Outcome::Proved(Proof::Induction { .. }));
        let mut together: Vec<usize> =
            (0..self.findings.len()).filter(|&t| known(&self.findings[t])).collect();
        together.extend(&targets);
        together.sort_unstable();
        for target in targets {
            let proof = Proof::Induction { k, targets: together.clone(), distinct };
            self.decide(target, Outcome::Proved(proof));
        }
    }

    /// Looks for contradictory assumptions in samples that the proofs did not need.
    fn vacuous_samples(&mut self) -> Result<(), Halt> {
        if self.system.constraints.is_empty() {
            return Ok(());
        }
        let vacuous = |f: &Finding| matches!(f.state, Outcome::Vacuous(_));
        if self.findings.iter().any(vacuous) {
            return Ok(());
        }
        let wanted = LEGAL_SAMPLES.min(self.options.depth);
        while self.base.samples() < wanted as usize && self.sample()? {}
        Ok(())
    }

    /// A property of a domain in which no legal run has a sample so far says nothing.
    fn never_sampled(&mut self) {
        let samples = self.base.samples() as u32;
        for target in 0..self.findings.len() {
            let vacuous = matches!(self.findings[target].state, Outcome::Vacuous(_));
            if !vacuous && !self.sampled[self.system.target_domains[target]] {
                let outcome = match self.halt {
                    None => Outcome::Vacuous(samples),
                    Some(_) => Outcome::Open,
                };
                self.decide(target, outcome);
            }
        }
    }

    /// Looks whether what was proved is conditional on something that happens.
    fn antecedents(&mut self) -> Result<(), Halt> {
        let limits = self.limits.at_most(self.start.elapsed() / 10 + Duration::from_secs(1));
        let conditional = |t: &usize| self.system.triggers[*t].is_some();
        let quiet =
            |f: &Finding| matches!(f.state, Outcome::Open | Outcome::Known | Outcome::Proved(_));
        let mut waiting: Vec<usize> = (0..self.findings.len()).filter(conditional).collect();
        waiting.retain(|&t| quiet(&self.findings[t]));
        if waiting.is_empty() {
            return Ok(());
        }
        let mut base = Base::new(self.system, self.options.start);
        for _ in 0..self.options.depth.max(1) {
            if waiting.is_empty() || !base.extend(&limits)? {
                break;
            }
            let mut still = Vec::new();
            for target in waiting {
                if !base.triggers(target, &limits)? {
                    still.push(target);
                }
            }
            waiting = still;
        }
        let samples = base.samples() as u32;
        waiting.iter().for_each(|&t| self.findings[t].untriggered = Some(samples));
        Ok(())
    }
}
