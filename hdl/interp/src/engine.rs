//! [`Engine`]: what every simulator offers.

use crate::{Snapshot, SnapshotError};
use olivine_netlist::{Bits, Design, Direction, DomainId, Kind, Place, PortId, PropertyKind};
use olivine_trace::Signal;

/// What undefined values are in simulation: cells that say so, registers and memory words that
/// have not been given a value, collisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Undefined {
    /// All zero. For lockstep with engines that cannot do better.
    Zero,
    /// By [`undefined_bits`] from this seed.
    Random(u64),
}

impl Undefined {
    /// The value for `path` at `time` (0 is power-up, the first edge makes it 1).
    pub fn value(self, path: &str, time: u64, width: u32) -> Bits {
        match self {
            Self::Zero => Bits::zero(width),
            Self::Random(seed) => undefined_bits(seed, path, time, width),
        }
    }

    /// As [`Undefined::value`], with a path that is made only if it is asked for.
    pub fn value_at(self, path: impl FnOnce() -> String, time: u64, width: u32) -> Bits {
        match self {
            Self::Zero => Bits::zero(width),
            Self::Random(_) => self.value(&path(), time, width),
        }
    }
}

/// The value of an undefined thing, a function of its arguments alone, so that every engine
/// takes the same. `path` is the signal's path; for a memory word, `memory_path[address]`.
///
/// FNV-1a over the path, then SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) for each word.
pub fn undefined_bits(seed: u64, path: &str, time: u64, width: u32) -> Bits {
    let fnv = |h: u64, b: u8| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3);
    let start = path.bytes().fold(0xcbf2_9ce4_8422_2325, fnv) ^ seed;
    let mut state = start.wrapping_add(time.wrapping_mul(0xd6e8_feb8_6659_fd93));
    let words: Vec<u64> = (0..width.div_ceil(64))
        .map(|_| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        })
        .collect();
    Bits::from_words(width, &words)
}

/// A port of the design under simulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortInfo {
    /// The port's name.
    pub name: String,
    /// Which way.
    pub direction: Direction,
    /// Width in bits.
    pub width: u32,
    /// The reading.
    pub kind: Kind,
}

/// The boundary of the design under simulation: that of its top module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Name of the top module.
    pub name: String,
    /// The ports, by [`PortId`].
    pub ports: Vec<PortInfo>,
    /// The names of the clock domains, by [`DomainId`].
    pub domains: Vec<String>,
}

impl Interface {
    /// The boundary of `design`.
    pub fn of(design: &Design) -> Self {
        let top = design.top();
        let ports = top.ports.iter().map(|p| PortInfo {
            name: p.name.clone(),
            direction: p.direction,
            width: p.width,
            kind: p.kind.clone(),
        });
        Self {
            name: top.name.clone(),
            ports: ports.collect(),
            domains: top.domains.iter().map(|d| d.name.clone()).collect(),
        }
    }

    /// The port with this name.
    pub fn find(&self, name: &str) -> Option<PortId> {
        self.ports.iter().position(|p| p.name == name).map(|i| PortId(i as u32))
    }
}

/// A memory that an engine lets one look into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryInfo {
    /// Scope and name joined by dots.
    pub path: String,
    /// Width of a word in bits.
    pub width: u32,
    /// Number of words.
    pub depth: u32,
}

/// An engine keeps this many violations at most until they are taken; one that fails in every
/// cycle would fill the memory.
pub const VIOLATIONS_MAX: usize = 10_000;

/// A property that did not hold at a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The cycle of the sample: the number of edges before it.
    pub cycle: u64,
    /// Scope and name of the property.
    pub path: String,
    /// Assert or assume. (An unmet cover is no violation.)
    pub kind: PropertyKind,
    /// Where the property was authored.
    pub place: Place,
}

/// A design under simulation.
///
/// Values settle by themselves: a `get` after a `set` sees the combinational effect. An edge
/// samples the properties, then updates all registers and memories of the domain at once. (Registers
/// that are reset asynchronously are also changed by [`Engine::set_reset`].)
/// Ports and domains are those of [`Engine::interface`]; others are the caller's bug and panic.
pub trait Engine {
    /// `interp`, `sim`, `verilator`, … as the command line knows it.
    fn engine_name(&self) -> &'static str;

    /// The boundary.
    fn interface(&self) -> &Interface;

    /// Gives an input port a value of its width, kept until it is set again. Zero at the start.
    fn set(&mut self, port: PortId, value: &Bits);

    /// The settled value of any port.
    fn get(&mut self, port: PortId) -> Bits;

    /// [`Engine::set`] for ports of at most 64 bits; surplus bits are dropped.
    fn set_u64(&mut self, port: PortId, value: u64) {
        let width = self.interface().ports[port.index()].width;
        self.set(port, &Bits::new(width, value));
    }

