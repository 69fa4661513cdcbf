//! [`Verilated`]: a running model behind the engine trait.

use crate::library::Instance;
use crate::{BuildError, Model, Options};
use olivine_interp::{Engine, Interface, MemoryInfo, Violation};
use olivine_netlist::{Bits, ClockDomain, Design, Direction, DomainId, Edge, PortId};
use olivine_trace::Signal;

/// A design in Verilator. Undefined values are zero; signals are the ports, and the registers if
/// the model was built for that; there are no memories to look into, and properties are not
/// sampled.
pub struct Verilated {
    instance: Instance,
    interface: Interface,
    domains: Vec<ClockDomain>,
    signals: Vec<Signal>,
    /// Inputs have changed since the last evaluation.
    unsettled: bool,
    cycle: u64,
}

impl Verilated {
    /// Builds a model with the default [`Options`] and starts it.
    ///
    /// # Errors
    /// See [`BuildError`].
    pub fn new(design: &Design) -> Result<Self, BuildError> {
        Ok(Model::build(design, &Options::default())?.start())
    }

    pub(crate) fn start(model: &Model) -> Self {
        let interface = model.interface.clone();
        let mut instance = Instance::new(&model.library);
        for (i, domain) in model.domains.iter().enumerate() {
            // A clock rests at the level from which its acting edge starts.
            let resting = u64::from(domain.edge == Edge::Falling);
            instance.set_narrow(interface.ports.len() + i, 1, resting);
        }
        let resets = interface.ports.len() + interface.domains.len();
        for (i, domain) in model.domains.iter().enumerate() {
            instance.set_narrow(resets + i, 1, u64::from(domain.active_low()));
        }
        instance.eval();
        let signals = model.signals.clone();
        let domains = model.domains.clone();
        Self { instance, domains, signals, interface, unsettled: false, cycle: 0 }
    }

    fn settle(&mut self) {
        if std::mem::take(&mut self.unsettled) {
            self.instance.eval();
        }
    }

    fn settled_pin(&mut self, pin: usize, width: u32) -> Bits {
        self.settle();
        match width {
            0..=64 => Bits::new(width, self.instance.narrow(pin, width)),
            _ => Bits::from_words(width, &self.instance.wide(pin, width)),
        }
    }

    fn set_pin(&mut self, pin: usize, width: u32, value: u64) {
        if self.instance.narrow(pin, width) != value {
            self.instance.set_narrow(pin, width, value);
            self.unsettled = true;
        }
    }

    fn width(&self, port: PortId) -> u32 {
        self.interface.ports[port.index()].width
    }

    /// The width of a port that is about to be set.
    fn input_width(&self, port: PortId) -> u32 {
        let info = &self.interface.ports[port.index()];
        assert_eq!(info.direction, Direction::Input, "`{}` is no input", info.name);
        info.width
    }
}

impl Engine for Verilated {
    fn engine_name(&self) -> &'static str {
        "verilator"
    }

    fn interface(&self) -> &Interface {
        &self.interface
    }

    fn set(&mut self, port: PortId, value: &Bits) {
        let width = self.input_width(port);
        assert_eq!(value.width(), width, "width of `{}`", self.interface.ports[port.index()].name);
        if width <= 64 {
            self.set_pin(port.index(), width, value.low_u64());
        } else {
            self.instance.set_wide(port.index(), width, value.words());
            self.unsettled = true;
        }
    }

    fn get(&mut self, port: PortId) -> Bits {
        let width = self.width(port);
        self.settled_pin(port.index(), width)
    }

    fn set_u64(&mut self, port: PortId, value: u64) {
        match self.input_width(port) {
            width @ 0..64 => self.set_pin(port.index(), width, value & !(u64::MAX << width)),
            64 => self.set_pin(port.index(), 64, value),
            width => self.set(port, &Bits::new(width, value)),
        }
    }

    fn get_u64(&mut self, port: PortId) -> u64 {
        match self.width(port) {
            width @ 0..=64 => {
                self.settle();
                self.instance.narrow(port.index(), width)
            }
            _ => self.get(port).low_u64(),
        }
    }

    fn set_reset(&mut self, domain: DomainId, active: bool) {
        let pin = self.interface.ports.len() + self.interface.domains.len() + domain.index();
        let domain = &self.domains[domain.index()];
        let (level, at_once) = (active != domain.active_low(), domain.resets_at_once());
        self.set_pin(pin, 1, u64::from(level));
        if at_once {
            // The model must see the reset's own edge, even if no clock follows.
            self.settle();
        }
    }

    fn step(&mut self, domain: DomainId) {
        self.step_by(domain, 1);
    }

    fn step_by(&mut self, domain: DomainId, edges: u64) {
        assert!(domain.index() < self.interface.domains.len(), "there is no domain {domain:?}");
        self.settle();
        self.instance.step(domain.0, edges);
        self.cycle += edges;
    }

    fn cycle(&self) -> u64 {
        self.cycle
    }

    fn signals(&self) -> &[Signal] {
        &self.signals
    }

    fn read(&mut self, index: usize) -> Bits {
        let ports = self.interface.ports.len();
        let between = 2 * self.interface.domains.len();
        let pin = if index < ports { index } else { index + between };
        self.settled_pin(pin, self.signals[index].width)
    }

    fn memories(&self) -> &[MemoryInfo] {
        &[]
    }

    fn read_word(&mut self, index: usize, address: u32) -> Bits {
        panic!("this engine shows no memories: memory {index}, address {address}")
    }

    fn take_violations(&mut self) -> Vec<Violation> {
        Vec::new()
    }
}
