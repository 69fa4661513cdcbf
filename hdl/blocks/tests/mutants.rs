//! The proofs notice faults: every design that differs in one place of what its outputs depend on
//! is found out, apart from those that are listed, which behave the same: an inverted input, which
//! is any input again, or what is always overridden.

use olivine_blocks::{Counter, Fifo, FifoOrder, RoundRobin, SkidBuffer, SkidBufferOrder, UartTx};
use olivine_formal::{Options, prove};
use olivine_lang::{elaborate, unsigned};
use olivine_netlist::{Change, Direction, Op, ReadKind, RegisterId, ValueId};
use std::collections::HashSet;
use std::fmt::Write;

/// What the outputs of a module depend on.
#[derive(Default)]
struct Cone {
    values: HashSet<ValueId>,
    registers: HashSet<RegisterId>,
}

impl Cone {
    fn of(module: &olivine_netlist::Module) -> Self {
        let mut cone = Self::default();
        let outputs = module.ports.iter().filter(|p| p.direction == Direction::Output);
        let mut waiting: Vec<ValueId> = outputs.map(|p| p.value).collect();
        while let Some(value) = waiting.pop() {
            if !cone.values.insert(value) {
                continue;
            }
            let op = &module.cell(value).op;
            op.operands(|v| waiting.push(v));
            match *op {
                Op::Register(register) => {
                    cone.registers.insert(register);
                    let cases = &module.registers[register.index()].cases;
                    waiting.extend(
                        cases.iter().flat_map(|c| c.condition.into_iter().chain([c.value])),
                    );
                }
                Op::ReadData { memory, port } => {
                    let memory = &module.memories[memory.index()];
                    let read = &memory.reads[port as usize];
                    assert_eq!(read.kind, ReadKind::Async);
                    waiting.push(read.address);
                    for write in &memory.writes {
                        waiting.extend([write.address, write.data].into_iter().chain(write.enable));
                    }
                }
                _ => {}
            }
        }
        cone
    }

    fn holds(&self, change: &Change) -> bool {
        match change {
            Change::Replace { value, .. } | Change::InvertBit { value, .. } => {
                self.values.contains(value)
            }
            Change::StickCase { register, .. }
            | Change::DropCase { register, .. }
            | Change::FlipReset { register, .. } => self.registers.contains(register),
            Change::StickWrite { .. } | Change::DropWrite { .. } => true,
        }
    }
}

/// The mutants that no property notices in runs of this length, and how many there are in all.
fn survivors<M: olivine_lang::Module>(depth: u32, module: M) -> String {
    let design = elaborate(module).unwrap_or_else(|f| panic!("{f}"));
    let options = Options { depth, ..Options::default() };
    let cone = Cone::of(design.top());
    let mutations = design.mutations();
    let in_cone: Vec<_> = mutations.iter().filter(|m| cone.holds(&m.change)).collect();
    let mut text = String::new();
    for mutation in &in_cone {
        let report = prove(&mutation.apply(&design), &options).expect("a mutant is valid");
        if !report.failed() {
            let (_, what) = mutation.description.split_once(": ").expect("module: change");
            writeln!(text, "{what}").expect("a string takes all");
        }
    }
    format!("{text}of {}", in_cone.len())
}

#[test]
fn counter() {
    insta::assert_snapshot!(survivors(8, Counter { limit: 3 }), @r"
    bit 0 of `enable` is inverted
    of 28
    ");
}

#[test]
fn fifo() {
    insta::assert_snapshot!(survivors(14, FifoOrder(Fifo { of: unsigned(1), depth: 3 })), @r"
    bit 0 of `push_payload` is inverted
    bit 0 of `push_valid` is inverted
    bit 0 of `pop_ready` is inverted
    of 77
    ");
}

#[test]
fn skid_buffer() {
    insta::assert_snapshot!(survivors(14, SkidBufferOrder(SkidBuffer { of: unsigned(1) })), @r"
    bit 0 of `push_payload` is inverted
    bit 0 of `push_valid` is inverted
    bit 0 of `pop_ready` is inverted
    of 37
    ");
}

#[test]
fn round_robin() {
    insta::assert_snapshot!(survivors(14, RoundRobin { n: 3 }), @r"
    bit 0 of `requests` is inverted
    bit 2 of `requests` is inverted
    bit 0 of `taken` is inverted
    of 44
    ");
}

#[test]
fn uart_tx() {
    insta::assert_snapshot!(survivors(26, UartTx { divisor: 2 }), @r"
    bit 0 of `bytes_payload` is inverted
    bit 7 of `bytes_payload` is inverted
    bit 0 of `bytes_valid` is inverted
    `%13` is or instead of and
    `%15` is add instead of sub
    two operands of `%15` = sub are swapped
    bit 0 of the reset value of `timer` is inverted
    case 0 of register `timer` is always taken
    of 71
    ");
}
