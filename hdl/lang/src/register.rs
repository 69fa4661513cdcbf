//! Registers and wires.

use crate::builder::{Builder, Declared, Read, Target};
use crate::elaborate::{Elaboration, with};
use crate::leaf::{Leaf, Net};
use crate::operand::{Given, Operand};
use crate::place::{At, here};
use crate::scope::outside_conditions;
use crate::signal::Signal;
use olivine_netlist::{Bits, Op, Register, RegisterId, ValueId};

/// A register of this shape, to be [`set`](Signal::set). Without [`reset`](Signal::reset) it has
/// no reset, without [`init`](Signal::init) its value at power-up is undefined.
#[track_caller]
pub fn reg<T: Signal>(shape: T) -> T {
    let at = here();
    declare(at, &shape, "a register", |b, e, leaf| b.register(e, at, leaf))
}

/// A signal that is to be [driven](Signal::drive) later on; under `when` with a default before,
/// or in every arm.
#[track_caller]
pub fn wire<T: Signal>(shape: T) -> T {
    let at = here();
    declare(at, &shape, "a wire", |b, e, leaf| {
        let width = b.checked_width(e, at, leaf);
        let value = b.wire(e, at, Target::Wire, width);
        b.leaf(value, leaf.reading)
    })
}

/// `signal` as it was `cycles` cycles ago, through registers without reset; whatever `when` it
/// stands in.
#[track_caller]
pub fn delay<T: Signal>(signal: T, cycles: u32) -> T {
    let at = here();
    let source = signal.leaves();
    (1..=cycles).fold(signal, |now, stage| later(at, now, &source, stage))
}

/// `signal` now and as it was one, two, … cycles ago, the youngest first: `count` values, through
/// registers that take `reset` under reset; whatever `when` it stands in.
#[track_caller]
pub fn history<T: Signal>(signal: T, count: usize, reset: impl Operand<T>) -> Vec<T> {
    let at = here();
    let source = signal.leaves();
    let value = crate::constant::of(at, &signal, reset.given());
    let mut values = Vec::with_capacity(count);
    let mut next = Some(signal);
    while let (Some(now), true) = (next.take(), values.len() < count) {
        values.push(now.clone());
        if values.len() < count {
            let register = later(at, now, &source, values.len() as u32);
            self::reset(at, &register, Given::Signal(value.clone()));
            next = Some(register);
        }
    }
    values
}

/// `now` one cycle later: the stage of this number behind `source`.
fn later<T: Signal>(at: At, now: T, source: &[Leaf], stage: u32) -> T {
    let mut sources = source.iter();
    let later = now.map_leaves(|leaf| {
        let source = sources.next().copied().unwrap_or(leaf);
        with(|b, e| b.stage(e, at, source, stage))
    });
    outside_conditions(|| crate::drive::set(at, &later, Given::Signal(now)));
    later
}

fn declare<T: Signal>(
    at: At,
    shape: &T,
    what: &'static str,
    mut make: impl FnMut(&mut Builder, &mut Elaboration, Leaf) -> Leaf,
) -> T {
    if with(|b, e| e.only_shapes(b, at, what)) {
        return shape.map_leaves(|leaf| leaf.with_net(Net::Poison));
    }
    let mut values = Vec::new();
    let signal = shape.map_leaves(|leaf| {
        with(|b, e| {
            if leaf.net != Net::Shape {
                e.fault_shape_wanted(b, at, what);
            }
            let made = make(b, e, leaf);
            if let Net::Value { value, .. } = made.net {
                values.push(ValueId(value));
            }
            made
        })
    });
    with(|b, _| b.declared.push(Declared { at, values }));
    signal
}

impl Builder {
    /// A register that nothing sets yet, without a name.
    pub(crate) fn register(&mut self, e: &mut Elaboration, at: At, shape: Leaf) -> Leaf {
        let width = self.checked_width(e, at, shape);
        let id = RegisterId(self.module.registers.len() as u32);
        let value = self.cell(e, at, Op::Register(id), width);
        let domain = self.domain(e, at);
        self.module.registers.push(Register {
            name: String::new(),
            width,
            kind: shape.reading.kind(),
            domain,
            reset: None,
            init: None,
            crossing: false,
            cases: Vec::new(),
            place: e.files.place(at),
            value,
        });
        self.sets.push(Vec::new());
        self.register_at.push(at);
        self.leaf(value, shape.reading)
    }

    /// A register that holds what `source` was so many cycles ago.
    pub(crate) fn stage(&mut self, e: &mut Elaboration, at: At, source: Leaf, stage: u32) -> Leaf {
        let id = RegisterId(self.module.registers.len() as u32);
        if let Net::Value { value, .. } = source.net {
            self.stages.insert(id, (ValueId(value), stage));
        }
        self.register(e, at, source.to_shape())
    }

    fn register_of(&self, e: &mut Elaboration, at: At, leaf: Leaf) -> Read<RegisterId> {
        let value = self.read(e, at, leaf)?;
        if let Op::Register(register) = self.module.cell(value).op {
            return Ok(register);
        }
        let message = format!("{} is no register and has neither reset nor init", self.show(value));
        e.fault(self, "L027", at, message, "say it of what `reg(..)` gives");
        Err(crate::builder::Poisoned)
    }

    fn constant_bits(&self, e: &mut Elaboration, at: At, like: Leaf, leaf: Leaf) -> Read<Bits> {
        let value = self.read(e, at, leaf)?;
        self.same_shape(e, at, like, leaf)?;
        if let Op::Const(bits) = &self.module.cell(value).op {
            return Ok(bits.clone());
        }
        let message = "the reset or init value of a register is no constant";
        let help = "use a literal, `constant(..)`, `zero(..)`; state that starts from a signal is \
                    set under a condition";
        e.fault(self, "L028", at, message, help);
        Err(crate::builder::Poisoned)
    }
}

pub(crate) fn reset<T: Signal>(at: At, target: &T, given: Given<T>) {
    each(at, target, given, |register, bits| register.reset = Some(bits));
}

pub(crate) fn init<T: Signal>(at: At, target: &T, given: Given<T>) {
    each(at, target, given, |register, bits| register.init = Some(bits));
}

pub(crate) fn crossing<T: Signal>(at: At, target: &T) {
    with(|b, e| {
        for leaf in target.leaves() {
            let Ok(register) = b.register_of(e, at, leaf) else { continue };
            b.module.registers[register.index()].crossing = true;
        }
    });
}

fn each<T: Signal>(at: At, target: &T, given: Given<T>, store: impl Fn(&mut Register, Bits)) {
    let targets = target.leaves();
    let sources = crate::constant::of(at, target, given).leaves();
    with(|b, e| {
        if !crate::drive::same_count(b, e, at, targets.len(), sources.len()) {
            return;
        }
        for (target, source) in targets.iter().zip(&sources) {
            let Ok(register) = b.register_of(e, at, *target) else { continue };
            if let Ok(bits) = b.constant_bits(e, at, *target, *source) {
                store(&mut b.module.registers[register.index()], bits);
            }
        }
    });
}
