//! [`EngineBus`]: the host bus of a chip in a simulator.

use super::bus::{BusError, HostBus};
use crate::isa::ADDRESS_BITS;
use olivine_interp::{Engine, Interface};
use olivine_netlist::{Direction, DomainId, PortId};

const CLOCK: DomainId = DomainId(0);

/// A bus that waits longer than this for one word gives up.
const PATIENCE_CYCLES: u64 = 1_000_000;

/// The ports of the chip's host bus.
#[derive(Clone, Copy, Debug)]
struct Ports {
    req_valid: PortId,
    req_ready: PortId,
    req_write: PortId,
    req_address: PortId,
    req_data: PortId,
    resp_valid: PortId,
    resp_ready: PortId,
    resp_data: PortId,
}

impl Ports {
    fn of(interface: &Interface) -> Result<Self, BusError> {
        use Direction::{Input, Output};
        let port = |name: &str, direction: Direction, width: u32| {
            let fault = |fault: String| BusError::Port { name: name.into(), fault };
            let id = interface.find(name).ok_or_else(|| fault("is missing".into()))?;
            let info = &interface.ports[id.index()];
            if (info.direction, info.width) == (direction, width) {
                Ok(id)
            } else {
                let (is, bits) = (info.direction, info.width);
                Err(fault(format!(
                    "is {is:?} of {bits} bits, but must be {direction:?} of {width}"
                )))
            }
        };
        Ok(Self {
            req_valid: port("req_valid", Input, 1)?,
            req_ready: port("req_ready", Output, 1)?,
            req_write: port("req_payload_write", Input, 1)?,
            req_address: port("req_payload_address", Input, ADDRESS_BITS)?,
            req_data: port("req_payload_data", Input, 32)?,
            resp_valid: port("resp_valid", Output, 1)?,
            resp_ready: port("resp_ready", Input, 1)?,
            resp_data: port("resp_payload", Output, 32)?,
        })
    }
}

/// The bus of a chip in any simulator: one word a cycle each way, if the chip is ready.
///
/// A write block takes a cycle a word, a read block a cycle a word and the latency of the first.
#[derive(Debug)]
pub struct EngineBus<'e, E: Engine + ?Sized> {
    engine: &'e mut E,
    ports: Ports,
}

impl<'e, E: Engine + ?Sized> EngineBus<'e, E> {
    /// Takes over a simulator of the chip and resets it.
    ///
    /// # Errors
    /// The design has not the ports of the chip.
    pub fn new(engine: &'e mut E) -> Result<Self, BusError> {
        let ports = Ports::of(engine.interface())?;
        engine.set_u64(ports.req_valid, 0);
        engine.set_u64(ports.resp_ready, 1);
        engine.set_reset(CLOCK, true);
        engine.step_by(CLOCK, 2);
        engine.set_reset(CLOCK, false);
        Ok(Self { engine, ports })
    }

    /// The simulator.
    pub fn engine(&mut self) -> &mut E {
        self.engine
    }

    /// Offers requests of one kind from now on.
    fn offer(&mut self, write: bool) {
        self.engine.set_u64(self.ports.req_write, u64::from(write));
        self.engine.set_u64(self.ports.req_valid, 1);
    }

    fn withdraw(&mut self) {
        self.engine.set_u64(self.ports.req_valid, 0);
    }

    fn address(&mut self, address: u32) {
        self.engine.set_u64(self.ports.req_address, u64::from(address));
    }

    fn accepted(&mut self) -> bool {
        self.engine.get_u64(self.ports.req_ready) == 1
    }

    fn response(&mut self) -> Option<u32> {
        let valid = self.engine.get_u64(self.ports.resp_valid) == 1;
        valid.then(|| self.engine.get_u64(self.ports.resp_data) as u32)
    }

    fn write_word(&mut self, address: u32) -> Result<(), BusError> {
        for _ in 0..PATIENCE_CYCLES {
            let done = self.accepted();
            self.engine.step(CLOCK);
            if done {
                return Ok(());
            }
        }
        Err(BusError::Timeout { write: true, address, waited_cycles: PATIENCE_CYCLES })
    }
}

impl<E: Engine + ?Sized> HostBus for EngineBus<'_, E> {
    fn write_block(&mut self, address: u32, words: &[u32]) -> Result<(), BusError> {
        if words.is_empty() {
            return Ok(());
        }
        self.offer(true);
        for (address, &word) in (address..).zip(words) {
            self.address(address);
            self.engine.set_u64(self.ports.req_data, u64::from(word));
            self.write_word(address)?;
        }
        self.withdraw();
        Ok(())
    }

    fn read_block(&mut self, address: u32, words: &mut [u32]) -> Result<(), BusError> {
        let (mut sent, mut received, mut waited) = (0, 0, 0);
        if words.is_empty() {
            return Ok(());
        }
        self.offer(false);
        self.address(address);
        while received < words.len() {
            let accepted = sent < words.len() && self.accepted();
            let response = self.response();
            self.engine.step(CLOCK);
            waited = if accepted || response.is_some() { 0 } else { waited + 1 };
            if waited == PATIENCE_CYCLES {
                let address = address + received as u32;
                return Err(BusError::Timeout { write: false, address, waited_cycles: waited });
            }
            if let Some(word) = response {
                words[received] = word;
                received += 1;
            }
            if accepted {
                sent += 1;
                if sent < words.len() {
                    self.address(address + sent as u32);
                } else {
                    self.withdraw();
                }
            }
        }
        Ok(())
    }

    fn idle(&mut self, cycles: u64) {
        self.engine.step_by(CLOCK, cycles);
    }
}
