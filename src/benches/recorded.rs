//! [`Recorded`]: an engine whose every edge is told to a recorder, for duts behind a driver that
//! steps by itself.

use olivine_interp::{Engine, Interface, MemoryInfo, Violation};
use olivine_netlist::{Bits, DomainId, PortId};
use olivine_regress::Recorder;
use olivine_trace::Signal;

/// An engine whose every edge is told to a recorder.
pub(super) struct Recorded<'r, E> {
    pub(super) engine: E,
    pub(super) recorder: &'r mut Recorder,
}

impl<E: Engine> Engine for Recorded<'_, E> {
    fn engine_name(&self) -> &'static str {
        self.engine.engine_name()
    }

    fn interface(&self) -> &Interface {
        self.engine.interface()
    }

    fn set(&mut self, port: PortId, value: &Bits) {
        self.engine.set(port, value);
    }

    fn get(&mut self, port: PortId) -> Bits {
        self.engine.get(port)
    }

    fn set_u64(&mut self, port: PortId, value: u64) {
        self.engine.set_u64(port, value);
    }

    fn get_u64(&mut self, port: PortId) -> u64 {
        self.engine.get_u64(port)
    }

    fn set_reset(&mut self, domain: DomainId, active: bool) {
        self.engine.set_reset(domain, active);
    }

    fn step(&mut self, domain: DomainId) {
        self.recorder.sample(&mut self.engine);
        self.engine.step(domain);
    }

    fn cycle(&self) -> u64 {
        self.engine.cycle()
    }

    fn signals(&self) -> &[Signal] {
        self.engine.signals()
    }

    fn read(&mut self, index: usize) -> Bits {
        self.engine.read(index)
    }

    fn memories(&self) -> &[MemoryInfo] {
        self.engine.memories()
    }

    fn read_word(&mut self, index: usize, address: u32) -> Bits {
        self.engine.read_word(index, address)
    }

    fn take_violations(&mut self) -> Vec<Violation> {
        self.engine.take_violations()
    }
}
