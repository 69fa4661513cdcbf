//! Stimuli in groups, each with a machine whose lanes they share.

use crate::compiled::Tuning;
use crate::kernel::{Kernel, Lane};
use crate::native::Native;
use crate::tier::Tier;
use olivine_interp::{Undefined, VIOLATIONS_MAX, Violation};
use olivine_netlist::DomainId;

/// Bytes of state that a machine may have before a group shrinks: half of a first-level cache, so
/// that the values of a cycle find room beside it.
const STATE_BYTES: u32 = 24 << 10;

/// Lanes of a register.
const REGISTER: u32 = 16;

/// All stimuli; group `g` has those from `g · width` on.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    machines: Vec<Native>,
    /// Of one group.
    kernel: Box<Kernel>,
    /// Stimuli of a group; the last may simulate some that nobody asked for.
    width: u32,
}

impl Groups {
    /// Nothing if this processor cannot run the tier's code.
    pub fn new(
        single: &Kernel,
        domains: usize,
        undefined: Undefined,
        tuning: Tuning,
        stimuli: u32,
    ) -> Option<Self> {
        let width = width(single, stimuli);
        let kernel = single.batched(width);
        let machine = Native::new(&kernel, domains, undefined, tuning)?;
        let machines = vec![machine; stimuli.div_ceil(width) as usize];
        Some(Self { machines, kernel: Box::new(kernel), width })
    }

    pub fn tier(&self) -> Tier {
        self.machines[0].tier()
    }

    /// The lanes of a port of a stimulus, limb by limb.
    pub fn words(&mut self, port: usize, stimulus: u32) -> impl Iterator<Item = u64> {
        let (group, inside) = (stimulus / self.width, stimulus % self.width);
        let machine = &mut self.machines[group as usize];
        machine.settle();
        let (machine, kernel) = (&*machine, &self.kernel);
        let word = move |&(node, lane): &Lane| {
            let one = kernel.graph.lanes(node) == 1;
            machine.load(machine.location((node, if one { lane } else { lane + inside })))
        };
        kernel.ports[port].iter().map(word)
    }

    /// Gives the limbs of an input of a stimulus.
    pub fn set(&mut self, port: usize, width: u32, stimulus: u32, words: &[u64]) {
        let (group, inside) = (stimulus / self.width, stimulus % self.width);
        let first = self.kernel.input_slots[port];
        for (k, word) in words.iter().enumerate() {
            let bits = (width - 64 * k as u32).min(64);
            let word = word & (u64::MAX >> (64 - bits));
            self.machines[group as usize].set_input(first + k as u32, inside, word);
        }
    }

    /// Gives the states of a domain their values after reset, without an edge.
    pub fn reset(&mut self, domain: DomainId) {
        self.machines.iter_mut().for_each(|machine| machine.reset(domain));
    }

    /// So many edges of a domain, and the violations of each stimulus.
    pub fn run(
        &mut self,
        domain: DomainId,
        cycles: u64,
        reset: bool,
        violations: &mut [Vec<Violation>],
    ) {
        let kernel = &self.kernel;
        for (machine, violations) in
            self.machines.iter_mut().zip(violations.chunks_mut(self.width as usize))
        {
            if reset {
                (0..cycles).for_each(|_| machine.edge(domain, true));
                continue;
            }
            let mut left = cycles;
            while left > 0 {
                left -= machine.edges(domain, left);
                let last = machine.cycle() - 1;
                note(violations, machine, kernel, self.width, domain, last);
            }
        }
    }
}

/// How many stimuli share a machine. What has no vectors of its own gets them from its stimuli,
/// 16 or more; an array that fills them by itself shares a machine only as long as the state of
/// all stays near the processor.
fn width(kernel: &Kernel, stimuli: u32) -> u32 {
    let bytes = |lanes: u32, width: u32| lanes * if width > 32 { 8 } else { 4 };
    let lanes = |state: &crate::kernel::State| state.init.len() as u32;
    let all: u32 = kernel.states.iter().map(|s| bytes(lanes(s), s.width)).sum();
    let regular = kernel.states.iter().filter(|s| lanes(s) >= REGISTER);
    let regular: u32 = regular.map(|s| bytes(lanes(s), s.width)).sum();
    let fills_vectors = regular > all / 10 * 9;
    let least = if fills_vectors { 1 } else { REGISTER };
    let fits = (STATE_BYTES / all.max(1)).max(least);
    stimuli.min(1 << fits.ilog2())
}

/// Notes the properties that did not hold before the last edge. The properties of a kernel for
/// many stimuli stand stimulus after stimulus.
fn note(
    violations: &mut [Vec<Violation>],
    native: &Native,
    kernel: &Kernel,
    width: u32,
    domain: DomainId,
    cycle: u64,
) {
    for index in native.failed(domain) {
        let property = &kernel.properties[index as usize];
        // The last group may have stimuli that nobody asked for.
        let of_stimulus = violations.get_mut((index % width) as usize);
        if let Some(list) = of_stimulus.filter(|list| list.len() < VIOLATIONS_MAX) {
            list.push(Violation {
                cycle,
                path: property.path.clone(),
                kind: property.kind,
                place: property.place,
            });
        }
    }
}
