//! Registers: instructions in order become machine code.
//!
//! One pass: when no register is free, the value whose next use is furthest away leaves its own.
//! What can be made or loaded again is dropped, all else is kept in the storage. Behind a body that
//! may be skipped, registers hold what they held before it (`branch`).

mod branch;
mod operands;

use super::asm::{Asm, Rm};
use super::ops::{Cell, Class, Inst, Op, V};
use super::program::Program;
use super::scalar_code;
use super::target::Target;
use crate::exec::Storage;
use branch::Body;
use rustc_hash::FxHashMap as HashMap;
use smallvec::SmallVec;

/// What is known of a value on the way.
#[derive(Clone, Debug)]
struct Known {
    class: Class,
    /// The operation, if it can be done again at any time.
    again: Option<Op>,
    /// Where it is kept.
    kept: Option<u32>,
    register: Option<u8>,
    /// Places of the instructions that use it, and how many are behind.
    uses: SmallVec<[u32; 4]>,
    behind: usize,
    /// Whether the instruction that makes it is behind.
    made: bool,
}

impl Known {
    fn next_use(&self) -> Option<u32> {
        self.uses.get(self.behind).copied()
    }
}

/// The registers of a class.
#[derive(Debug)]
struct File {
    registers: &'static [u8],
    holds: Vec<Option<V>>,
}

/// Writes instructions as code.
pub(super) struct Allocator<'a, T: Target> {
    asm: &'a mut Asm,
    storage: &'a mut Storage,
    tables: &'a [[u32; 16]],
    values: Vec<Known>,
    files: [File; 3],
    /// By the first byte of a cell, the value that was loaded from it.
    homes: HashMap<u32, V>,
    /// Places in the storage for values, by class.
    free: [Vec<u32>; 3],
    /// The bodies that instructions are in, the innermost last.
    bodies: Vec<Body>,
    target: std::marker::PhantomData<T>,
}

impl<'a, T: Target> Allocator<'a, T> {
    /// For instructions whose values are numbered below `values`.
    pub fn new(
        asm: &'a mut Asm,
        storage: &'a mut Storage,
        tables: &'a [[u32; 16]],
        insts: &[Inst],
        values: usize,
    ) -> Self {
        let known = Known {
            class: Class::Scalar,
            again: None,
            kept: None,
            register: None,
            uses: SmallVec::new(),
            behind: 0,
            made: false,
        };
        let mut known = vec![known; values];
        let mut homes = HashMap::default();
        for (at, inst) in insts.iter().enumerate() {
            for v in &inst.from {
                known[v.0 as usize].uses.push(at as u32);
            }
            if let (Some(to), Some(class)) = (inst.to, inst.op.class()) {
                let value = &mut known[to.0 as usize];
                value.class = class;
                if let Some(cell) = inst.op.home() {
                    homes.insert(cell.at, to);
                    value.again = Some(inst.op);
                } else if inst.op.is_number() {
                    value.again = Some(inst.op);
                }
            }
        }
        let file =
            |registers: &'static [u8]| File { registers, holds: vec![None; registers.len()] };
        Self {
            asm,
            storage,
            tables,
            values: known,
            files: [
                file(scalar_code::REGISTERS),
                file(T::VECTORS),
                file(T::MASKS.unwrap_or_default()),
            ],
            homes,
            free: Default::default(),
            bodies: Vec::new(),
            target: std::marker::PhantomData,
        }
    }

    /// Writes all of them.
    pub fn write(&mut self, insts: &[Inst]) {
        for (at, inst) in insts.iter().enumerate() {
            match inst.op {
                Op::If { when, negated } => self.begin(when, negated, inst, &insts[at + 1..]),
                Op::Else => self.otherwise(inst.from[0]),
                Op::End(_) => self.end(inst),
                _ => self.inst(inst),
            }
        }
    }

    fn file(class: Class) -> usize {
        match class {
            Class::Scalar => 0,
            Class::Mask if T::MASKS.is_some() => 2,
            _ => 1,
        }
    }

