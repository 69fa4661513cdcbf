//! [`Work`]: what an edge costs, module by module.

use crate::compiled::Compiled;
use olivine_netlist::{DomainId, ModuleId};

/// What a module has of the machine code of an edge, all of its occurrences together.
///
/// Counted, not estimated from samples: the code runs from its first to its last instruction at every
/// edge, but for bodies that a condition skips, so that this is the most that is executed. What modules share counts for the first of them. Ports of memories that
/// the code does not have, and moves for want of registers, are not counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// The module's name.
    pub module: String,
    /// How often it occurs in the design.
    pub occurrences: u32,
    /// Instructions at an edge.
    pub instructions: u64,
}

impl Compiled {
    /// What an edge of a domain costs, the most expensive module first; `None` if no machine code
    /// is executed.
    pub fn work(&self, domain: DomainId) -> Option<Vec<Work>> {
        let work = self.native()?.work(domain);
        let mut all: Vec<Work> = work
            .iter()
            .map(|(owner, instructions)| Work {
                module: self.design().module(ModuleId(*owner)).name.clone(),
                occurrences: self.occurrences(ModuleId(*owner)),
                instructions: *instructions,
            })
            .collect();
        all.sort_by(|a, b| b.instructions.cmp(&a.instructions).then(a.module.cmp(&b.module)));
        Some(all)
    }
}
