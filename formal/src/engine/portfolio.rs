//! PDR and exhaustion beside BMC and k-induction, and alone.

use super::{Finding, Halt, Limits, Outcome, Proof, Search, Work};
use crate::cnf::Query;
use crate::exhaust::{Plan, Tried};
use crate::gates::Lit;
use crate::options::Engine;
use crate::pdr::{Ended, PdrByParts};
use crate::solver::Answer;
use crate::unroll::{Step, Unrolling};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Targets that PDR works on side by side with the other engines.
const BESIDE: usize = 8;

/// What one step may cost the solver before patterns are tried.
const EASY: Duration = Duration::from_millis(1500);

/// Evaluations of 512 patterns of a gate that a core does in a second, at the least.
const EVALUATIONS: u64 = 200_000_000;

/// How often progress is told while patterns are tried.
const TELL: Duration = Duration::from_millis(200);

impl Search<'_> {
    /// PDR and nothing else.
    pub(super) fn levels_alone(&mut self) -> Result<(), Halt> {
        if self.sample()? { self.levels_to_the_end() } else { Ok(()) }
    }

    /// PDR for as long as the other engines have taken.
    pub(super) fn levels_meanwhile(&mut self) -> Result<(), Halt> {
        let least = Duration::from_millis(100);
        let spent = self.base_time + self.step_time + least;
        let targets: Vec<usize> = self.leaders().into_iter().take(BESIDE).collect();
        let share = spent.saturating_sub(self.pdr_time) / targets.len().max(1) as u32;
        for target in targets {
            self.level_of(target, share)?;
        }
        Ok(())
    }

    /// PDR with all the time there is, each target with its share.
    pub(super) fn levels_to_the_end(&mut self) -> Result<(), Halt> {
        loop {
            let open = self.leaders();
            let Some(&first) = open.first() else { return Ok(()) };
            if self.limits.deadline.is_over() {
                return Err(Halt::Time);
            }
            let round = Duration::from_secs(1).max(self.pdr_time / 4);
            let alone = open.len() == 1;
            if alone {
                self.with_pdr(first, self.limits)?;
                continue;
            }
            for target in open {
                self.level_of(target, round)?;
                if self.pdrs.iter().flatten().count() > BESIDE {
                    self.pdrs[target] = None;
                }
            }
        }
    }

    /// PDR for a target, for so long.
    fn level_of(&mut self, target: usize, share: Duration) -> Result<(), Halt> {
        if !matches!(self.findings[target].state, Outcome::Open) {
            return Ok(());
        }
        match self.with_pdr(target, self.limits.at_most(share)) {
            Err(Halt::Time) if !self.limits.deadline.is_over() => Ok(()),
            ended => ended,
        }
    }

    fn with_pdr(&mut self, target: usize, limits: Limits) -> Result<(), Halt> {
        let begin = Instant::now();
        let (system, start) = (self.system, self.options.start);
        let symmetry = self.symmetry.clone();
        let mut pdr = self.pdrs[target]
            .take()
            .unwrap_or_else(|| PdrByParts::new(system, start, target, self.relied_on(), &symmetry));
        let mut observe = |level| self.report_work(Work::Level(level as u32));
        let ended = pdr.run(&symmetry, &limits, &mut observe);
        self.findings[target].level = pdr.level() as u32;
        self.pdr_time += begin.elapsed();
        match ended {
            Ok(Ended::Invariant(cubes)) => {
                let given = pdr.given().to_vec();
                self.decide(target, Outcome::Proved(Proof::Invariant { cubes, given }));
                self.share(target);
                Ok(())
            }
            Ok(Ended::Hit(samples)) => {
                self.samples_up_to(samples as usize)?;
                let open = matches!(self.findings[target].state, Outcome::Open);
                if open { Err(Halt::Disagreement) } else { Ok(()) }
            }
            Err(halt) => {
                self.pdrs[target] = Some(pdr);
                Err(halt)
            }
        }
    }

    /// What k-induction has proved, or was known before.
    pub(super) fn relied_on(&self) -> Vec<usize> {
        let proved = |f: &Finding| {
            matches!(f.state, Outcome::Proved(Proof::Induction { .. }) | Outcome::Known)
        };
        (0..self.findings.len()).filter(|&t| proved(&self.findings[t])).collect()
    }

    /// BMC as deep as a hit is known to be.
    fn samples_up_to(&mut self, samples: usize) -> Result<(), Halt> {
        self.hits()?;
        while self.base.samples() < samples && self.sample()? {
            self.hits()?;
        }
        Ok(())
    }

    /// Exhaustion and nothing else.
    pub(super) fn patterns_alone(&mut self) -> Result<(), Halt> {
        if !self.sample()? {
            return Ok(());
        }
        self.patterns(|_, _, _| Ok(true))?;
        if self.open().is_empty() { Ok(()) } else { Err(Halt::Patterns) }
    }

    /// Exhaustion for targets of which the solver does not find out soon whether some step hits
    /// them, and that have few enough patterns.
    pub(super) fn patterns_where_hard(&mut self) -> Result<(), Halt> {
        let limits = self.limits;
        let mut query = Query::default();
        self.patterns(|unrolling, hit, plan| {
            let seconds = limits.deadline.left().map_or(u64::MAX, |left| left.as_secs());
            let most = seconds.saturating_mul(EVALUATIONS * rayon::current_num_threads() as u64);
            let Some(plan) = plan.filter(|plan| plan.cost() < most) else { return Ok(false) };
            if plan.free_bits() < 16 {
                return Ok(false);
            }
            let hit = query.lit(&unrolling.gates, hit);
            let soon = limits.at_most(EASY).deadline;
            let hard = query.solve(&[hit], soon) == Answer::Stopped;
            limits.check(unrolling.gates.gates().len())?;
            Ok(hard)
        })
    }

    /// Exhaustion for those open targets for which it is wanted.
    fn patterns(
        &mut self,
        mut wanted: impl FnMut(&Unrolling<'_>, Lit, Option<&Plan>) -> Result<bool, Halt>,
    ) -> Result<(), Halt> {
        let mut unrolling = Unrolling::from_anywhere(self.system);
        unrolling.push(Step::Run);
        for target in self.open() {
            if !matches!(self.findings[target].state, Outcome::Open) {
                continue;
            }
            let frame = &unrolling.frames[0];
            let (legal, bad) = (frame.legal, frame.bad[target]);
            let hit = unrolling.gates.and(legal, bad);
            let plan = Plan::new(&unrolling.gates, hit);
            if !wanted(&unrolling, hit, plan.as_ref())? {
                continue;
            }
            let Some(plan) = plan else { continue };
            match self.tried(&plan) {
                Tried::Never => {
                    let free_bits = plan.free_bits();
                    self.decide(target, Outcome::Proved(Proof::Exhaustion { free_bits }));
                    self.share(target);
                }
                Tried::Once(pattern) => self.pattern_hits(target, &unrolling, &pattern)?,
                Tried::Stopped(_) => return Err(Halt::Time),
            }
        }
        Ok(())
    }

    /// Tries the patterns, telling how far it is.
    fn tried(&mut self, plan: &Plan) -> Tried {
        let done = AtomicU32::new(0);
        let deadline = self.limits.deadline;
        thread::scope(|scope| {
            let trying = scope.spawn(|| {
                plan.run(deadline, &|permille| {
                    done.fetch_max(permille, Ordering::Relaxed);
                })
            });
            let mut told = Instant::now();
            while !trying.is_finished() {
                thread::sleep(Duration::from_millis(1));
                if told.elapsed() > TELL {
                    self.report_work(Work::Patterns(done.load(Ordering::Relaxed)));
                    told = Instant::now();
                }
            }
            trying.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    /// The pattern hits in some state; whether it does in the first sample is for BMC to say.
    fn pattern_hits(
        &mut self,
        target: usize,
        unrolling: &Unrolling<'_>,
        pattern: &[(Lit, bool)],
    ) -> Result<(), Halt> {
        let of = |lit: &Lit| {
            let found = pattern.iter().find(|(free, _)| free.gate() == lit.gate());
            found.map(|(_, value)| *value != lit.inverted())
        };
        let frame = &unrolling.frames[0];
        let choosers: Vec<Option<bool>> = frame.choosers.iter().map(of).collect();
        let inputs: Vec<Option<bool>> = frame.inputs.iter().map(of).collect();
        let limits = match self.options.engine {
            Engine::Auto => self.limits.at_most(EASY),
            _ => self.limits,
        };
        match self.base.hit_by(target, &choosers, &inputs, &limits) {
            Ok(Some(model)) => self.decide(target, Outcome::Hit(model)),
            Err(Halt::Time) if !self.limits.deadline.is_over() => {}
            Err(halt) => return Err(halt),
            Ok(None) => {}
        }
        Ok(())
    }
}
