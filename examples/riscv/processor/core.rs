//! The processor core.

use super::alu::alu;
use super::decode::{Decoded, decode};
use olivine::prelude::*;

/// A 32-bit in-order RISC-V core: RV32I of "The RISC-V Instruction Set Manual, Volume I:
/// Unprivileged ISA" (20191213), chapter 2, and the counters `cycle` and `instret`.
///
/// # Ports
/// See [`CorePorts`]. Both memories answer one cycle after they are asked, always.
///
/// # Behaviour
/// Three stages. *Fetch* asks for the word at the next address. *Execute* decodes the word that
/// came, reads registers, computes, decides jumps and asks the data memory. *Write* brings the
/// result, or the word that was loaded, into the register file; execute sees it already there.
/// 1. Instructions retire in program order, one a cycle.
/// 2. After a jump that is taken the word fetched behind it is dropped: one cycle is lost.
/// 3. `ecall` and `ebreak` end the program: `halted` from the next cycle on. So does what is no
///    instruction of RV32I, and an address that is not aligned to its access: then `trapped` holds
///    as well. A halted core does nothing more until reset.
/// 4. `fence` does nothing: accesses are in order. Code that writes code is not supported.
///
/// # Reset
/// Execution starts at `start`; the registers x1 to x31 are undefined, x0 is 0.
///
/// # Verified
/// By random programs and by a compiled one against `machine.rs`, which shares nothing with it;
/// that it halts for good, keeps x0 and stays on word boundaries by proof.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Core {
    /// Address of the first instruction, a multiple of 4.
    pub start: u32,
}

#[derive(Ports)]
pub struct CorePorts {
    /// Address in bytes, of a word.
    pub fetch_address: Out<Unsigned>,
    /// The word that was asked for in the last cycle.
    pub instruction: In<Unsigned>,
    /// Address in bytes; its two lowest bits say where in the word.
    pub data_address: Out<Unsigned>,
    /// Which bytes of the word are written in this cycle, lowest first.
    pub data_strobe: Out<Unsigned>,
    pub data_out: Out<Unsigned>,
    /// The word that was asked for in the last cycle.
    pub data_in: In<Unsigned>,
    /// What leaves execute in this cycle.
    pub retired: Out<Retired>,
    pub halted: Out<Bit>,
    pub trapped: Out<Bit>,
}

/// An instruction that is carried out.
#[derive(Clone, Copy, Debug, Bundle)]
pub struct Retired {
    pub valid: Bit,
    pub address: Unsigned,
    pub instruction: Unsigned,
}

/// What the stage *write* has to bring into the register file.
#[derive(Clone, Copy, Debug, Bundle)]
struct Result {
    valid: Bit,
    register: Unsigned,
    value: Unsigned,
    load: Bit,
    /// Width and sign of a load, as in the instruction.
    access: Unsigned,
    /// The place in the word.
    byte: Unsigned,
}

impl Module for Core {
    type Ports = CorePorts;

    fn ports(&self) -> CorePorts {
        let word = unsigned(32);
        CorePorts {
            fetch_address: word,
            instruction: word,
            data_address: word,
            data_strobe: unsigned(4),
            data_out: word,
            data_in: word,
            retired: Retired { valid: bit(), address: word, instruction: word },
            halted: bit(),
            trapped: bit(),
        }
    }

