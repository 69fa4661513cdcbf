//! The contract of [`I2cManager`](super::I2cManager) as properties.

use super::i2c_manager::{I2cManager, I2cManagerPorts, Inside, Slot, bits_of};
use olivine_lang::prelude::*;

/// All of it.
pub(super) fn contract(manager: &I2cManager, p: &I2cManagerPorts, inside: &Inside) {
    let divisor = manager.divisor;
    lines(divisor, p, inside);
    stretching(divisor, p, inside);
    low_time(divisor, p, inside);
    duration(divisor, p, inside);
    pulses(p, inside);
}

/// What may change when.
#[named]
fn lines(divisor: u32, p: &I2cManagerPorts, inside: &Inside) {
    let Inside { slot, quarter, timer, open, scl, sda, .. } = inside;
    always("a quarter takes no more than its time", timer.le(divisor - 1));
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
    let begins = slot.is(Slot::Start) & !inside.again & !p.sda_low;
    always("SDA falls before the clock of a free bus", begins.implies(!p.scl_low));
    cover("a START", beside & *sda);
}

/// SCL is seen high for a quarter after each release before it is pulled again.
#[named]
fn stretching(divisor: u32, p: &I2cManagerPorts, inside: &Inside) {
    let Inside { slot, quarter, timer, scl, .. } = inside;
    let high = reg(unsigned(bits_for(divisor.into()))).reset(0);
    when(inside.seen_scl & high.ne(divisor), || high.set(high.wrapping_add(1)));
    when(p.scl_low, || high.set(0));
    let pulled = *scl & !p.scl_low;
    always("a stretched clock is waited for", pulled.implies(high.eq(divisor)));
    let clocked = slot.is(Slot::Start) | slot.is(Slot::Bits) | slot.is(Slot::Stop);
    let passed = passed(divisor, inside);
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

/// Cycles of the present quarter that are over.
#[track_caller]
fn passed(divisor: u32, inside: &Inside) -> Unsigned {
    constant(inside.timer.shape(), divisor - 1).wrapping_sub(inside.timer)
}

/// SCL is pulled for two quarters at least.
#[named]
fn low_time(divisor: u32, p: &I2cManagerPorts, inside: &Inside) {
    let Inside { slot, quarter, open, scl, .. } = inside;
    let most = 2 * u64::from(divisor);
    let low = reg(unsigned(bits_for(most))).reset(0);
    when(low.ne(most), || low.set(low.wrapping_add(1)));
    when(!p.scl_low, || low.set(0));
    let pulled = low + 1;
    always("SCL is pulled for two quarters", (p.scl_low & !*scl).implies(pulled.ge(most)));
    let passed = passed(divisor, inside).extend(pulled.width());
    let first = quarter.eq(0)
        & (slot.is(Slot::Bits) | slot.is(Slot::Stop) | (slot.is(Slot::Start) & inside.again));
    let last = quarter.eq(3) & (slot.is(Slot::Bits) | slot.is(Slot::Start));
    let held = slot.is(Slot::Idle) & *open;
    when(first, || {
        let due = passed.wrapping_add(divisor);
        always("the second low quarter is counted", p.scl_low & pulled.ge(due));
    });
    when(held, || always("a held bus is pulled", p.scl_low & pulled.ge(divisor)));
    when(last, || {
        always("the first low quarter is counted", {
            pulled.ge(passed) & (passed.eq(0) | p.scl_low)
        });
    });
}

/// Every slot takes four quarters, and the waiting for SCL.
#[named]
fn duration(divisor: u32, p: &I2cManagerPorts, inside: &Inside) {
    let Inside { slot, quarter, count, open, .. } = inside;
    let new = p.commands.transfer();
    let busy = !slot.is(Slot::Idle);
    // A START, nine bits and a STOP.
    let longest = 11 * 4 * u64::from(divisor);
    let age = reg(unsigned(bits_for(longest))).reset(0);
    let starts = reg(bit());
    when(busy & !inside.waits, || age.set(age.wrapping_add(1)));
    when(new, || {
        age.set(0);
        starts.set(p.commands.payload.start | !*open);
    });
    let in_all = |slots: Unsigned, quarter: Unsigned, passed: Unsigned| {
        let quarters = slots * 4u32 + quarter;
        let due = quarters * divisor + passed;
        due.eq(age.extend(due.width()))
    };
    let before = starts.as_unsigned();
    let now = |slots: Unsigned| in_all(slots, *quarter, passed(divisor, inside));
    let zero = constant(unsigned(1), 0);
    when(slot.is(Slot::Start), || {
        always("a START is asked for, or the bus was free", starts & now(zero));
    });
    when(slot.is(Slot::Bits), || always("each bit takes its time", now(before + *count)));
    when(slot.is(Slot::Stop), || always("bits are over before a STOP", now(before + 9u32)));
    when(p.done, || {
        let stops = (!*open).as_unsigned();
        always("a command takes its time", in_all(before + stops + 9u32, zero, zero));
    });
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
    when(pulse & begun & pulses.eq(9), || {
        always("a STOP is a pulse over which SDA rises", *sda & p.sda_low);
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
