//! Bodies that may be skipped.
//!
//! Both ways must leave the same values in the same registers. So behind a body, registers hold
//! what they held before it: what has left its register in the body is loaded again, unless it was
//! kept elsewhere before. The result of two bodies is in a register that was free before them, or
//! in a place of its own.

use super::{Allocator, scalar_code};
use crate::native::asm::Rm;
use crate::native::ops::{Class, Inst, Op, V, When};
use crate::native::target::Target;

/// What is known of a body on the way.
#[derive(Debug)]
pub(super) struct Body {
    /// What the registers held before it, by file.
    before: [Vec<Option<V>>; 3],
    /// Of these, what could be had from elsewhere already.
    elsewhere: Vec<V>,
    /// Of these, what has left its register.
    lost: Vec<V>,
    /// The jump over it.
    over: usize,
    /// Behind the first of two bodies: the jump over the second, and where the result is.
    first: Option<(usize, Merged)>,
}

/// Where the result of two bodies is.
#[derive(Clone, Copy, Debug)]
enum Merged {
    /// In the register with this index in the file of its class.
    Register(usize),
    Kept(u32),
}

impl<T: Target> Allocator<'_, T> {
    /// Compares, and jumps over the body that `rest` begins with unless the comparison holds.
    pub(super) fn begin(&mut self, when: When, negated: bool, inst: &Inst, rest: &[Inst]) {
        for cell in stored(rest) {
            // Values of earlier may be needed by who skips the body, too.
            let earlier = self.homes.get(&cell);
            if earlier.is_some_and(|value| self.values[value.0 as usize].made) {
                self.save_home(cell, &[]);
            }
        }
        let from = self.operands(inst);
        inst.from.iter().for_each(|v| self.values[v.0 as usize].behind += 1);
        inst.from.iter().for_each(|v| self.release(*v));
        const EQUAL: u8 = 4;
        const BELOW: u8 = 2;
        let skip = match (when, negated) {
            (When::Any, _) => {
                let Rm::Reg(mask) = from[0] else { unreachable!("masks are in registers") };
                T::test_mask(self.asm, mask);
                if negated { BELOW } else { EQUAL }
            }
            // Conditions stand in pairs, each beside its opposite.
            _ => scalar_code::compare(self.asm, when, &from) ^ u8::from(!negated),
        };
        let before = self.files.each_ref().map(|file| file.holds.clone());
        let elsewhere = |v: &V| {
            let known = &self.values[v.0 as usize];
            known.again.is_some() || known.kept.is_some()
        };
        let elsewhere = before.iter().flatten().flatten().copied().filter(elsewhere).collect();
        let over = self.asm.jump_ahead_if(skip);
        self.bodies.push(Body { before, elsewhere, lost: Vec::new(), over, first: None });
    }

    /// The first body ends, with the value that is its result.
    pub(super) fn otherwise(&mut self, result: V) {
        let mut body = self.bodies.pop().expect("a body has begun");
        let merged = self.hand_on(&mut body, result, None);
        let end = self.asm.jump_ahead();
        self.asm.land(body.over);
        // Who skips the first body still has all in its register.
        self.hold_only(&body.before);
        let needed: Vec<(usize, usize, V)> = self.needed(&body).collect();
        for (file, index, value) in needed {
            self.hold(file, index, value);
        }
        body.first = Some((end, merged));
        self.bodies.push(body);
    }

    /// A body without result ends, or the second of two.
    pub(super) fn end(&mut self, inst: &Inst) {
        let mut body = self.bodies.pop().expect("a body has begun");
        let Some((end, merged)) = body.first else {
            self.back(&mut body);
            self.asm.land(body.over);
            return self.drop_lost(&body);
        };
        self.hand_on(&mut body, inst.from[0], Some(merged));
        self.asm.land(end);
        self.drop_lost(&body);
        let to = inst.to.expect("two bodies have a result");
        let file = Self::file(self.values[to.0 as usize].class);
        self.values[to.0 as usize].made = true;
        match merged {
            Merged::Kept(at) => self.values[to.0 as usize].kept = Some(at),
            Merged::Register(index) => self.hold(file, index, to),
        }
    }

    /// Brings the result of a body to where that of both is, and all else back.
    fn hand_on(&mut self, body: &mut Body, result: V, merged: Option<Merged>) -> Merged {
        let from = self.fetch(result, &[result]);
        self.values[result.0 as usize].behind += 1;
        self.release(result);
        let class = self.values[result.0 as usize].class;
        let file = Self::file(class);
        self.hold_only(&body.before);
        let merged = merged.unwrap_or_else(|| {
            let taken: Vec<usize> =
                self.needed(body).filter(|(f, ..)| *f == file).map(|(_, index, _)| index).collect();
            let free = (0..self.files[file].holds.len()).find(|index| !taken.contains(index));
            free.map_or_else(|| Merged::Kept(self.place(file)), Merged::Register)
        });
        match merged {
            Merged::Kept(at) => self.store(class, from, at),
            Merged::Register(index) => {
                let to = self.files[file].registers[index];
                match class {
                    Class::Scalar => scalar_code::copy(self.asm, to, from),
                    _ => T::copy(self.asm, class, to, from),
                }
            }
        }
        self.back(body);
        merged
    }

    /// Brings what a body has moved back into its register, but for what can be had from elsewhere
    /// on both ways.
    fn back(&mut self, body: &mut Body) {
        self.hold_only(&body.before);
        let needed: Vec<(usize, usize, V)> = self.needed(body).collect();
        for (file, index, value) in needed {
            let held = self.files[file].holds[index].is_some();
            if body.elsewhere.contains(&value) {
                body.lost.extend((!held).then_some(value));
                continue;
            }
            if !held {
                self.load(value, self.files[file].registers[index]);
                self.hold(file, index, value);
            }
            // Its place was written in the body alone.
            if let Some(at) = self.values[value.0 as usize].kept.take() {
                self.free[file].push(at);
            }
        }
    }

    /// Of what registers held before a body, what is used later: file, register and value.
    fn needed<'b>(&'b self, body: &'b Body) -> impl Iterator<Item = (usize, usize, V)> + 'b {
        let values = &self.values;
        let held = body.before.iter().enumerate().flat_map(|(file, holds)| {
            let each = holds.iter().enumerate();
            each.filter_map(move |(index, value)| value.map(|value| (file, index, value)))
        });
        held.filter(|(.., value)| values[value.0 as usize].next_use().is_some())
    }

    /// Empties all registers that do not hold what they are to.
    fn hold_only(&mut self, wanted: &[Vec<Option<V>>; 3]) {
        for (file, wanted) in self.files.iter_mut().zip(wanted) {
            for (held, wanted) in file.holds.iter_mut().zip(wanted) {
                if held != wanted
                    && let Some(value) = held.take()
                {
                    self.values[value.0 as usize].register = None;
                }
            }
        }
    }

    pub(super) fn hold(&mut self, file: usize, index: usize, value: V) {
        self.files[file].holds[index] = Some(value);
        self.values[value.0 as usize].register = Some(self.files[file].registers[index]);
    }

    /// What one of the ways has not in its register any more is not in it.
    fn drop_lost(&mut self, body: &Body) {
        for value in &body.lost {
            let file = Self::file(self.values[value.0 as usize].class);
            let held = self.files[file].holds.iter_mut().find(|held| **held == Some(*value));
            if let Some(held) = held {
                *held = None;
                self.values[value.0 as usize].register = None;
            }
        }
    }
}

/// The cells that a body stores to, those of bodies in it too.
fn stored(body: &[Inst]) -> Vec<u32> {
    let mut depth = 0;
    let mut cells = Vec::new();
    for inst in body {
        match inst.op {
            Op::If { .. } => depth += 1,
            Op::End(_) if depth == 0 => break,
            Op::End(_) => depth -= 1,
            Op::Store(cell) | Op::VectorStore(cell) => cells.push(cell.at),
            Op::MaskStore(at) => cells.push(at),
            _ => {}
        }
    }
    cells
}
