//! [`Processor`]: carries out the commands, one after the other.

use super::operands::{GemmOperands, LoadOperands, StoreOperands, take};
use crate::isa::{Field, INSTRUCTION_BITS, OPCODE_BITS, Opcode};
use olivine_lang::prelude::*;

/// Takes commands in order, starts the engine that each is for, and completes it when the engine
/// is idle again.
///
/// *Behaviour*: NOP, FENCE and unknown opcodes complete at once; the others in the first cycle in
/// which no engine is busy after the one in which they started. A command is taken from the
/// stream in the cycle that completes it, so its operands stay while it is carried out.
///
/// *Timing*: one cycle for commands without an engine; else the engine's busy cycles and two more.
///
/// *Reset*: nothing is under way; the counts are zero, the sticky bits clear.
///
/// *Verification*: no engine is started while another is busy: asserted. Within the chip.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Processor;

/// The ports of [`Processor`].
#[derive(Ports)]
pub struct ProcessorPorts {
    /// What is to be done.
    pub command: Sink<Unsigned>,
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

impl Module for Processor {
    type Ports = ProcessorPorts;

    fn ports(&self) -> ProcessorPorts {
        ProcessorPorts {
            command: stream(unsigned(INSTRUCTION_BITS)),
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
        let word = p.command.payload;
        p.load.drive(LoadOperands::of(word));
        p.gemm.drive(GemmOperands::of(word));
        p.store.drive(StoreOperands::of(word));

        let opcode = take(word, OPCODE);
        let is = |wanted: Opcode| opcode.eq(wanted as u32);
        let started = reg(bit()).reset(false);
        let starts = p.command.valid & !started;
        p.load_start.drive(starts & is(Opcode::Load));
        p.gemm_start.drive(starts & is(Opcode::Gemm));
        p.store_start.drive(starts & is(Opcode::Store));
        let for_engine = is(Opcode::Load) | is(Opcode::Gemm) | is(Opcode::Store);
        let working = p.load_busy | p.gemm_busy | p.store_busy;
        let completes = mux(started, !working, p.command.valid & !for_engine);
        when(starts & for_engine, || started.set(true));
        when(completes, || started.set(false));
        p.command.ready.drive(completes);

        let known = any_of(Opcode::ALL.iter().map(|&o| is(o)));
        p.completed.drive(count(completes).named("completed"));
        p.fences.drive(count(completes & is(Opcode::Fence)).named("fences"));
        p.illegal.drive(sticky(completes & !known).named("illegal"));
        p.out_of_range.drive(sticky(p.missing).named("out_of_range"));
        always("no engine is started while another works", starts.implies(!working));
        always("at most one engine works", {
            let [l, g, s] = [p.load_busy, p.gemm_busy, p.store_busy];
            !((l & g) | (l & s) | (g & s))
        });
        always("a command in hand stays", started.implies(p.command.valid));
    }
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