    fn inst(&mut self, inst: &Inst) {
        if let (Op::Load(_), Some(value)) = (inst.op, inst.to) {
            // It is there until its cell changes: who uses it loads it.
            self.values[value.0 as usize].made = true;
            return;
        }
        if let Op::Store(cell) | Op::VectorStore(cell) = inst.op {
            self.save_home(cell.at, &inst.from);
        }
        if let Op::MaskStore(at) = inst.op {
            self.save_home(at, &inst.from);
        }
        let inst = &self.turned(inst);
        let from = self.operands(inst);
        for v in &inst.from {
            self.values[v.0 as usize].behind += 1;
        }
        let mut to = 0;
        if let (Some(value), Some(k)) = (inst.to, self.given(inst, &from)) {
            self.release(inst.from[k]);
            self.hold_in(value, from[k]);
        }
        // What is read from memory is read last of all.
        let shared = T::shared(inst.op).min(inst.from.len());
        let is_late = |k: usize| k >= shared || matches!(from[k], Rm::Mem(..));
        let is_early = |k: &usize| {
            !(0..inst.from.len()).any(|other| inst.from[other] == inst.from[*k] && is_late(other))
        };
        (0..shared).filter(is_early).for_each(|k| self.release(inst.from[k]));
        if let Some(value) = inst.to {
            to = match self.values[value.0 as usize].register {
                Some(register) => register,
                None => self.register_for(value, &inst.from),
            };
            self.values[value.0 as usize].made = true;
        }
        inst.from.iter().for_each(|v| self.release(*v));
        self.emit(inst.op, to, &from[..inst.from.len()]);
    }

    /// A cell is about to change: what was loaded from it must be kept in another way.
    fn save_home(&mut self, at: u32, pinned: &[V]) {
        let Some(value) = self.homes.remove(&at) else { return };
        if self.values[value.0 as usize].next_use().is_some() {
            self.fetch(value, pinned);
        }
        self.values[value.0 as usize].again = None;
    }

    /// The register of a value, which is brought into one if need be.
    fn fetch(&mut self, value: V, pinned: &[V]) -> u8 {
        if let Some(register) = self.values[value.0 as usize].register {
            return register;
        }
        let register = self.register_for(value, pinned);
        self.load(value, register);
        register
    }

    /// Loads or makes a value again, in a register.
    fn load(&mut self, value: V, register: u8) {
        let known = &self.values[value.0 as usize];
        let op = match (known.again, known.kept, known.class) {
            (Some(op), ..) => op,
            (_, Some(at), Class::Scalar) => Op::Load(Cell { at, size: 8 }),
            (_, Some(at), Class::Vector) => Op::VectorLoad(Cell { at, size: 4 }),
            (_, Some(at), Class::Mask) if T::MASKS.is_some() => Op::MaskLoad(at),
            (_, Some(at), Class::Mask) => Op::VectorLoad(Cell { at, size: 4 }),
            (None, None, _) => unreachable!("a value that was made is somewhere"),
        };
        self.emit(op, register, &[]);
    }

    /// A register for a value that has none.
    fn register_for(&mut self, value: V, pinned: &[V]) -> u8 {
        let file = Self::file(self.values[value.0 as usize].class);
        let free = self.files[file].holds.iter().position(Option::is_none);
        let index = free.unwrap_or_else(|| self.evict(file, pinned));
        self.hold(file, index, value);
        self.files[file].registers[index]
    }

    /// Gives a value a general register that is free.
    fn hold_in(&mut self, value: V, register: Rm) {
        let index = self.files[0].registers.iter().position(|r| Rm::Reg(*r) == register);
        self.hold(0, index.expect("it is one of the file"), value);
    }

    /// Frees the register whose value is not needed for longest.
    fn evict(&mut self, file: usize, pinned: &[V]) -> usize {
        let candidates = self.files[file].holds.iter().enumerate();
        let distance = |v: V| self.values[v.0 as usize].next_use().unwrap_or(u32::MAX);
        let (index, value) = candidates
            .filter_map(|(index, v)| v.filter(|v| !pinned.contains(v)).map(|v| (index, v)))
            .max_by_key(|(_, v)| (distance(*v), self.values[v.0 as usize].again.is_some()))
            .expect("an instruction has fewer operands than there are registers");
        let known = &self.values[value.0 as usize];
        if known.again.is_none() && known.kept.is_none() {
            let (class, register) = (known.class, known.register.expect("it is in a register"));
            let at = self.keep(class, register);
            self.values[value.0 as usize].kept = Some(at);
        }
        self.files[file].holds[index] = None;
        self.values[value.0 as usize].register = None;
        index
    }

    /// Stores a register of a class in a place of its own.
    fn keep(&mut self, class: Class, register: u8) -> u32 {
        let at = self.place(Self::file(class));
        self.store(class, register, at);
        at
    }

    /// A place in the storage for a value of a file.
    fn place(&mut self, file: usize) -> u32 {
        self.free[file].pop().unwrap_or_else(|| {
            let bytes = if file == 1 { 4 * T::SHAPE.lanes } else { 8 };
            self.storage.allocate(bytes, bytes)
        })
    }

