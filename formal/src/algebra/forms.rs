//! [`Forms`]: each part of a cell as a polynomial, from inputs and state on.

mod cells;

use super::carries::Carries;
use super::parts::{Part, Parts};
use super::polynomial::{MOST_BITS, Polynomial, ones};
use crate::certificate::Merge;
use crate::sabotage::{Bug, planted};
use crate::solver::Deadline;
use olivine_netlist::{Op, ValueId};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// A part is equal to a polynomial modulo 2^known; no less is known than its width, and of one
/// bit everything.
#[derive(Clone)]
pub(super) struct Form {
    pub polynomial: Rc<Polynomial>,
    pub known: u32,
}

/// Why a form is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// That of this part comes first.
    Needs(Part),
    /// It has too many terms, or is too wide.
    TooMuch,
}

/// What an atom is: two of one key have one value. Polynomials are modulo what their width is.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    /// An input or state.
    Leaf(ValueId),
    /// A bit of one.
    Bit(ValueId, u32),
    /// The number that bits of a polynomial are.
    Slice { polynomial: Polynomial, low: u32, width: u32 },
    /// Bitwise.
    And([Polynomial; 2], u32),
    /// Bitwise.
    Majority([Polynomial; 3], u32),
    /// A cell of this operator that is computed from these values of these widths.
    Cell(&'static str, u32, Vec<(Polynomial, u32)>),
}

/// The bit that an atom is, as a product: two factors, or of three the majority.
type Factors = Vec<Rc<Polynomial>>;

struct Atom {
    is_bit: bool,
    factors: Factors,
    /// What it was made of first.
    parts: Vec<Part>,
}

/// Terms that may be handled before time is looked at.
const LOOK: usize = 1 << 16;

pub(super) struct Forms<'a> {
    parts: &'a Parts<'a>,
    carries: &'a Carries,
    known: HashMap<Part, Form>,
    atoms: Vec<Atom>,
    numbers: HashMap<Key, u32>,
    /// Inputs and state that are sums of their bits.
    split: HashSet<ValueId>,
    /// Whether some have been taken as words that are not.
    pub stale: bool,
    /// By part: an earlier one that it is equal to.
    merged: HashMap<Part, Part>,
    constants: HashSet<Part>,
    /// Parts found to be equal, operands first.
    pub merges: Vec<Merge>,
    /// Terms that may still be handled.
    work: usize,
    looked: usize,
    deadline: Deadline,
}

impl<'a> Forms<'a> {
    pub fn new(parts: &'a Parts<'a>, carries: &'a Carries, deadline: Deadline) -> Self {
        Self {
            parts,
            carries,
            known: HashMap::new(),
            atoms: Vec::new(),
            numbers: HashMap::new(),
            split: HashSet::new(),
            stale: false,
            merged: HashMap::new(),
            constants: HashSet::new(),
            merges: Vec::new(),
            work: 0,
            looked: 0,
            deadline,
        }
    }

    /// Begins anew, with what has been learnt of which words are split.
    pub fn restart(&mut self) {
        self.stale = false;
        self.known.clear();
        self.atoms.clear();
        self.numbers.clear();
        self.merged.clear();
        self.constants.clear();
        self.merges.clear();
    }

    /// Whether a bit always has this value, found out with so many terms.
    pub fn is_always(&mut self, bit: ValueId, value: bool, work: usize) -> bool {
        self.work = work;
        self.bit_is(bit, value) == Ok(true)
    }

    fn bit_is(&mut self, bit: ValueId, value: bool) -> Result<bool, Stop> {
        let part = self.parts.whole(bit);
        self.reach(part)?;
        let mut rest = Polynomial::clone(&self.of(part)?.polynomial);
        rest.add(&Polynomial::constant(1), u128::from(value));
        Ok(self.settled(&rest, 1)?.is_zero())
    }

