//! Counting rounds, for a target of runs without end: see [`Watch`].

use super::Lowering;
use crate::gates::Lit;
use crate::sabotage::{Bug, planted};
use crate::system::{State, Watch};
use crate::words::Word;

/// What a step is to a target of runs without end.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    /// The step samples its condition, which holds.
    pub holds: Lit,
    /// The step samples its condition, which does not hold.
    pub waits: Lit,
    /// The step meets what is fair: by condition, then by domain if there are several.
    pub fair: Vec<Lit>,
    /// How many latches are the design's own.
    pub own_latches: usize,
}

impl Lowering<'_> {
    /// What a step is to the only target.
    pub(super) fn watched(&mut self, watch: &Watch) -> Watched {
        let target = self.system.targets[0];
        let holds = self.sampled_as(target, true);
        let mut fair: Vec<Lit> = watch.fair.iter().map(|&p| self.sampled_as(p, true)).collect();
        if self.turns.len() > 1 && !planted(Bug::ClocksStop) {
            fair.extend(&self.turns);
        }
        let waits = self.sampled_as(target, false);
        let own = self.system.states.iter().zip(&self.states);
        let own = own.filter(|(state, _)| !matches!(state, State::Met | State::Rounds));
        Watched {
            holds: if watch.none { Lit::ZERO } else { holds },
            waits,
            fair,
            own_latches: own.map(|(_, word)| word.len()).sum(),
        }
    }

    fn watch(&mut self) -> Watched {
        let watch = self.system.watch.as_ref().expect("only such systems have these states");
        self.watched(watch)
    }

    /// By what is fair: whether it is met in this step or was since the last round.
    fn met(&mut self, watched: &Watched) -> Word {
        if planted(Bug::MetForgotten) {
            return watched.fair.iter().copied().collect();
        }
        let before = self.state(State::Met).clone();
        let pairs = watched.fair.iter().zip(&before);
        pairs.map(|(&now, &before)| self.gates.or(now, before)).collect()
    }

    pub(super) fn next_of_met(&mut self) -> Word {
        let watched = self.watch();
        let met = self.met(&watched);
        let round = self.gates.all(met.iter().copied());
        let anew = self.gates.any([round, watched.holds, self.reset]);
        met.iter().map(|&met| self.gates.and(met, !anew)).collect()
    }

    /// More than so many rounds, this step's included.
    fn over(&mut self, watched: &Watched) -> Vec<Lit> {
        let met = self.met(watched);
        let round = self.gates.all(met.iter().copied());
        let mut below = Lit::ONE;
        let mut over = Vec::new();
        let mut counts = self.state(State::Rounds).to_vec();
        counts.push(Lit::ZERO);
        for &count in &counts {
            let one_more = self.gates.and(round, below);
            over.push(self.gates.or(count, one_more));
            below = count;
        }
        over
    }

    pub(super) fn next_of_rounds(&mut self) -> Word {
        let watched = self.watch();
        let mut over = self.over(&watched);
        over.pop();
        let anew = self.gates.or(watched.holds, self.reset);
        over.iter().map(|&over| self.gates.and(over, !anew)).collect()
    }

    /// The step completes the last of the rounds that are too many.
    pub(super) fn round_too_many(&mut self) -> Lit {
        if planted(Bug::RoundsUncounted) {
            return Lit::ZERO;
        }
        let watched = self.watch();
        let last = self.over(&watched).pop().unwrap_or(Lit::ZERO);
        self.gates.and(last, !watched.holds)
    }
}
