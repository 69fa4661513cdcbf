//! [`Rounds`]: counting them, for a property of runs without end.

use super::clauses::{Clauses, Word};
use super::machine::{Machine, Values};
use crate::solver::SatLit;
use olivine_netlist::{Module, PropertyId, PropertyKind};

/// A round is over when every fair condition was sampled and held, and every domain of the machine
/// had an edge if they are several, since the last round or since the property's condition was
/// sampled and held. The state is a bit for each of these, then a bit for each number of rounds.
pub(super) struct Rounds {
    fair: Vec<PropertyId>,
    most: u32,
}

/// A step of counting.
pub(super) struct Counted {
    pub next: Word,
    /// The step completes the last round.
    pub too_many: SatLit,
}

impl Rounds {
    /// Until so many.
    pub fn new(flat: &Module, most: u32) -> Self {
        let all = (0..).map(PropertyId).zip(&flat.properties);
        let fair = all.filter(|(_, p)| p.kind == PropertyKind::Fair).map(|(id, _)| id).collect();
        Self { fair, most }
    }

    /// Of how many conditions it is remembered whether they were met.
    pub fn conditions(&self, machine: &Machine<'_>) -> u32 {
        let domains = machine.domains.len();
        self.fair.len() as u32 + if domains > 1 { domains as u32 } else { 0 }
    }

    /// Numbers of rounds that are remembered.
    pub fn levels(&self) -> u32 {
        self.most - 1
    }

    pub fn step(
        &self,
        machine: &Machine<'_>,
        clauses: &mut Clauses,
        values: &Values,
        before: &[SatLit],
    ) -> Counted {
        let sampled = |clauses: &mut Clauses, p: PropertyId| {
            let property = &machine.flat.properties[p.index()];
            let condition = values.word(property.condition)[0];
            clauses.and(values.turns[property.domain.index()], condition)
        };
        let mut now: Word = self.fair.iter().map(|&p| sampled(clauses, p)).collect();
        if machine.domains.len() > 1 {
            now.extend(machine.domains.iter().map(|d| values.turns[d.index()]));
        }
        let held = sampled(clauses, machine.first());
        let (met_before, levels) = before.split_at(now.len());
        let mut met = Word::new();
        for (&now, &before) in now.iter().zip(met_before) {
            met.push(clauses.any(&[now, before]));
        }
        let over = clauses.all(&met);
        let kept = clauses.any(&[over, held, values.reset]);
        let mut next: Word = met.iter().map(|&met| clauses.and(met, !kept)).collect();
        let counting = !clauses.any(&[held, values.reset]);
        for (level, &reached) in levels.iter().enumerate() {
            let lower = if level == 0 { clauses.yes() } else { levels[level - 1] };
            let rises = clauses.and(lower, over);
            let either = clauses.any(&[reached, rises]);
            next.push(clauses.and(either, counting));
        }
        let last = levels.last().copied().unwrap_or(clauses.yes());
        let too_many = clauses.all(&[last, over, !held]);
        Counted { next, too_many }
    }
}
