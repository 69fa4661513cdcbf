//! [`I2cManager`].

use super::settled::settled;
use olivine_lang::prelude::*;

/// Moves bytes over I²C (NXP UM10204) as the only manager of its bus.
///
/// ```text
///              +------------+
///              |            |--> scl_low
/// commands ==> |            |<-- scl
///     byte <-- | I2cManager |--> sda_low
///     done <-- |            |<-- sda
///  refused <-- |            |
///              +------------+
/// ```
///
/// *Parameters*: `divisor`, cycles of a quarter of a bit, at least 2. 400 kbit/s of a clock of
/// 100 MHz are 63.
///
/// *Ports*: see [`I2cManagerPorts`]. Both lines are open-drain: `…_low` pulls a line low, else it
/// is released; what it is then comes back.
///
/// *Behaviour*: for each command, in this order:
/// 1. with `start`, or while the bus is free, a START; a repeated one if the bus is held;
/// 2. eight bits, the highest first: those of `data`, or, with `read`, those of the other end;
/// 3. the ninth: the other end acknowledges a written byte; a byte that was read is acknowledged
///    unless `refuse` says that it is the last;
/// 4. with `stop`, or if a written byte was not acknowledged, a STOP, which frees the bus.
///
/// Otherwise the bus is held, SCL low, until the next command. The first byte after a START is the
/// 7-bit address of a subordinate and, below it, whether it shall be read.
///
/// *Timing*: a bit, a START and a STOP take 4 · `divisor` cycles each and as many more as SCL takes
/// to be seen high (through two registers) after its release: a subordinate may stretch the clock.
/// The two lines never change in the same cycle. `done` comes the cycle after the command is over.
///
/// *Handshake*: `commands` is ready between commands. `byte` and `refused` hold from `done` to the
/// first bit of the next command.
///
/// *Reset*: both lines are released, the bus is free.
///
/// *Undefined*: `byte` and `refused` before the first `done`; the bus with another manager, as
/// there is no arbitration.
///
/// *Verification*: proved by k-induction: what both lines do at each pulse of SCL follows from the
/// command; SDA changes beside a released SCL for a START or STOP alone; SCL is pulled only after
/// it was seen high long enough; every bit of `byte` is what was seen. In tests together with
/// [`I2cSubordinate`](super::I2cSubordinate).
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct I2cManager {
    /// Cycles of a quarter of a bit.
    pub divisor: u32,
}

/// A byte to move.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct I2cCommand {
    /// A START comes first.
    pub start: Bit,
    /// Read; otherwise write.
    pub read: Bit,
    /// What is written: 8 bits.
    pub data: Unsigned,
    /// A byte that was read is not acknowledged.
    pub refuse: Bit,
    /// A STOP comes last.
    pub stop: Bit,
}

/// The ports of [`I2cManager`].
#[derive(Ports)]
pub struct I2cManagerPorts {
    /// What to do.
    pub commands: Sink<I2cCommand>,
    /// The eight bits that were on the line.
    pub byte: Out<Unsigned>,
    /// The ninth: the byte was not acknowledged.
    pub refused: Out<Bit>,
    /// One cycle for each command: it is over.
    pub done: Out<Bit>,
    /// The clock.
    pub scl: In<Bit>,
    /// Pulls the clock.
    pub scl_low: Out<Bit>,
    /// The data.
    pub sda: In<Bit>,
    /// Pulls the data.
    pub sda_low: Out<Bit>,
}

/// What the present four quarters are for.
#[derive(Clone, State)]
enum Slot {
    Idle,
    Start,
    Bits,
    Stop,
}

/// What is inside, for properties. `scl` and `sda` are what is pulled from the next cycle on.
struct Inside {
    slot: Machine<Slot>,
    quarter: Unsigned,
    timer: Unsigned,
    count: Unsigned,
    command: I2cCommand,
    open: Bit,
    out: Unsigned,
    taken: Unsigned,
    scl: Bit,
    sda: Bit,
    seen_scl: Bit,
    seen_sda: Bit,
    takes: Bit,
}

impl Module for I2cManager {
    type Ports = I2cManagerPorts;

    fn check(&self) -> Result<(), String> {
        if self.divisor < 2 {
            return Err(format!("a quarter of a bit of {} cycles: give 2 or more", self.divisor));
        }
        Ok(())
    }

    fn ports(&self) -> I2cManagerPorts {
        let (bit, data) = (bit(), unsigned(8));
        I2cManagerPorts {
            commands: stream(I2cCommand { start: bit, read: bit, data, refuse: bit, stop: bit }),
            byte: data,
            refused: bit,
            done: bit,
            scl: bit,
            scl_low: bit,
            sda: bit,
            sda_low: bit,
        }
    }

