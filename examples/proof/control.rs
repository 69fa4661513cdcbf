//! Control and data movement: tasks that the library's and the chip's contracts pose.

mod skew;

use super::{Task, module};
use olivine::blocks::cdc::{AsyncFifo, AsyncFifoOrder};
use olivine::blocks::{CreditLink, CreditLinkOrder};
use olivine::lang::prelude::*;
use olivine::peridot::chip::Processor;
use skew::SkewController;

/// The processor of commands with engines that take as long as they like.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Commanded {
    depth: usize,
}

#[derive(Ports)]
struct CommandedPorts {
    push: Sink<Unsigned>,
    go_on: In<Unsigned>,
}

impl Module for Commanded {
    type Ports = CommandedPorts;

    fn ports(&self) -> CommandedPorts {
        CommandedPorts { push: stream(unsigned(128)), go_on: unsigned(3) }
    }

    fn build(&self, p: CommandedPorts) {
        let processor = instance(Processor { depth: self.depth }, "processor");
        connect(p.push, processor.push);
        processor.missing.drive(false);
        let engines = [
            (processor.load_start, processor.load_busy),
            (processor.gemm_start, processor.gemm_busy),
            (processor.store_start, processor.store_busy),
        ];
        for ((start, busy), go_on) in engines.into_iter().zip(p.go_on.bits()) {
            let working = reg(bit()).reset(false);
            working.set((start | working) & go_on);
            busy.drive(working);
        }
    }
}

/// All of them.
pub fn tasks() -> Vec<Task> {
    let to = Domain::new("far");
    let of = unsigned(4);
    let fifo = |depth| AsyncFifoOrder(AsyncFifo { of, depth, from: Domain::MAIN, to });
    let link = |latency, credits| CreditLinkOrder(CreditLink { of, latency, credits });
    vec![
        module("asynchronous fifo 2, order and data".to_string(), fifo(2)),
        module("asynchronous fifo 4, order and data".to_string(), fifo(4)),
        module("credit link 1, order and data".to_string(), link(1, 4)),
        module("credit link 2, order and data".to_string(), link(2, 6)),
        module("command processor 2".to_string(), Commanded { depth: 2 }),
        module("command processor 4".to_string(), Commanded { depth: 4 }),
        module("skew controller 8".to_string(), SkewController { rows: 8 }),
        module("skew controller 16".to_string(), SkewController { rows: 16 }),
    ]
}
