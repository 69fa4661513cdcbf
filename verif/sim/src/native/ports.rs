//! Ports of memories in the code of an edge: of memories of one lane, as a processor or a
//! controller has. All others are done by [`MemoryEdge`](crate::exec::MemoryEdge).

use super::build::Builder;
use super::ops::{Bin, Cell, Compare, Inst, Op, V};
use crate::exec::Elem;
use crate::kernel::{Kernel, KernelMemory, Lane, SyncRead, Write};
use olivine_netlist::{Collision, DomainId};

/// Whether the code does all that an edge of the domain does to a memory.
pub(super) fn in_code(kernel: &Kernel, memory: &KernelMemory, domain: DomainId) -> bool {
    // What stands at an address that is not there is undefined: it has no place in the code.
    let plain = |read: &SyncRead| {
        let in_range = !kernel.exceeds(read.address[0].0, memory.depth);
        read.collision == Collision::Old && in_range
    };
    memory.paths.len() == 1
        && memory.limbs() == 1
        && memory.reads.iter().filter(|r| r.domain == domain).all(plain)
}

/// What the ports of a memory take in a domain.
pub(super) fn operands(memory: &KernelMemory, domain: DomainId) -> Vec<Lane> {
    let mut lanes = Vec::new();
    for write in memory.writes.iter().filter(|w| w.domain == domain) {
        lanes.extend(write.address.iter().chain(write.enable.iter().flatten()));
        lanes.extend(write.data.iter().chain(write.mask.iter().flatten()).flatten());
    }
    for read in memory.reads.iter().filter(|r| r.domain == domain) {
        lanes.extend(read.address.iter().chain(read.enable.iter().flatten()));
    }
    lanes
}

/// Adds the ports of all memories that the code does. What is read goes to `held`, a state's cell
/// and its value; words are written after everything that reads a memory.
pub(super) fn add(
    builder: &mut Builder,
    domain: DomainId,
    mut held: impl FnMut(&Builder, Cell, V),
) {
    let kernel = builder.kernel;
    let memories = || {
        let all = kernel.memories.iter().enumerate();
        all.filter(|(_, memory)| in_code(kernel, memory, domain))
    };
    for (index, memory) in memories() {
        for lane in operands(memory, domain) {
            value(builder, lane);
        }
        for read in memory.reads.iter().filter(|r| r.domain == domain) {
            let (state, lane) = read.held[0][0];
            let cell = builder.state_cell(state, lane);
            let v = read_port(builder, index, memory, read, cell);
            held(builder, cell, v);
        }
    }
    for (index, memory) in memories() {
        for write in memory.writes.iter().filter(|w| w.domain == domain) {
            write_port(builder, index, memory, write);
        }
    }
}

/// A lane of any node.
fn value(builder: &mut Builder, (node, lane): Lane) -> V {
    if builder.kernel.graph.lanes(node) == 1 {
        builder.make((node, 0));
        return builder.scalar(node);
    }
    builder.make((node, lane / builder.lanes));
    builder.lane(node, lane)
}

fn read_port(
    builder: &mut Builder,
    index: usize,
    memory: &KernelMemory,
    read: &SyncRead,
    held: Cell,
) -> V {
    let address = value(builder, read.address[0]);
    let word = builder.emit(fetch(builder, index, memory), &[address]);
    let Some(enable) = &read.enable else { return word };
    let enable = value(builder, enable[0]);
    let before = builder.emit(Op::Peek(held), &[]);
    builder.reads(held);
    builder.emit(Op::Choose, &[before, enable, word])
}

/// A write that does not happen goes behind the last word, where nobody reads.
fn write_port(builder: &mut Builder, index: usize, memory: &KernelMemory, write: &Write) {
    let mut address = value(builder, write.address[0]);
    let mut happens = write.enable.as_ref().map(|enable| value(builder, enable[0]));
    if builder.kernel.exceeds(write.address[0].0, memory.depth) {
        let inside = Op::CompareNumber(Compare::Less, memory.depth as i32);
        let inside = builder.emit(inside, &[address]);
        happens = Some(match happens {
            Some(enable) => builder.emit(Op::Scalar(Bin::And), &[enable, inside]),
            None => inside,
        });
    }
    if let Some(happens) = happens {
        let nowhere = builder.number(Op::Number(u64::from(memory.depth)));
        address = builder.emit(Op::Choose, &[nowhere, happens, address]);
    }
    let mut word = value(builder, write.data[0][0]);
    if let Some(mask) = &write.mask {
        let mask = value(builder, mask[0][0]);
        // Another write of this edge may have been there.
        let before = builder.emit_again(fetch(builder, index, memory), &[address]);
        let new = builder.emit(Op::Scalar(Bin::And), &[word, mask]);
        let kept = builder.emit(Op::Scalar(Bin::AndNot), &[before, mask]);
        word = builder.emit(Op::Scalar(Bin::Or), &[new, kept]);
    }
    let (pointer, size) = place(builder, index, memory);
    let op = Op::Put { pointer, size, depth: memory.depth };
    builder.insts.push(Inst { op, to: None, from: vec![address, word] });
}

fn fetch(builder: &Builder, index: usize, memory: &KernelMemory) -> Op {
    let (pointer, size) = place(builder, index, memory);
    Op::Fetch { pointer, first: 0, stride: u32::from(size), size }
}

/// Where the pointer to a memory's words is, and the bytes of a word.
fn place(builder: &Builder, index: usize, memory: &KernelMemory) -> (u32, u8) {
    (builder.layout.pointers[index], Elem::of(memory.width).bytes() as u8)
}
