//! Checking that some state is always equal and that no property fails then.
//!
//! Memories are whole here: what is read belongs to contents and address, and equal contents
//! written alike stay equal. Values that the certificate says to be equal are shown to be, each
//! from those before it, and stand for each other from there on.

use super::clauses::Clauses;
use super::machine::{Machine, Values};
use super::whole::{Stepped, Whole};
use super::{Claim, Rejection};
use crate::certificate::{Merge, StateBit};
use crate::options::Start;
use crate::solver::{Deadline, SatLit};
use std::collections::HashMap;

/// What a certificate says.
pub(super) struct Said<'c> {
    pub any_reset: bool,
    pub equal: &'c [Vec<StateBit>],
    pub fixed: &'c [StateBit],
    pub memories: &'c [Vec<String>],
    pub merges: &'c [Merge],
}

/// The bit of a register, or of what a read port holds.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    Register(usize, usize),
    Held(usize, usize, usize),
}

/// What is said, located in the machine.
struct Located<'c> {
    equal: Vec<Vec<(Slot, bool)>>,
    fixed: Vec<(Slot, bool)>,
    /// Indices of memories.
    memories: Vec<Vec<usize>>,
    /// By value.
    merges: HashMap<u32, Vec<&'c Merge>>,
}

impl Claim<'_> {
    /// Whether the claim follows from what is said.
    pub(super) fn correspondence(
        &self,
        said: &Said<'_>,
        deadline: Deadline,
    ) -> Result<(), Rejection> {
        let located = locate(&self.machine, said)?;
        self.corresponds_at_start(said.any_reset, &located, deadline)?;
        self.stays_corresponding(said.any_reset, &located, deadline)
    }

    fn corresponds_at_start(
        &self,
        any_reset: bool,
        located: &Located<'_>,
        deadline: Deadline,
    ) -> Result<(), Rejection> {
        let machine = &self.machine;
        for group in &located.memories {
            let all = group.iter().map(|&m| &machine.flat.memories[m]);
            let first = &machine.flat.memories[group[0]];
            for memory in all {
                let same = memory.width == first.width && memory.depth == first.depth;
                let full = memory.init.len() == memory.depth as usize;
                if !same || !full || memory.init != first.init {
                    return Err(Rejection::Memory(memory.name.clone()));
                }
            }
        }
        let mut clauses = Clauses::hashed();
        let mut state = Whole::power_up(machine, &mut clauses);
        state.share(&located.memories);
        let edges = match self.start {
            Start::AfterReset { edges } if !any_reset => edges,
            _ => 0,
        };
        let yes = clauses.yes();
        for _ in 0..edges {
            for domain in 0..machine.domains.len() {
                let stepped = machine.whole_step(
                    &mut clauses,
                    &mut state,
                    yes,
                    Some(domain),
                    |_, _, _| Ok(()),
                )?;
                located.written_alike(machine, &mut clauses, &stepped, deadline)?;
                state.after(stepped);
                state.share(&located.memories);
            }
        }
        located.holds(&mut clauses, &state, deadline, Rejection::UnequalStart)
    }

    fn stays_corresponding(
        &self,
        any_reset: bool,
        located: &Located<'_>,
        deadline: Deadline,
    ) -> Result<(), Rejection> {
        let machine = &self.machine;
        let mut clauses = Clauses::hashed();
        let mut state = Whole::any(machine, &mut clauses);
        located.assume(&mut clauses, &mut state);
        state.share(&located.memories);
        let reset = if any_reset { clauses.free(1)[0] } else { !clauses.yes() };
        let merge = |clauses: &mut Clauses, values: &mut Values, value: u32| {
            let merges = located.merges.get(&value).into_iter().flatten();
            merges.copied().try_for_each(|merge| apply(clauses, values, merge, deadline))
        };
        let stepped = machine.whole_step(&mut clauses, &mut state, reset, None, merge)?;
        for &bad in &stepped.bad[..self.own] {
            let no = !clauses.yes();
            if !clauses.equal(bad, no, deadline)? {
                return Err(Rejection::UnequalProperty);
            }
        }
        located.written_alike(machine, &mut clauses, &stepped, deadline)?;
        state.after(stepped);
        located.holds(&mut clauses, &state, deadline, Rejection::UnequalStep)
    }
}

