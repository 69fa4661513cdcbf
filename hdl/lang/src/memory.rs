//! Memories.

use crate::builder::{Builder, Poisoned, Read, Tried};
use crate::elaborate::{Elaboration, with};
use crate::leaf::{Leaf, Net, Reading};
use crate::literal::own_width;
use crate::operand::{Given, Operand};
use crate::place::{At, here};
use crate::scalar::index_width;
use crate::signal::Signal;
use crate::{Bit, Unsigned, names, parts};
use olivine_netlist::{
    Bits, Kind, MAX_MEMORY_BITS, MemoryId, Op, ReadKind, ReadPort, ValueId, WritePort,
};

pub use olivine_netlist::Collision;

/// No module has this serial number.
const NOWHERE: u32 = 0;

/// Addressed state: words shaped like `T`. Addresses are [`index_width`] of the depth wide; one
/// at or above the depth reads an undefined value and writes nothing.
#[derive(Clone, Copy, Debug)]
pub struct Memory<T> {
    owner: u32,
    id: MemoryId,
    shape: T,
    depth: usize,
    collision: Collision,
}

/// A memory of `depth` words shaped like `shape`.
#[track_caller]
pub fn memory<T: Signal>(shape: T, depth: usize) -> Memory<T> {
    let at = here();
    let leaves = shape.leaves();
    let (owner, id) = with(|b, e| match e.only_shapes(b, at, "a memory") {
        true => (NOWHERE, MemoryId(0)),
        false => (b.serial, b.memory(e, at, &leaves, depth)),
    });
    Memory { owner, id, shape: shape.shape(), depth, collision: Collision::Old }
}

impl<T: Signal> Memory<T> {
    /// What synchronous reads give, from here on, at the address that the same edge writes. The
    /// word before the write, if nothing is said.
    #[must_use]
    pub fn collision(self, collision: Collision) -> Self {
        Self { collision, ..self }
    }

    /// The words at power-up, from address 0 on; those that are missing are undefined.
    #[track_caller]
    #[must_use]
    pub fn init(self, words: impl IntoIterator<Item = u64>) -> Self {
        let width = Signal::width(&self.shape);
        self.init_bits(words.into_iter().map(|word| Bits::new(width, word)))
    }

    /// As [`Memory::init`], from values as wide as a word.
    #[track_caller]
    #[must_use]
    pub fn init_bits(self, words: impl IntoIterator<Item = Bits>) -> Self {
        let at = here();
        let words: Vec<Bits> = words.into_iter().collect();
        with(|b, e| {
            if !self.is_here(b, e, at) {
                return;
            }
            if words.len() > self.depth {
                let message = format!("{} words are given for {}", words.len(), self.depth);
                e.fault(b, "L051", at, message, "give at most as many as the memory has");
            }
            b.module.memories[self.id.index()].init = words;
            b.memory_tried[self.id.index()].written = true;
        });
        self
    }

    /// Says that words are read at once, without an edge, in other clock domains than that which
    /// writes them, on purpose: the reader knows by other means that they stand still.
    #[must_use]
    pub fn crossing(self) -> Self {
        with(|b, _| {
            if self.owner == b.serial {
                b.module.memories[self.id.index()].crossing = true;
            }
        });
        self
    }

    /// The number of words.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The width of an address.
    pub fn address_width(&self) -> u32 {
        index_width(self.depth)
    }

