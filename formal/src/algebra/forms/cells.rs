//! What each operator is.

use super::{Factors, Form, Forms, Key, Stop};
use crate::algebra::parts::Part;
use crate::algebra::polynomial::{MOST_BITS, Polynomial, ones};
use crate::sabotage::{Bug, planted};
use olivine_netlist::{Op, ValueId};
use std::rc::Rc;

/// Words up to this width are taken bit by bit where all bits are asked for at once.
const FEW_BITS: u32 = 4;
/// Most options of a choice that is multiplied out.
const FEW_OPTIONS: usize = 32;

/// `-n`.
fn minus(n: u128) -> u128 {
    n.wrapping_neg()
}

fn number(value: u128) -> Form {
    Form { polynomial: Rc::new(Polynomial::constant(value)), known: MOST_BITS }
}

/// A sum of forms, each so many times.
fn sum(parts: &[(&Form, u128)]) -> Form {
    let known = parts.iter().map(|(form, _)| form.known).min();
    let polynomial = Polynomial::sum(parts.iter().map(|(form, times)| (&*form.polynomial, *times)));
    Form { polynomial: Rc::new(polynomial), known: known.unwrap_or(MOST_BITS) }
}

/// As it is, but known no further.
fn up_to(bits: u32, form: &Form) -> Form {
    let known = form.known.min(bits);
    Form { polynomial: Rc::new(form.polynomial.modulo(known)), known }
}

