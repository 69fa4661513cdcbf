//! The irregular design: a processor that runs a compiled program again and again.

use super::processor::{System, WORDS, words};
use olivine::prelude::*;

/// `ebreak`: it ends the program.
const END: u32 = 0x0010_0073;

/// The processor of `examples/riscv` with the ports of the arrays: `seed` is what its program
/// reads, and `chk` is of all that retires and all that is printed.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Processor;

#[derive(Ports)]
pub struct ProcessorPorts {
    seed: In<Unsigned>,
    chk: Out<Unsigned>,
}

/// The program without its end.
pub fn endless() -> Vec<u32> {
    let mut program = words();
    let end = program.iter().position(|word| *word == END).expect("the program ends");
    let back = (end as u32 * 4).wrapping_neg();
    let jump = (back & 0x0010_0000) << 11 | (back & 0x7fe) << 20 | (back & 0x800) << 9;
    program[end] = jump | (back & 0x000f_f000) | 0x6f;
    program
}

impl Module for Processor {
    type Ports = ProcessorPorts;

    fn ports(&self) -> ProcessorPorts {
        ProcessorPorts { seed: unsigned(32), chk: unsigned(32) }
    }

    #[named]
    fn build(&self, p: ProcessorPorts) {
        let system = instance(System { program: endless(), words: WORDS }, "system");
        system.input.drive(p.seed);
        let chk = reg(unsigned(32)).reset(0);
        let turned = cat((chk.top_bit(), chk.truncate(31)));
        let retired = system.retired.address ^ system.retired.instruction;
        let shown = mux(system.retired.valid, retired, 0);
        let printed = mux(system.printed.valid, system.printed.byte, 0).extend(32);
        let ended = cat((system.halted, system.trapped)).extend(32);
        chk.set(turned ^ shown ^ printed ^ ended);
        p.chk.drive(chk);
    }
}