    #[named]
    fn build(&self, p: CorePorts) {
        let next = reg(unsigned(32)).reset(self.start);
        let address = reg(unsigned(32));
        let fetched = reg(bit()).reset(false);
        let halted = reg(bit()).reset(false);
        let trapped = reg(bit()).reset(false);
        let result = reg(Result {
            valid: bit(),
            register: unsigned(5),
            value: unsigned(32),
            load: bit(),
            access: unsigned(3),
            byte: unsigned(2),
        });
        result.valid.reset(false);

        // Write.
        let loaded = load(p.data_in, result.access, result.byte);
        let brought = mux(result.load, loaded, result.value);
        let registers = memory(unsigned(32), 32);
        when(result.valid, || registers.write(result.register, brought));

        // Execute.
        let live = fetched & !halted;
        let d = decode(p.instruction);
        let source = |index: Unsigned| {
            let recent = result.valid & index.eq(result.register);
            let value = mux(recent, brought, registers.read(index));
            mux(index.any(), value, 0)
        };
        let (a, b) = (source(d.rs1), source(d.rs2));
        let (jumps, target) = jump(&d, a, b, address);
        let place = a.wrapping_add(d.immediate);
        let byte = place.slice(0, 2);

        let misplaced = (d.is_load | d.is_store) & misaligned(d.funct3, byte);
        let trap = d.is_illegal | misplaced | (jumps & target.bit(1));
        let done = live & !trap & !d.is_end;
        when(live & (trap | d.is_end), || {
            halted.set(true);
            trapped.set(trap);
        });

        let counted = counters(done, d.immediate);
        let value = mux(d.is_counter, counted, alu(&d, a, b, address));
        result.valid.set(done & d.writes & d.rd.any());
        result.register.set(d.rd);
        result.value.set(value);
        result.load.set(d.is_load);
        result.access.set(d.funct3);
        result.byte.set(byte);
        p.data_address.drive(place);
        p.data_strobe.drive(mux(done & d.is_store, strobes(d.funct3, byte), 0));
        p.data_out.drive(spread(b, d.funct3));

        // Fetch.
        let redirect = done & jumps;
        p.fetch_address.drive(next);
        next.set(mux(redirect, target, next.wrapping_add(4)));
        address.set(next);
        fetched.set(!redirect);

        p.retired.drive(Retired { valid: done, address, instruction: p.instruction });
        p.halted.drive(halted);
        p.trapped.drive(trapped);
        always("x0 is never written", result.valid.implies(result.register.any()));
        always("a halted core retires nothing", halted.implies(!done));
        always("a halted core stays so", implies_next(halted, halted));
        always("only a halted core has trapped", trapped.implies(halted));
        always("execution is on word boundaries", live.implies(address.slice(0, 2).eq(0)));
        always("the next address is one of a word", next.slice(0, 2).eq(0));
    }
}

/// `cycle`, `instret` and their upper halves, by the number in the immediate.
fn counters(retires: Bit, number: Unsigned) -> Unsigned {
    let cycle = reg(unsigned(64)).reset(0).named("cycle");
    let instret = reg(unsigned(64)).reset(0).named("instret");
    cycle.set(cycle.wrapping_add(1));
    when(retires, || instret.set(instret.wrapping_add(1)));
    let count = mux(number.bit(1), instret, cycle);
    mux(number.bit(7), count.slice(32, 32), count.slice(0, 32))
}

/// Whether the next instruction is elsewhere, and where.
fn jump(d: &Decoded, a: Unsigned, b: Unsigned, address: Unsigned) -> (Bit, Unsigned) {
    let less = mux(d.funct3.bit(1), a.lt(b), a.as_signed().lt(b.as_signed()));
    let holds = mux(d.funct3.bit(2), less, a.eq(b)) ^ d.funct3.bit(0);
    let base = mux(d.is_jalr, a, address);
    let target = base.wrapping_add(d.immediate);
    // The lowest bit of a computed address is dropped.
    let target = cat((constant(bit(), false), target.slice(1, 31)));
    (d.is_jal | d.is_jalr | (d.is_branch & holds), target)
}

/// Whether a half word or word does not begin where it may.
fn misaligned(access: Unsigned, byte: Unsigned) -> Bit {
    mux(access.bit(1), byte.any(), access.bit(0) & byte.bit(0))
}

/// Which bytes of the word a store writes.
fn strobes(access: Unsigned, byte: Unsigned) -> Unsigned {
    let width = mux(access.bit(0), constant(unsigned(4), 0b0011), 0b0001);
    mux(access.bit(1), constant(unsigned(4), 0b1111), width.shift_left(byte))
}

/// What a store writes, wherever in the word it is.
fn spread(value: Unsigned, access: Unsigned) -> Unsigned {
    let narrow = mux(access.bit(0), value.slice(0, 16).repeat(2), value.slice(0, 8).repeat(4));
    mux(access.bit(1), value, narrow)
}

/// The value that a load brings, out of its word.
fn load(word: Unsigned, access: Unsigned, byte: Unsigned) -> Unsigned {
    let half = mux(byte.bit(1), word.slice(16, 16), word.slice(0, 16));
    let low = mux(byte.bit(0), half.slice(8, 8), half.slice(0, 8));
    let unsigned = access.bit(2);
    let extended = |value: Unsigned| {
        let negative = value.top_bit() & !unsigned;
        value.concat(negative.as_unsigned().repeat(32 - value.width()))
    };
    let narrow = mux(access.bit(0), extended(half), extended(low));
    mux(access.bit(1), word, narrow)
}
