//! Targets that speak of runs without end: `live`.
//!
//! A run that ends in a fair loop in which the condition never holds violates one. It is proved by
//! a number of rounds in which the condition always holds at least once: a safety property of a
//! system with a count (see [`Watch`](crate::system::Watch)), for the engines of all others. The
//! number is doubled, and loops are looked for in longer runs, until either is found.

use crate::bits::BitSystem;
use crate::engine::{
    Finding, Halt, Lasso, LassoSearch, Limits, Loop, Outcome, Progress, Proof, Search,
};
use crate::options::{Engine, Options};
use crate::sabotage::{Bug, planted};
use crate::solver::Deadline;
use crate::system::TransitionSystem;
use olivine_netlist::{Module, PropertyId};
use std::time::{Duration, Instant};

/// What is known of a target of runs without end.
pub(crate) struct LiveFinding {
    /// How it ended.
    pub state: LiveOutcome,
    /// No run of so many samples ends in a loop that violates it.
    pub clear: u32,
    /// Samples in each of which the condition holds, if that is so in all that were looked at.
    pub never_waits: Option<u32>,
    /// Why the search ended early, if it did.
    pub halt: Option<Halt>,
}

/// How the search for a target of runs without end ended.
pub(crate) enum LiveOutcome {
    /// Neither violated nor proved.
    Open,
    /// There are never so many rounds without the condition.
    Proved(Box<Counted>),
    /// This run violates it.
    Violated(Lasso),
    /// There is no legal run of more than so many samples.
    Ends(u32),
    /// There is no fair run.
    Unfair,
}

/// A count of rounds that is never reached.
pub(crate) struct Counted {
    /// The system with the count.
    pub system: TransitionSystem,
    /// Why.
    pub proof: Proof,
}

/// More rounds are not tried.
const ROUNDS_MAX: u32 = 1 << 12;

/// What one number of rounds may take at first.
const FIRST_SHARE: Duration = Duration::from_secs(2);

/// A search for one target.
pub(crate) struct Live<'a> {
    pub flat: &'a Module,
    pub target: PropertyId,
    pub options: &'a Options,
    pub deadline: Deadline,
    pub start: Instant,
}

