//! A small driver for the host bus, on any engine.

use olivine_interp::Engine;
use olivine_netlist::{DomainId, PortId};
use olivine_peridot::isa::{Csr, Instruction, Region, csr_address, memory_address};

const DOMAIN: DomainId = DomainId(0);
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

/// A request on the bus.
#[derive(Clone, Copy, Debug)]
pub enum Request {
    Write(u32, u32),
    Read(u32),
}

/// The host, with a generator for pauses of its own.
pub struct Host<E> {
    pub engine: E,
    ports: Ports,
    /// In 256: how often a cycle passes without an offer, and without taking a response.
    pub pause: u32,
    /// A bus that stays silent for so many cycles is stuck.
    pub patience: u32,
    random: u64,
}

impl<E: Engine> Host<E> {
    /// The chip on `engine`, after reset.
    pub fn new(mut engine: E, seed: u64) -> Self {
        let find = |name: &str| engine.interface().find(name).expect(name);
        let ports = Ports {
            req_valid: find("req_valid"),
            req_ready: find("req_ready"),
            req_write: find("req_payload_write"),
            req_address: find("req_payload_address"),
            req_data: find("req_payload_data"),
            resp_valid: find("resp_valid"),
            resp_ready: find("resp_ready"),
            resp_data: find("resp_payload"),
        };
        engine.set_reset(DOMAIN, true);
        engine.step(DOMAIN);
        engine.set_reset(DOMAIN, false);
        Self {
            engine,
            ports,
            pause: 0,
            patience: 100_000,
            random: seed.wrapping_mul(2).wrapping_add(1),
        }
    }

    fn pauses(&mut self) -> bool {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        ((self.random >> 24) as u32 & 255) < self.pause
    }

    /// Sends all requests in order, pipelined, and returns what the reads gave.
    pub fn transact(&mut self, requests: &[Request]) -> Vec<u32> {
        let expected = requests.iter().filter(|r| matches!(r, Request::Read(_))).count();
        let mut responses = Vec::with_capacity(expected);
        let (mut next, mut silent, mut offered) = (0, 0, false);
        while next < requests.len() || responses.len() < expected {
            // An offer, once made, stands.
            offered = next < requests.len() && (offered || !self.pauses());
            self.engine.set_u64(self.ports.req_valid, u64::from(offered));
            if offered {
                self.offer(requests[next]);
            }
            let takes = responses.len() < expected && !self.pauses();
            self.engine.set_u64(self.ports.resp_ready, u64::from(takes));
            silent += 1;
            if offered && self.engine.get_u64(self.ports.req_ready) == 1 {
                (next, silent, offered) = (next + 1, 0, false);
            }
            if takes && self.engine.get_u64(self.ports.resp_valid) == 1 {
                responses.push(self.engine.get_u64(self.ports.resp_data) as u32);
                silent = 0;
            }
            assert!(silent < self.patience, "the bus is stuck at request {next}");
            self.engine.step(DOMAIN);
        }
        self.engine.set_u64(self.ports.req_valid, 0);
        self.engine.set_u64(self.ports.resp_ready, 0);
        responses
    }

    fn offer(&mut self, request: Request) {
        let (write, address, data) = match request {
            Request::Write(address, data) => (1, address, data),
            Request::Read(address) => (0, address, 0),
        };
        self.engine.set_u64(self.ports.req_write, write);
        self.engine.set_u64(self.ports.req_address, u64::from(address));
        self.engine.set_u64(self.ports.req_data, u64::from(data));
    }

    pub fn write_memory(&mut self, offset: u32, words: &[u32]) {
        let at = |(i, &word)| Request::Write(memory_address(offset + i as u32), word);
        self.transact(&words.iter().enumerate().map(at).collect::<Vec<_>>());
    }

    pub fn read_memory(&mut self, offset: u32, count: u32) -> Vec<u32> {
        let at = |i| Request::Read(memory_address(offset + i));
        self.transact(&(0..count).map(at).collect::<Vec<_>>())
    }

    pub fn read_csr(&mut self, csr: Csr) -> u32 {
        self.transact(&[Request::Read(csr_address(csr))])[0]
    }

    pub fn write_csr(&mut self, csr: Csr, value: u32) {
        self.transact(&[Request::Write(csr_address(csr), value)]);
    }

    /// Queues a command.
    pub fn push(&mut self, command: Instruction) {
        self.push_words(command.words().expect("fields in range"));
    }

    /// Queues 128 bits, a command or not.
    pub fn push_words(&mut self, words: [u32; 4]) {
        let at = |(i, word)| Request::Write(Region::Command.base() + i as u32, word);
        self.transact(&words.into_iter().enumerate().map(at).collect::<Vec<_>>());
    }

    /// Reads the status until the chip has nothing to do.
    pub fn wait(&mut self) {
        for _ in 0..self.patience {
            if self.read_csr(Csr::Status) & 1 == 0 {
                return;
            }
        }
        panic!("the chip stays busy");
    }

    /// `edges` cycles with the bus at rest.
    pub fn rest(&mut self, edges: u64) {
        self.engine.step_by(DOMAIN, edges);
    }
}