    /// Gives the memory its name in waveforms, netlists and reports.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        with(|b, _| b.name_memory(self.id, name, true));
        self
    }

    /// The word at `address`, at once.
    #[track_caller]
    pub fn read(&self, address: impl Operand<Unsigned>) -> T {
        let at = here();
        self.read_port(at, &address.given(), |_, _| Ok(ReadKind::Async))
    }

    /// The word at `address`, one cycle later.
    #[track_caller]
    pub fn read_sync(&self, address: impl Operand<Unsigned>) -> T {
        let at = here();
        let collision = self.collision;
        self.read_port(at, &address.given(), |b, e| {
            Ok(ReadKind::Sync { domain: b.domain(e, at), enable: None, collision })
        })
    }

    /// The word at `address`, read at edges where `enable` holds and kept until the next.
    #[track_caller]
    pub fn read_sync_when(&self, enable: impl Operand<Bit>, address: impl Operand<Unsigned>) -> T {
        let at = here();
        let (collision, enable) = (self.collision, enable.given());
        self.read_port(at, &address.given(), |b, e| {
            let enable = Some(b.operand(e, at, &enable, crate::bit().0)?);
            Ok(ReadKind::Sync { domain: b.domain(e, at), enable, collision })
        })
    }

    /// Writes a word at the coming edge; inside [`when`](crate::when) where the condition holds.
    #[track_caller]
    pub fn write(&self, address: impl Operand<Unsigned>, data: impl Operand<T>) {
        let at = here();
        self.write_port(at, &address.given(), data.given(), None);
    }

    /// As [`Memory::write`], but only parts of the word: bit `i` of `mask` governs the `i`-th of
    /// as many equal parts as the mask is wide.
    #[track_caller]
    pub fn write_masked(
        &self,
        address: impl Operand<Unsigned>,
        data: impl Operand<T>,
        mask: Unsigned,
    ) {
        let at = here();
        self.write_port(at, &address.given(), data.given(), Some(mask));
    }

    fn read_port(
        &self,
        at: At,
        address: &Given<Unsigned>,
        kind: impl FnOnce(&mut Builder, &mut Elaboration) -> Read<ReadKind>,
    ) -> T {
        let width = Signal::width(&self.shape);
        let word = with(|b, e| {
            if !self.is_here(b, e, at) {
                return Err(Poisoned);
            }
            b.memory_tried[self.id.index()].read = true;
            let address = self.address(b, e, at, address);
            let (address, kind) = (address?, kind(b, e)?);
            let memory = self.id;
            let port = b.module.memories[memory.index()].reads.len() as u32;
            let value = b.cell(e, at, Op::ReadData { memory, port }, width);
            let place = e.files.place(at);
            let read = ReadPort { address, kind, place, value };
            b.module.memories[memory.index()].reads.push(read);
            Ok(b.leaf(value, Reading::Unsigned))
        });
        match word {
            Ok(word) => parts::unpack(at, &self.shape, Unsigned(word)),
            Err(Poisoned) => self.shape.map_leaves(|leaf| leaf.with_net(Net::Poison)),
        }
    }

    fn write_port(
        &self,
        at: At,
        address: &Given<Unsigned>,
        data: Given<T>,
        mask: Option<Unsigned>,
    ) {
        let data = crate::constant::of(at, &self.shape, data);
        let checked = self.shape.leaves().into_iter().zip(data.leaves());
        let checked: Vec<(Leaf, Leaf)> = checked.collect();
        let packed = parts::pack(at, &data);
        with(|b, e| {
            if !self.is_here(b, e, at) {
                return;
            }
            b.memory_tried[self.id.index()].written = true;
            let fits = checked.iter().map(|(own, given)| {
                b.read(e, at, *given)?;
                b.same_shape(e, at, *own, *given)
            });
            let fits: Vec<Read<()>> = fits.collect();
            let address = self.address(b, e, at, address);
            if fits.iter().any(Result::is_err) {
                return;
            }
            let mask = mask.map(|m| self.mask(b, e, at, m));
            let (Ok(address), Ok(data)) = (address, b.read(e, at, packed.0)) else { return };
            let Ok(mask) = mask.transpose() else { return };
            let (domain, enable) = (b.domain(e, at), b.enable());
            let place = e.files.place(at);
            let write = WritePort { domain, address, data, enable, mask, place };
            b.module.memories[self.id.index()].writes.push(write);
        });
    }

    fn mask(&self, b: &Builder, e: &mut Elaboration, at: At, mask: Unsigned) -> Read<ValueId> {
        let value = b.read(e, at, mask.0)?;
        let word = Signal::width(&self.shape);
        if !word.is_multiple_of(mask.0.width) {
            let message = format!(
                "a mask of {} bits does not divide a word of {word} bits into equal parts",
                mask.0.width
            );
            e.fault(b, "L053", at, message, "make the mask as wide as the number of parts");
            return Err(Poisoned);
        }
        Ok(value)
    }

    fn address(
        &self,
        b: &mut Builder,
        e: &mut Elaboration,
        at: At,
        given: &Given<Unsigned>,
    ) -> Read<ValueId> {
        let width = self.address_width();
        if let Given::Signal(address) = given
            && own_width(given, Reading::Unsigned) != width
        {
            let value = b.read(e, at, address.0)?;
            let message = format!(
                "an address of {} bits for {} words, which {width} bits count",
                address.0.width, self.depth
            );
            let help = format!("say `.truncate({width})` or `.extend({width})`");
            let place = b.module.cell(value).place;
            e.fault(b, "L052", at, message, help).label(place, "the address");
            return Err(Poisoned);
        }
        b.operand(e, at, given, Leaf::shape(width, Reading::Unsigned))
    }

    fn is_here(&self, b: &Builder, e: &mut Elaboration, at: At) -> bool {
        if self.owner != b.serial {
            let message = "a memory of another module is used here";
            e.fault(b, "L002", at, message, "pass address and data through ports");
        }
        self.owner == b.serial
    }
}

impl<T: Signal> crate::named::Nameable for Memory<T> {
    fn take_name(&self, name: &str) {
        with(|b, _| b.name_memory(self.id, name, false));
    }
}

impl Builder {
    fn memory(&mut self, e: &mut Elaboration, at: At, word: &[Leaf], depth: usize) -> MemoryId {
        for leaf in word {
            if leaf.net != Net::Shape {
                e.fault_shape_wanted(self, at, "a memory");
            }
            self.checked_width(e, at, *leaf);
        }
        let width: u32 = word.iter().map(|l| l.width).sum();
        let bits = (depth as u64).saturating_mul(u64::from(width));
        if bits == 0 || bits > MAX_MEMORY_BITS || u32::try_from(depth).is_err() {
            let message = format!("a memory of {depth} words of {width} bits cannot be");
            e.fault(self, "L050", at, message, "give it 1 to 2^32 bits in all");
        }
        let faulty = bits == 0;
        let kind = if let [one] = word { one.reading.kind() } else { Kind::Bits };
        self.module.memories.push(olivine_netlist::Memory {
            name: String::new(),
            width,
            depth: depth as u32,
            kind,
            init: Vec::new(),
            crossing: false,
            reads: Vec::new(),
            writes: Vec::new(),
            place: e.files.place(at),
        });
        self.memory_tried.push(Tried { at, read: faulty, written: faulty });
        MemoryId(self.module.memories.len() as u32 - 1)
    }

    fn name_memory(&mut self, id: MemoryId, name: &str, force: bool) {
        let Some(memory) = self.module.memories.get(id.index()) else { return };
        if force || memory.name.is_empty() {
            let name = self.unique(&names::word(name));
            self.module.memories[id.index()].name = name;
        }
    }
}
