//! [`Peridot`]: the chip.

use super::array::Array;
use super::bus::{HostInterface, Request, Status};
use super::counters::{Counters, CycleClass};
use super::device_memory::{DeviceMemory, WORD_BITS};
use super::gemm::{GemmEngine, GemmEnginePorts};
use super::load::{LoadEngine, LoadEnginePorts};
use super::processor::{Processor, ProcessorPorts};
use super::result_buffer::ResultBuffer;
use super::scratchpad::Scratchpad;
use super::store::{StoreEngine, StoreEnginePorts};
use crate::{ConfigError, PeridotConfig};
use olivine_lang::prelude::*;

/// The training chip: multiplies bf16 matrices with fp32 sums, by commands.
///
/// ```text
/// host bus -- HostInterface -- Processor
///                  |         /     |      \
///            DeviceMemory --- LoadEngine --+  GemmEngine  +-- StoreEngine
///                  ^              |               |                |   |
///                  |         Scratchpad A, B -- Array -- ResultBuffer  |
///                  +---------------------------------------------------+
/// ```
///
/// *Parameters*: [`PeridotConfig`].
///
/// *Ports*: the host bus, a stream of requests (`req`: write, 24-bit word address, 32-bit data)
/// and one of responses (`resp`: a word for each read, in order).
///
/// *Behaviour*: registers, instructions and address map as in `ISA.md`. Commands are carried out
/// one after the other; the host may use the device memory at any time and goes first.
///
/// *Timing*: the bus takes a request a cycle, and gives a response a cycle. LOAD and STORE move a
/// memory row a cycle while the host is quiet, GEMM takes a pair of vectors a cycle.
///
/// *Reset*: one cycle; no command is queued, no response outstanding, counts are zero. Memories
/// keep what they have, which at power-up is undefined.
///
/// *Numerics*: each result element is the chain of [`Mac`](olivine_float::Mac) over k = 0, 1, 2, …
/// from +0.
///
/// *Undefined*: what was never written; a host read of a row that STORE writes in the same cycle,
/// a LOAD of a row that the host writes in the same cycle.
///
/// *Verification*: whole programs against the golden model, bit for bit, all transposes, several
/// sizes, with a host that pauses and interferes at random. Everything that its modules assert, and
/// what they assume of each other, is proved, module by module.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Peridot {
    config: PeridotConfig,
}

impl Peridot {
    /// A chip of these sizes.
    ///
    /// # Errors
    /// The first size that no chip can have.
    pub fn new(config: PeridotConfig) -> Result<Self, ConfigError> {
        Ok(Self { config: config.checked()? })
    }

    /// Its sizes.
    pub fn config(&self) -> PeridotConfig {
        self.config
    }
}

/// The ports of [`Peridot`].
#[derive(Ports)]
pub struct PeridotPorts {
    /// Requests of the host.
    pub req: Sink<Request>,
    /// A word for each read.
    pub resp: Source<Unsigned>,
}

impl Module for Peridot {
    type Ports = PeridotPorts;

    fn ports(&self) -> PeridotPorts {
        PeridotPorts { req: stream(Request::shape_of()), resp: stream(unsigned(WORD_BITS)) }
    }

    fn name(&self) -> String {
        format!("peridot_{0}x{0}", self.config.array)
    }

    #[named]
    fn build(&self, p: PeridotPorts) {
        let config = self.config;
        let processor = instance(Processor::of(&config), "processor");
        let load = instance(LoadEngine { config }, "load");
        let gemm = instance(GemmEngine { config }, "gemm");
        let store = instance(StoreEngine { config }, "store");
        load.start.drive(processor.load_start);
        load.operands.drive(processor.load);
        processor.load_busy.drive(load.busy);
        gemm.start.drive(processor.gemm_start);
        gemm.operands.drive(processor.gemm);
        processor.gemm_busy.drive(gemm.busy);
        store.start.drive(processor.store_start);
        store.operands.drive(processor.store);
        processor.store_busy.drive(store.busy);
        processor.missing.drive(load.out_of_range | gemm.out_of_range | store.out_of_range);

        self.compute(&load, &gemm, &store);
        let class = classify(&load, &gemm, &store);
        self.host(&p, &processor, class, &load, &store);
    }
}

