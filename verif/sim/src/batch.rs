//! [`Batch`]: one design under many stimuli at once.

mod groups;

use crate::compiled::{Compiled, Tuning};
use crate::lower::Lowered;
use crate::tier::Tier;
use groups::Groups;
use olivine_interp::{Engine, Interface, Undefined, Violation};
use olivine_netlist::{Bits, ClockDomain, Design, Direction, DomainId, PortId};

/// One design under many stimuli at once: each is a simulation of its own, and all take their
/// cycles together.
///
/// On a vector tier the lanes of a register are stimuli, so that even irregular logic fills
/// vectors; 16 stimuli, or a multiple, fit best. Large arrays, which fill vectors by themselves,
/// share a machine among as few stimuli as keep its state near the processor. On other processors
/// the stimuli run one after another. Stimulus `s` has the values that [`Compiled`] has under the same inputs and the same
/// [`Undefined`], whatever the others do.
///
/// ```
/// use olivine_interp::{Interface, Undefined};
/// use olivine_lang::prelude::*;
/// use olivine_netlist::DomainId;
/// use olivine_sim::{Batch, Series, SeriesMut};
///
/// #[derive(Clone, Debug, Hash, PartialEq, Eq)]
/// struct Total;
///
/// #[derive(Ports)]
/// struct TotalPorts { x: In<Unsigned>, total: Out<Unsigned> }
///
/// impl Module for Total {
///     type Ports = TotalPorts;
///     fn ports(&self) -> TotalPorts {
///         TotalPorts { x: unsigned(8), total: unsigned(8) }
///     }
///     fn build(&self, p: TotalPorts) {
///         let total = reg(unsigned(8)).reset(0).init(0).named("total");
///         total.set(total.wrapping_add(p.x));
///         p.total.drive(total);
///     }
/// }
///
/// let design = elaborate(Total).unwrap();
/// let mut batch = Batch::new(&design, Undefined::Zero, 2);
/// let ports = batch.interface();
/// let (x, total) = (ports.find("x").unwrap(), ports.find("total").unwrap());
/// // Two stimuli side by side, for three cycles.
/// let inputs = [Series { port: x, values: &[1, 10, 2, 20, 3, 30] }];
/// let mut seen = [0; 6];
/// batch.exchange(DomainId(0), 3, &inputs, &mut [SeriesMut { port: total, values: &mut seen }]);
/// assert_eq!(seen, [0, 0, 1, 10, 3, 30]);
/// assert_eq!(batch.get_u64(total, 1), 60);
/// ```
#[derive(Clone, Debug)]
pub struct Batch {
    interface: Interface,
    stimuli: u32,
    engine: Engines,
    resets: Vec<bool>,
    /// By domain: its reset is asynchronous.
    at_once: Vec<bool>,
    /// By stimulus.
    violations: Vec<Vec<Violation>>,
}

#[derive(Clone, Debug)]
enum Engines {
    Native(Groups),
    /// By stimulus.
    Each(Vec<Compiled>),
}

/// What an input is given over some cycles: cycle after cycle, in each the stimuli side by side;
/// of a port of more than 64 bits, each value as its limbs, the lowest first.
#[derive(Clone, Copy, Debug)]
pub struct Series<'a> {
    /// An input.
    pub port: PortId,
    /// Its values.
    pub values: &'a [u64],
}

/// Where an output's values over some cycles go, in the order of a [`Series`].
#[derive(Debug)]
pub struct SeriesMut<'a> {
    /// An output.
    pub port: PortId,
    /// Its values.
    pub values: &'a mut [u64],
}

impl Batch {
    /// Compiles a validated design for so many stimuli, 1 or more, all at power-up.
    pub fn new(design: &Design, undefined: Undefined, stimuli: u32) -> Self {
        Self::tuned(design, undefined, stimuli, Tuning::default())
    }

    /// [`Batch::new`] with other trade-offs.
    pub fn tuned(design: &Design, undefined: Undefined, stimuli: u32, tuning: Tuning) -> Self {
        assert!(stimuli > 0, "a batch has a stimulus");
        let domains = design.top().domains.len();
        let lowered = Lowered::new(design, undefined, tuning, tuning.lift(design));
        let engine = match Groups::new(&lowered.kernel, domains, undefined, tuning, stimuli) {
            Some(groups) => Engines::Native(groups),
            None => {
                Engines::Each(vec![Compiled::tuned(design, undefined, tuning); stimuli as usize])
            }
        };
        Self {
            interface: Interface::of(design),
            stimuli,
            engine,
            resets: vec![false; domains],
            at_once: design.top().domains.iter().map(ClockDomain::resets_at_once).collect(),
            violations: vec![Vec::new(); stimuli as usize],
        }
    }

    /// The ports and the clock domains.
    pub fn interface(&self) -> &Interface {
        &self.interface
    }

    /// How many stimuli there are.
    pub fn stimuli(&self) -> u32 {
        self.stimuli
    }

    /// What executes.
    pub fn tier(&self) -> Tier {
        match &self.engine {
            Engines::Native(groups) => groups.tier(),
            Engines::Each(engines) => engines[0].tier(),
        }
    }

    /// Gives an input of a stimulus a value.
    pub fn set(&mut self, port: PortId, stimulus: u32, value: &Bits) {
        assert_eq!(self.info(port, Direction::Input), value.width(), "another width");
        self.set_words(port, stimulus, value.words());
    }

