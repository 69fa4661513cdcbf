//! [`Asm`]: machine code of x86-64, as bytes.
//!
//! Only forms that the emitters use: registers, and memory at a base register (or at the code's
//! own constants) plus 32 bits of distance.

/// A place of the second kind in an instruction: a register, or memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rm {
    /// A register of the instruction's kind.
    Reg(u8),
    /// Memory at a base register plus a distance.
    Mem(u8, i32),
    /// Memory at a base register plus an index register times this scale (1, 2, 4 or 8), plus a
    /// distance.
    Indexed(u8, u8, u8, i32),
    /// Constant data, by byte offset in the pool that follows the code.
    Pool(u32),
}

/// An opcode with what selects it: map (1, 2, 3 for 0F, 0F38, 0F3A), mandatory prefix (0 none,
/// 1 is 66, 2 is F3, 3 is F2) and the W bit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Code(pub u8, pub u8, pub u8, pub u8);

/// What an EVEX instruction says beside its operands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mask {
    /// The mask register; 0 is none.
    pub k: u8,
    /// Lanes left out become zero, not kept.
    pub zero: bool,
    /// The memory operand is one element for all lanes.
    pub broadcast: bool,
    /// 128 bits instead of 512.
    pub short: bool,
    /// Bytes of the memory operand, in which a distance of one byte counts; 0 if it is not known.
    pub unit: u8,
}

/// Code in the making.
#[derive(Debug, Default)]
pub(super) struct Asm {
    pub bytes: Vec<u8>,
    /// A base register that stands further on than it is said to, by so much: what is near to there
    /// takes fewer bytes.
    ahead: (u8, i32),
    pool: Vec<u8>,
    known: std::collections::HashMap<Vec<u8>, u32>,
    /// Where a distance to a pool offset must be written once the code's length is known.
    fixes: Vec<(usize, u32)>,
}

impl Asm {
    /// Code in which a base register stands further on than it is said to.
    pub fn new(base: u8, ahead: i32) -> Self {
        Self { ahead: (base, ahead), ..Self::default() }
    }

    fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    fn word(&mut self, word: i32) {
        self.bytes.extend(word.to_le_bytes());
    }

    /// Constant data in the pool, equal data once, aligned to its size.
    pub fn constant(&mut self, data: &[u8]) -> Rm {
        let pool = &mut self.pool;
        let at = self.known.entry(data.to_vec()).or_insert_with(|| {
            pool.resize(pool.len().next_multiple_of(data.len()), 0);
            let at = pool.len() as u32;
            pool.extend(data);
            at
        });
        Rm::Pool(*at)
    }