impl Live<'_> {
    /// Runs to the end.
    pub fn run(&self, observe: &mut dyn FnMut(Progress)) -> LiveFinding {
        let system = self.system(1, false);
        let bits = BitSystem::new(&system);
        let mut lassos = LassoSearch::new(&bits, self.options.start);
        let mut finding =
            LiveFinding { state: LiveOutcome::Open, clear: 0, never_waits: None, halt: None };
        match self.decide(&mut lassos, &mut finding.clear, observe) {
            Ok(state) => finding.state = state,
            Err(halt) => finding.halt = Some(self.limits().told(halt)),
        }
        finding.never_waits = (!lassos.waits).then_some(lassos.samples() as u32);
        finding
    }

    /// Beyond which number the engine has nothing to gain.
    fn rounds_max(&self) -> u32 {
        match self.options.engine {
            Engine::KInduction => self.options.depth.min(ROUNDS_MAX),
            // The count itself is state of any pattern.
            Engine::Exhaust => 1,
            _ => ROUNDS_MAX,
        }
    }

    fn limits(&self) -> Limits {
        Limits { deadline: self.deadline, gates_max: self.options.gates_max }
    }

    fn system(&self, rounds: u32, none: bool) -> TransitionSystem {
        TransitionSystem::of_live(self.flat.clone(), self.target, rounds, none)
    }

    fn decide(
        &self,
        lassos: &mut LassoSearch<'_>,
        clear: &mut u32,
        observe: &mut dyn FnMut(Progress),
    ) -> Result<LiveOutcome, Halt> {
        match self.options.engine {
            Engine::Sweep => return Err(Halt::Swept),
            Engine::Track => return Err(Halt::Tracked),
            Engine::Algebra => return Err(Halt::Algebra),
            _ => {}
        }
        let (mut rounds, mut share) = (1, FIRST_SHARE);
        let mut depth = self.options.depth.min(4);
        loop {
            if let Some(outcome) = self.loops(lassos, depth, clear)? {
                return Ok(outcome);
            }
            if self.options.engine == Engine::Bmc {
                if depth == self.options.depth {
                    return Ok(LiveOutcome::Open);
                }
            } else {
                let ended = self.count(rounds, false, share, observe);
                match ended.state {
                    Outcome::Proved(proof) => {
                        let system = self.system(rounds, false);
                        let counted = Box::new(Counted { system, proof });
                        return self.unless_unfair(lassos, counted, observe);
                    }
                    Outcome::Vacuous(samples) => return Ok(LiveOutcome::Ends(samples)),
                    // A run of so many rounds has a loop in it, if they are more than the states.
                    Outcome::Hit(model) => {
                        let samples = model.steps.iter().filter(|step| !step.reset).count();
                        depth = depth.max(samples as u32);
                    }
                    Outcome::Open | Outcome::Known => {}
                }
                if rounds >= self.rounds_max() {
                    return Ok(LiveOutcome::Open);
                }
            }
            self.limits().check(0)?;
            (rounds, share) = (2 * rounds, share.saturating_mul(2));
            depth = depth.max((4 * rounds).min(self.options.depth));
        }
    }

    /// Loops in runs of up to so many samples.
    fn loops(
        &self,
        lassos: &mut LassoSearch<'_>,
        depth: u32,
        clear: &mut u32,
    ) -> Result<Option<LiveOutcome>, Halt> {
        while (lassos.samples() as u32) < depth {
            if !lassos.extend(&self.limits())? {
                return Ok(Some(LiveOutcome::Ends(lassos.samples() as u32 - 1)));
            }
            if let Some(lasso) = lassos.find(Loop::Waiting, &self.limits())? {
                return Ok(Some(LiveOutcome::Violated(lasso)));
            }
            *clear = lassos.samples() as u32;
        }
        Ok(None)
    }

    /// Whether so many rounds without the condition can be; with `none`, so many at all.
    fn count(
        &self,
        rounds: u32,
        none: bool,
        share: Duration,
        observe: &mut dyn FnMut(Progress),
    ) -> Finding {
        let system = self.system(rounds, none);
        let bits = BitSystem::new(&system);
        let deadline = self.limits().at_most(share).deadline;
        let mut search = Search::new(&bits, self.options, deadline, self.start, observe);
        search.run();
        search.findings.remove(0)
    }

    /// Nothing is proved of runs that there are none of.
    fn unless_unfair(
        &self,
        lassos: &mut LassoSearch<'_>,
        counted: Box<Counted>,
        observe: &mut dyn FnMut(Progress),
    ) -> Result<LiveOutcome, Halt> {
        let (mut rounds, mut share) = (1, FIRST_SHARE);
        let mut depth = lassos.samples();
        loop {
            if planted(Bug::UnfairUnseen) || lassos.find(Loop::Fair, &self.limits())?.is_some() {
                return Ok(LiveOutcome::Proved(counted));
            }
            while lassos.samples() < depth {
                if !lassos.extend(&self.limits())? {
                    return Ok(LiveOutcome::Ends(lassos.samples() as u32 - 1));
                }
                if lassos.find(Loop::Fair, &self.limits())?.is_some() {
                    return Ok(LiveOutcome::Proved(counted));
                }
            }
            match self.count(rounds, true, share, observe).state {
                Outcome::Proved(_) => return Ok(LiveOutcome::Unfair),
                Outcome::Vacuous(samples) => return Ok(LiveOutcome::Ends(samples)),
                Outcome::Hit(model) => depth = depth.max(model.steps.len()),
                Outcome::Open | Outcome::Known => depth += 4,
            }
            self.limits().check(0)?;
            (rounds, share) = ((2 * rounds).min(ROUNDS_MAX), share.saturating_mul(2));
        }
    }
}
