//! [`Unit`]: stimuli that one machine simulates, the share of a thread.

use super::groups::Group;
use super::{Series, SeriesMut};
use crate::compiled::Compiled;
use olivine_interp::{Engine, Interface};
use olivine_netlist::{Bits, DomainId, PortId};

/// What is done to all stimuli.
#[derive(Clone, Copy)]
pub(super) struct Exchange<'a> {
    pub domain: DomainId,
    /// Cycles in which inputs are given and outputs noted.
    pub cycles: u64,
    /// Edges after that, with inputs as they are.
    pub edges: u64,
    /// Whether the reset of the domain is active.
    pub reset: bool,
    pub inputs: &'a [Series<'a>],
    pub outputs: &'a [PortId],
}

/// Some stimuli, side by side, and what was noted of them.
pub(super) struct Unit<'a> {
    machine: Machine<'a>,
    /// The first of them.
    first: u32,
    /// By output, by cycle, then stimulus by stimulus.
    noted: Vec<Vec<u64>>,
}

enum Machine<'a> {
    Group(Group<'a>),
    One(&'a mut Compiled),
}

impl<'a> Unit<'a> {
    /// Of a machine for several stimuli.
    pub fn group(group: Group<'a>, first: u32) -> Self {
        Self { machine: Machine::Group(group), first, noted: Vec::new() }
    }

    /// Of engines for one stimulus each.
    pub fn each(engines: &'a mut [Compiled]) -> Vec<Self> {
        let unit = |(first, engine)| Self {
            machine: Machine::One(engine),
            first: first as u32,
            noted: Vec::new(),
        };
        engines.iter_mut().enumerate().map(unit).collect()
    }

    fn stimuli(&self) -> u32 {
        match &self.machine {
            Machine::Group(group) => group.stimuli(),
            Machine::One(_) => 1,
        }
    }

    /// Does all of it; `all` is how many stimuli there are in all units.
    pub fn run(&mut self, what: &Exchange, interface: &Interface, all: u32) {
        self.noted = vec![Vec::new(); what.outputs.len()];
        for cycle in 0..what.cycles as usize {
            for series in what.inputs {
                let limbs = interface.ports[series.port.index()].width.div_ceil(64) as usize;
                for stimulus in 0..self.stimuli() {
                    let row = cycle * all as usize + (self.first + stimulus) as usize;
                    let words = &series.values[row * limbs..(row + 1) * limbs];
                    self.set(interface, series.port, stimulus, words);
                }
            }
            for (index, port) in what.outputs.iter().enumerate() {
                for stimulus in 0..self.stimuli() {
                    self.note(index, *port, stimulus);
                }
            }
            self.edges(what, 1);
        }
        self.edges(what, what.edges);
    }

    fn set(&mut self, interface: &Interface, port: PortId, stimulus: u32, words: &[u64]) {
        let width = interface.ports[port.index()].width;
        match &mut self.machine {
            Machine::Group(group) => group.set(port.index(), width, stimulus, words),
            Machine::One(engine) => engine.set(port, &Bits::from_words(width, words)),
        }
    }

    fn note(&mut self, index: usize, port: PortId, stimulus: u32) {
        match &mut self.machine {
            Machine::Group(group) => {
                self.noted[index].extend(group.words(port.index(), stimulus));
            }
            Machine::One(engine) => self.noted[index].extend(engine.get(port).words()),
        }
    }

    fn edges(&mut self, what: &Exchange, edges: u64) {
        match &mut self.machine {
            Machine::Group(group) => group.run(what.domain, edges, what.reset),
            Machine::One(engine) if what.reset => {
                (0..edges).for_each(|_| engine.step(what.domain));
            }
            Machine::One(engine) => engine.run(what.domain, edges),
        }
    }

    /// Puts what was noted where it belongs among all stimuli.
    pub fn hand_out(self, interface: &Interface, all: u32, outputs: &mut [SeriesMut]) {
        let stimuli = self.stimuli() as usize;
        for (noted, series) in self.noted.iter().zip(outputs) {
            let limbs = interface.ports[series.port.index()].width.div_ceil(64) as usize;
            for (cycle, row) in noted.chunks(stimuli * limbs).enumerate() {
                let at = (cycle * all as usize + self.first as usize) * limbs;
                series.values[at..at + row.len()].copy_from_slice(row);
            }
        }
    }
}
