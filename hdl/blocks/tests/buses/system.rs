//! A manager and a register bank on one link, and random commands to them against an array.

use crate::common::report;
use olivine_bench::{Bench, Poke};
use olivine_blocks::bus::{
    BusAnswer, BusCommand, ManagerPorts, RegisterBank, RegisterBus, bus_answer,
};
use olivine_lang::elaborate;
use olivine_lang::prelude::*;
use olivine_netlist::PropertyKind;
use proptest::prelude::*;
use std::collections::VecDeque;

/// A manager `M` of the bus `B` and a bank of this many registers.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct System<M, B> {
    pub manager: M,
    pub bus: B,
    pub registers: usize,
}

#[derive(Ports)]
pub struct SystemPorts {
    pub commands: Sink<BusCommand>,
    pub answers: Source<BusAnswer>,
    pub values: Vec<Out<Unsigned>>,
}

impl<M: Module<Ports = ManagerPorts<B::Link>>, B: RegisterBus> Module for System<M, B> {
    type Ports = SystemPorts;

    fn ports(&self) -> SystemPorts {
        let commands = self.manager.ports().commands;
        let data = commands.payload.data;
        let answers = stream(bus_answer(data.width()));
        SystemPorts { commands, answers, values: vec![data; self.registers] }
    }

    #[named]
    fn build(&self, p: SystemPorts) {
        let manager = instance(self.manager.clone(), "manager");
        let bank = RegisterBank { bus: self.bus.clone(), registers: self.registers };
        let bank = instance(bank, "bank");
        connect(p.commands, manager.commands);
        connect(manager.answers, p.answers);
        connect(manager.bus, bank.bus);
        p.values.drive(bank.values.clone());
        B::rules(&manager.bus).assert_both();
    }
}

/// Every assertion is proved; covers may be out of reach: a part in a place that asks less of it.
pub fn holds<M: Module>(depth: u32, module: M) {
    let design = elaborate(module).unwrap_or_else(|f| panic!("{f}"));
    let report = report(depth, &design);
    let assertions = || report.rows.iter().filter(|row| row.kind == PropertyKind::Assert);
    assert!(assertions().count() > 0, "nothing is asserted");
    assert!(assertions().all(|row| row.succeeded()), "not everything is proved\n{report}");
}

/// A command and when it comes and its answer is taken.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    write: bool,
    register: usize,
    data: u16,
    strobe: u8,
    /// Cycles before the command is offered, and before its answer is taken.
    waits: (usize, usize),
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (any::<bool>(), 0usize..4, any::<u16>(), 0u8..4, (0usize..3, 0usize..3));
    let step = step.prop_map(|(write, register, data, strobe, waits)| Step {
        write,
        register,
        data,
        strobe,
        waits,
    });
    proptest::collection::vec(step, 1..24)
}

/// Three registers of 16 bits in a place for four.
pub const REGISTERS: usize = 3;

/// What the answer is to be, and what the write changes.
fn golden(words: &mut [u16; REGISTERS], step: &Step) -> (Option<u16>, bool) {
    let Some(word) = words.get_mut(step.register) else { return (None, true) };
    if !step.write {
        return (Some(*word), false);
    }
    for byte in (0..2).filter(|byte| step.strobe >> byte & 1 == 1) {
        *word = *word & !(0xff << (8 * byte)) | step.data & 0xff << (8 * byte);
    }
    (None, false)
}

/// Runs the commands one after another; every answer, and the words at the end, are those of the
/// array.
pub fn obeys<M, B>(module: System<M, B>, steps: &[Step])
where
    M: Module<Ports = ManagerPorts<B::Link>>,
    B: RegisterBus,
{
    let mut bench = Bench::new(module);
    let mut words = [0u16; REGISTERS];
    let mut waiting: VecDeque<(Step, (Option<u16>, bool))> = VecDeque::new();
    let mut left = steps.iter().copied();
    let mut next = left.next();
    let (mut offer_in, mut take_in) = (next.map_or(0, |s| s.waits.0), 0usize);
    let mut answered = 0;
    bench.run(40 * steps.len(), |p, _| {
        let offered = next.filter(|_| offer_in == 0);
        p.commands.valid.poke(offered.is_some());
        let command = p.commands.payload;
        if let Some(step) = offered {
            command.write.poke(step.write);
            command.address.poke(2 * step.register);
            command.data.poke(step.data);
            command.strobe.poke(step.strobe);
        }
        let ready = !waiting.is_empty() && take_in == 0;
        p.answers.ready.poke(ready);
        if ready && p.answers.valid.peek() == 1 {
            let (step, (data, fault)) = waiting.pop_front().expect("checked");
            let answer = p.answers.payload;
            assert_eq!(answer.fault.peek() == 1, fault, "{step:?}");
            if let Some(data) = data {
                assert_eq!(answer.data.peek(), u64::from(data), "{step:?}");
            }
            answered += 1;
        }
        (offer_in, take_in) = (offer_in.saturating_sub(1), take_in.saturating_sub(1));
        if let Some(step) = offered.filter(|_| p.commands.ready.peek() == 1) {
            waiting.push_back((step, golden(&mut words, &step)));
            take_in = step.waits.1;
            next = left.next();
            offer_in = next.map_or(0, |s| s.waits.0);
        }
    });
    assert_eq!(answered, steps.len(), "every command is answered");
    bench.run(1, |p, _| {
        let found: Vec<u64> = p.values.iter().map(|value| value.peek()).collect();
        assert_eq!(found, words.map(u64::from));
    });
}
