//! The chip over a serial line.

mod common;

use common::model::Model;
use common::program::{self, Random};
use olivine_interp::{Engine, Undefined};
use olivine_lang::elaborate;
use olivine_netlist::{DomainId, PortId};
use olivine_peridot::isa::{
    Csr, ID_VALUE, Instruction, Region, UART_DONE, UART_READ, UART_UNKNOWN, UART_WRITE,
    csr_address, memory_address,
};
use olivine_peridot::{Peridot, PeridotConfig, PeridotUart};
use olivine_sim::Compiled;

const DIVISOR: u32 = 8;
const CLOCK: DomainId = DomainId(0);

/// A host with a serial port.
struct Line {
    engine: Compiled,
    to_chip: PortId,
    from_chip: PortId,
}

impl Line {
    fn new(config: PeridotConfig) -> Self {
        let chip = Peridot::new(config).unwrap();
        let design = elaborate(PeridotUart { chip, divisor: DIVISOR });
        let design = design.unwrap_or_else(|faults| panic!("{faults}"));
        let mut engine = Compiled::new(&design, Undefined::Random(1));
        let [to_chip, from_chip] =
            ["uart_rx", "uart_tx"].map(|name| engine.interface().find(name).unwrap());
        engine.set_u64(to_chip, 1);
        engine.set_reset(CLOCK, true);
        engine.step(CLOCK);
        engine.set_reset(CLOCK, false);
        engine.step_by(CLOCK, 20);
        Self { engine, to_chip, from_chip }
    }

    fn level(&mut self, level: u64, bits: u32) {
        self.engine.set_u64(self.to_chip, level);
        self.engine.step_by(CLOCK, u64::from(DIVISOR * bits));
    }

    fn send(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.level(0, 1);
            (0..8).for_each(|i| self.level(u64::from(byte >> i & 1), 1));
            self.level(1, 1);
        }
    }

    /// The next byte of the chip; `None` if the line stays silent.
    fn receive(&mut self) -> Option<u8> {
        self.engine.step_until(CLOCK, self.from_chip, 0, 5_000)?;
        self.engine.step_by(CLOCK, u64::from(DIVISOR) * 3 / 2);
        let mut byte = 0;
        for i in 0..8 {
            byte |= (self.engine.get_u64(self.from_chip) as u8) << i;
            self.engine.step_by(CLOCK, u64::from(DIVISOR));
        }
        assert_eq!(self.engine.get_u64(self.from_chip), 1, "a byte ends with its stop bit");
        Some(byte)
    }

    fn header(&mut self, first: u8, address: u32, count: usize) {
        let count = (count - 1) as u16;
        self.send(&[first]);
        self.send(&address.to_le_bytes()[..3]);
        self.send(&count.to_le_bytes());
    }

    fn write(&mut self, address: u32, words: &[u32]) {
        self.header(UART_WRITE, address, words.len());
        words.iter().for_each(|word| self.send(&word.to_le_bytes()));
        assert_eq!(self.receive(), Some(UART_DONE));
    }

    fn read(&mut self, address: u32, count: usize) -> Vec<u32> {
        self.header(UART_READ, address, count);
        let word = |_| u32::from_le_bytes([(); 4].map(|()| self.receive().expect("a byte")));
        (0..count).map(word).collect()
    }
}

fn tiny() -> PeridotConfig {
    PeridotConfig { array: 2, memory_rows: 40, scratch_tiles: 4, result_tiles: 2, command_depth: 2 }
}

#[test]
fn a_program_over_the_line() {
    let config = tiny();
    let (mut line, mut model, mut random) = (Line::new(config), Model::new(config), Random(1));
    model.memory.iter_mut().for_each(|x| *x = random.bf16());
    line.write(memory_address(0), &model.words());
    let mut commands = program::program(&mut random, &config, 4);
    commands.push(Instruction::Store { count: 4, source_row: 0, destination_row: 5 });
    for command in commands {
        line.write(Region::Command.base(), &command.words().unwrap());
        model.execute(command);
    }
    while line.read(csr_address(Csr::Status), 1)[0] & 1 == 1 {}
    let words = model.words();
    assert_eq!(line.read(memory_address(0), words.len()), words);
    assert!(line.engine.take_violations().is_empty());
}

#[test]
fn the_line_recovers() {
    let mut line = Line::new(tiny());
    line.send(b"?");
    assert_eq!(line.receive(), Some(UART_UNKNOWN));
    // Half a packet, then a break.
    line.send(&[UART_WRITE, 1, 2]);
    line.level(0, 12);
    line.level(1, 4);
    assert_eq!(line.receive(), None);
    assert_eq!(line.read(csr_address(Csr::Id), 2), [ID_VALUE, 2]);
    assert!(line.engine.take_violations().is_empty());
}
