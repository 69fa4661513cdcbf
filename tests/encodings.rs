//! One machine in each encoding: proved equal, drawn with the names of its states, and readable in
//! Verilog.

use olivine::emit::{Options as Emit, Verilog};
use olivine::equivalent_modules;
use olivine::formal::Verdict;
use olivine::prelude::*;
use olivine::prove_module;

/// The machine, with its enum in this encoding and so many cycles of waiting.
macro_rules! machine {
    ($module:ident, $states:ident, $encoding:ident) => {
        #[derive(Clone, State)]
        #[encoding($encoding)]
        enum $states {
            Idle,
            Busy { left: Unsigned },
            Rest,
            Done,
            Late,
        }

        /// Counts `wait` cycles down and then takes two or three more.
        #[module]
        fn $module(wait: u64) {
            let start: In<Bit> = bit();
            let late: In<Bit> = bit();
            let busy: Out<Bit> = bit();
            let done: Out<Bit> = bit();

            let s = state($states::Idle).with($states::Busy { left: unsigned(3) });
            s.each(|now| match now {
                $states::Idle => {
                    when(start, || s.set($states::Busy { left: constant(unsigned(3), wait) })).end()
                }
                $states::Busy { left } => when(left.eq(0), || s.set($states::Rest))
                    .otherwise(|| s.set($states::Busy { left: left.wrapping_sub(1) })),
                $states::Rest => {
                    when(late, || s.set($states::Late)).otherwise(|| s.set($states::Done))
                }
                $states::Late => s.set($states::Done),
                $states::Done => s.set($states::Idle),
            });
            busy.drive(!s.is($states::Idle));
            done.drive(s.is($states::Done));
        }
    };
}

machine!(Binary, BinaryStates, binary);
machine!(OneHot, OneHotStates, one_hot);
machine!(Gray, GrayStates, gray);

#[test]
fn encodings_change_no_behaviour() {
    let one_hot = equivalent_modules(Binary { wait: 2 }, OneHot { wait: 2 });
    one_hot.assert_proved();
    let gray = equivalent_modules(Binary { wait: 2 }, Gray { wait: 2 });
    gray.assert_proved();
    let other = equivalent_modules(Binary { wait: 2 }, OneHot { wait: 3 });
    assert!(matches!(other.rows[0].verdict, Verdict::Violated { .. }), "{other}");
}

#[test]
fn a_state_is_always_a_variant() {
    for report in [
        prove_module(Binary { wait: 5 }),
        prove_module(OneHot { wait: 5 }),
        prove_module(Gray { wait: 5 }),
    ] {
        assert_eq!(report.rows.len(), 1, "{report}");
        report.assert_proved();
    }
}

#[test]
fn waves_and_verilog_name_the_states() {
    let mut bench = Bench::new(OneHot { wait: 1 });
    bench.run(7, |p, cycle| {
        p.start.poke(cycle == 0);
        p.late.poke(true);
    });
    let wave = bench.wave().to_string();
    for name in ["Idle", "Busy", "Rest", "Late", "Done"] {
        assert!(wave.contains(name), "{name}:\n{wave}");
    }
    let design = elaborate(OneHot { wait: 1 }).unwrap_or_else(|faults| panic!("{faults}"));
    let text = Verilog::new(&design, &Emit { comments: false, ..Emit::default() }).text;
    for line in ["localparam [4:0] ONE_HOT_STATES_IDLE = 5'd1;", "ONE_HOT_STATES_LATE = 5'd16;"] {
        assert!(text.contains(line), "{text}");
    }
    // One bit says that the machine is done: no comparison of five.
    assert!(text.contains("assign done = s[3];"), "{text}");
    let gray = elaborate(Gray { wait: 1 }).unwrap_or_else(|faults| panic!("{faults}"));
    let text = gray.to_string();
    assert!(text.contains("enum GrayStates gray = Idle, Busy, Rest, Done, Late"), "{text}");
    assert_eq!(olivine::netlist::Design::parse(&text).expect("the text form"), gray);
}