    /// Makes the form of a part be there.
    fn reach(&mut self, part: Part) -> Result<(), Stop> {
        let mut waiting = vec![part];
        while let Some(&next) = waiting.last() {
            if self.known.contains_key(&next) {
                waiting.pop();
                continue;
            }
            match self.compute(next) {
                Ok(form) => {
                    self.spend(form.polynomial.terms() + 1)?;
                    self.known.insert(next, form);
                }
                Err(Stop::Needs(first)) => waiting.push(first),
                Err(stop) => return Err(stop),
            }
        }
        Ok(())
    }

    fn spend(&mut self, terms: usize) -> Result<(), Stop> {
        self.work = self.work.checked_sub(terms).ok_or(Stop::TooMuch)?;
        self.looked += terms;
        if self.looked > LOOK {
            self.looked = 0;
            if self.deadline.is_over() {
                return Err(Stop::TooMuch);
            }
        }
        Ok(())
    }

    /// The form of a part that was reached before.
    fn of(&self, part: Part) -> Result<Form, Stop> {
        self.known.get(&part).cloned().ok_or(Stop::Needs(part))
    }

    fn product(&mut self, a: &Polynomial, b: &Polynomial) -> Result<Polynomial, Stop> {
        self.spend(a.terms() * b.terms())?;
        Ok(a.times(b, &|atom| self.atoms[atom as usize].is_bit))
    }

    /// The polynomial modulo 2^bits, with no bit in it that is a product of others: the last one
    /// first, so that carries cancel before they are multiplied out.
    fn settled(&mut self, polynomial: &Polynomial, bits: u32) -> Result<Polynomial, Stop> {
        let mut rest = polynomial.modulo(bits);
        loop {
            let is_product = |atom: u32| !self.atoms[atom as usize].factors.is_empty();
            let Some(last) = rest.last_atom(is_product) else { return Ok(rest) };
            let factors = self.atoms[last as usize].factors.clone();
            let instead = self.multiplied(&factors)?;
            self.spend(rest.terms() * (1 + instead.terms()))?;
            let is_bit = |atom: u32| self.atoms[atom as usize].is_bit;
            rest = rest.with(last, &instead, &is_bit).modulo(bits);
        }
    }

    fn multiplied(&mut self, factors: &[Rc<Polynomial>]) -> Result<Polynomial, Stop> {
        let [a, b, rest @ ..] = factors else { return Ok(Polynomial::constant(1)) };
        let both = self.product(a, b)?;
        let [c] = rest else { return Ok(both) };
        // Two are, or the third and exactly one: a b + c (a + b - 2 a b).
        let one = Polynomial::sum([(&**a, 1), (&**b, 1), (&both, 2_u128.wrapping_neg())]);
        let third = self.product(&one, c)?;
        Ok(Polynomial::sum([(&both, 1), (&third, 1)]))
    }

    /// The atom of a key; one that was made of other parts says that those are equal.
    fn atom(&mut self, key: Key, width: u32, parts: &[Part], factors: Factors) -> Form {
        let number = match self.numbers.get(&key) {
            Some(&number) => {
                let before = self.atoms[number as usize].parts.clone();
                before.iter().zip(parts).for_each(|(&a, &b)| self.same(a, b));
                number
            }
            None => {
                let number = self.atoms.len() as u32;
                self.atoms.push(Atom { is_bit: width == 1, factors, parts: parts.to_vec() });
                self.numbers.insert(key, number);
                number
            }
        };
        Form { polynomial: Rc::new(Polynomial::atom(number)), known: MOST_BITS }
    }

    /// Notes that two parts are equal: of all that are, each but the first is merged once.
    fn same(&mut self, a: Part, b: Part) {
        let (a, b) = (self.first_of(a), self.first_of(b));
        let (earlier, later) =
            if self.parts.place(a) <= self.parts.place(b) { (a, b) } else { (b, a) };
        if a != b {
            self.merged.insert(later, earlier);
            self.merges.push(Merge {
                value: later.value.0,
                bit: later.low,
                bits: later.width,
                of: Some((earlier.value.0, earlier.low)),
                inverted: false,
            });
        }
    }

