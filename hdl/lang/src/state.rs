//! State machines: a `match` over a Rust enum.

use crate::Bit;
use crate::elaborate::with;
use crate::enumeration::{Enum, State, each_variant, enumeration, payload_fault};
use crate::leaf::{Leaf, Net, Reading};
use crate::names;
use crate::operand::Given;
use crate::place::{At, here};
use crate::register;
use crate::signal::Signal;
use crate::walk::Walk;
use olivine_netlist::{Bits, Encoding, EnumKind, Op, Property, PropertyKind, ValueId};
use std::cell::RefCell;

/// A register that holds one variant of `E` and what it carries; see [`state`].
pub struct Machine<E: State> {
    tag: Enum<E>,
    /// For each variant that carries something, its registers.
    payloads: RefCell<Vec<Option<E>>>,
}

/// A state machine that starts, under reset, in `initial`, which carries nothing.
///
/// ```
/// # use olivine_lang::prelude::*;
/// #[derive(Clone, State)]
/// enum Fetch {
///     Idle,
///     Busy { left: Unsigned },
/// }
///
/// fn fetch(start: Bit, length: Unsigned) -> Bit {
///     let s = state(Fetch::Idle).with(Fetch::Busy { left: unsigned(8) });
///     s.each(|now| match now {
///         Fetch::Idle => when(start, || s.set(Fetch::Busy { left: length })).end(),
///         Fetch::Busy { left } => when(left.eq(0), || s.set(Fetch::Idle))
///             .otherwise(|| s.set(Fetch::Busy { left: left.wrapping_sub(1) })),
///     });
///     !s.is(Fetch::Idle)
/// }
/// ```
#[track_caller]
pub fn state<E: State>(initial: E) -> Machine<E> {
    let at = here();
    let tag = register::reg(enumeration::<E>());
    register::reset(at, &tag, code::<E>(initial.tag()));
    if E::unit(initial.tag()).is_none() {
        payload_fault::<E>(at, initial.tag(), "start in a variant that carries nothing");
    }
    let payloads = RefCell::new(vec![None; E::INFO.variants.len()]);
    with(|b, _| {
        if let Net::Value { value, .. } = tag.leaf.net
            && 1u128 << E::INFO.width() != E::INFO.variants.len() as u128
        {
            b.machines.push((ValueId(value), at));
        }
    });
    Machine { tag, payloads }
}

impl<E: State> Machine<E> {
    /// Says the shapes of what a variant carries. Without it they are those of the first
    /// [`Machine::set`] of that variant.
    #[track_caller]
    #[must_use]
    pub fn with(self, shapes: E) -> Self {
        let at = here();
        self.payload(at, &shapes);
        self
    }

    /// Goes into `next` at the coming edge; inside [`when`](crate::when) and
    /// [`Machine::each`] where the condition holds.
    #[track_caller]
    pub fn set(&self, next: E) {
        let at = here();
        crate::drive::set(at, &self.tag, code::<E>(next.tag()));
        if let Some(payload) = self.payload(at, &next) {
            let (to, from) = (payload_leaves(&payload), payload_leaves(&next));
            crate::drive::set(at, &Leaves(to), Given::Signal(Leaves(from)));
        }
    }

    /// Whether the state is this variant; what it carries is not compared and may be shapes.
    #[track_caller]
    pub fn is(&self, variant: E) -> Bit {
        let at = here();
        self.holds(at, variant.tag())
    }

    /// Whether the state is the variant with this tag. As a state is a variant, which is proved,
    /// one bit of a one-hot code says it.
    fn holds(&self, at: At, tag: usize) -> Bit {
        match E::INFO.encoding {
            Encoding::OneHot => {
                Bit(crate::parts::slice(at, self.tag.leaf, tag as u32, 1, Reading::Bit))
            }
            _ => Bit(crate::compare::equal(at, self.tag.leaf, &code::<E>(tag))),
        }
    }

    /// The variant as a signal, without what it carries.
    pub fn tag(&self) -> Enum<E> {
        self.tag
    }

    /// Runs `arm` once for each variant, under the condition that the state is that variant; what
    /// the variant carries arrives as signals. A `match` in it is checked by rustc to leave no
    /// variant out.
    ///
    /// For wires the arms are every case: a state that is no variant takes the last arm.
    #[track_caller]
    pub fn each<R>(&self, mut arm: impl FnMut(E) -> R) {
        let at = here();
        each_variant::<E>(
            at,
            |tag| self.holds(at, tag),
            |tag| {
                let known = self.payloads.borrow()[tag].clone();
                if let Some(variant) = E::unit(tag).or(known) {
                    arm(variant);
                } else {
                    payload_fault::<E>(at, tag, "say its shapes: `state(..).with(variant)`");
                }
            },
        );
    }

