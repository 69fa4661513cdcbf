//! [`I2cManager`].

use super::i2c_manager_contract::contract;
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
/// it was seen high for two quarters, and then for at least two; every command takes its time;
/// every bit of `byte` is what was seen. In tests together with
/// [`I2cSubordinate`](super::I2cSubordinate) and someone else who stretches the clock; designs that
/// differ in one place are found out there unless they do the same.
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
pub(super) enum Slot {
    Idle,
    Start,
    Bits,
    Stop,
}

/// What is inside, for properties. `scl` and `sda` are what is pulled from the next cycle on.
pub(super) struct Inside {
    pub(super) slot: Machine<Slot>,
    pub(super) quarter: Unsigned,
    pub(super) timer: Unsigned,
    pub(super) count: Unsigned,
    pub(super) command: I2cCommand,
    pub(super) open: Bit,
    /// It was held when the command came.
    pub(super) again: Bit,
    pub(super) out: Unsigned,
    pub(super) taken: Unsigned,
    pub(super) scl: Bit,
    pub(super) sda: Bit,
    pub(super) seen_scl: Bit,
    pub(super) seen_sda: Bit,
    pub(super) takes: Bit,
    /// SCL is not seen high after its release.
    pub(super) waits: Bit,
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
        let (open, again) = (reg(bit()).reset(false), reg(bit()));
        let (out, taken) = (reg(unsigned(9)), reg(unsigned(9)));
        let (scl_low, sda_low) = (reg(bit()).reset(false), reg(bit()).reset(false));
        let done = reg(bit()).reset(false);
        let (seen_scl, seen_sda) = (settled("SCL", p.scl, true), settled("SDA", p.sda, true));

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
            again,
            out,
            taken,
            scl,
            sda,
            seen_scl,
            seen_sda,
            takes,
            waits,
        };
        contract(self, &p, &inside);
    }
}

/// The bit below the others, the highest dropped.
#[track_caller]
fn push(word: Unsigned, low: Bit) -> Unsigned {
    cat((low, word)).truncate(word.width())
}

/// Nine bits, the first on top; a line that is released is one.
#[track_caller]
pub(super) fn bits_of(command: I2cCommand) -> Unsigned {
    let byte = mux(command.read, 0xff, command.data);
    cat((!command.read | command.refuse, byte))
}