    /// The code with its constants after it.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.resize(self.bytes.len().next_multiple_of(64), 0xcc);
        let start = self.bytes.len();
        for (at, offset) in &self.fixes {
            let from = *at as i64 + 4;
            let after = i64::from(i32::from_le_bytes(
                self.bytes[*at..at + 4].try_into().expect("four bytes"),
            ));
            let distance = (start as i64 + i64::from(*offset) - from - after) as i32;
            self.bytes[*at..at + 4].copy_from_slice(&distance.to_le_bytes());
        }
        self.bytes.extend(&self.pool);
        self.bytes
    }

    /// The bytes after the opcode: what the operands are. `after` bytes of immediate follow. A small
    /// distance is one byte, which counts in units of so many bytes; 0 is never.
    fn modrm(&mut self, reg: u8, rm: Rm, after: u8, unit: u8) {
        let reg = (reg & 7) << 3;
        let short = |disp: i32| {
            let unit = i32::from(unit);
            (unit > 0 && disp % unit == 0).then(|| i8::try_from(disp / unit).ok()).flatten()
        };
        match rm {
            Rm::Reg(r) => self.byte(0xc0 | reg | (r & 7)),
            Rm::Mem(base, disp) => {
                let disp = if base == self.ahead.0 { disp - self.ahead.1 } else { disp };
                let byte = short(disp);
                self.byte(if byte.is_some() { 0x40 } else { 0x80 } | reg | (base & 7));
                if base & 7 == 4 {
                    self.byte(0x24);
                }
                self.distance(disp, byte);
            }
            Rm::Indexed(base, index, scale, disp) => {
                let byte = short(disp);
                self.byte(if byte.is_some() { 0x40 } else { 0x80 } | reg | 4);
                self.byte((scale.trailing_zeros() as u8) << 6 | (index & 7) << 3 | (base & 7));
                self.distance(disp, byte);
            }
            Rm::Pool(offset) => {
                self.byte(reg | 5);
                self.fixes.push((self.bytes.len(), offset));
                self.word(i32::from(after));
            }
        }
    }

    fn distance(&mut self, whole: i32, byte: Option<i8>) {
        match byte {
            Some(byte) => self.byte(byte as u8),
            None => self.word(whole),
        }
    }

    /// An instruction of a register and a number of 32 signed bits, which is one byte if it can be:
    /// `digit` says which of those that have 81 or 83 as their opcode.
    pub fn with_number(&mut self, digit: u8, rm: Rm, wide: bool, number: i32) {
        match i8::try_from(number) {
            Ok(byte) => {
                self.legacy(&[0x83], digit, rm, wide, 1);
                self.byte(byte as u8);
            }
            Err(_) => {
                self.legacy(&[0x81], digit, rm, wide, 4);
                self.word(number);
            }
        }
    }

    /// An instruction on general registers: `wide` is of 64 bits, `byte` names a low byte.
    pub fn legacy(&mut self, opcode: &[u8], reg: u8, rm: Rm, wide: bool, after: u8) {
        let (b, x) = match rm {
            Rm::Reg(r) | Rm::Mem(r, _) => (r >> 3, 0),
            Rm::Indexed(base, index, ..) => (base >> 3, index >> 3),
            Rm::Pool(_) => (0, 0),
        };
        let rex = u8::from(wide) << 3 | (reg >> 3) << 2 | x << 1 | b;
        // With a prefix, byte registers are the low ones.
        let of_bytes = matches!(opcode, [0x88] | [0x0f, 0x90..=0x9f | 0xb6 | 0xbe]);
        if rex != 0 || of_bytes {
            self.byte(0x40 | rex);
        }
        self.bytes.extend(opcode);
        self.modrm(reg, rm, after, 1);
    }

    /// A VEX instruction; `long` is the L bit.
    pub fn vex(&mut self, code: Code, long: bool, reg: u8, v: u8, rm: Rm, imm: Option<u8>) {
        let Code(map, pp, w, opcode) = code;
        let (b, x) = match rm {
            Rm::Reg(r) | Rm::Mem(r, _) => (r >> 3, 0),
            Rm::Indexed(base, index, ..) => (base >> 3, index >> 3),
            Rm::Pool(_) => (0, 0),
        };
        let r = (!(reg >> 3) & 1) << 7;
        let rest = (!v & 15) << 3 | u8::from(long) << 2 | pp;
        if (map, w, x, b) == (1, 0, 0, 0) {
            // The form of two bytes: code of large designs is read from beyond the first cache.
            self.bytes.extend([0xc5, r | rest]);
        } else {
            self.bytes.extend([0xc4, r | (!x & 1) << 6 | (!b & 1) << 5 | map, w << 7 | rest]);
        }
        self.byte(opcode);
        self.modrm(reg, rm, imm.is_some().into(), 1);
        self.bytes.extend(imm);
    }

    /// An EVEX instruction of 512 bits.
    pub fn evex(&mut self, code: Code, mask: Mask, reg: u8, v: u8, rm: Rm, imm: Option<u8>) {
        let Code(map, pp, w, opcode) = code;
        let (b, x) = match rm {
            Rm::Reg(r) => (r >> 3 & 1, r >> 4),
            Rm::Mem(base, _) => (base >> 3, 0),
            Rm::Indexed(base, index, ..) => (base >> 3, index >> 3),
            Rm::Pool(_) => (0, 0),
        };
        self.byte(0x62);
        let r = (!(reg >> 3) & 1) << 7 | (!(reg >> 4) & 1) << 4;
        self.byte(r | (!x & 1) << 6 | (!b & 1) << 5 | map);
        self.byte(w << 7 | (!v & 15) << 3 | 4 | pp);
        let (z, bc) = (u8::from(mask.zero) << 7, u8::from(mask.broadcast) << 4);
        let length = if mask.short { 0 } else { 2 << 5 };
        self.byte(z | length | bc | (!(v >> 4) & 1) << 3 | mask.k);
        self.byte(opcode);
        self.modrm(reg, rm, imm.is_some().into(), mask.unit);
        self.bytes.extend(imm);
    }

    /// A jump to where it is said to land, if a condition holds.
    pub fn jump_ahead_if(&mut self, condition: u8) -> usize {
        self.bytes.extend([0x0f, 0x80 | condition, 0, 0, 0, 0]);
        self.bytes.len()
    }

    /// A jump to where it is said to land.
    pub fn jump_ahead(&mut self) -> usize {
        self.bytes.extend([0xe9, 0, 0, 0, 0]);
        self.bytes.len()
    }

    /// Lets a jump land here.
    pub fn land(&mut self, jump: usize) {
        let distance = (self.bytes.len() - jump) as u32;
        self.bytes[jump - 4..jump].copy_from_slice(&distance.to_le_bytes());
    }

    /// A jump back to `target` if `condition` (as in 0F 8x).
    pub fn jump_back_if(&mut self, condition: u8, target: usize) {
        self.bytes.extend([0x0f, 0x80 | condition]);
        let distance = target as i64 - (self.bytes.len() as i64 + 4);
        self.word(distance as i32);
    }
}
