//! Ports of memories in the code of an edge, each lane by itself. What moves more than some elements
//! is done by [`MemoryEdge`](crate::exec::MemoryEdge).

use super::build::{Builder, Held};
use super::ops::{Bin, Cell, Compare, Inst, Op, V};
use crate::exec::Elem;
use crate::kernel::{Kernel, KernelMemory, Lane, SyncRead, Write};
use olivine_netlist::{Collision, DomainId};
use smallvec::smallvec;

/// Elements of a memory (limbs of words, in all lanes) that the ports of a domain move at most.
const ELEMENTS: usize = 128;

/// Bytes of a memory: offsets have 32 bits with a sign.
const BYTES: u64 = 1 << 30;

/// Whether the code does all that an edge of the domain does to a memory.
pub(super) fn in_code(memory: &KernelMemory, domain: DomainId) -> bool {
    let (reads, writes) = (reads(memory, domain), writes(memory, domain));
    let words = memory.paths.len() * memory.limbs() as usize;
    let bytes = words as u64 * u64::from(memory.depth) * 8;
    (reads.count() + writes.count()) * words <= ELEMENTS && bytes <= BYTES
}

/// Whether a port may read what is left open.
pub(super) fn may_open(kernel: &Kernel, memory: &KernelMemory, read: &SyncRead) -> bool {
    let exceeds = |address: &Lane| kernel.exceeds(address.0, memory.depth);
    read.collision == Collision::Undefined || read.address.iter().any(exceeds)
}

fn reads(memory: &KernelMemory, domain: DomainId) -> impl Iterator<Item = &SyncRead> + Clone {
    memory.reads.iter().filter(move |read| read.domain == domain)
}

fn writes(memory: &KernelMemory, domain: DomainId) -> impl Iterator<Item = &Write> + Clone {
    memory.writes.iter().filter(move |write| write.domain == domain)
}

/// What the ports of a memory take in a domain.
pub(super) fn operands(memory: &KernelMemory, domain: DomainId) -> Vec<Lane> {
    let mut lanes = Vec::new();
    for write in writes(memory, domain) {
        lanes.extend(write.address.iter().chain(write.enable.iter().flatten()));
        lanes.extend(write.data.iter().chain(write.mask.iter().flatten()).flatten());
    }
    for read in reads(memory, domain) {
        lanes.extend(read.address.iter().chain(read.enable.iter().flatten()));
    }
    lanes
}

/// Adds the ports of all memories that the code does. What is read goes to `store`, with its value;
/// words are written after everything that reads a memory, but for ports that read what is new.
/// Gives where it is noted whether a port reads what is left open, if that is not zero.
pub(super) fn add(
    builder: &mut Builder,
    domain: DomainId,
    mut store: impl FnMut(&Builder, Held, V),
) -> Vec<Cell> {
    let mut opens = Opens::default();
    let kernel = builder.kernel;
    let memories = || {
        let all = kernel.memories.iter().enumerate();
        all.filter(|(_, memory)| in_code(memory, domain))
    };
    let is_new = |read: &&SyncRead| read.collision == Collision::New;
    for (index, memory) in memories() {
        let port = Port { index, memory, domain };
        for lane in operands(memory, domain) {
            value(builder, lane);
        }
        for read in reads(memory, domain).filter(|read| !is_new(read)) {
            port.read(builder, read, &mut store, &mut opens);
        }
    }
    let mut noted = std::mem::take(&mut opens).note(builder);
    for (index, memory) in memories() {
        let port = Port { index, memory, domain };
        writes(memory, domain).for_each(|write| port.write(builder, write));
        for read in reads(memory, domain).filter(is_new) {
            port.read(builder, read, &mut store, &mut opens);
        }
    }
    noted.extend(opens.note(builder));
    noted
}

/// Ports that may read what is left open, together where they share an enable: whether they do,
/// and the place of one of them to note it.
#[derive(Default)]
struct Opens(Vec<(Option<V>, Vec<V>, Cell)>);

impl Opens {
    /// A port reads what is left open if it is enabled.
    fn add(&mut self, enable: Option<V>, open: V, place: Cell) {
        match self.0.iter_mut().find(|(of, ..)| *of == enable) {
            Some((_, opens, _)) => opens.push(open),
            None => self.0.push((enable, vec![open], place)),
        }
    }