impl Forms<'_> {
    /// The form of a part, from those that it needs.
    pub(super) fn compute(&mut self, part: Part) -> Result<Form, Stop> {
        if part.width > MOST_BITS {
            return Err(Stop::TooMuch);
        }
        let flat = self.parts.flat;
        let Part { value, low, width } = part;
        match &flat.cell(value).op {
            Op::Const(bits) => {
                let set = (0..width).filter(|&i| bits.bit(low + i));
                Ok(number(set.map(|i| 1 << i).sum()))
            }
            Op::Input(_) | Op::Undefined | Op::Register(_) | Op::ReadData { .. } => {
                Ok(self.leaf(part))
            }
            Op::Not(a) => {
                let a = self.of(self.parts.part(*a, low, width))?;
                Ok(sum(&[(&number(ones(width)), 1), (&a, u128::MAX)]))
            }
            Op::And(..) | Op::Or(..) | Op::Xor(..) | Op::Mux { .. } => self.bitwise(part),
            Op::Select { index, options } => self.selected(part, *index, options),
            Op::Add(..) | Op::Sub(..) | Op::MulUnsigned(..) | Op::MulSigned(..) if low == 0 => {
                self.arithmetic(part)
            }
            Op::Eq(a, b) => self.equal(value, *a, *b),
            Op::ReduceAnd(a) | Op::ReduceOr(a) | Op::ReduceXor(a) => self.reduced(value, *a),
            _ => match self.parts.pieces(part) {
                Some(_) => self.joined(part),
                None => self.opaque(part),
            },
        }
    }

    fn leaf(&mut self, Part { value, low, width }: Part) -> Form {
        let own = self.parts.flat.width(value);
        if width > 1 && width == own && !self.split.contains(&value) {
            return self.atom(Key::Leaf(value), width, &[], Factors::new());
        }
        if own > 1 && self.split.insert(value) {
            self.stale = true;
        }
        let mut bits = Vec::new();
        for i in 0..width {
            bits.push((self.atom(Key::Bit(value, low + i), 1, &[], Factors::new()), 1 << i));
        }
        sum(&bits.iter().map(|(form, times)| (form, *times)).collect::<Vec<_>>())
    }

    fn bitwise(&mut self, part: Part) -> Result<Form, Stop> {
        let (parts, carries) = (self.parts, self.carries);
        let Part { value, low, width } = part;
        let (cell, own) = (parts.flat.cell(value), parts.flat.width(value));
        if low == 0 && width > 1 && width < own && own <= MOST_BITS {
            // A carry that is cut is the one that the sum has, cut.
            if !matches!(cell.op, Op::Mux { .. }) {
                return Ok(up_to(width, &self.of(Part { value, low, width: own })?));
            }
        }
        if let Some(three) = carries.majority(value) {
            return self.majority(three.map(|p| parts.within(p, low, width)));
        }
        if let Some(three) = carries.sum(parts, value) {
            return self.sum_of_three(three.map(|p| parts.within(p, low, width)));
        }
        let of = |v: ValueId| parts.part(v, low, width);
        match cell.op {
            Op::And(a, b) => self.and(of(a), of(b)),
            Op::Or(a, b) => self.either(of(a), of(b), 1),
            Op::Xor(a, b) => self.either(of(a), of(b), 2),
            Op::Mux { condition, then, otherwise } => {
                let bit = self.of(parts.whole(condition))?;
                let (then, otherwise) = (self.of(of(then))?, self.of(of(otherwise))?);
                self.choose(&bit, &then, &otherwise)
            }
            _ => self.opaque(part),
        }
    }

    /// Bit by bit one or the other: what both have counts once, or not at all.
    fn either(&mut self, a: Part, b: Part, times: u128) -> Result<Form, Stop> {
        let (x, y) = (self.of(a)?, self.of(b)?);
        let both = self.and(a, b)?;
        Ok(sum(&[(&x, 1), (&y, 1), (&both, minus(times))]))
    }

    /// Bit by bit the sum of three without the carry.
    fn sum_of_three(&mut self, three: [Part; 3]) -> Result<Form, Stop> {
        let carry = self.majority(three)?;
        let [a, b, c] = three.map(|part| self.of(part));
        let twice = if planted(Bug::CarryOnce) { 1 } else { 2 };
        Ok(sum(&[(&a?, 1), (&b?, 1), (&c?, 1), (&carry, minus(twice))]))
    }

    fn arithmetic(&mut self, part: Part) -> Result<Form, Stop> {
        let parts = self.parts;
        let Part { value, width, .. } = part;
        let of = |v: ValueId| parts.part(v, 0, width.min(parts.flat.width(v)));
        match parts.flat.cell(value).op {
            Op::Add(a, b) | Op::Sub(a, b) if width == 1 => self.either(of(a), of(b), 2),
            Op::MulUnsigned(a, b) | Op::MulSigned(a, b) if width == 1 => self.and(of(a), of(b)),
            Op::Add(a, b) => {
                let (a, b) = (of(a), of(b));
                let most = parts.most(a).checked_add(parts.most(b));
                let added = sum(&[(&self.of(a)?, 1), (&self.of(b)?, 1)]);
                let wraps = most.is_none_or(|most| most > ones(width));
                Ok(if wraps { up_to(width, &added) } else { added })
            }
            Op::Sub(a, b) => {
                let (a, b) = (self.of(of(a))?, self.of(of(b))?);
                Ok(up_to(width, &sum(&[(&a, 1), (&b, u128::MAX)])))
            }
            Op::MulUnsigned(a, b) => {
                let (a, b) = (self.exact(of(a), width)?, self.exact(of(b), width)?);
                let polynomial = Rc::new(self.product(&a.polynomial, &b.polynomial)?);
                let product = Form { polynomial, known: a.known.min(b.known) };
                let whole = width == parts.flat.width(value);
                Ok(if whole { product } else { up_to(width, &product) })
            }
            Op::MulSigned(a, b) => {
                let (a, b) = (self.signed(a, width)?, self.signed(b, width)?);
                let polynomial = Rc::new(self.product(&a.polynomial, &b.polynomial)?);
                Ok(up_to(width, &Form { polynomial, known: width }))
            }
            _ => self.opaque(part),
        }
    }

    /// A factor in two's complement, modulo 2^bits.
    fn signed(&mut self, value: ValueId, bits: u32) -> Result<Form, Stop> {
        let own = self.parts.flat.width(value);
        if bits <= own {
            return self.of(self.parts.part(value, 0, bits));
        }
        let sign = self.of(self.parts.sign(value))?;
        let word = self.exact(self.parts.whole(value), bits)?;
        let weight = if planted(Bug::SignDropped) { 0 } else { minus(1 << own) };
        Ok(sum(&[(&word, 1), (&sign, weight)]))
    }

    /// Bits that are moved and joined.
    fn joined(&mut self, part: Part) -> Result<Form, Stop> {
        let pieces = self.parts.pieces(part).unwrap_or_default();
        for piece in &pieces {
            self.of(piece.part)?;
        }
        let (mut whole, mut known) = (Polynomial::default(), MOST_BITS);
        for piece in pieces {
            let form = self.exact(piece.part, piece.needed)?;
            self.spend(form.polynomial.terms())?;
            whole.add(&form.polynomial, piece.times);
            known = known.min(form.known + part.width - piece.needed);
        }
        Ok(Form { polynomial: Rc::new(whole), known })
    }

    fn selected(&mut self, part: Part, index: ValueId, options: &[ValueId]) -> Result<Form, Stop> {
        let width = self.parts.flat.width(index);
        if options.len() > FEW_OPTIONS || width > FEW_OPTIONS.ilog2() {
            return self.opaque(part);
        }
        let bits = self.bits(index, width)?;
        let option = |v: &ValueId| self.of(self.parts.part(*v, part.low, part.width));
        let mut level = options.iter().map(option).collect::<Result<Vec<Form>, Stop>>()?;
        // An index past the end chooses the last one.
        let last = level[level.len() - 1].clone();
        level.resize(1 << width, last);
        for bit in &bits {
            let mut fewer = Vec::new();
            for two in level.chunks(2) {
                fewer.push(self.choose(bit, &two[1], &two[0])?);
            }
            level = fewer;
        }
        Ok(level.remove(0))
    }

    fn bits(&self, value: ValueId, width: u32) -> Result<Vec<Form>, Stop> {
        (0..width).map(|i| self.of(self.parts.part(value, i, 1))).collect()
    }

    fn equal(&mut self, cell: ValueId, a: ValueId, b: ValueId) -> Result<Form, Stop> {
        let parts = self.parts;
        let width = parts.flat.width(a);
        let (x, y) = (parts.whole(a), parts.whole(b));
        if width == 1 {
            let differ = self.either(x, y, 2)?;
            return Ok(sum(&[(&number(1), 1), (&differ, u128::MAX)]));
        }
        let difference = sum(&[(&self.of(x)?, 1), (&self.of(y)?, u128::MAX)]);
        let settled = self.settled(&difference.polynomial, width)?;
        if let Some(constant) = settled.as_constant() {
            return Ok(number(u128::from(constant == 0)));
        }
        if width > FEW_BITS {
            return self.cell(cell, &[x, y]);
        }
        let mut all = number(1);
        for i in 0..width {
            let differ = self.either(parts.within(x, i, 1), parts.within(y, i, 1), 2)?;
            all = self.choose(&differ, &number(0), &all)?;
        }
        Ok(all)
    }

    fn reduced(&mut self, cell: ValueId, a: ValueId) -> Result<Form, Stop> {
        let flat = self.parts.flat;
        let (width, op) = (flat.width(a), &flat.cell(cell).op);
        if width > FEW_BITS {
            let word = self.parts.whole(a);
            let polynomial = self.of(word)?.polynomial;
            return match self.settled(&polynomial, width)?.as_constant() {
                Some(constant) => Ok(number(u128::from(match op {
                    Op::ReduceAnd(_) => constant == ones(width),
                    Op::ReduceOr(_) => constant != 0,
                    _ => constant.count_ones() % 2 == 1,
                }))),
                None => self.cell(cell, &[word]),
            };
        }
        let bits = self.bits(a, width)?;
        let mut all = bits[0].clone();
        for bit in &bits[1..] {
            let inverted = sum(&[(&number(1), 1), (bit, u128::MAX)]);
            all = match op {
                Op::ReduceAnd(_) => self.choose(bit, &all, &number(0))?,
                Op::ReduceOr(_) => self.choose(&all.clone(), &number(1), bit)?,
                _ => self.choose(&all.clone(), &inverted, bit)?,
            };
        }
        Ok(all)
    }

    /// A cell of which nothing is known but what it is computed from, or bits of one.
    fn opaque(&mut self, part: Part) -> Result<Form, Stop> {
        let Part { value, low, width } = part;
        if low > 0 {
            let below = Part { value, low: 0, width: low + width };
            self.of(below)?;
            return Ok(self.slice(below, low));
        }
        let own = self.parts.flat.width(value);
        if width == own {
            let mut operands = Vec::new();
            self.parts.flat.cell(value).op.operands(|v| operands.push(self.parts.whole(v)));
            return self.cell(value, &operands);
        }
        let form = up_to(width, &self.of(Part { value, low, width: own })?);
        if width > 1 {
            return Ok(form);
        }
        let polynomial = Polynomial::clone(&form.polynomial);
        Ok(self.atom(Key::Slice { polynomial, low, width }, width, &[part], Factors::new()))
    }

    /// The atom of a whole cell.
    fn cell(&mut self, value: ValueId, operands: &[Part]) -> Result<Form, Stop> {
        let (op, own) = (self.parts.flat.cell(value).op.name(), self.parts.whole(value));
        let mut of = Vec::new();
        for &part in operands {
            of.push((self.of(part)?.polynomial.modulo(part.width), part.width));
        }
        let parts: Vec<Part> = operands.iter().copied().chain([own]).collect();
        Ok(self.atom(Key::Cell(op, own.width, of), own.width, &parts, Factors::new()))
    }
}
