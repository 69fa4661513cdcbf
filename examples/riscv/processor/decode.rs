//! Instructions into what they ask for.

use olivine::prelude::*;

/// What an instruction asks for.
#[derive(Clone, Copy, Debug)]
pub struct Decoded {
    pub rd: Unsigned,
    pub rs1: Unsigned,
    pub rs2: Unsigned,
    pub funct3: Unsigned,
    /// The immediate of its format; the number of the counter for [`Self::is_counter`].
    pub immediate: Unsigned,
    /// Writes `rd`.
    pub writes: Bit,
    pub is_lui: Bit,
    pub is_auipc: Bit,
    pub is_jal: Bit,
    pub is_jalr: Bit,
    pub is_branch: Bit,
    pub is_load: Bit,
    pub is_store: Bit,
    /// Computes with two registers, not with a register and the immediate.
    pub is_register: Bit,
    /// Subtracts, or shifts in the sign.
    pub is_alternate: Bit,
    /// Reads a counter.
    pub is_counter: Bit,
    /// `ecall` or `ebreak`.
    pub is_end: Bit,
    pub is_illegal: Bit,
}

/// Decodes one word.
#[named]
pub fn decode(word: Unsigned) -> Decoded {
    let opcode = word.slice(0, 7);
    let funct3 = word.slice(12, 3);
    let funct7 = word.slice(25, 7);
    let is_lui = opcode.eq(0b011_0111);
    let is_auipc = opcode.eq(0b001_0111);
    let is_jal = opcode.eq(0b110_1111);
    let is_jalr = opcode.eq(0b110_0111) & funct3.eq(0);
    let is_branch = opcode.eq(0b110_0011) & funct3.slice(1, 2).ne(0b01);
    let is_load = opcode.eq(0b000_0011) & funct3.slice(0, 2).ne(0b11) & funct3.ne(0b110);
    let is_store = opcode.eq(0b010_0011) & funct3.lt(0b011);
    let is_fence = opcode.eq(0b000_1111) & funct3.eq(0);

    let is_shift = funct3.slice(0, 2).eq(0b01);
    let alternate = funct7.eq(0b010_0000);
    let plain = funct7.eq(0);
    let immediate_kind = !is_shift | plain | (alternate & funct3.bit(2));
    let is_immediate = opcode.eq(0b001_0011) & immediate_kind;
    let register_kind = plain | (alternate & (funct3.eq(0b000) | funct3.eq(0b101)));
    let is_register = opcode.eq(0b011_0011) & register_kind;
    let is_alternate = alternate & (is_register | is_shift);

    let is_system = opcode.eq(0b111_0011);
    let is_end = is_system & (word.slice(7, 25).eq(0) | word.slice(7, 25).eq(1 << 13));
    // 0xc00 cycle, 0xc02 instret, 0xc80 and 0xc82 their upper halves, read by `csrrs rd, csr, x0`.
    let number = word.slice(20, 12);
    let known = (number & 0b1111_0111_1101).eq(0b1100_0000_0000);
    let is_counter = is_system & funct3.eq(0b010) & word.slice(15, 5).eq(0) & known;

    let computes = is_lui | is_auipc | is_jal | is_jalr | is_load | is_immediate | is_register;
    let writes = computes | is_counter;
    let known = writes | is_branch | is_store | is_fence | is_end;
    Decoded {
        rd: word.slice(7, 5),
        rs1: word.slice(15, 5),
        rs2: word.slice(20, 5),
        funct3,
        immediate: immediate(word, is_lui | is_auipc, is_jal, is_branch, is_store),
        writes,
        is_lui,
        is_auipc,
        is_jal,
        is_jalr,
        is_branch,
        is_load,
        is_store,
        is_register,
        is_alternate,
        is_counter,
        is_end,
        is_illegal: !known,
    }
}

/// The immediate of the formats U, J, B and S, else of I.
fn immediate(word: Unsigned, upper: Bit, jal: Bit, branch: Bit, store: Bit) -> Unsigned {
    let part = |low: u32, width: u32| word.slice(low, width);
    let sign = |count: u32| word.bit(31).as_unsigned().repeat(count);
    let i = cat((part(20, 12), sign(20)));
    let s = cat((part(7, 5), part(25, 7), sign(20)));
    let b = cat((constant(bit(), false), part(8, 4), part(25, 6), part(7, 1), sign(20)));
    let u = cat((constant(unsigned(12), 0), part(12, 20)));
    let j = cat((constant(bit(), false), part(21, 10), part(20, 1), part(12, 8), sign(12)));
    mux(upper, u, mux(jal, j, mux(branch, b, mux(store, s, i))))
}
