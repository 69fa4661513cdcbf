//! [`WeightedRoundRobin`].

use crate::bits::one_hot::below;
use olivine_lang::prelude::*;

/// Shares one thing among requesters in turn, each for as many grants as it weighs.
///
/// ```text
///              +--------------------+
///  requests -->|                    |--> grants
///     taken -->| WeightedRoundRobin |--> granted
///              +--------------------+
/// ```
///
/// *Parameters*: `weights`, one for each requester, each from 1 to 65,535.
///
/// *Ports*: see [`WeightedRoundRobinPorts`].
///
/// *Behaviour*: the turn goes round. Whose turn it is has the grant while it requests, until it has
/// taken as many as it weighs; then the turn moves on. If it does not request, the next in the
/// circle that does has the grant, and the turn when it takes it: what was left is lost. A weight of
/// 1 for everybody is a [`RoundRobin`](crate::RoundRobin).
///
/// *Timing*: combinational from `requests` to `grants`.
///
/// *Reset*: it is the turn of requester 0.
///
/// *Undefined*: nothing.
///
/// *Verification*: proved by k-induction for several weights: at most one grant, only to who
/// requests, and one if anybody does, the first in the circle; who keeps requesting sees at most as
/// many grants taken by others before its own as they weigh together; whose turn it is keeps it
/// while it requests.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::WeightedRoundRobin;
///
/// let mut bench = Bench::new(WeightedRoundRobin { weights: vec![2, 1] });
/// let mut grants = Vec::new();
/// bench.run(6, |p, _| {
///     p.requests.poke(0b11u8);
///     p.taken.poke(true);
///     grants.push(p.grants.peek());
/// });
/// assert_eq!(grants, [1, 1, 2, 1, 1, 2]);
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct WeightedRoundRobin {
    /// How many grants each requester may take in its turn.
    pub weights: Vec<u32>,
}

/// The ports of [`WeightedRoundRobin`].
#[derive(Ports)]
pub struct WeightedRoundRobinPorts {
    /// Who requests; bit `i` is requester `i`.
    pub requests: In<Unsigned>,
    /// The grant is used in this cycle.
    pub taken: In<Bit>,
    /// Who has the grant: one bit of `requests`, or none if there is none.
    pub grants: Out<Unsigned>,
    /// There is a grant.
    pub granted: Out<Bit>,
}

/// Whose turn it is, one-hot, and how many grants it may still take.
#[derive(Clone, Copy)]
struct Turn {
    holder: Unsigned,
    left: Unsigned,
}

impl Module for WeightedRoundRobin {
    type Ports = WeightedRoundRobinPorts;

    fn check(&self) -> Result<(), String> {
        if self.weights.is_empty() {
            return Err("no weights: there must be one for each requester, at least one".into());
        }
        match self.weights.iter().find(|weight| !(1..=65_535).contains(*weight)) {
            Some(weight) => Err(format!("a weight of {weight}: weights must be from 1 to 65535")),
            None => Ok(()),
        }
    }

    fn ports(&self) -> WeightedRoundRobinPorts {
        let each = unsigned(self.weights.len() as u32);
        WeightedRoundRobinPorts { requests: each, taken: bit(), grants: each, granted: bit() }
    }

    #[named]
    fn build(&self, p: WeightedRoundRobinPorts) {
        let most = self.weights.iter().copied().max().unwrap_or(1);
        let holder = reg(p.requests.shape()).reset(1);
        let left =
            reg(unsigned(bits_for(most.into()))).reset(self.weights.first().copied().unwrap_or(1));
        // The circle from the holder on: those above it, then all.
        let from_holder = p.requests & !below(holder);
        let circle = mux(from_holder.any(), from_holder, p.requests);
        let grants = circle & (!circle).wrapping_add(1);
        let held = (grants & holder).any();
        let before = mux(held, left, self.weight_of(grants, left.width()));
        let exhausted = before.eq(1);
        let next = rotated(grants);
        when(p.taken & grants.any(), || {
            holder.set(mux(exhausted, next, grants));
            left.set(mux(exhausted, self.weight_of(next, left.width()), before.wrapping_sub(1)));
        });
        p.grants.drive(grants);
        p.granted.drive(p.requests.any());

        always("only who requests has the grant", (grants & !p.requests).eq(0));
        always("at most one has the grant", (grants & below(grants)).eq(0));
        always("somebody has the grant if anybody requests", grants.any().eq(p.requests.any()));
        always("it says whether there is a grant", p.granted.eq(grants.any()));
        always("after reset it is the turn of requester 0", past_valid() | holder.eq(1));
        let keeps = (p.requests & holder).any().implies(grants.eq(holder));
        always("whose turn it is has the grant if it requests", keeps);
        let (from, to) = (below(holder), below(grants));
        let passed = mux(grants.ge(holder), to & !from, to | !from);
        let first = !(p.requests & passed).any() | !p.granted;
        always("nobody who requests is passed over", first);
        self.turns(&p, Turn { holder, left });
        self.fairness(&p, Turn { holder, left });
    }
}

