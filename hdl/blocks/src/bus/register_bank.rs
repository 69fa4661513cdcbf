//! [`RegisterBank`].

use super::{Access, RegisterBus};
use olivine_lang::prelude::*;

/// Words that a bus writes and reads and the design beside it sees.
///
/// ```text
///           +--------------+
///     bus ==| RegisterBank |--> values
///           +--------------+
/// ```
///
/// *Parameters*: `bus`, the front of the bus, such as [`AxiLiteFront`](super::AxiLiteFront);
/// `registers`, their number, at least 1 and within the bus' addresses.
///
/// *Ports*: see [`RegisterBankPorts`].
///
/// *Behaviour*: word `i` stands at byte address `i` · bytes of a word. A write changes the bytes
/// of its strobe; a read gives the whole word. There are no words beyond: those accesses are
/// refused and change nothing.
///
/// *Timing*, *Handshake*: those of the front. A written value is on `values` in the cycle in which
/// the write is answered.
///
/// *Reset*: every word is 0.
///
/// *Undefined*: nothing besides what the front leaves open.
///
/// *Verification*: proved by k-induction behind every front: any one byte, arbitrary but fixed,
/// is what the last write to it left, in `values` and in what is read; accesses are refused
/// exactly beyond the end. In tests against an array, with random commands from a manager.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::bus::{AxiLiteFront, RegisterBank};
///
/// let bus = AxiLiteFront { address: 8, data: 32 };
/// let mut bench = Bench::new(RegisterBank { bus, registers: 4 });
/// bench.run(4, |p, cycle| {
///     p.bus.aw.valid.poke(cycle == 0);
///     p.bus.aw.payload.addr.poke(8);
///     p.bus.w.valid.poke(cycle == 0);
///     p.bus.w.payload.data.poke(0x1234_5678);
///     p.bus.w.payload.strb.poke(0b0011);
///     assert_eq!(p.bus.b.valid.peek() == 1, cycle >= 2);
///     assert_eq!(p.values[2].peek(), if cycle >= 2 { 0x5678 } else { 0 });
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct RegisterBank<B> {
    /// The front of the bus.
    pub bus: B,
    /// The number of words.
    pub registers: usize,
}

/// The ports of [`RegisterBank`].
#[derive(Ports)]
pub struct RegisterBankPorts<L: Ports> {
    /// The bus.
    pub bus: Flipped<L>,
    /// The words.
    pub values: Vec<Out<Unsigned>>,
}

impl<B: RegisterBus> Module for RegisterBank<B> {
    type Ports = RegisterBankPorts<B::Link>;

    fn check(&self) -> Result<(), String> {
        self.bus.check()?;
        let most = 1u128 << self.bus.ports().access.read_index.width();
        match self.registers as u128 {
            n if n == 0 || n > most => {
                Err(format!("{n} registers: the bus' addresses reach 1 to {most}"))
            }
            _ => Ok(()),
        }
    }

    fn ports(&self) -> RegisterBankPorts<B::Link> {
        let front = self.bus.ports();
        let word = front.access.read_data;
        RegisterBankPorts { bus: front.bus, values: vec![word; self.registers] }
    }

    #[named]
    fn build(&self, p: RegisterBankPorts<B::Link>) {
        let front = instance(self.bus.clone(), "front");
        connect(p.bus, front.bus);
        let access = front.access;
        let is = |index: Unsigned, i: usize| index.eq(constant(index.shape(), i as u64));
        let mut chosen = Vec::new();
        for (i, value) in p.values.iter().enumerate() {
            let word = reg(value.shape()).reset(0).named("word");
            let bytes = bytes(word, access.write_data, access.write_strobe);
            when(access.write & is(access.write_index, i), || word.set(bytes));
            value.drive(word);
            chosen.push((is(access.read_index, i), word));
        }
        let none = constant(access.read_data.shape(), 0);
        let pick = |other, &(is, word): &(Bit, Unsigned)| mux(is, word, other);
        access.read_data.drive(chosen.iter().fold(none, pick));
        access.read_fault.drive(!any_of(chosen.iter().map(|(is, _)| *is)));
        let written = (0..self.registers).map(|i| is(access.write_index, i));
        access.write_fault.drive(!any_of(written));
        self.contract(&access, &p.values);
    }
}

/// `old` with the bytes of `new` that `strobe` says.
#[track_caller]
pub(super) fn bytes(old: Unsigned, new: Unsigned, strobe: Unsigned) -> Unsigned {
    let mask: Vec<Unsigned> = strobe.bits().iter().map(|bit| bit.repeat(8)).collect();
    let mask = cat(mask);
    (old & !mask) | (new & mask)
}

impl<B: RegisterBus> RegisterBank<B> {
    /// One byte, arbitrary but fixed, beside what it must be.
    #[named]
    fn contract(&self, access: &Access, values: &[Unsigned]) {
        let (index, lane) = (reg(access.read_index.shape()), reg(access.write_strobe.shape()));
        index.set(index);
        lane.set(lane);
        let byte = |word: Unsigned| {
            let parts = (0..lane.width()).map(|i| mux(lane.bit(i), word.slice(8 * i, 8), 0));
            parts.reduce(|a, b| a | b).expect("a word has bytes")
        };
        let one_lane = lane.any() & (lane & lane.wrapping_sub(1)).eq(0);
        let last = constant(index.shape(), (self.registers - 1) as u64);
        let expected = reg(unsigned(8)).reset(0);
        let written = access.write & access.write_index.eq(index);
        when(written & (access.write_strobe & lane).any(), || {
            expected.set(byte(access.write_data));
        });
        let options: Vec<Unsigned> = values.iter().map(|v| byte(*v)).collect();
        when(one_lane & index.le(last), || {
            always("a byte is what was written last", select(index, &options).eq(expected));
            when(access.read & access.read_index.eq(index), || {
                always("a byte is read as it is", byte(access.read_data).eq(expected));
            });
        });
        let refused = |fault: Bit, index: Unsigned| fault.eq(index.gt(last));
        always("reads are refused beyond the end", refused(access.read_fault, access.read_index));
        let (fault, at) = (access.write_fault, access.write_index);
        always("writes are refused beyond the end", refused(fault, at));
        cover("the byte is read after it was written", {
            access.read & access.read_index.eq(index) & one_lane & expected.any()
        });
    }
}