/// Shows that bits are what is said, and replaces them.
fn apply(
    clauses: &mut Clauses,
    values: &mut Values,
    merge: &Merge,
    deadline: Deadline,
) -> Result<(), Rejection> {
    let nothing = || Rejection::UnequalValue(merge.value);
    for i in 0..merge.bits {
        let at = (merge.bit + i) as usize;
        let other = match merge.of {
            None => !clauses.yes(),
            Some((value, bit)) => {
                let word = values.words.get(value as usize).ok_or_else(nothing)?;
                *word.get((bit + i) as usize).ok_or_else(nothing)?
            }
        };
        let other = if merge.inverted { !other } else { other };
        let own = *values.words[merge.value as usize].get(at).ok_or_else(nothing)?;
        if !clauses.equal(own, other, deadline)? {
            return Err(nothing());
        }
        values.words[merge.value as usize][at] = other;
    }
    Ok(())
}

fn locate<'c>(machine: &Machine<'_>, said: &Said<'c>) -> Result<Located<'c>, Rejection> {
    let slots = machine.slots();
    let slot = |part: &StateBit| {
        let missing = || Rejection::NoSuchState(part.state.clone());
        let (slot, width) = slots.get(&part.state).ok_or_else(missing)?;
        let bit = (part.bit < *width).then_some(part.bit as usize).ok_or_else(missing)?;
        Ok(match *slot {
            Slot::Register(index, _) => (Slot::Register(index, bit), part.value),
            Slot::Held(memory, port, _) => (Slot::Held(memory, port, bit), part.value),
        })
    };
    let memory = |name: &String| {
        let all = machine.flat.memories.iter();
        let found =
            all.zip(&machine.memories).position(|(m, used)| m.name == *name && used.is_some());
        found.ok_or_else(|| Rejection::NoSuchState(name.clone()))
    };
    let mut merges: HashMap<u32, Vec<&Merge>> = HashMap::new();
    said.merges.iter().for_each(|merge| merges.entry(merge.value).or_default().push(merge));
    let groups = said.memories.iter().filter(|group| !group.is_empty());
    Ok(Located {
        equal: said
            .equal
            .iter()
            .map(|group| group.iter().map(slot).collect())
            .collect::<Result<_, _>>()?,
        fixed: said.fixed.iter().map(slot).collect::<Result<_, _>>()?,
        memories: groups
            .map(|group| group.iter().map(memory).collect())
            .collect::<Result<_, _>>()?,
        merges,
    })
}

fn valued(lit: SatLit, value: bool) -> SatLit {
    if value { lit } else { !lit }
}

impl Located<'_> {
    /// Gives a state the equalities: those alone, so that nothing is lost if they contradict.
    fn assume(&self, clauses: &mut Clauses, state: &mut Whole) {
        for group in &self.equal {
            let shared = clauses.free(1)[0];
            group.iter().for_each(|&(slot, value)| state.set(slot, valued(shared, value)));
        }
        for &(slot, value) in &self.fixed {
            state.set(slot, clauses.bit(value));
        }
    }

    /// Whether a state has the equalities.
    fn holds(
        &self,
        clauses: &mut Clauses,
        state: &Whole,
        deadline: Deadline,
        otherwise: Rejection,
    ) -> Result<(), Rejection> {
        let mut pairs = Vec::new();
        for group in self.equal.iter().filter(|group| !group.is_empty()) {
            let part = |&(slot, value): &(Slot, bool)| valued(state.get(slot), value);
            pairs.extend(group[1..].iter().map(|other| (part(&group[0]), part(other))));
        }
        for &(slot, value) in &self.fixed {
            pairs.push((state.get(slot), clauses.bit(value)));
        }
        for (a, b) in pairs {
            if !clauses.equal(a, b, deadline)? {
                return Err(otherwise);
            }
        }
        Ok(())
    }

    /// Whether memories that hold the same are written alike.
    fn written_alike(
        &self,
        machine: &Machine<'_>,
        clauses: &mut Clauses,
        stepped: &Stepped,
        deadline: Deadline,
    ) -> Result<(), Rejection> {
        for group in &self.memories {
            for &other in &group[1..] {
                let mut alike = true;
                for bit in 0..machine.flat.memories[other].width as usize {
                    let no = !clauses.yes();
                    let [first, second] = [group[0], other].map(|memory| {
                        let all = stepped.writes[memory].iter();
                        all.filter(|write| write.enables[bit] != no).collect::<Vec<_>>()
                    });
                    alike = alike && first.len() == second.len();
                    for (a, b) in first.into_iter().zip(second) {
                        alike = alike && a.same_as(b, bit, clauses, deadline)?;
                    }
                }
                if !alike {
                    return Err(Rejection::Memory(machine.flat.memories[other].name.clone()));
                }
            }
        }
        Ok(())
    }
}
