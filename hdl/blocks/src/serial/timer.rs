//! [`Timer`].

use olivine_lang::prelude::*;

/// Counts time in ticks: events once or again and again, and a pulse of variable width.
///
/// ```text
///              +-------+
///     start -->|       |--> running
///      stop -->| Timer |--> count
///  settings -->|       |--> expired
///              |       |--> pwm
///              +-------+
/// ```
///
/// *Parameters*: `prescale` and `width`, bits of the prescaler and of the count, at least 1.
///
/// *Ports*: see [`TimerPorts`].
///
/// *Behaviour*: `start` begins at count 0, also while it runs; `stop` ends it, and wins. While it
/// runs, a tick comes every `prescale` + 1 cycles and counts one. The tick after count `period`
/// is `expired`: the count is 0 again, and a timer that is not `periodic` stops. `pwm` is high
/// while it runs and the count is below `compare`: of `period` + 1 ticks in `compare`. A setting
/// that changes while it runs counts from then on; a count that is beyond it expires at the next
/// tick.
///
/// *Timing*: `expired` is high in the last cycle of the period; it and `pwm` are combinational in
/// the settings.
///
/// *Reset*: it does not run; the count is 0.
///
/// *Undefined*: nothing.
///
/// *Verification*: proved by k-induction: with settings that do not change, the age of the period,
/// counted apart, is count · (`prescale` + 1) + cycles of the tick, so that it expires after
/// exactly (`period` + 1) · (`prescale` + 1) cycles; what starts and ends it. In tests against
/// division with remainder.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::serial::Timer;
///
/// let mut bench = Bench::new(Timer { prescale: 4, width: 8 });
/// bench.run(8, |p, cycle| {
///     p.start.poke(cycle == 0);
///     p.stop.poke(false);
///     p.periodic.poke(true);
///     p.prescale.poke(1);
///     p.period.poke(2);
///     p.compare.poke(1);
///     assert_eq!(p.expired.peek() == 1, cycle == 6);
///     assert_eq!(p.pwm.peek() == 1, [1, 2, 7].contains(&cycle));
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Timer {
    /// Bits of the prescaler.
    pub prescale: u32,
    /// Bits of the count.
    pub width: u32,
}

/// The ports of [`Timer`].
#[derive(Ports)]
pub struct TimerPorts {
    /// It begins at 0.
    pub start: In<Bit>,
    /// It ends.
    pub stop: In<Bit>,
    /// It begins again when it has expired.
    pub periodic: In<Bit>,
    /// Cycles of a tick, less one.
    pub prescale: In<Unsigned>,
    /// Ticks of a period, less one.
    pub period: In<Unsigned>,
    /// Ticks of a period in which `pwm` is high.
    pub compare: In<Unsigned>,
    /// It runs.
    pub running: Out<Bit>,
    /// Ticks of the period so far.
    pub count: Out<Unsigned>,
    /// The period ends with this cycle.
    pub expired: Out<Bit>,
    /// High in the first `compare` ticks.
    pub pwm: Out<Bit>,
}

impl Module for Timer {
    type Ports = TimerPorts;

    fn ports(&self) -> TimerPorts {
        let (bit, count) = (bit(), unsigned(self.width));
        TimerPorts {
            start: bit,
            stop: bit,
            periodic: bit,
            prescale: unsigned(self.prescale),
            period: count,
            compare: count,
            running: bit,
            count,
            expired: bit,
            pwm: bit,
        }
    }

    #[named]
    fn build(&self, p: TimerPorts) {
        let running = reg(bit()).reset(false);
        let (cycles, count) = (reg(p.prescale.shape()).reset(0), reg(p.count.shape()).reset(0));
        let tick = running & cycles.ge(p.prescale);
        let expired = tick & count.ge(p.period);
        when(running, || cycles.set(cycles.wrapping_add(1)));
        when(tick, || {
            cycles.set(0);
            count.set(count.wrapping_add(1));
        });
        when(expired, || {
            count.set(0);
            running.set(p.periodic);
        });
        when(p.start, || {
            running.set(true);
            cycles.set(0);
            count.set(0);
        });
        when(p.stop, || running.set(false));
        p.running.drive(running);
        p.count.drive(count);
        p.expired.drive(expired);
        p.pwm.drive(running & count.lt(p.compare));
        self.contract(&p, cycles);
    }
}

impl Timer {
    #[named]
    fn contract(&self, p: &TimerPorts, cycles: Unsigned) {
        // The age of the period, while no setting has changed since its beginning.
        let width = self.prescale + self.width + 2;
        let (age, steady) = (reg(unsigned(width)).reset(0), reg(bit()).reset(false));
        let (prescale, period) = (p.prescale, p.period);
        let kept = reg((prescale, period).shape());
        let begins = p.start | p.expired;
        when(p.running, || age.set(age.wrapping_add(1)));
        when(begins, || {
            age.set(0);
            kept.set((prescale, period));
        });
        let same = kept.same_as((prescale, period));
        steady.set(begins | (steady & same));
        let (tick, ticks) = (prescale + 1, period + 1);
        when(p.running & steady & same, || {
            let due = (p.count * tick + cycles).extend(width.max(self.prescale + self.width + 2));
            always("the age is that of the ticks and the cycles since", due.eq(age));
            always("a tick takes no more than its cycles", cycles.le(prescale));
            always("a period takes no more than its ticks", p.count.le(period));
            let whole = (tick * ticks).extend(width);
            always("it expires after ticks times cycles", {
                p.expired.eq((age + 1).eq(whole.extend(width + 1)))
            });
        });
        let beyond = p.running & !cycles.lt(prescale) & !p.count.lt(period);
        always("a tick at the period or beyond expires", p.expired.eq(beyond));
        always("only a timer that runs expires", p.expired.implies(p.running));
        always("the pulse is as wide as it must be", {
            p.pwm.eq(p.running & !(p.count.ge(p.compare)))
        });
        always("it begins stopped", past_valid() | !p.running);
        when(past_valid(), || {
            let ends = past(p.stop | (p.expired & !p.periodic & !p.start));
            let goes_on = past(p.running | p.start) & !ends;
            always("it runs from its start to its end", p.running.eq(goes_on));
            let (count, next) = (past(p.count), past(p.count).wrapping_add(1));
            let steps = p.count.eq(count) | p.count.eq(next) | !p.count.any();
            always("the count goes up by one, or begins again", steps);
            always("it counts only while it runs", {
                p.count.ne(count).implies(past(p.running | p.start))
            });
            let again = past(p.start | p.expired);
            always("it begins at 0", again.implies(!p.count.any()));
        });
        cover("it expires twice", p.expired & p.periodic & period.eq(1) & prescale.eq(1));
    }
}