    /// The registers of a variant's payload, made where there are none yet.
    fn payload(&self, at: At, like: &E) -> Option<E> {
        let tag = like.tag();
        if E::unit(tag).is_some() {
            return None;
        }
        if self.payloads.borrow()[tag].is_none() {
            let registers =
                map_payload(like, |leaf| with(|b, e| b.register(e, at, leaf.to_shape())));
            self.payloads.borrow_mut()[tag] = Some(registers);
            if let Some(name) = self.name() {
                self.name_payload(tag, &name);
            }
        }
        self.payloads.borrow()[tag].clone()
    }

    /// The name of the tag's register, once it has one.
    fn name(&self) -> Option<String> {
        with(|b, _| {
            let Net::Value { value, .. } = self.tag.leaf.net else { return None };
            let Op::Register(register) = b.module.cell(ValueId(value)).op else { return None };
            let name = b.module.registers[register.index()].name.clone();
            (!name.is_empty()).then_some(name)
        })
    }

    fn name_payload(&self, tag: usize, name: &str) {
        let payloads = self.payloads.borrow();
        let Some(payload) = &payloads[tag] else { return };
        let variant = names::word(E::INFO.variants[tag]);
        let _ = payload.walk_payload(&mut Walk::new(&mut |visit, leaf| {
            let full = format!("{name}_{variant}_{}", visit.name);
            crate::named::name_signal(&Leaves(vec![leaf]), &full);
            leaf
        }));
    }
}

impl<E: State> crate::named::Nameable for Machine<E> {
    fn take_name(&self, name: &str) {
        crate::named::name_signal(&self.tag, name);
        (0..E::INFO.variants.len()).for_each(|tag| self.name_payload(tag, name));
    }
}

/// A variant's bits.
fn code<E: State>(tag: usize) -> Given<Enum<E>> {
    Given::Literal(crate::operand::Literal::Int(E::INFO.code(tag)))
}

fn map_payload<E: State>(variant: &E, mut map: impl FnMut(Leaf) -> Leaf) -> E {
    variant.walk_payload(&mut Walk::new(&mut |_, leaf| map(leaf)))
}

fn payload_leaves<E: State>(variant: &E) -> Vec<Leaf> {
    let mut list = Vec::new();
    let _ = map_payload(variant, |leaf| {
        list.push(leaf);
        leaf
    });
    list
}

/// Bare leaves as a signal.
#[derive(Clone)]
struct Leaves(Vec<Leaf>);

impl Signal for Leaves {
    fn walk(&self, walk: &mut Walk<'_>) -> Self {
        Self(self.0.iter().map(|leaf| walk.leaf(*leaf)).collect())
    }
}

impl crate::builder::Builder {
    /// States that are no variant cannot be reached: said as assertions, as k-induction needs to
    /// know. Called when registers have their names.
    pub(crate) fn assert_states(&mut self, e: &mut crate::elaborate::Elaboration) {
        for (value, at) in std::mem::take(&mut self.machines) {
            let Op::Register(register) = self.module.cell(value).op else { continue };
            let register = &self.module.registers[register.index()];
            let olivine_netlist::Kind::Enum(kind) = &register.kind else { continue };
            let name = format!("`{}` is a variant of {}", register.name, kind.name);
            let domain = register.domain;
            let (width, kind) = (register.width, kind.clone());
            let condition = match kind.encoding {
                Encoding::Binary => {
                    let limit = Bits::new(width, kind.variants.len() as u64);
                    let limit = self.constant(e, at, limit);
                    self.cell(e, at, Op::LessUnsigned(value, limit), 1)
                }
                Encoding::OneHot | Encoding::Gray => self.is_code(e, at, value, &kind, width),
            };
            let place = e.files.place(at);
            let kind = PropertyKind::Assert;
            self.module.properties.push(Property { name, kind, condition, domain, place });
        }
    }

    /// Whether a value is one of the codes.
    fn is_code(
        &mut self,
        e: &mut crate::elaborate::Elaboration,
        at: At,
        value: ValueId,
        kind: &EnumKind,
        width: u32,
    ) -> ValueId {
        let mut any = self.constant(e, at, Bits::zero(1));
        for tag in 0..kind.variants.len() {
            let code = self.constant(e, at, kind.code(tag, width));
            let is = self.cell(e, at, Op::Eq(value, code), 1);
            any = self.cell(e, at, Op::Or(any, is), 1);
        }
        any
    }
}