    /// The first of those that a part is known to be equal to.
    fn first_of(&self, part: Part) -> Part {
        let mut first = part;
        while let Some(&earlier) = self.merged.get(&first) {
            first = earlier;
        }
        first
    }

    /// Notes that a part is zero, or all ones.
    fn is_constant(&mut self, part: Part, inverted: bool) {
        let part = self.first_of(part);
        let is_written = matches!(self.parts.flat.cell(part.value).op, Op::Const(_));
        if part.width > 1 && !is_written && self.constants.insert(part) {
            let Part { value, low, width } = part;
            self.merges.push(Merge { value: value.0, bit: low, bits: width, of: None, inverted });
        }
    }

    /// The form of a part, right modulo 2^bits.
    fn exact(&mut self, part: Part, bits: u32) -> Result<Form, Stop> {
        let form = self.of(part)?;
        if form.known >= bits || planted(Bug::WrapForgotten) {
            return Ok(form);
        }
        Ok(self.slice(part, 0))
    }

    /// The bits of a part from one on, as an atom: the part has a form.
    fn slice(&mut self, part: Part, low: u32) -> Form {
        let polynomial = self.known[&part].polynomial.modulo(part.width);
        let width = part.width - low;
        let key = Key::Slice { polynomial, low, width };
        self.atom(key, width, &[part], Factors::new())
    }

    /// Bit by bit. With a number that is zero or all ones it is nothing of its own.
    fn and(&mut self, a: Part, b: Part) -> Result<Form, Stop> {
        let (x, y) = (self.of(a)?, self.of(b)?);
        let width = a.width;
        let mut sides = [(x.polynomial.modulo(width), a, x), (y.polynomial.modulo(width), b, y)];
        for (i, other) in [(0, 1), (1, 0)] {
            let constant = sides[i].0.as_constant();
            if let Some(number) = constant.filter(|&n| n == 0 || n == ones(width)) {
                self.is_constant(sides[i].1, number != 0);
                let zero = Form { polynomial: Rc::default(), known: MOST_BITS };
                return Ok(if number == 0 { zero } else { sides[other].2.clone() });
            }
        }
        if sides[0].0 == sides[1].0 {
            // Of bits the checker sees it by itself.
            if width > 1 {
                self.same(a, b);
            }
            return Ok(sides[0].2.clone());
        }
        sides.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        let [(first, a, x), (second, b, y)] = sides;
        let mut factors = Factors::new();
        if width == 1 {
            if first.is_product(1) && second.is_product(1) {
                let polynomial = Rc::new(self.product(&x.polynomial, &y.polynomial)?);
                return Ok(Form { polynomial, known: MOST_BITS });
            }
            factors = vec![x.polynomial, y.polynomial];
        }
        Ok(self.atom(Key::And([first, second], width), width, &[a, b], factors))
    }

    /// Bit by bit.
    fn majority(&mut self, three: [Part; 3]) -> Result<Form, Stop> {
        let width = three[0].width;
        let mut sides = Vec::new();
        for part in three {
            let form = self.of(part)?;
            sides.push((form.polynomial.modulo(width), part, form.polynomial));
        }
        sides.sort();
        let parts = [0, 1, 2].map(|i| sides[i].1);
        let key = Key::Majority([0, 1, 2].map(|i| sides[i].0.clone()), width);
        let of_bits = sides.into_iter().filter(|_| width == 1);
        let factors = of_bits.map(|(_, _, polynomial)| polynomial).collect();
        Ok(self.atom(key, width, &parts, factors))
    }

    /// One or the other.
    fn choose(&mut self, bit: &Form, then: &Form, otherwise: &Form) -> Result<Form, Stop> {
        let mut step = Polynomial::clone(&then.polynomial);
        step.add(&otherwise.polynomial, u128::MAX);
        let mut polynomial = self.product(&bit.polynomial, &step)?;
        polynomial.add(&otherwise.polynomial, 1);
        Ok(Form { polynomial: Rc::new(polynomial), known: then.known.min(otherwise.known) })
    }
}
