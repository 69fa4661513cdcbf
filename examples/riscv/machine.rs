//! RV32I as a program: what the core is compared with. It shares nothing with it.

use std::collections::BTreeMap;

/// The state of a processor and its memory.
pub struct Machine {
    pub registers: [u32; 32],
    pub address: u32,
    /// Instructions carried out.
    pub retired: u64,
    memory: BTreeMap<u32, u8>,
    /// Bytes of memory; addresses repeat after them.
    size: u32,
    /// From here on there is the world: it is read as `input`, and written to `printed`.
    port: u32,
    pub input: u32,
    pub printed: Vec<u8>,
}

/// How a program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By `ecall` or `ebreak`.
    Asked,
    /// By what is no instruction, or an address that is not aligned.
    Trapped,
}

impl Machine {
    /// With `program` from address 0 on in a memory of `words` words; registers are 0.
    pub fn new(program: &[u32], words: usize, port: u32) -> Self {
        let bytes = program.iter().flat_map(|word| word.to_le_bytes());
        Self {
            registers: [0; 32],
            address: 0,
            retired: 0,
            memory: (0..).zip(bytes).collect(),
            size: u32::try_from(4 * words).expect("a memory of 32-bit addresses"),
            port,
            input: 0,
            printed: Vec::new(),
        }
    }

    /// Carries out one instruction and gives its address.
    pub fn step(&mut self) -> Result<u32, End> {
        let here = self.address;
        let word = self.read(here, 4);
        let field = |low: u32, width: u32| (word >> low) & ((1 << width) - 1);
        let (rd, funct3, funct7) = (field(7, 5), field(12, 3), field(25, 7));
        let a = self.registers[field(15, 5) as usize];
        let b = self.registers[field(20, 5) as usize];
        let i_immediate = (word.cast_signed() >> 20).cast_unsigned();
        let mut next = here.wrapping_add(4);
        let result = match field(0, 7) {
            0x37 => Some(word & 0xffff_f000),
            0x17 => Some(here.wrapping_add(word & 0xffff_f000)),
            0x6f => {
                let target = (i_immediate & 0xfff0_07fe)
                    | (word & 0x000f_f000)
                    | (if field(20, 1) == 1 { 0x800 } else { 0 });
                next = here.wrapping_add(target);
                Some(here.wrapping_add(4))
            }
            0x67 if funct3 == 0 => {
                next = a.wrapping_add(i_immediate) & !1;
                Some(here.wrapping_add(4))
            }
            0x63 => {
                let taken = match funct3 {
                    0 => a == b,
                    1 => a != b,
                    4 => a.cast_signed() < b.cast_signed(),
                    5 => a.cast_signed() >= b.cast_signed(),
                    6 => a < b,
                    7 => a >= b,
                    _ => return Err(End::Trapped),
                };
                if taken {
                    let low = (field(8, 4) << 1) | (field(25, 6) << 5) | (field(7, 1) << 11);
                    let sign = if field(31, 1) == 1 { 0xffff_f000 } else { 0 };
                    next = here.wrapping_add(low | sign);
                }
                None
            }
            0x03 => Some(self.load(funct3, a.wrapping_add(i_immediate))?),
            0x23 => {
                let offset = (i_immediate & 0xffff_ffe0) | rd;
                self.store(funct3, a.wrapping_add(offset), b)?;
                None
            }
            0x13 => {
                let shift = funct3 & 3 == 1;
                let known = funct7 == 0 || (funct7 == 0x20 && funct3 == 5);
                if shift && !known {
                    return Err(End::Trapped);
                }
                Some(compute(funct3, shift && funct7 == 0x20, a, i_immediate))
            }
            0x33 => match (funct7, funct3) {
                (0x20, 0) => Some(a.wrapping_sub(b)),
                (0x20, 5) => Some(compute(5, true, a, b)),
                (0, _) => Some(compute(funct3, false, a, b)),
                _ => return Err(End::Trapped),
            },
            0x0f if funct3 == 0 => None,
            0x73 if word == 0x73 || word == 0x10_0073 => return Err(End::Asked),
            _ => return Err(End::Trapped),
        };
        if next & 2 != 0 {
            return Err(End::Trapped);
        }
        if let (Some(value), 1..) = (result, rd) {
            self.registers[rd as usize] = value;
        }
        self.address = next;
        self.retired += 1;
        Ok(here)
    }

    fn load(&self, funct3: u32, address: u32) -> Result<u32, End> {
        let size = match funct3 {
            0 | 4 => 1,
            1 | 5 => 2,
            2 => 4,
            _ => return Err(End::Trapped),
        };
        aligned(address, size)?;
        let value = match address >= self.port {
            true => (self.input >> (8 * (address & 3))) & (u32::MAX >> (32 - 8 * size)),
            false => self.read(address, size),
        };
        Ok(match funct3 {
            0 => i32::from(value.to_le_bytes()[0].cast_signed()).cast_unsigned(),
            1 if value & 0x8000 != 0 => value | 0xffff_0000,
            _ => value,
        })
    }

    fn store(&mut self, funct3: u32, address: u32, value: u32) -> Result<(), End> {
        let size = match funct3 {
            0..=2 => 1 << funct3,
            _ => return Err(End::Trapped),
        };
        aligned(address, size)?;
        if address >= self.port {
            self.printed.push(value.to_le_bytes()[0]);
            return Ok(());
        }
        for (place, byte) in (address..).zip(value.to_le_bytes()).take(size as usize) {
            self.memory.insert(place % self.size, byte);
        }
        Ok(())
    }

    /// `size` bytes, little-endian.
    fn read(&self, address: u32, size: u32) -> u32 {
        let byte = |place: u32| {
            let at = address.wrapping_add(place) % self.size;
            u32::from(self.memory.get(&at).copied().unwrap_or(0)) << (8 * place)
        };
        (0..size).map(byte).sum()
    }
}

fn aligned(address: u32, size: u32) -> Result<(), End> {
    if address.is_multiple_of(size) { Ok(()) } else { Err(End::Trapped) }
}

fn compute(funct3: u32, sign: bool, a: u32, b: u32) -> u32 {
    match funct3 {
        0 => a.wrapping_add(b),
        1 => a << (b & 31),
        2 => u32::from(a.cast_signed() < b.cast_signed()),
        3 => u32::from(a < b),
        4 => a ^ b,
        5 if sign => (a.cast_signed() >> (b & 31)).cast_unsigned(),
        5 => a >> (b & 31),
        6 => a | b,
        _ => a & b,
    }
}
