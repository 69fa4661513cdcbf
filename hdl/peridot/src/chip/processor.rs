//! [`Processor`]: carries out the commands, one after the other.

use super::operands::{GemmOperands, LoadOperands, StoreOperands, take};
use crate::PeridotConfig;
use crate::isa::{Field, INSTRUCTION_BITS, OPCODE_BITS, Opcode};
use olivine_blocks::Fifo;
use olivine_lang::prelude::*;

/// Queues commands, starts the engine that each is for, and completes it when the engine is idle
/// again.
///
/// ```text
///            +-----------+---> load_start, load    <--- load_busy
///  push ==>  | Processor |---> gemm_start, gemm    <--- gemm_busy
///            +-----------+---> store_start, store  <--- store_busy
/// ```
///
/// *Behaviour*: in order, one at a time. NOP, FENCE and unknown opcodes complete at once; the
/// others in the first cycle in which no engine is busy after the one in which they started. A
/// command stays in the queue until it is complete, so its operands stay while it is carried out.
///
/// *Timing*: one cycle for commands without an engine; else the engine's busy cycles and two more.
///
/// *Handshake*: `push` keeps the stream rules; it is ready while the queue has room. An engine is
/// busy from the cycle after its start until it has done all, and at no other time: assumed.
///
/// *Reset*: the queue is empty, nothing is under way; the counts are zero, the sticky bits clear.
///
/// *Verification*: proved by k-induction, with any engines: no command is lost or doubled (pushed −
/// completed = level), no engine is started while another works, each command for an engine starts
/// it once and stays until it is complete. The order of commands is that of the [`Fifo`], proved
/// there.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Processor {
    /// The number of commands that the queue holds.
    pub depth: usize,
}

/// The ports of [`Processor`].
#[derive(Ports)]
pub struct ProcessorPorts {
    /// Commands to be carried out.
    pub push: Sink<Unsigned>,
    /// Commands in the queue, the one being carried out included.
    pub level: Out<Unsigned>,
    /// LOAD begins.
    pub load_start: Out<Bit>,
    /// Its operands.
    pub load: Out<LoadOperands>,
    /// LOAD works.
    pub load_busy: In<Bit>,
    /// GEMM begins.
    pub gemm_start: Out<Bit>,
    /// Its operands.
    pub gemm: Out<GemmOperands>,
    /// GEMM works.
    pub gemm_busy: In<Bit>,
    /// STORE begins.
    pub store_start: Out<Bit>,
    /// Its operands.
    pub store: Out<StoreOperands>,
    /// STORE works.
    pub store_busy: In<Bit>,
    /// An engine met a row or tile that is not there.
    pub missing: In<Bit>,
    /// Commands completed.
    pub completed: Out<Unsigned>,
    /// FENCE commands completed.
    pub fences: Out<Unsigned>,
    /// There was an unknown opcode.
    pub illegal: Out<Bit>,
    /// There was a row or tile that is not there.
    pub out_of_range: Out<Bit>,
}

/// The opcode, where every instruction has it.
const OPCODE: Field = Field { name: "opcode", lsb: 0, width: OPCODE_BITS, doc: "" };

impl Processor {
    /// The processor of a chip.
    pub fn of(config: &PeridotConfig) -> Self {
        Self { depth: config.command_depth as usize }
    }
}

impl Module for Processor {
    type Ports = ProcessorPorts;

    fn ports(&self) -> ProcessorPorts {
        ProcessorPorts {
            push: stream(unsigned(INSTRUCTION_BITS)),
            level: unsigned(bits_for(self.depth as u64)),
            load_start: bit(),
            load: LoadOperands::shape_of(),
            load_busy: bit(),
            gemm_start: bit(),
            gemm: GemmOperands::shape_of(),
            gemm_busy: bit(),
            store_start: bit(),
            store: StoreOperands::shape_of(),
            store_busy: bit(),
            missing: bit(),
            completed: unsigned(32),
            fences: unsigned(32),
            illegal: bit(),
            out_of_range: bit(),
        }
    }

    #[named]
    fn build(&self, p: ProcessorPorts) {
        let queue = instance(Fifo { of: unsigned(INSTRUCTION_BITS), depth: self.depth }, "queue");
        connect(p.push, queue.push);
        p.level.drive(queue.level);
        let command = queue.pop;
        let word = command.payload;
        p.load.drive(LoadOperands::of(word));
        p.gemm.drive(GemmOperands::of(word));
        p.store.drive(StoreOperands::of(word));

        let opcode = take(word, OPCODE);
        let is = |wanted: Opcode| opcode.eq(wanted as u32);
        let started = reg(bit()).reset(false);
        let starts = command.valid & !started;
        p.load_start.drive(starts & is(Opcode::Load));
        p.gemm_start.drive(starts & is(Opcode::Gemm));
        p.store_start.drive(starts & is(Opcode::Store));
        let for_engine = is(Opcode::Load) | is(Opcode::Gemm) | is(Opcode::Store);
        let working = p.load_busy | p.gemm_busy | p.store_busy;
        let completes = mux(started, !working, command.valid & !for_engine);
        when(starts & for_engine, || started.set(true));
        when(completes, || started.set(false));
        command.ready.drive(completes);

        let known = any_of(Opcode::ALL.iter().map(|&o| is(o)));
        let completed = count(completes);
        p.completed.drive(completed);
        p.fences.drive(count(completes & is(Opcode::Fence)));
        p.illegal.drive(sticky(completes & !known));
        p.out_of_range.drive(sticky(p.missing));
        assume("an engine works only from its start on", {
            let engines = [
                (p.load_start, p.load_busy),
                (p.gemm_start, p.gemm_busy),
                (p.store_start, p.store_busy),
            ];
            all_of(engines.map(|(start, busy)| works_from(start, busy)))
        });
        always("a command stays until it is complete", {
            (started & past(started)).implies(stable(word))
        });
        always("no engine is started while one works", starts.implies(!working));
        always("only the engine of the command works", {
            let [load, gemm, store] = [
                p.load_busy.implies(is(Opcode::Load)),
                p.gemm_busy.implies(is(Opcode::Gemm)),
                p.store_busy.implies(is(Opcode::Store)),
            ];
            load & gemm & store
        });
        always("what was started is for an engine", started.implies(command.valid & for_engine));
        always("only what was started works", working.implies(started));
        let pushed = count(p.push.transfer());
        let inside = pushed.wrapping_sub(completed);
        always("pushed − completed = in the queue", inside.eq(queue.level.extend(32)));
    }
}

/// Whether an engine that is busy was so a cycle ago, or was started then.
#[named]
pub(super) fn works_from(start: Bit, busy: Bit) -> Bit {
    let works = start | busy;
    busy.implies(past_valid() & past(works))
}

/// How often the bit held, modulo 2^32.
fn count(bit: Bit) -> Unsigned {
    let total = reg(unsigned(32)).reset(0);
    when(bit, || total.set(total.wrapping_add(1)));
    total
}

/// Whether the bit ever held.
fn sticky(now: Bit) -> Bit {
    let ever = reg(bit()).reset(false);
    when(now, || ever.set(true));
    ever
}
