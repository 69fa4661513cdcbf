//! [`Activity`]: what an edge leaves out while it stands still, found while it runs.
//!
//! At first the code does everything. When a run has paid for it, code that can leave out each
//! region is tried for a while; what hardly ever stood still is given up, the rest stays. Later it is
//! tried again, as a design may do something else by then. Values are the same at all times.

use super::code::Code;
use super::emit256::Avx2;
use super::emit512::Avx512;
use super::machine::{Native, needs, states};
use super::program::{Program, Still};
use super::still::{Watched, Which};
use super::target::Backend;
use crate::exec::{Elem, Storage};
use crate::kernel::Kernel;
use crate::{Tier, Tuning};
use olivine_netlist::DomainId;

/// How many times as many edges there are before it is tried again.
const LATER: u64 = 16;

/// What an edge of a domain leaves out.
#[derive(Clone, Debug)]
pub(super) struct Activity {
    /// The edge's code, if it leaves out anything.
    code: Option<Code>,
    watched: Vec<Watched>,
    /// Edges so far, and those after which there is something to do.
    edges: u64,
    due: u64,
    /// Edges of a trial; whether there is one.
    trial: u64,
    tries: bool,
    /// Whether all is left out that can be.
    eager: bool,
}

impl Activity {
    /// Of an edge of so many instructions.
    pub fn new(tuning: Tuning, insts: usize) -> Self {
        let first = tuning.still_after.map_or(u64::MAX, |after| after / insts.max(1) as u64);
        Self {
            code: None,
            watched: Vec::new(),
            edges: 0,
            due: first,
            trial: (first / 2).max(64),
            tries: false,
            eager: tuning.still_after == Some(0),
        }
    }

    /// What runs in the place of the code that does everything.
    pub fn code(&self) -> Option<&Code> {
        self.code.as_ref()
    }

    /// How many parts it leaves out while they stand still.
    pub fn parts(&self) -> usize {
        self.watched.len()
    }

    /// Notes edges.
    pub fn count(&mut self, edges: u64) {
        self.edges += edges;
    }

    /// Edges until there is something to do.
    pub fn rest(&self) -> u64 {
        self.due.saturating_sub(self.edges)
    }

    /// Nothing is known to stand still.
    pub fn disturb(&self, storage: &mut Storage) {
        self.watched.iter().for_each(|region| storage.store(Elem::U64, region.known.at, 0));
    }

    /// Goes on with this code, or with the one that does everything.
    fn set(&mut self, made: Option<(Code, Vec<Watched>)>) {
        let (code, watched) = made.unzip();
        self.code = code;
        self.watched = watched.unwrap_or_default();
    }

    /// When there is something to do next: behind a trial, or when it is tried again.
    fn next(&mut self) {
        let tried = std::mem::take(&mut self.tries);
        self.due = if tried && !self.eager {
            self.edges.saturating_mul(LATER)
        } else if tried || self.code.is_none() {
            // There is nothing else to find.
            u64::MAX
        } else {
            self.tries = true;
            self.edges + self.trial
        };
    }

    /// The regions that stood still often enough to pay.
    fn worth(&self, storage: &Storage) -> Vec<u32> {
        let pays = |region: &&Watched| {
            let done = region.done.map_or(0, |cell| storage.load(Elem::U64, cell.at));
            let still = self.trial.saturating_sub(done);
            self.eager
                || still * u64::from(region.weight) > 2 * self.trial * u64::from(region.price)
        };
        self.watched.iter().filter(pays).map(|region| region.key).collect()
    }
}

impl Native {
    /// Edges of a domain until [`Native::adapt`] has something to do.
    pub fn rest(&self, domain: DomainId) -> u64 {
        let domain = &self.domains[domain.index()];
        domain.activity.rest().min(domain.speculation.rest())
    }

    /// Begins to leave out what stands still, or to take it as known, or gives up what did not; of
    /// the kernel that this was made for.
    pub fn adapt(&mut self, kernel: &Kernel, domain: DomainId) {
        if self.domains[domain.index()].activity.rest() > 0 {
            return self.speculate(kernel, domain);
        }
        match self.tier() {
            Tier::Avx512 => self.adapted::<Avx512>(kernel, domain),
            Tier::Avx2 => self.adapted::<Avx2>(kernel, domain),
            #[cfg(any(feature = "portable", not(target_arch = "x86_64")))]
            Tier::Portable => self.adapted::<super::portable::Portable>(kernel, domain),
            _ => unreachable!("it has machine code"),
        }
    }

    fn adapted<T: Backend>(&mut self, kernel: &Kernel, domain: DomainId) {
        let activity = &self.domains[domain.index()].activity;
        let (tries, eager) = (activity.tries, activity.eager);
        let (kept, all) = (activity.worth(&self.storage), activity.watched.len());
        let which = match (tries, eager) {
            (true, _) => Which::Of(&kept),
            (false, true) => Which::Any,
            (false, false) => Which::All,
        };
        if !tries || eager || kept.len() < all {
            let still = Still { which, counted: !tries };
            let made = if tries && kept.is_empty() {
                None
            } else {
                self.leaving_out::<T>(kernel, domain, still)
            };
            self.domains[domain.index()].activity.set(made);
        }
        self.domains[domain.index()].activity.next();
    }

    /// Code that leaves out regions, if there are any.
    fn leaving_out<T: Backend>(
        &mut self,
        kernel: &Kernel,
        domain: DomainId,
        still: Still,
    ) -> Option<(Code, Vec<Watched>)> {
        let edge = &self.domains[domain.index()].edge;
        let (seen, states) = (self.layout.places(&needs(kernel, domain)), states(kernel, domain));
        let (layout, storage) = (&self.layout, &mut self.storage);
        let (edge, still) = (Some(edge), Some(still));
        let program = Program::new::<T>(kernel, layout, &seen, &states, edge, still, storage);
        if program.watched.is_empty() {
            return None;
        }
        let watched = program.watched.clone();
        Some((T::code(&[program], storage)?, watched))
    }
}

#[cfg(test)]
mod tests;
