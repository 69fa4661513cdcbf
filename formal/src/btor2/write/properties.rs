//! Assumptions, assertions, and what runs without end meet.

use super::Writer;
use crate::btor2::model::NodeId;
use crate::btor2::sort::Sort;
use crate::roles::InputRole;
use crate::system::properties;
use olivine_netlist::{PropertyId, PropertyKind};

impl Writer<'_> {
    /// The step samples the property.
    fn sampled(&mut self, property: PropertyId) -> NodeId {
        let domain = self.system.flat.properties[property.index()].domain;
        let turn = self.turn(domain);
        self.and(self.begun, turn)
    }

    /// The step samples the property and finds its condition to be `value`.
    fn sampled_as(&mut self, property: PropertyId, value: bool) -> NodeId {
        let sampled = self.sampled(property);
        let condition = self.value(self.system.flat.properties[property.index()].condition);
        let condition = if value { condition } else { self.not(condition) };
        self.and(sampled, condition)
    }

    pub(super) fn properties(&mut self) {
        let system = self.system;
        for &assumption in &system.assumptions {
            let broken = self.sampled_as(assumption, false);
            let holds = self.not(broken);
            self.model.constraints.push(holds);
        }
        for &target in &system.targets {
            let property = &system.flat.properties[target.index()];
            match property.kind {
                PropertyKind::Live => self.live(target, &property.name),
                PropertyKind::Fair => {}
                kind => {
                    let bad = self.sampled_as(target, kind == PropertyKind::Cover);
                    self.model.bad.push((property.name.clone(), bad));
                }
            }
        }
    }

    /// A run violates it that is fair and in which, from some step on, the condition never holds:
    /// the step is guessed.
    fn live(&mut self, target: PropertyId, name: &str) {
        let guess = self.input(Sort::Bits(1), InputRole::Loop(name.to_string()));
        let (guessed_state, guessed) = self.own_bit();
        let (wrong_state, wrong) = self.own_bit();
        let from_here = self.or(guessed, guess);
        self.model.states[guessed_state].next = Some(from_here);
        let holds = self.sampled_as(target, true);
        let failed = self.and(guessed, holds);
        let wrong_next = self.or(wrong, failed);
        self.model.states[wrong_state].next = Some(wrong_next);
        let right = self.not(wrong);
        let waits = self.and(guessed, right);
        let mut conditions = vec![self.and(waits, self.begun)];
        for fair in properties(&self.system.flat, |kind| kind == PropertyKind::Fair) {
            let met = self.sampled_as(fair, true);
            conditions.push(met);
        }
        if self.turns.len() > 1 {
            conditions.extend(self.turns.clone());
        }
        self.model.justice.push((name.to_string(), conditions));
    }
}
