//! Random registers and memories.

use super::body::Builder;
use crate::{
    Bits, Case, Collision, Memory, MemoryId, Op, ReadKind, ReadPort, Register, RegisterId, ValueId,
    WritePort,
};

impl Builder<'_, '_> {
    pub(super) fn registers(&mut self) {
        for i in 0..self.choices.below(4) {
            let width = self.width();
            let value = self.add(Op::Register(RegisterId(i)), width);
            let name =
                if self.choices.chance(4) { format!("bank[{i}].r") } else { format!("r{i}") };
            let reset = if self.choices.chance(2) { Some(self.choices.bits(width)) } else { None };
            let defined = !self.options.undefined || self.choices.chance(2);
            let register = Register {
                name,
                width,
                kind: self.kind(width),
                domain: self.domain(),
                reset,
                init: if defined { Some(self.choices.bits(width)) } else { None },
                crossing: false,
                cases: Vec::new(),
                place: self.place(),
                value,
            };
            self.module.registers.push(register);
        }
    }

    pub(super) fn finish_registers(&mut self) {
        for i in 0..self.module.registers.len() {
            let width = self.module.registers[i].width;
            for _ in 0..self.choices.below(4) {
                let (condition, value) = (self.optional_bit(), self.of_width(width));
                let place = self.place();
                self.module.registers[i].cases.push(Case { condition, value, place });
            }
        }
    }

    pub(super) fn memory(&mut self) {
        let width = self.width();
        let id = MemoryId(self.module.memories.len() as u32);
        let exact = !self.options.undefined;
        let depth =
            if exact { 1 << (1 + self.choices.below(3)) } else { 1 + self.choices.below(9) };
        let first = if exact { depth } else { self.choices.below(depth + 1) };
        let memory = Memory {
            name: format!("mem{}", id.0),
            width,
            depth,
            kind: self.kind(width),
            init: (0..first).map(|_| self.choices.bits(width)).collect::<Vec<Bits>>(),
            crossing: false,
            reads: Vec::new(),
            writes: Vec::new(),
            place: self.place(),
        };
        self.module.memories.push(memory);
        for port in 0..1 + self.choices.below(2) {
            let read = self.read_port(id, port, width, depth);
            self.module.memories[id.index()].reads.push(read);
        }
    }

    fn address(&mut self, depth: u32) -> ValueId {
        if self.options.undefined { self.any() } else { self.of_width(depth.ilog2()) }
    }

    /// A synchronous port gets its address and enable when all values are there.
    fn read_port(&mut self, memory: MemoryId, port: u32, width: u32, depth: u32) -> ReadPort {
        let address = self.address(depth);
        let kind = if self.choices.chance(2) {
            let collisions = [Collision::Old, Collision::New, Collision::Undefined];
            let count = if self.options.undefined { 3 } else { 2 };
            let collision = self.choices.pick(&collisions[..count]);
            ReadKind::Sync { domain: self.domain(), enable: None, collision }
        } else {
            ReadKind::Async
        };
        let value = self.add(Op::ReadData { memory, port }, width);
        ReadPort { address, kind, place: self.place(), value }
    }

    pub(super) fn finish_memories(&mut self) {
        for i in 0..self.module.memories.len() {
            let (width, depth) = (self.module.memories[i].width, self.module.memories[i].depth);
            for port in 0..self.module.memories[i].reads.len() {
                if self.module.memories[i].reads[port].kind != ReadKind::Async {
                    let (late_address, late_enable) = (self.address(depth), self.optional_bit());
                    let read = &mut self.module.memories[i].reads[port];
                    read.address = late_address;
                    if let ReadKind::Sync { enable, .. } = &mut read.kind {
                        *enable = late_enable;
                    }
                }
            }
            for _ in 0..self.choices.below(3) {
                let write = self.write_port(width, depth);
                self.module.memories[i].writes.push(write);
            }
        }
    }

    fn write_port(&mut self, width: u32, depth: u32) -> WritePort {
        let divisors: Vec<u32> = (1..=width).filter(|d| width.is_multiple_of(*d)).collect();
        let mask = if self.choices.chance(2) {
            let parts = self.choices.pick(&divisors);
            Some(self.of_width(parts))
        } else {
            None
        };
        WritePort {
            domain: self.domain(),
            address: self.address(depth),
            data: self.of_width(width),
            enable: self.optional_bit(),
            mask,
            place: self.place(),
        }
    }
}