    #[named]
    fn build(&self, p: I2cManagerPorts) {
        let longest = self.divisor.saturating_sub(1);
        let slot = state(Slot::Idle);
        let (timer, quarter) = (reg(unsigned(bits_for(longest.into()))).reset(0), reg(unsigned(2)));
        let (count, command) = (reg(unsigned(4)).reset(0), reg(p.commands.payload.shape()));
        // The bus is held; it was held when the command came.
        let (open, again) = (reg(bit()).reset(false), reg(bit()));
        let (out, taken) = (reg(unsigned(9)), reg(unsigned(9)));
        let (scl_low, sda_low) = (reg(bit()).reset(false), reg(bit()).reset(false));
        let done = reg(bit()).reset(false);
        let (seen_scl, seen_sda) = (settled(p.scl, true), settled(p.sda, true));

        let busy = !slot.is(Slot::Idle);
        let waits = quarter.eq(1) & (scl_low | !seen_scl);
        let due = busy & !waits & timer.eq(0);
        when(busy & !waits, || timer.set(timer.wrapping_sub(1)));
        when(due, || {
            timer.set(longest);
            quarter.set(quarter.wrapping_add(1));
        });
        let takes = due & quarter.eq(1) & slot.is(Slot::Bits);
        when(takes, || taken.set(push(taken, seen_sda)));
        done.set(false);
        let over = || {
            slot.set(Slot::Idle);
            done.set(true);
        };
        when(due & quarter.eq(3), || {
            slot.each(|now| match now {
                Slot::Idle => {}
                Slot::Start => slot.set(Slot::Bits),
                Slot::Bits => {
                    out.set(push(out, constant(bit(), false)));
                    count.set(count.wrapping_add(1));
                    when(count.eq(8), || {
                        let stops = command.stop | (!command.read & taken.bit(0));
                        when(stops, || slot.set(Slot::Stop)).otherwise(over);
                    });
                }
                Slot::Stop => {
                    open.set(false);
                    over();
                }
            });
        });
        when(p.commands.transfer(), || {
            let asked = p.commands.payload;
            command.set(asked);
            out.set(bits_of(asked));
            timer.set(longest);
            quarter.set(0);
            count.set(0);
            again.set(open);
            open.set(true);
            when(asked.start | !open, || slot.set(Slot::Start)).otherwise(|| slot.set(Slot::Bits));
        });
        let is = |first: u64| quarter.eq(first) | quarter.eq(first + 1);
        let scl = (slot.is(Slot::Idle) & open)
            | (slot.is(Slot::Start) & (quarter.eq(3) | (quarter.eq(0) & again)))
            | (slot.is(Slot::Bits) & !is(1))
            | (slot.is(Slot::Stop) & quarter.eq(0));
        let sda = (slot.is(Slot::Start) & is(2))
            | (slot.is(Slot::Bits) & !out.top_bit())
            | (slot.is(Slot::Stop) & is(0));
        scl_low.set(scl);
        sda_low.set(sda);

        p.commands.ready.drive(!busy);
        p.byte.drive(taken.slice(1, 8));
        p.refused.drive(taken.bit(0));
        p.done.drive(done);
        p.scl_low.drive(scl_low);
        p.sda_low.drive(sda_low);
        let inside = Inside {
            slot,
            quarter,
            timer,
            count,
            command,
            open,
            out,
            taken,
            scl,
            sda,
            seen_scl,
            seen_sda,
            takes,
        };
        self.lines(&p, &inside);
        self.stretching(&p, &inside);
        pulses(&p, &inside);
    }
}

/// The bit below the others, the highest dropped.
#[track_caller]
fn push(word: Unsigned, low: Bit) -> Unsigned {
    cat((low, word)).truncate(word.width())
}

/// Nine bits, the first on top; a line that is released is one.
#[track_caller]
fn bits_of(command: I2cCommand) -> Unsigned {
    let byte = mux(command.read, 0xff, command.data);
    cat((!command.read | command.refuse, byte))
}

impl I2cManager {
    /// What may change when.
    #[named]
    fn lines(&self, p: &I2cManagerPorts, inside: &Inside) {
        let Inside { slot, quarter, timer, open, scl, sda, .. } = inside;
        always("a quarter takes no more than its time", timer.le(self.divisor - 1));
        let (scl_moves, sda_moves) = (scl.ne(p.scl_low), sda.ne(p.sda_low));
        always("the lines do not change together", !(scl_moves & sda_moves));
        let beside = sda_moves & !p.scl_low;
        always("SDA falls beside SCL for a START", {
            (beside & *sda).implies(slot.is(Slot::Start) & quarter.eq(2))
        });
        always("SDA rises beside SCL for a STOP", {
            (beside & !*sda).implies(slot.is(Slot::Stop) & quarter.eq(2))
        });
        always("who is busy holds the bus", *open | slot.is(Slot::Idle));
        let free = slot.is(Slot::Idle) & !*open;
        always("a free bus is released", free.implies(!p.scl_low & !p.sda_low));
        cover("a START", beside & *sda);
    }

