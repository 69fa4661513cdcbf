//! [`Opened`]: what the code reads of a memory at an edge and is left open.
//!
//! The code only notes that it happened, since it hardly ever does; the value is given behind the
//! edge.

use super::layout::Layout;
use super::ops::Cell;
use super::ports::{in_code, may_open};
use crate::exec::{Elem, Storage, open_limb};
use crate::kernel::{Kernel, Open};
use olivine_interp::Undefined;
use olivine_netlist::DomainId;

/// A lane of a synchronous read port that may read what is left open.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    /// Not zero if the last edge read what is left open.
    flag: Cell,
    /// By limb: the state that holds it, and its lane.
    held: Vec<(u32, u32)>,
    open: Open,
    lane: usize,
}

impl Opened {
    /// Gives what is held its value, if the last edge read what is left open; of the next nothing is
    /// noted.
    pub fn fill(&self, layout: &Layout, storage: &mut Storage, policy: Undefined, time: u64) {
        if storage.load(Elem::U64, self.flag.at) == 0 {
            return;
        }
        storage.store(Elem::U64, self.flag.at, 0);
        for (limb, (state, at)) in self.held.iter().enumerate() {
            let value = open_limb(policy, &self.open, limb as u32, self.lane, time);
            layout.set_state(storage, *state as usize, *at, value);
        }
    }
}

/// The lanes of synchronous read ports in the code of an edge that may read what is left open.
pub(super) fn opened(kernel: &Kernel, layout: &Layout, domain: DomainId) -> Vec<Opened> {
    let mut all = Vec::new();
    for (memory, flags) in kernel.memories.iter().zip(&layout.opened) {
        for (read, flags) in memory.reads.iter().zip(flags) {
            let here = read.domain == domain && in_code(memory, domain);
            if !here || !may_open(kernel, memory, read) {
                continue;
            }
            let open = Open { paths: read.paths.clone(), width: memory.width, limb: 0 };
            all.extend(flags.iter().enumerate().map(|(lane, flag)| Opened {
                flag: *flag,
                held: read.held.iter().map(|limb| limb[lane]).collect(),
                open: open.clone(),
                lane,
            }));
        }
    }
    all
}
