//! The timer against division with remainder.

use crate::common::{found_out, proved};
use olivine_bench::{Bench, Poke};
use olivine_blocks::serial::Timer;
use proptest::prelude::*;

const SMALL: Timer = Timer { prescale: 2, width: 2 };

#[test]
fn proofs() {
    proved(16, SMALL);
    proved(16, Timer { prescale: 1, width: 3 });
}

#[test]
fn faults_are_found() {
    // Cycles that are counted while it does not run: it begins at 0 all the same.
    insta::assert_snapshot!(found_out(14, 5, SMALL), @r"
    11 of 12
    case 0 of register `cycles` is always taken
    ");
}

/// So many cycles after its start: whether it runs, its count, whether this is its last cycle.
fn golden(age: usize, tick: usize, period: usize, periodic: bool) -> (bool, usize, bool) {
    let whole = tick * period;
    let runs = periodic || age < whole;
    (runs, if runs { age % whole / tick } else { 0 }, runs && (age + 1).is_multiple_of(whole))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn against_division(
        prescale in 0usize..16,
        period in 0usize..32,
        compare in 0usize..40,
        periodic: bool,
    ) {
        let mut bench = Bench::new(Timer { prescale: 4, width: 6 });
        bench.run(3 * (prescale + 1) * (period + 1) + 5, |p, cycle| {
            p.start.poke(cycle == 0);
            p.stop.poke(false);
            p.periodic.poke(periodic);
            p.prescale.poke(prescale);
            p.period.poke(period);
            p.compare.poke(compare);
            let Some(age) = cycle.checked_sub(1) else { return };
            let (runs, count, expires) = golden(age, prescale + 1, period + 1, periodic);
            assert_eq!(p.running.peek() == 1, runs);
            assert_eq!(p.count.peek(), count as u64);
            assert_eq!(p.expired.peek() == 1, expires);
            assert_eq!(p.pwm.peek() == 1, runs && count < compare);
        });
    }
}

#[test]
fn twice_three_ticks_of_two_cycles() {
    let mut bench = Bench::new(SMALL);
    bench.run(15, |p, cycle| {
        p.start.poke(cycle == 0);
        p.stop.poke(cycle == 13);
        p.periodic.poke(true);
        p.prescale.poke(1);
        p.period.poke(2);
        p.compare.poke(2);
    });
    let shown = ["start", "stop", "running", "count", "expired", "pwm"];
    let trace = bench.trace().filter(|s| shown.contains(&s.path.as_str()));
    insta::assert_snapshot!(format!("\n{trace}"), @r"

    cycle    0   1   2   3   4   5   6   7   8   9   10  11  12  13  14
    clk      /‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_
    start    ‾‾‾‾\_______________________________________________________
    stop     ____________________________________________________/‾‾‾\___
    running  ____/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\___
    count    X 0         X 1     X 2     X 0     X 1     X 2     X 0
    expired  ________________________/‾‾‾\___________________/‾‾‾\_______
    pwm      ____/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_______/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_______/‾‾‾\___
    ");
}