impl Peridot {
    /// Scratchpads, array and result buffer.
    fn compute(&self, load: &LoadEnginePorts, gemm: &GemmEnginePorts, store: &StoreEnginePorts) {
        let config = &self.config;
        let size = config.array as usize;
        let scratchpad = instances(Scratchpad::of(config), [2], "scratchpad");
        let array = instance(Array::bf16(size), "array");
        array.step.drive(gemm.step);
        gemm.drained.drive(array.drained);
        let sides = [(gemm.read_a, load.write_a, &array.a), (gemm.read_b, load.write_b, &array.b)];
        for (pad, (read, write, edge)) in scratchpad.iter().zip(sides) {
            pad.read.drive(read);
            pad.write_valid.drive(write);
            pad.write_row.drive(load.write_row);
            pad.write_banks.drive(load.write_banks.clone());
            edge.drive(pad.line.iter().map(Float::as_bits).collect::<Vec<_>>());
        }
        let rows = config.result_rows() as usize;
        let results = instance(ResultBuffer { size, rows }, "results");
        results.write_valid.drive(gemm.result_valid);
        results.write_row.drive(gemm.result_row);
        let sum = olivine_float::Format::FP32.shape();
        let sums = array.result.iter().map(|bits| bits.as_float(sum));
        results.result.drive(sums.collect::<Vec<_>>());
        results.read_valid.drive(store.read_valid);
        results.read_row.drive(store.read_row);
        store.read_data.drive(results.read_data.clone());
    }

    /// The host's interface and the device memory.
    fn host(
        &self,
        p: &PeridotPorts,
        processor: &ProcessorPorts,
        class: CycleClass,
        load: &LoadEnginePorts,
        store: &StoreEnginePorts,
    ) {
        let bus = instance(HostInterface { config: self.config }, "bus");
        connect(p.req, bus.req);
        connect(p.resp, bus.resp);
        connect(bus.push, processor.push);
        let counters = instance(Counters, "counters");
        counters.class.drive(class);
        counters.clear.drive(bus.clear_counts);
        bus.counts.drive(counters.counts);
        bus.status.drive(Status {
            busy: processor.level.ne(0),
            illegal: processor.illegal,
            out_of_range: processor.out_of_range,
            level: processor.level,
            completed: processor.completed,
            fences: processor.fences,
        });

        let memory = instance(DeviceMemory::of(&self.config), "memory");
        memory.host_read_valid.drive(bus.memory_read);
        memory.host_write_valid.drive(bus.memory_write);
        memory.host_address.drive(bus.memory_address);
        memory.host_write_data.drive(bus.memory_write_data);
        bus.memory_data.drive(memory.host_data);
        memory.load_valid.drive(load.memory_valid);
        memory.load_row.drive(load.memory_row);
        load.memory_grant.drive(memory.load_grant);
        load.memory_data.drive(memory.row_data.clone());
        memory.store_valid.drive(store.memory_valid);
        memory.store_row.drive(store.memory_row);
        memory.store_data.drive(store.memory_data.clone());
        store.memory_grant.drive(memory.store_grant);
    }
}

/// What this cycle is used for. Commands are carried out one after the other, so at most one
/// engine is busy.
fn classify(
    load: &LoadEnginePorts,
    gemm: &GemmEnginePorts,
    store: &StoreEnginePorts,
) -> CycleClass {
    CycleClass {
        gemm_busy: gemm.step.valid,
        load_busy: load.busy & !load.stalled,
        store_busy: store.busy & !store.stalled,
        idle: !(load.busy | gemm.busy | store.busy),
        stalled_load: load.stalled,
        stalled_store: store.stalled,
        stalled_array: gemm.busy & !gemm.step.valid,
    }
}
