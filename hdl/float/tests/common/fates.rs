//! What becomes of one-place faults: vectors notice them, a proof does, or it is proved that they
//! change nothing.

use crate::catalogue::{FEW, Unit};
use crate::miter;
use olivine_formal::Engine;
use olivine_netlist::{Design, Mutation};
use std::time::Duration;

/// Vectors for each mutant.
pub const VECTORS: usize = 20_000;

/// What became of the mutants of a unit.
#[derive(Debug, Default)]
pub struct Fates {
    /// Vectors noticed them.
    pub by_vectors: u32,
    /// What vectors missed and a counterexample showed.
    pub by_proof: u32,
    /// Proved to do the same as the unit, for all inputs.
    pub equivalent: Vec<String>,
    /// Nobody knows.
    pub survived: Vec<String>,
}

impl Fates {
    /// Of about so many mutants, spread over the netlist.
    pub fn of(unit: &Unit, of_each: usize) -> Self {
        let mut fates = Self::default();
        let mutations = unit.design.mutations();
        let stride = (mutations.len() / of_each).max(1);
        mutations.iter().step_by(stride).for_each(|mutation| fates.judge(unit, mutation));
        fates
    }

    fn judge(&mut self, unit: &Unit, mutation: &Mutation) {
        let mutant = mutation.apply(&unit.design);
        // The first of the vectors are enough for most.
        if [FEW, VECTORS].into_iter().any(|count| (unit.check)(&mutant, count).is_err()) {
            self.by_vectors += 1;
            return;
        }
        match same(&unit.design, &mutant) {
            Some(false) => self.by_proof += 1,
            Some(true) => self.equivalent.push(mutation.description.clone()),
            None => self.survived.push(mutation.description.clone()),
        }
    }

    /// All but those that are proved to be none.
    pub fn killed(&self) -> u32 {
        self.by_vectors + self.by_proof
    }
}

/// Time for a mutant: far more than any takes alone on a processor, as others may use it too.
const SWEEP: Duration = Duration::from_secs(40);
const PROOF: Duration = Duration::from_secs(240);

/// Whether two designs do the same; nobody knows if that takes longer than [`PROOF`]. Nearly all of a
/// mutant is the unit, which sweeping sees at once.
fn same(unit: &Design, mutant: &Design) -> Option<bool> {
    let swept = miter::compare_by(unit, mutant, Engine::Sweep, SWEEP);
    if swept.iter().all(|row| row.succeeded()) {
        return Some(true);
    }
    let rows = miter::compare(unit, mutant, PROOF);
    if rows.iter().any(|row| row.failed()) {
        return Some(false);
    }
    rows.iter().all(|row| row.succeeded()).then_some(true)
}