    /// Notes it. The places are zero before, so that there is nothing to do where nothing is
    /// enabled.
    fn note(self, builder: &mut Builder) -> Vec<Cell> {
        let each = self.0.into_iter().map(|(enable, opens, place)| {
            let or = |a, b| builder.emit(Op::Scalar(Bin::Or), &[a, b]);
            let any = opens.into_iter().reduce(or).expect("a port at least");
            store_if(builder, enable, any, place);
            place
        });
        each.collect()
    }
}

/// Stores where this is enabled.
fn store_if(builder: &mut Builder, enable: Option<V>, mut v: V, place: Cell) {
    if let Some(enable) = enable {
        let before = builder.emit(Op::Peek(place), &[]);
        v = builder.emit(Op::Choose, &[before, enable, v]);
    }
    builder.emit_store(Op::Store(place), v);
}

/// A lane of any node.
fn value(builder: &mut Builder, lane: Lane) -> V {
    let (node, lane) = builder.kernel.graph.resolve(lane);
    if builder.kernel.graph.lanes(node) == 1 {
        builder.make((node, 0));
        return builder.scalar(node);
    }
    builder.make((node, lane / builder.lanes));
    builder.lane(node, lane)
}

/// A lane of an enable; nothing if that is always.
fn enabled(builder: &mut Builder, enable: &Option<Vec<Lane>>, lane: usize) -> Option<V> {
    enable.as_ref().map(|enable| value(builder, enable[lane]))
}

fn both(builder: &mut Builder, a: Option<V>, b: V) -> V {
    a.map_or(b, |a| builder.emit(Op::Scalar(Bin::And), &[a, b]))
}

/// The ports of a memory.
struct Port<'k> {
    index: usize,
    memory: &'k KernelMemory,
    domain: DomainId,
}

