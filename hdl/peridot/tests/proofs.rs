//! Contracts of the chip's blocks, proved without bound.

use olivine_formal::{Options, prove};
use olivine_lang::prelude::*;
use olivine_peridot::chip::{Processor, Responses};

fn proved<M: Module>(module: M) {
    let design = elaborate(module).unwrap_or_else(|faults| panic!("{faults}"));
    let options = Options::default();
    prove(&design, &options).unwrap_or_else(|fault| panic!("{fault}")).assert_proved();
}

#[test]
fn responses_are_neither_lost_nor_changed() {
    proved(Room);
}

/// The response path with whoever asks only where there is room.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Room;

#[derive(Ports)]
struct RoomPorts {
    ask: In<Bit>,
    data: In<Unsigned>,
    resp: Source<Unsigned>,
}

impl Module for Room {
    type Ports = RoomPorts;

    fn ports(&self) -> RoomPorts {
        RoomPorts { ask: bit(), data: unsigned(32), resp: stream(unsigned(32)) }
    }

    fn build(&self, p: RoomPorts) {
        let responses = instance(Responses, "responses");
        responses.read.drive(p.ask & responses.room);
        responses.data.drive(p.data);
        connect(p.resp, responses.resp);
    }
}

/// The processor with engines that take as long as they like.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Commanded {
    depth: usize,
}

#[derive(Ports)]
struct CommandedPorts {
    push: Sink<Unsigned>,
    /// Which engines go on, if they work.
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
            // An engine may also have nothing to do.
            working.set((start | working) & go_on);
            busy.drive(working);
        }
    }
}

#[test]
fn commands_are_neither_lost_nor_doubled() {
    for depth in [2, 4] {
        proved(Commanded { depth });
    }
}
