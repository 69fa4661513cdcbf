//! What the edges of a clock domain do is laid out.

use super::build::{Build, Copied, Dependence};
use super::edge::{Enable, Location, MemoryEdge, ReadEdge, WriteEdge};
use super::machine::{Domain, Reset};
use super::refresh::{RegionSet, Span};
use crate::kernel::{KernelMemory, Lane, Open};
use olivine_netlist::DomainId;
use rustc_hash::FxHashMap as HashMap;

impl Build<'_> {
    /// The edges of a domain, in a machine of so many regions.
    pub fn domain(&mut self, domain: DomainId, regions: usize) -> Domain {
        let of_domain = |s: &u32| self.kernel.states[*s as usize].domain == domain;
        let states: Vec<u32> = (0..self.kernel.states.len() as u32).filter(of_domain).collect();
        let (held, memories) = self.memory_edges(domain);
        let mut reset_regions = RegionSet::new(regions, false);
        let mut resets = Vec::new();
        for &state in &states {
            let Some(value) = self.kernel.states[state as usize].reset else { continue };
            let at = self.selector.state_offset(state);
            let marks = self.marks_of(Dependence::State(state));
            let (elem, lanes) = self.shape(state);
            resets.push(Reset { at, elem, lanes, value, marks });
            if let Some(next) = self.next[state as usize] {
                reset_regions.insert(self.region_of[&next]);
            }
        }
        let is_mine = |(_, p): &(usize, &crate::kernel::Sampled)| p.domain == domain;
        let properties = self.kernel.properties.iter().enumerate().filter(is_mine);
        Domain {
            properties: properties.map(|(index, _)| index as u32).collect(),
            failing: 0,
            commits: self.commits(&states, regions),
            pending: RegionSet::new(regions, false),
            memories,
            held,
            resets,
            reset_regions,
        }
    }

    /// By region, the next states that it makes.
    fn commits(&mut self, states: &[u32], regions: usize) -> Vec<Span> {
        let mut by_region: Vec<Vec<Copied>> = Vec::new();
        by_region.resize_with(regions, Vec::new);
        for &state in states {
            if let Some(next) = self.next[state as usize] {
                let copied = self.copied(state, self.selector.offset(next));
                by_region[self.region_of[&next] as usize].push(copied);
            }
        }
        by_region.into_iter().map(|commits| self.refreshes(commits)).collect()
    }

    fn copied(&self, state: u32, from: u32) -> Copied {
        let to = self.selector.state_offset(state);
        let readers = self.readers(Dependence::State(state));
        Copied { from, to, bytes: self.bytes(state), readers }
    }

    /// The memories' edges, and the refreshes of what their read ports hold.
    fn memory_edges(&mut self, domain: DomainId) -> (Span, Vec<MemoryEdge>) {
        let kernel = self.kernel;
        let (mut copies, mut edges) = (Vec::new(), Vec::new());
        for (index, memory) in kernel.memories.iter().enumerate() {
            let reads = memory.reads.iter().filter(|r| r.domain == domain);
            let mut next_held = HashMap::default();
            for &(state, _) in reads.flat_map(|r| r.held.iter().flatten()) {
                next_held.entry(state).or_insert_with(|| {
                    let from = self.place_state(state);
                    copies.push(self.copied(state, from));
                    from
                });
            }
            let location = |lane| self.selector.location(kernel, lane);
            let held = |(state, lane): (u32, u32)| {
                let (elem, _) = self.shape(state);
                Location { offset: next_held[&state] + lane * elem.bytes(), elem }
            };
            let edge = memory_edge(index as u32, memory, domain, &location, &held);
            if !edge.writes.is_empty() || !edge.reads.is_empty() {
                edges.push(edge);
            }
        }
        (self.refreshes(copies), edges)
    }
}

/// What edges of a domain do to a memory; `location` says where a lane is, `held` where an edge
/// puts what a lane of a state is to hold.
pub(crate) fn memory_edge(
    index: u32,
    memory: &KernelMemory,
    domain: DomainId,
    location: &dyn Fn(Lane) -> Location,
    held: &dyn Fn((u32, u32)) -> Location,
) -> MemoryEdge {
    let lanes = memory.paths.len();
    let list = |l: &Vec<Lane>| l.iter().map(|lane| location(*lane)).collect::<Vec<_>>();
    let by_lane = |limbs: &Vec<Vec<Lane>>| {
        let of_lane = |lane| limbs.iter().map(move |limb| limb[lane]);
        (0..lanes).flat_map(of_lane).map(location).collect::<Vec<_>>()
    };
    let writes = memory.writes.iter().filter(|w| w.domain == domain).map(|w| WriteEdge {
        enable: w.enable.as_ref().map(list).map(Enable::new),
        address: list(&w.address),
        data: by_lane(&w.data),
        mask: w.mask.as_ref().map(by_lane),
    });
    let reads = memory.reads.iter().filter(|r| r.domain == domain).map(|r| {
        let of_lane = |lane: usize| r.held.iter().map(move |limb| limb[lane]);
        ReadEdge {
            enable: r.enable.as_ref().map(list).map(Enable::new),
            address: list(&r.address),
            collision: r.collision,
            held: (0..lanes).flat_map(of_lane).map(held).collect(),
            open: Open { paths: r.paths.clone(), width: memory.width, limb: 0 },
        }
    });
    MemoryEdge {
        memory: index,
        lanes: lanes as u32,
        limbs: memory.limbs(),
        depth: u64::from(memory.depth),
        writes: writes.collect(),
        reads: reads.collect(),
    }
}
