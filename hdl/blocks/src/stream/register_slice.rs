//! [`RegisterSlice`] and the proof of its order.

use super::order::assert_order;
use super::rules::{assert_rules_if, keeps_rules};
use olivine_lang::prelude::*;

/// Which combinational paths a [`RegisterSlice`] cuts.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Cut {
    /// Those of payload and valid: `ready` goes through.
    Forward,
    /// Those of ready: payload and valid go through.
    Backward,
    /// All: a forward slice behind a backward one, as a [`SkidBuffer`](crate::SkidBuffer).
    Full,
}

impl Cut {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Forward, Self::Backward, Self::Full];
}

/// Cuts combinational paths of a stream by registers, at full throughput.
///
/// ```text
///          +---------------+
///  push ==>| RegisterSlice |==> pop
///          +---------------+
/// ```
///
/// *Parameters*: `of`, the shape of the payload; `cut`, which paths.
///
/// *Ports*: see [`RegisterSlicePorts`].
///
/// *Behaviour*: a row of at most one word, or two for a full slice, in order.
///
/// *Timing*: latency one cycle, none for a backward slice; one transfer a cycle. The paths that are
/// cut begin and end in registers.
///
/// *Handshake*: the four rules of [`Stream`] on both sides; a backward slice keeps them on `pop` as
/// long as the producer does on `push`.
///
/// *Reset*: empty.
///
/// *Undefined*: `pop.payload` while `pop` is not valid.
///
/// *Verification*: proved by k-induction for all cuts: `pop` keeps its rules; `push` is
/// ready and `pop` valid whenever they can be; as [`RegisterSliceOrder`], the order of data.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::{Cut, RegisterSlice};
/// use olivine_lang::unsigned;
///
/// let mut bench = Bench::new(RegisterSlice { of: unsigned(8), cut: Cut::Backward });
/// bench.run(1, |p, _| {
///     p.push.valid.poke(true);
///     p.push.payload.poke(7u8);
///     p.pop.ready.poke(false);
///     assert_eq!((p.pop.valid.peek(), p.pop.payload.peek(), p.push.ready.peek()), (1, 7, 1));
/// });
/// bench.run(1, |p, _| assert_eq!(p.push.ready.peek(), 0));
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct RegisterSlice<T> {
    /// The shape of the payload.
    pub of: T,
    /// Which paths are cut.
    pub cut: Cut,
}

/// The ports of [`RegisterSlice`].
#[derive(Ports)]
pub struct RegisterSlicePorts<T: Shape> {
    /// Words that come.
    pub push: Sink<T>,
    /// Words that leave.
    pub pop: Source<T>,
}

/// A register with a valid bit.
pub(crate) struct Slot<T> {
    pub(crate) full: Bit,
    pub(crate) word: T,
}

/// The words inside, the eldest first.
type Slots<T> = Vec<Slot<T>>;

/// Whoever gives `push` is let into a register that drives `pop`.
#[named]
fn forward<T: Shape>(push: Stream<T>, pop: Stream<T>) -> Slot<T> {
    let (full, word) = (reg(bit()).reset(false), reg(push.payload.shape()));
    let room = !full | pop.ready;
    when(room, || {
        full.set(push.valid);
        word.set(push.payload);
    });
    push.ready.drive(room);
    pop.valid.drive(full);
    pop.payload.drive(word);
    Slot { full, word }
}

/// What `pop` does not take at once is kept in a register.
#[named]
fn backward<T: Shape>(push: Stream<T>, pop: Stream<T>) -> Slot<T> {
    let (skid_full, skid_word) = (reg(bit()).reset(false), reg(push.payload.shape()));
    when(pop.ready, || skid_full.set(false)).otherwise_when(push.valid & !skid_full, || {
        skid_full.set(true);
        skid_word.set(push.payload);
    });
    push.ready.drive(!skid_full);
    pop.valid.drive(skid_full | push.valid);
    pop.payload.drive(mux(skid_full, skid_word, push.payload));
    Slot { full: skid_full, word: skid_word }
}

impl<T: Shape> RegisterSlice<T> {
    #[named]
    pub(crate) fn body(&self, p: &RegisterSlicePorts<T>) -> Slots<T> {
        let slots = match self.cut {
            Cut::Forward => vec![forward(p.push, p.pop)],
            Cut::Backward => vec![backward(p.push, p.pop)],
            Cut::Full => {
                let middle = wire(stream(self.of)).named("middle");
                let second = backward(p.push, middle);
                let first = forward(middle, p.pop);
                always("the second is only used behind the first", second.full.implies(first.full));
                vec![first, second]
            }
        };
        let level = cat(slots.iter().map(|slot| slot.full).collect::<Vec<Bit>>()).count_ones();
        let (room, given) = match self.cut {
            Cut::Forward => (level.eq(0) | p.pop.ready, level.any()),
            Cut::Backward => (level.eq(0), level.any() | p.push.valid),
            Cut::Full => (level.lt(2), level.any()),
        };
        always("a word comes while there is room", p.push.ready.eq(room));
        always("a word is given while there is one", p.pop.valid.eq(given));
        let others = match self.cut {
            Cut::Backward => keeps_rules(p.push),
            Cut::Forward | Cut::Full => constant(bit(), true),
        };
        assert_rules_if(others, p.pop, "pop");
        cover("it is full", all_of(slots.iter().map(|slot| slot.full)));
        slots
    }
}

fn ports<T: Shape>(slice: &RegisterSlice<T>) -> RegisterSlicePorts<T> {
    RegisterSlicePorts { push: stream(slice.of), pop: stream(slice.of) }
}

impl<T: Shape> Module for RegisterSlice<T> {
    type Ports = RegisterSlicePorts<T>;

    fn ports(&self) -> RegisterSlicePorts<T> {
        ports(self)
    }

    #[named]
    fn build(&self, p: RegisterSlicePorts<T>) {
        self.body(&p);
    }
}

/// A [`RegisterSlice`] with the [order](crate::order) of its data as a property. For proofs: it is
/// larger.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct RegisterSliceOrder<T>(
    /// What is proved.
    pub RegisterSlice<T>,
);

impl<T: Shape> Module for RegisterSliceOrder<T> {
    type Ports = RegisterSlicePorts<T>;

    fn ports(&self) -> RegisterSlicePorts<T> {
        ports(&self.0)
    }

    #[named]
    fn build(&self, p: RegisterSlicePorts<T>) {
        let slots = self.0.body(&p);
        let fulls: Vec<Bit> = slots.iter().map(|slot| slot.full).collect();
        let words: Vec<T> = slots.iter().map(|slot| slot.word).collect();
        let level = cat(fulls).count_ones();
        assert_order(p.push, p.pop, level, slots.len(), |distance| select(distance, &words));
    }
}