    /// SCL is seen high for a quarter after each release before it is pulled again.
    #[named]
    fn stretching(&self, p: &I2cManagerPorts, inside: &Inside) {
        let Inside { slot, quarter, timer, scl, .. } = inside;
        let divisor = self.divisor;
        let high = reg(unsigned(bits_for(divisor.into()))).reset(0);
        when(inside.seen_scl & high.ne(divisor), || high.set(high.wrapping_add(1)));
        when(p.scl_low, || high.set(0));
        let pulled = *scl & !p.scl_low;
        always("a stretched clock is waited for", pulled.implies(high.eq(divisor)));
        let clocked = slot.is(Slot::Start) | slot.is(Slot::Bits) | slot.is(Slot::Stop);
        let passed = constant(timer.shape(), divisor - 1).wrapping_sub(*timer);
        always("the first high quarter is counted", {
            let width = high.width().max(timer.width());
            let counted = high.extend(width).ge(passed.extend(width));
            (clocked & quarter.eq(1)).implies(counted)
        });
        let later = quarter.eq(2) | (quarter.eq(3) & !p.scl_low);
        always("the second follows on it", {
            (clocked & later & !slot.is(Slot::Stop)).implies(high.eq(divisor))
        });
    }
}

/// The pulses of SCL since the START of a command, or since it came: nine, and what SDA is at each.
#[named]
fn pulses(p: &I2cManagerPorts, inside: &Inside) {
    let Inside { slot, quarter, count, command, out, scl, sda, .. } = inside;
    let (begun, pulses) = (reg(bit()).reset(false), reg(unsigned(4)).reset(0));
    let new = p.commands.transfer();
    let sent = reg(p.commands.payload.shape());
    when(new, || sent.set(p.commands.payload));
    let pulse = p.scl_low & !*scl;
    let start = !p.scl_low & !*scl & !p.sda_low & *sda;
    when(pulse & begun, || pulses.set(pulses.wrapping_add(1)));
    when(start, || {
        begun.set(true);
        pulses.set(0);
    });
    when(new, || {
        begun.set(!p.commands.payload.start & inside.open);
        pulses.set(0);
    });
    let expected = bits_of(sent);
    let bit = expected.shift_left(pulses).top_bit();
    when(pulse & begun & pulses.lt(9), || {
        always("SDA is the bit that is due", (!*sda).eq(bit));
        always("SDA is there before the pulse", sda.eq(p.sda_low));
    });
    always("a START comes before the bits of its command", start.implies(!begun));
    let frees = sent.stop | (!sent.read & p.refused);
    when(p.done, || {
        let all = mux(frees, constant(unsigned(4), 10), 9);
        always("a command is nine pulses, and one for its STOP", begun & pulses.eq(all));
        always("the bus is free after a STOP alone", inside.open.eq(!frees));
    });
    // How far the command is, in the pulses that the line has seen.
    let up = quarter.ge(2) | (quarter.eq(1) & !p.scl_low);
    let up = up.as_unsigned().extend(4);
    when(slot.is(Slot::Bits), || {
        always("each bit has its pulse", begun & pulses.eq(count.wrapping_add(up)));
        always("bits are left", count.le(8));
        always("the bits that are left are the command's", {
            out.eq(bits_of(sent).shift_left(*count))
        });
    });
    when(slot.is(Slot::Stop), || {
        always("the STOP has its pulse", begun & pulses.eq(up.wrapping_add(9)));
        always("a STOP is asked for", frees);
    });
    when(slot.is(Slot::Start), || {
        let made = quarter.eq(3) | (quarter.eq(2) & p.sda_low);
        always("the START begins the pulses", begun.eq(made));
        always("no pulse is counted before", made.implies(pulses.eq(0)));
        always("no bit is shown before", count.eq(0) & out.eq(expected));
    });
    always("a command is what it was", slot.is(Slot::Idle) | command.same_as(sent));
    taken(inside, count.wrapping_add(quarter.ge(2).as_unsigned().extend(4)));
}

/// A bit, arbitrary but fixed, is what was seen when it was taken; so many were taken.
#[named]
fn taken(inside: &Inside, number: Unsigned) {
    let (chosen, kept) = (reg(unsigned(4)), reg(bit()));
    chosen.set(chosen);
    let now = inside.takes & inside.count.eq(chosen);
    when(now, || kept.set(inside.seen_sda));
    let since = number.wrapping_sub(chosen).wrapping_sub(1);
    let place = inside.taken.shift_right(since).bit(0);
    let there = inside.slot.is(Slot::Bits) & number.gt(chosen);
    always("a bit is what was seen", there.implies(place.eq(kept)));
    let over = (inside.slot.is(Slot::Stop) | inside.slot.is(Slot::Idle)) & inside.count.eq(9);
    let last = inside.taken.shift_right(constant(unsigned(4), 8).wrapping_sub(chosen)).bit(0);
    cover("a bit is taken", inside.takes);
    always("it stays until the next command", (over & chosen.le(8)).implies(last.eq(kept)));
}
