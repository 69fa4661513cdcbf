//! Renumbering the values of a module.

use crate::{Memory, Module, ReadKind, ValueId};

impl Module {
    /// Replaces every mention of a value by what `map` gives for it: operands, ports, registers
    /// and their cases, memory ports, connections, properties. The cells stay where they are.
    pub fn map_values(&mut self, mut map: impl FnMut(ValueId) -> ValueId) {
        let map = &mut map;
        self.cells.iter_mut().for_each(|c| c.op.map_operands(&mut *map));
        self.ports.iter_mut().for_each(|p| p.value = map(p.value));
        for register in &mut self.registers {
            register.value = map(register.value);
            for case in &mut register.cases {
                case.condition = case.condition.map(&mut *map);
                case.value = map(case.value);
            }
        }
        self.memories.iter_mut().for_each(|m| map_memory(m, map));
        let connections = self.instances.iter_mut().flat_map(|i| i.inputs.iter_mut().flatten());
        connections.for_each(|v| *v = map(*v));
        self.properties.iter_mut().for_each(|p| p.condition = map(p.condition));
    }
}

fn map_memory(memory: &mut Memory, map: &mut impl FnMut(ValueId) -> ValueId) {
    for read in &mut memory.reads {
        read.address = map(read.address);
        read.value = map(read.value);
        if let ReadKind::Sync { enable, .. } = &mut read.kind {
            *enable = enable.map(&mut *map);
        }
    }
    for write in &mut memory.writes {
        write.address = map(write.address);
        write.data = map(write.data);
        write.enable = write.enable.map(&mut *map);
        write.mask = write.mask.map(&mut *map);
    }
}