    /// Gives an input of a stimulus a value; surplus bits are dropped, missing ones are zero.
    pub fn set_u64(&mut self, port: PortId, stimulus: u32, value: u64) {
        let width = self.info(port, Direction::Input);
        let mut words = vec![0; width.div_ceil(64) as usize];
        words[0] = value & (u64::MAX >> (64 - width.min(64)));
        self.set_words(port, stimulus, &words);
    }

    /// An output of a stimulus; its low 64 bits.
    pub fn get_u64(&mut self, port: PortId, stimulus: u32) -> u64 {
        self.get(port, stimulus).low_u64()
    }

    /// A port of a stimulus.
    pub fn get(&mut self, port: PortId, stimulus: u32) -> Bits {
        let width = self.interface.ports[port.index()].width;
        match &mut self.engine {
            Engines::Each(engines) => engines[stimulus as usize].get(port),
            Engines::Native(groups) => {
                let words: Vec<u64> = groups.words(port.index(), stimulus).collect();
                Bits::from_words(width, &words)
            }
        }
    }

    /// Activates or releases the reset of a domain, for all stimuli.
    pub fn set_reset(&mut self, domain: DomainId, active: bool) {
        self.resets[domain.index()] = active;
        match &mut self.engine {
            Engines::Each(engines) => {
                engines.iter_mut().for_each(|engine| engine.set_reset(domain, active));
            }
            Engines::Native(groups) if active && self.at_once[domain.index()] => {
                groups.reset(domain);
            }
            Engines::Native(_) => {}
        }
    }

    /// So many edges of a domain; inputs stay.
    pub fn run(&mut self, domain: DomainId, cycles: u64) {
        let reset = self.resets[domain.index()];
        match &mut self.engine {
            Engines::Each(engines) => {
                for engine in engines {
                    if reset {
                        (0..cycles).for_each(|_| engine.step(domain));
                    } else {
                        engine.run(domain, cycles);
                    }
                }
            }
            Engines::Native(groups) => groups.run(domain, cycles, reset, &mut self.violations),
        }
    }

    /// So many cycles, each: the inputs get their values of this cycle, the outputs are noted, the
    /// domain has an edge.
    ///
    /// # Panics
    /// If the values of a port are not those of so many cycles.
    pub fn exchange(
        &mut self,
        domain: DomainId,
        cycles: u64,
        inputs: &[Series],
        outputs: &mut [SeriesMut],
    ) {
        for series in inputs {
            self.check(series.port, Direction::Input, series.values.len(), cycles);
        }
        for series in outputs.iter() {
            self.check(series.port, Direction::Output, series.values.len(), cycles);
        }
        for cycle in 0..cycles as usize {
            for Series { port, values } in inputs {
                self.give(*port, cycle, values);
            }
            for SeriesMut { port, values } in outputs.iter_mut() {
                self.take(*port, cycle, values);
            }
            self.run(domain, 1);
        }
    }

    /// The violations of a stimulus since they were last taken.
    pub fn take_violations(&mut self, stimulus: u32) -> Vec<Violation> {
        match &mut self.engine {
            Engines::Each(engines) => engines[stimulus as usize].take_violations(),
            Engines::Native(_) => std::mem::take(&mut self.violations[stimulus as usize]),
        }
    }

    /// The width of a port of this direction.
    fn info(&self, port: PortId, direction: Direction) -> u32 {
        let info = &self.interface.ports[port.index()];
        assert_eq!(info.direction, direction, "`{}` has another direction", info.name);
        info.width
    }

    fn check(&self, port: PortId, direction: Direction, values: usize, cycles: u64) {
        let limbs = u64::from(self.info(port, direction).div_ceil(64));
        let name = &self.interface.ports[port.index()].name;
        let expected = cycles * u64::from(self.stimuli) * limbs;
        assert_eq!(values as u64, expected, "number of values of `{name}`");
    }

    fn give(&mut self, port: PortId, cycle: usize, values: &[u64]) {
        let limbs = self.interface.ports[port.index()].width.div_ceil(64) as usize;
        let row = self.stimuli as usize * limbs;
        let values = &values[cycle * row..(cycle + 1) * row];
        for (stimulus, words) in values.chunks(limbs).enumerate() {
            self.set_words(port, stimulus as u32, words);
        }
    }

    fn take(&mut self, port: PortId, cycle: usize, values: &mut [u64]) {
        let limbs = self.interface.ports[port.index()].width.div_ceil(64) as usize;
        let row = self.stimuli as usize * limbs;
        let values = &mut values[cycle * row..(cycle + 1) * row];
        for (stimulus, words) in values.chunks_mut(limbs).enumerate() {
            if limbs == 1 {
                words[0] = self.first_limb(port, stimulus as u32);
            } else {
                words.copy_from_slice(self.get(port, stimulus as u32).words());
            }
        }
    }

    fn first_limb(&mut self, port: PortId, stimulus: u32) -> u64 {
        match &mut self.engine {
            Engines::Each(engines) => engines[stimulus as usize].get_u64(port),
            Engines::Native(groups) => {
                groups.words(port.index(), stimulus).next().expect("a port has a limb")
            }
        }
    }

    fn set_words(&mut self, port: PortId, stimulus: u32, words: &[u64]) {
        let width = self.interface.ports[port.index()].width;
        match &mut self.engine {
            Engines::Each(engines) => {
                engines[stimulus as usize].set(port, &Bits::from_words(width, words));
            }
            Engines::Native(groups) => groups.set(port.index(), width, stimulus, words),
        }
    }
}
