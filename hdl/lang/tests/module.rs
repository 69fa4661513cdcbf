//! `#[module]`: a function of parameters is the same module as the one written by hand.

use olivine_lang::papercuts;
use olivine_lang::prelude::*;
use olivine_netlist::Direction;

/// Counts enabled cycles modulo `limit`.
#[module]
fn Counter(
    /// The number of values that the count takes.
    limit: u64,
) {
    assert!(limit > 0, "a limit of {limit}: give at least 1");
    /// This cycle counts.
    let enable: In<Bit> = bit();
    let count: Out<Unsigned> = reg(unsigned(bits_for(limit.saturating_sub(1)))).reset(0);
    let wraps: Out<Bit> = bit();

    let last = count.eq(limit - 1);
    when(enable, || count.set(mux(last, 0, count.wrapping_add(1))));
    wraps.drive(enable & last);
}

mod by_hand {
    use super::*;

    #[derive(Clone, Debug, Hash, PartialEq, Eq)]
    pub struct Counter {
        pub limit: u64,
    }

    #[derive(Ports)]
    pub struct CounterPorts {
        pub enable: In<Bit>,
        pub count: Out<Unsigned>,
        pub wraps: Out<Bit>,
    }

    impl Module for Counter {
        type Ports = CounterPorts;

        fn ports(&self) -> CounterPorts {
            CounterPorts { enable: bit(), count: unsigned(bits_for(self.limit - 1)), wraps: bit() }
        }

        #[named]
        fn build(&self, p: CounterPorts) {
            let count = reg(p.count.shape()).reset(0);
            p.count.drive(count);
            let last = count.eq(self.limit - 1);
            when(p.enable, || count.set(mux(last, 0, count.wrapping_add(1))));
            p.wraps.drive(p.enable & last);
        }
    }
}

#[test]
fn it_is_the_module_that_is_written_by_hand() {
    let short = elaborate(Counter { limit: 10 }).expect("a design");
    let long = elaborate(by_hand::Counter { limit: 10 }).expect("a design");
    assert_eq!(short.without_places().to_string(), long.without_places().to_string());
    assert!(short.top().name == "counter_limit10" && short.top().registers[0].name == "count");
    assert!(papercuts(Counter { limit: 10 }).expect("a design").faults.is_empty());
}

#[test]
fn an_assertion_about_parameters_is_a_check() {
    assert_eq!(Counter { limit: 0 }.check(), Err("a limit of 0: give at least 1".to_string()));
    assert_eq!(Counter { limit: 1 }.check(), Ok(()));
    let faults = elaborate(Counter { limit: 0 }).expect_err("no such module");
    assert_eq!(faults.faults[0].code, "L061");
}

/// Every kind of port, and a value between them.
#[module]
fn Mixed<T: Shape, const N: usize>(of: T, taps: Vec<i64>) {
    let [a, b]: [In<Signed>; 2] = [signed(8); 2];
    let gain: u64 = taps.iter().map(|tap| tap.unsigned_abs()).sum();
    let y: Out<Signed> = signed(a.width() + bits_for(gain));
    let input: Sink<T> = stream(of);
    let output: Source<T> = stream(of);
    let copies: [Out<Signed>; N] = [a; N];
    let old: Vec<Out<Signed>> = reg(vec![b; taps.len()]).reset(-1);
    let idle: Out<Bit> = bit().otherwise(true);
    let maybe: Option<In<Bit>> = (N > 1).then(bit);

    let xs = history(a, taps.len(), 0);
    let terms = xs.iter().zip(&taps).map(|(x, tap)| *x * *tap);
    y.drive(sum(terms).truncate(y.width()));
    output.offer(input.valid, input.payload);
    input.ready.drive(output.ready);
    copies.iter().for_each(|copy| copy.drive(a));
    old.iter().zip(history(b, taps.len(), 0)).for_each(|(old, b)| old.set(b));
    when(input.transfer(), || idle.drive(false));
    maybe.iter().for_each(|bit| cover("it can be", *bit));
}

#[test]
fn ports_of_every_kind() {
    let design = elaborate(Mixed::<_, 2> { of: unsigned(4), taps: vec![1, -2, 3] });
    let design = design.unwrap_or_else(|faults| panic!("{faults}"));
    let ports = &design.top().ports;
    let names = ports.iter().map(|p| format!("{}:{}", p.name, p.width)).collect::<Vec<_>>();
    assert_eq!(
        names.join(" "),
        "a:8 b:8 y:11 input_payload:4 input_valid:1 input_ready:1 \
         output_payload:4 output_valid:1 output_ready:1 copies0:8 copies1:8 old0:8 old1:8 old2:8 \
         idle:1 maybe:1"
    );
    let inputs = ports.iter().filter(|p| p.direction == Direction::Input);
    assert_eq!(inputs.count(), 6);
    // Two of `a`, two of `b`, three of `old`.
    let registers = design.top().registers.iter().map(|r| r.name.as_str()).collect::<Vec<_>>();
    assert_eq!(registers.join(" "), "old0 old1 old2 a_q1 a_q2 b_q1 b_q2");
}

/// A module without ports and parameters.
#[module]
fn Nothing() {}

/// One that places others, and a record of ports as it is.
#[module]
fn Pair() {
    let inside: Port<CounterPorts> = Counter { limit: 4 }.ports();
    let outside: Flipped<CounterPorts> = inside.flip_shape();

    let counter = instance(Counter { limit: 4 }, "counter");
    inside.count.drive(counter.count);
    counter.enable.drive(inside.enable);
    inside.wraps.drive(counter.wraps);
    outside.enable.drive(outside.wraps & outside.count.any());
}

impl CounterPorts {
    fn flip_shape(&self) -> CounterPorts {
        CounterPorts { enable: self.enable, count: self.count, wraps: self.wraps }
    }
}

#[test]
fn modules_in_modules() {
    assert!(elaborate(Nothing).expect("a design").top().ports.is_empty());
    let design = elaborate(Pair).unwrap_or_else(|faults| panic!("{faults}"));
    let directions = design.top().ports.iter().map(|p| p.direction == Direction::Input);
    assert_eq!(directions.collect::<Vec<_>>(), [true, false, false, false, true, true]);
}

/// An output that is not driven, and one that is driven twice.
#[allow(unused_variables)]
#[module]
fn Wrong() {
    let go: In<Bit> = bit();
    let never: Out<Bit> = bit();
    let held: Out<Unsigned> = reg(unsigned(4)).reset(0);
    let narrow: Out<Unsigned> = unsigned(2);

    when(go, || held.drive(1));
    held.set(held + 1);
    narrow.drive(held);
}

#[test]
fn faults_blame_the_authors_line() {
    let faults = elaborate(Wrong).expect_err("faults");
    let start = include_str!("module.rs").lines().position(|l| l == "fn Wrong() {").expect("it");
    let mut blamed: Vec<_> =
        faults.faults.iter().map(|f| (f.place.line - start as u32 - 1, f.code)).collect();
    blamed.sort_unstable();
    assert_eq!(blamed, [(2, "L023"), (6, "L020"), (7, "L010"), (8, "L010")]);
}