    fn store(&mut self, class: Class, register: u8, at: u32) {
        let op = match class {
            Class::Scalar => Op::Store(Cell { at, size: 8 }),
            Class::Mask if Self::file(class) == 2 => Op::MaskStore(at),
            _ => Op::VectorStore(Cell { at, size: 4 }),
        };
        self.emit(op, 0, &[Rm::Reg(register)]);
    }

    /// Frees what a value that is not used again occupies.
    fn release(&mut self, value: V) {
        let known = &mut self.values[value.0 as usize];
        if known.next_use().is_some() {
            return;
        }
        let file = Self::file(known.class);
        if let Some(at) = known.kept.take() {
            self.free[file].push(at);
        }
        if known.register.take().is_some() {
            let held = self.files[file].holds.iter_mut().find(|held| **held == Some(value));
            *held.expect("registers know their values") = None;
        }
    }

    fn emit(&mut self, op: Op, to: u8, from: &[Rm]) {
        let asm = &mut *self.asm;
        let registers: SmallVec<[u8; 4]> = from
            .iter()
            .filter_map(|operand| match operand {
                Rm::Reg(register) => Some(*register),
                _ => None,
            })
            .collect();
        match (op, op.class()) {
            (Op::Extract { .. } | Op::ExtractBit(_) | Op::MaskBits, _) => {
                T::extract(asm, op, to, registers[0]);
            }
            (Op::VectorStore(_), _) | (_, Some(Class::Vector)) => {
                T::vector(asm, self.tables, op, to, &registers);
            }
            (Op::MaskStore(_), _) | (_, Some(Class::Mask)) => T::mask(asm, op, to, &registers),
            _ => scalar_code::emit(asm, op, to, from),
        }
    }
}

/// Bytes of the storage that instructions reach with a distance of one byte.
pub(super) const NEAR: u32 = 256;

/// Of those, where the number of cycles left is; the rest is for values.
const LEFT: u32 = NEAR - 8;

/// A function of (storage, number of cycles) that runs the program once for each cycle, until the
/// program's stop is not zero. It gives the number of cycles that are left. Values that leave their
/// registers are kept from byte `near` of the storage on, as long as there is room.
pub(super) fn function<T: Target>(program: &Program, near: u32, storage: &mut Storage) -> Vec<u8> {
    let Program { insts, values, tables, stop, flushed, .. } = program;
    const SAVED: [u8; 6] = [3, 5, 12, 13, 14, 15];
    const NOT_EQUAL: u8 = 5;
    const ADD: u8 = 0;
    const SUBTRACT: u8 = 5;
    const COMPARE: u8 = 7;
    // The second argument, and the result.
    const CYCLES: u8 = 6;
    const RESULT: u8 = 0;
    // MXCSR as it is everywhere, and with subnormal operands and results as zero.
    const USUAL: u32 = 0x1f80;
    const FLUSHED: u32 = USUAL | 0x8040;
    let distance = (near + NEAR / 2) as i32;
    let mut asm = Asm::new(scalar_code::BASE, distance);
    for register in SAVED {
        asm.bytes.extend([0x40 | register >> 3, 0x50 | register & 7]);
    }
    asm.with_number(ADD, Rm::Reg(scalar_code::BASE), true, distance);
    let left = Rm::Mem(scalar_code::BASE, (near + LEFT) as i32);
    asm.legacy(&[0x89], CYCLES, left, true, 0);
    let control = |asm: &mut Asm, value: u32| {
        let value = asm.constant(&value.to_le_bytes());
        asm.legacy(&[0x0f, 0xae], 2, value, false, 0);
    };
    if *flushed {
        control(&mut asm, FLUSHED);
    }
    let start = asm.bytes.len();
    let mut allocator = Allocator::<T>::new(&mut asm, storage, tables, insts, *values as usize);
    allocator.free[0] = (0..LEFT / 8).map(|k| near + 8 * k).collect();
    allocator.write(insts);
    asm.with_number(SUBTRACT, left, true, 1);
    let stopped = stop.map(|cell| {
        asm.with_number(COMPARE, Rm::Mem(scalar_code::BASE, cell.at as i32), true, 0);
        let stopped = asm.jump_ahead_if(NOT_EQUAL);
        asm.with_number(COMPARE, left, true, 0);
        stopped
    });
    asm.jump_back_if(NOT_EQUAL, start);
    stopped.into_iter().for_each(|jump| asm.land(jump));
    if *flushed {
        control(&mut asm, USUAL);
    }
    asm.legacy(&[0x8b], RESULT, left, true, 0);
    for register in SAVED.into_iter().rev() {
        asm.bytes.extend([0x40 | register >> 3, 0x58 | register & 7]);
    }
    // vzeroupper; ret
    asm.bytes.extend([0xc5, 0xf8, 0x77, 0xc3]);
    asm.finish()
}