/// The next in the circle.
#[track_caller]
fn rotated(one_hot: Unsigned) -> Unsigned {
    match one_hot.width() {
        1 => one_hot,
        n => one_hot.slice(n - 1, 1).concat(one_hot.slice(0, n - 1)),
    }
}

impl WeightedRoundRobin {
    /// What a requester weighs; 0 for none.
    #[track_caller]
    fn weight_of(&self, one_hot: Unsigned, width: u32) -> Unsigned {
        let bits = one_hot.bits().into_iter().zip(&self.weights);
        let each = bits.map(|(bit, weight)| mux(bit, constant(unsigned(width), *weight), 0));
        each.reduce(|a, b| a | b).unwrap_or_else(|| constant(unsigned(width), 0))
    }

    /// A requester that takes its grants without a break takes exactly what it weighs.
    #[named]
    fn turns(&self, p: &WeightedRoundRobinPorts, turn: Turn) {
        let holder_weight = self.weight_of(turn.holder, turn.left.width());
        always("it is one requester's turn", turn.holder.count_ones().eq(1));
        let begun = turn.left.ge(1) & turn.left.le(holder_weight);
        always("no more is left of a turn than its holder weighs", begun);
        let used = past(p.taken & p.granted);
        when(past_valid(), || {
            let same = turn.holder.eq(past(turn.holder)) & turn.left.eq(past(turn.left));
            always("without a grant taken nothing moves", used | same);
            // Who took it, and how many it could take before: what was left, or a turn of its own.
            let by = past(p.grants);
            let own = by.eq(past(turn.holder));
            let could = mux(own, past(turn.left), self.weight_of(by, turn.left.width()));
            let goes_on = turn.holder.eq(by) & (turn.left + 1).eq(could.extend(could.width() + 1));
            let moved = turn.holder.eq(rotated(by)) & turn.left.eq(holder_weight);
            let last = could.le(1);
            always("a turn goes on until it is used up", (used & !last).implies(goes_on));
            always("then comes the next one's", (used & last).implies(moved));
        })
        .end();
    }

    /// For one requester, arbitrary but fixed: how many grants others took since it began to
    /// request, and how many they can still take before its turn. Together never more than the
    /// others weigh.
    #[named]
    fn fairness(&self, p: &WeightedRoundRobinPorts, turn: Turn) {
        let n = self.weights.len();
        let total: u64 = self.weights.iter().map(|w| u64::from(*w)).sum();
        let width = bits_for(2 * total);
        let chosen = reg(unsigned(n as u32));
        chosen.set(chosen);
        let waited = reg(unsigned(width)).reset(0);
        let requests = (p.requests & chosen).any();
        let has_grant = (p.grants & chosen).any();
        when(!requests | (has_grant & p.taken), || waited.set(0))
            .otherwise_when(p.taken & p.granted, || waited.set(waited.wrapping_add(1)));

        let between = |from: usize, to: usize| -> u64 {
            let others = (1..n).map(|i| (from + i) % n).take_while(|i| *i != to);
            others.map(|i| u64::from(self.weights[i])).sum()
        };
        let number = |value: u64| constant(unsigned(width), value);
        let mut remaining = number(0);
        for (to, is_chosen) in chosen.bits().into_iter().enumerate() {
            for (from, holds) in turn.holder.bits().into_iter().enumerate() {
                if from != to {
                    let sum = turn.left.extend(width).wrapping_add(number(between(from, to)));
                    remaining = mux(is_chosen & holds, sum, remaining);
                }
            }
        }
        let own = self.weight_of(chosen, turn.left.width()).extend(width);
        let others = number(total).wrapping_sub(own);
        when(chosen.count_ones().eq(1), || {
            always("who waits moves up", waited.wrapping_add(remaining).le(others));
            always("nobody waits for more than the others weigh", waited.le(others));
            cover("somebody waits for all that the others weigh", waited.eq(others));
        })
        .end();
    }
}
