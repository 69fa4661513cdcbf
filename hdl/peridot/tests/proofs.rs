//! Contracts of the chip's blocks, and the chip module by module, proved without bound.

mod common;

use common::{design, small};
use olivine_formal::{Evidence, Options, Report, Selection, Verdict, prove_composed};
use olivine_lang::prelude::*;
use olivine_netlist::{Design, PropertyKind};
use olivine_peridot::chip::{Processor, Responses};
use std::time::Duration;

fn proved<M: Module>(module: M) {
    let design = elaborate(module).unwrap_or_else(|faults| panic!("{faults}"));
    composed(&design, &Options::default()).assert_proved();
}

/// What a proof by modules finds.
fn composed(design: &Design, options: &Options) -> Report {
    prove_composed(design, options).unwrap_or_else(|faults| panic!("{faults}")).report
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

/// Every assertion of the chip, and what its modules assume of each other.
#[test]
fn the_chip_is_proved_module_by_module() {
    for array in [2, 4] {
        let design = design(small(array));
        let report = composed(&design, &Options::default());
        for row in report.rows.iter().filter(|row| row.kind != PropertyKind::Cover) {
            let Verdict::Proved { certificate, .. } = &row.verdict else { panic!("{report}") };
            assert!(matches!(certificate.evidence, Evidence::Composition { .. }), "{row}");
        }
        let Verdict::Proved { certificate, .. } = &report.rows[0].verdict else { unreachable!() };
        assert_eq!(certificate.check(&design, None), Ok(()));
        report.assert_proved();
    }
}

/// A chip in which one line of a module reads otherwise, and what that breaks.
struct Planted {
    module: &'static str,
    value: &'static str,
    instead: &'static str,
    breaks: &'static str,
}

const PLANTED: [Planted; 4] = [
    // An engine is started while one works.
    Planted {
        module: "processor",
        value: "starts",
        instead: "and(queue.pop_valid, queue.pop_valid)",
        breaks: "processor.no engine is started while one works",
    },
    // GEMM is done when everything is asked for.
    Planted {
        module: "gemm_engine",
        value: "busy",
        instead: "and(active, active)",
        breaks: "gemm.pairs are with the array only while it is busy",
    },
    // STORE is granted what it does not ask for.
    Planted {
        module: "device_memory",
        value: "store_grant",
        instead: "not(host_write_valid)",
        breaks: "store.only rows that are asked for are granted",
    },
    // A tile is complete with its first pair.
    Planted {
        module: "gemm_engine",
        value: "last",
        instead: "and(active, active)",
        breaks: "gemm.tiles follow each other N cycles apart, or more",
    },
];

impl Planted {
    fn plant(&self, design: &Design) -> Design {
        let (module, value) = (format!("module {}", self.module), format!("  {} : ", self.value));
        let (mut inside, mut planted) = (false, 0);
        let text = design.to_string();
        let changed = text.lines().map(|line| {
            inside = line.starts_with(&module) || inside && !line.starts_with("module ");
            let Some(rest) = line.strip_prefix(&value).filter(|_| inside) else {
                return format!("{line}\n");
            };
            planted += 1;
            let width = rest.split(' ').next().expect("a width");
            format!("{value}{width} = {}\n", self.instead)
        });
        let text: String = changed.collect();
        assert_eq!(planted, 1, "{}", self.value);
        Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}"))
    }
}

#[test]
fn a_chip_with_a_fault_is_not_proved() {
    for planted in PLANTED {
        let design = planted.plant(&design(small(2)));
        let options = Options {
            properties: Selection::Named(vec![planted.breaks.to_string()]),
            time_limit: Some(Duration::from_secs(5)),
            ..Options::default()
        };
        let report = composed(&design, &options);
        let row = report.row(planted.breaks).expect(planted.breaks);
        assert!(matches!(row.verdict, Verdict::Violated { .. }), "{report}");
    }
}
