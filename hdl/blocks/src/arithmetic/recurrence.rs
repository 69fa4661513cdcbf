//! Recurrences: one step of arithmetic, done as often as there are digits, either in one place over
//! many cycles or in as many places at once.

use olivine_lang::prelude::*;

/// How a recurrence is laid out.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Layout {
    /// One step a cycle in one place: smallest, one result in `steps + 1` cycles.
    Iterative,
    /// A place for each step, registers between them: largest, one result a cycle.
    Pipelined,
}

impl Layout {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Iterative, Self::Pipelined];
}

/// What a recurrence does.
pub(super) struct Recurrence<S, Step, Holds, Asked> {
    /// Its steps.
    pub(super) steps: u32,
    /// The shape of what a step changes.
    pub(super) state: S,
    /// One step.
    pub(super) step: Step,
    /// The invariant after so many steps.
    pub(super) holds: Holds,
    /// What a state carries of the operation that was asked for, for the contract alone.
    pub(super) asked: Asked,
}

impl<S, Step, Holds, Asked> Recurrence<S, Step, Holds, Asked>
where
    S: Shape,
    Step: Fn(S) -> S,
    Holds: Fn(S, u32) -> Bit,
    Asked: Fn(S) -> Unsigned,
{
    /// Takes states from `push`, gives them after all steps to `pop`.
    #[track_caller]
    pub(super) fn between(&self, layout: Layout, push: Stream<S>, pop: Stream<S>) {
        match layout {
            Layout::Iterative => self.iterative(push, pop),
            Layout::Pipelined => self.pipelined(push, pop),
        }
        pop.assert_rules("results");
        cover("a result is taken", pop.transfer());
    }

    /// `done` steps of the operation under way; one more than there are is none.
    #[named]
    fn iterative(&self, push: Stream<S>, pop: Stream<S>) {
        let none = self.steps + 1;
        let done = reg(unsigned(bits_for(none.into()))).reset(none);
        let now = reg(self.state);
        let finished = done.eq(self.steps);
        when(done.lt(self.steps), || {
            done.set(done.wrapping_add(1));
            now.set((self.step)(now));
        });
        when(pop.transfer(), || done.set(none));
        when(push.transfer(), || {
            done.set(0);
            now.set(push.payload);
        });
        push.ready.drive(done.eq(none) | (finished & pop.ready));
        pop.valid.drive(finished);
        pop.payload.drive(now);

        always("no more steps than there are", done.le(none));
        for step in 0..=self.steps {
            when(done.eq(step), || self.assert_after(now, step)).end();
        }
        when(past_valid(), || {
            let came = past(push.transfer());
            always("what comes is begun", came.implies(done.eq(0)));
            let works = !came & past(done.lt(self.steps));
            always("every cycle is a step", works.implies(done.eq(past(done.wrapping_add(1)))));
            let left = !came & past(pop.transfer());
            always("what has left is gone", left.implies(done.eq(none)));
        })
        .end();
        let free = done.gt(self.steps) | pop.transfer();
        always("it is ready when nothing is under way", push.ready.eq(free));
        self.order(push, pop, &[(done.le(self.steps), now)]);
    }

    /// All places move on together, or wait for the consumer.
    #[named]
    fn pipelined(&self, push: Stream<S>, pop: Stream<S>) {
        let stages = self.steps as usize + 1;
        let valids: Vec<Bit> = (0..stages).map(|_| reg(bit()).reset(false)).collect();
        let states: Vec<S> = (0..stages).map(|_| reg(self.state)).collect();
        let last = stages - 1;
        let moves = !valids[last] | pop.ready;
        when(moves, || {
            valids[0].set(push.valid);
            states[0].set(push.payload);
            for stage in 1..stages {
                valids[stage].set(valids[stage - 1]);
                states[stage].set((self.step)(states[stage - 1]));
            }
        });
        push.ready.drive(moves);
        pop.valid.drive(valids[last]);
        pop.payload.drive(states[last]);

        let waits = pop.valid & !pop.ready;
        always("it is ready unless a result waits", push.ready.eq(!waits));
        let incoming = std::iter::once(push.valid).chain(valids.iter().copied());
        for (stage, before) in incoming.take(stages).enumerate() {
            when(valids[stage], || self.assert_after(states[stage], stage as u32)).end();
            let due = mux(past(waits), past(valids[stage]), past(before));
            when(past_valid(), || {
                always(format!("stage {stage} has what came"), valids[stage].eq(due));
            })
            .end();
        }
        let places: Vec<(Bit, S)> = valids.into_iter().zip(states).rev().collect();
        self.order(push, pop, &places);
    }

    /// An operation, arbitrary but fixed by its number, is inside and leaves as it was asked for, in
    /// its turn. `places`: whether something is there, and what; the eldest first.
    #[named]
    fn order(&self, push: Stream<S>, pop: Stream<S>, places: &[(Bit, S)]) {
        let number = unsigned(bits_for(places.len() as u64));
        let (came, went) = (reg(number).reset(0), reg(number).reset(0));
        when(push.transfer(), || came.set(came.wrapping_add(1)));
        when(pop.transfer(), || went.set(went.wrapping_add(1)));
        let chosen = reg(number);
        chosen.set(chosen);
        let new = (self.asked)(push.payload);
        let kept = reg(new.shape());
        when(push.transfer() & came.eq(chosen), || kept.set(new)).end();
        let mut before = constant(number, 0);
        let mut right = Vec::new();
        for (there, state) in places {
            let here = *there & chosen.eq(went.wrapping_add(before));
            right.push(here.implies((self.asked)(*state).eq(kept)));
            before = before.wrapping_add(there.as_unsigned().extend(number.width()));
        }
        always("as many are inside as came and have not left", {
            came.wrapping_sub(went).eq(before)
        });
        always("the chosen operation is inside as it came", all_of(right));
        let leaves = pop.valid & went.eq(chosen);
        let same = (self.asked)(pop.payload).eq(kept);
        always("the chosen operation leaves in its turn", leaves.implies(same));
    }

    #[track_caller]
    fn assert_after(&self, state: S, step: u32) {
        always(format!("after {step} steps"), (self.holds)(state, step));
    }
}