    /// The low 64 bits of [`Engine::get`].
    fn get_u64(&mut self, port: PortId) -> u64 {
        self.get(port).low_u64()
    }

    /// Makes the reset of a domain active or inactive, whatever the level of its pin is. Inactive
    /// at the start. If it is asynchronous, a `get` sees its effect at once; a reset that is active
    /// for a moment without an edge has had its effect, too.
    fn set_reset(&mut self, domain: DomainId, active: bool);

    /// One acting edge of a domain's clock.
    fn step(&mut self, domain: DomainId);

    /// `edges` acting edges with the inputs as they are.
    fn step_by(&mut self, domain: DomainId, edges: u64) {
        (0..edges).for_each(|_| self.step(domain));
    }

    /// Steps until `port` has the value `wanted`, at most `limit` edges; the number of edges
    /// taken, or `None` if the limit came first.
    fn step_until(
        &mut self,
        domain: DomainId,
        port: PortId,
        wanted: u64,
        limit: u64,
    ) -> Option<u64> {
        for taken in 0..=limit {
            if self.get_u64(port) == wanted {
                return Some(taken);
            }
            if taken < limit {
                self.step(domain);
            }
        }
        None
    }

    /// The number of edges since power-up, over all domains.
    fn cycle(&self) -> u64;

    /// What [`Engine::read`] can observe: the top's ports first, by [`PortId`], then whatever of
    /// registers and named values the engine keeps.
    fn signals(&self) -> &[Signal];

    /// The settled value of `signals()[index]`.
    fn read(&mut self, index: usize) -> Bits;

    /// The memories that [`Engine::read_word`] can look into.
    fn memories(&self) -> &[MemoryInfo];

    /// The word at `address` of `memories()[index]`.
    fn read_word(&mut self, index: usize, address: u32) -> Bits;

    /// Everything that the engine remembers, to go back to or to go on from in another engine.
    ///
    /// # Errors
    /// [`SnapshotError::Unsupported`].
    fn snapshot(&self) -> Result<Snapshot, SnapshotError> {
        Err(SnapshotError::Unsupported(self.engine_name()))
    }

    /// Goes to a state of the same design, whichever engine was in it.
    ///
    /// # Errors
    /// If the engine has no snapshots, or the snapshot is of another design.
    fn restore(&mut self, _: &Snapshot) -> Result<(), SnapshotError> {
        Err(SnapshotError::Unsupported(self.engine_name()))
    }

    /// Assertions and assumptions violated since the last call, in order, the first
    /// [`VIOLATIONS_MAX`] of them; empty for an engine that does not sample properties.
    fn take_violations(&mut self) -> Vec<Violation>;
}

/// A boxed engine is an engine.
impl<E: Engine + ?Sized> Engine for Box<E> {
    fn engine_name(&self) -> &'static str {
        (**self).engine_name()
    }

    fn interface(&self) -> &Interface {
        (**self).interface()
    }

    fn set(&mut self, port: PortId, value: &Bits) {
        (**self).set(port, value);
    }

    fn get(&mut self, port: PortId) -> Bits {
        (**self).get(port)
    }

    fn set_u64(&mut self, port: PortId, value: u64) {
        (**self).set_u64(port, value);
    }

    fn get_u64(&mut self, port: PortId) -> u64 {
        (**self).get_u64(port)
    }

    fn set_reset(&mut self, domain: DomainId, active: bool) {
        (**self).set_reset(domain, active);
    }

    fn step(&mut self, domain: DomainId) {
        (**self).step(domain);
    }

    fn step_by(&mut self, domain: DomainId, edges: u64) {
        (**self).step_by(domain, edges);
    }

    fn step_until(
        &mut self,
        domain: DomainId,
        port: PortId,
        wanted: u64,
        limit: u64,
    ) -> Option<u64> {
        (**self).step_until(domain, port, wanted, limit)
    }

    fn cycle(&self) -> u64 {
        (**self).cycle()
    }

    fn signals(&self) -> &[Signal] {
        (**self).signals()
    }

    fn read(&mut self, index: usize) -> Bits {
        (**self).read(index)
    }

    fn memories(&self) -> &[MemoryInfo] {
        (**self).memories()
    }

    fn read_word(&mut self, index: usize, address: u32) -> Bits {
        (**self).read_word(index, address)
    }

    fn snapshot(&self) -> Result<Snapshot, SnapshotError> {
        (**self).snapshot()
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), SnapshotError> {
        (**self).restore(snapshot)
    }

    fn take_violations(&mut self) -> Vec<Violation> {
        (**self).take_violations()
    }
}