impl Port<'_> {
    fn lanes(&self) -> usize {
        self.memory.paths.len()
    }

    fn read(
        &self,
        builder: &mut Builder,
        read: &SyncRead,
        store: &mut impl FnMut(&Builder, Held, V),
        opens: &mut Opens,
    ) {
        for lane in 0..self.lanes() {
            let mut address = value(builder, read.address[lane]);
            let inside = self.inside(builder, read.address[lane], address);
            if let Some(inside) = inside {
                let zero = builder.number(Op::Number(0));
                address = builder.emit(Op::Choose, &[zero, inside, address]);
            }
            let collides = (read.collision == Collision::Undefined)
                .then(|| self.collides(builder, lane, address))
                .flatten();
            let enable = enabled(builder, &read.enable, lane);
            self.note_open(builder, (read, lane), enable, [inside, collides], opens);
            for (limb, held) in read.held.iter().enumerate() {
                let mut word = builder.emit_again(self.fetch(builder, lane, limb), &[address]);
                for (open, when) in [(inside, false), (collides, true)] {
                    let Some(open) = open else { continue };
                    let zero = builder.number(Op::Number(0));
                    let from = if when { [word, open, zero] } else { [zero, open, word] };
                    word = builder.emit(Op::Choose, &from);
                }
                let held = builder.held(held[lane].0, held[lane].1);
                if let Some(enable) = enable {
                    let before = builder.emit(Op::Peek(held.cell), &[]);
                    builder.reads(held.chunk);
                    word = builder.emit(Op::Choose, &[before, enable, word]);
                }
                store(builder, held, word);
            }
        }
    }

    /// Notes whether a lane reads what is left open, if that is not zero. The place is zero before.
    fn note_open(
        &self,
        builder: &mut Builder,
        (read, lane): (&SyncRead, usize),
        enable: Option<V>,
        [inside, collides]: [Option<V>; 2],
        opens: &mut Opens,
    ) {
        if builder.kernel.zeroed {
            return;
        }
        let outside = inside.map(|v| builder.emit(Op::ScalarNumber(Bin::Xor, 1), &[v]));
        let or = |a, b| builder.emit(Op::Scalar(Bin::Or), &[a, b]);
        let Some(open) = outside.into_iter().chain(collides).reduce(or) else { return };
        let port = self.memory.reads.iter().position(|other| std::ptr::eq(other, read));
        let port = port.expect("a port of this memory");
        store_if(builder, enable, open, builder.layout.opened[self.index][port][lane]);
        opens.add(enable, open, builder.layout.any_opened[self.index][port][lane]);
    }

    /// Whether an address is that of a word, if it need not be.
    fn inside(&self, builder: &mut Builder, (node, _): Lane, address: V) -> Option<V> {
        let depth = self.memory.depth;
        let less = Op::CompareNumber(Compare::Less, depth as i32);
        builder.kernel.exceeds(node, depth).then(|| builder.emit(less, &[address]))
    }

    /// Whether a write goes to what a lane reads; nothing if there is none.
    fn collides(&self, builder: &mut Builder, lane: usize, address: V) -> Option<V> {
        let mut any = None;
        for write in writes(self.memory, self.domain) {
            let to = value(builder, write.address[lane]);
            let same = builder.emit(Op::Compare(Compare::Equal), &[address, to]);
            let enable = enabled(builder, &write.enable, lane);
            let mut happens = both(builder, enable, same);
            if let Some(mask) = &write.mask {
                let limbs = mask.iter().map(|limb| value(builder, limb[lane])).collect::<Vec<_>>();
                let or = |a, b| builder.emit(Op::Scalar(Bin::Or), &[a, b]);
                let bits = limbs.into_iter().reduce(or).expect("a word has limbs");
                let bits = builder.is_zero(bits, false);
                happens = both(builder, Some(happens), bits);
            }
            any = Some(match any {
                None => happens,
                Some(any) => builder.emit(Op::Scalar(Bin::Or), &[any, happens]),
            });
        }
        any
    }

    /// A write that does not happen goes behind the last word, where nobody reads.
    fn write(&self, builder: &mut Builder, write: &Write) {
        let mut words = Vec::new();
        for lane in 0..self.lanes() {
            let mut address = value(builder, write.address[lane]);
            let mut happens = enabled(builder, &write.enable, lane);
            if let Some(inside) = self.inside(builder, write.address[lane], address) {
                happens = Some(both(builder, happens, inside));
            }
            if let Some(happens) = happens {
                let nowhere = builder.number(Op::Number(u64::from(self.nowhere(lane))));
                address = builder.emit(Op::Choose, &[nowhere, happens, address]);
            }
            for limb in 0..write.data.len() {
                words.push((lane, limb, address, self.word(builder, write, (lane, limb), address)));
            }
        }
        for (lane, limb, address, word) in words {
            let Op::Fetch { pointer, first, stride, size } = self.fetch(builder, lane, limb) else {
                unreachable!("made so");
            };
            let op = Op::Put { pointer, first, stride, size, nowhere: self.nowhere(lane) };
            builder.insts.push(Inst { op, to: None, from: smallvec![address, word] });
        }
    }

    /// What is written to a limb.
    fn word(
        &self,
        builder: &mut Builder,
        write: &Write,
        (lane, limb): (usize, usize),
        address: V,
    ) -> V {
        let word = value(builder, write.data[limb][lane]);
        let Some(mask) = &write.mask else { return word };
        let mask = value(builder, mask[limb][lane]);
        // Another write of this edge may have been there.
        let before = builder.emit_again(self.fetch(builder, lane, limb), &[address]);
        let new = builder.emit(Op::Scalar(Bin::And), &[word, mask]);
        let kept = builder.emit(Op::Scalar(Bin::AndNot), &[before, mask]);
        builder.emit(Op::Scalar(Bin::Or), &[new, kept])
    }

    /// The address behind the last word of the last lane, as a lane sees it.
    fn nowhere(&self, lane: usize) -> u32 {
        (self.lanes() - lane) as u32 * self.memory.depth
    }

    /// A limb of a word of a lane.
    fn fetch(&self, builder: &Builder, lane: usize, limb: usize) -> Op {
        let (size, limbs) = (Elem::of(self.memory.width).bytes(), self.memory.limbs());
        Op::Fetch {
            pointer: builder.layout.pointers[self.index],
            first: (lane as u32 * self.memory.depth * limbs + limb as u32) * size,
            stride: limbs * size,
            size: size as u8,
        }
    }
}
