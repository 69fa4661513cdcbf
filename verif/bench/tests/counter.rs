//! A bench drives, draws and judges.

use olivine_bench::{Bench, Poke};
use olivine_lang::prelude::*;

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Counter {
    limit: u64,
    promise: u64,
}

#[derive(Ports)]
struct CounterPorts {
    enable: In<Bit>,
    count: Out<Unsigned>,
    wraps: Out<Bit>,
}

impl Module for Counter {
    type Ports = CounterPorts;

    fn ports(&self) -> CounterPorts {
        CounterPorts { enable: bit(), count: unsigned(bits_for(self.limit - 1)), wraps: bit() }
    }

    #[named]
    fn build(&self, p: CounterPorts) {
        let count = reg(unsigned(p.count.width())).reset(0);
        let last = count.eq(self.limit - 1);
        when(p.enable, || {
            when(last, || count.set(0)).otherwise(|| count.set(count.wrapping_add(1)));
        });
        p.count.drive(count);
        p.wraps.drive(last & p.enable);
        always("count keeps its promise", count.lt(self.promise));
    }
}

#[test]
fn the_wave_is_drawn() {
    let mut bench = Bench::new(Counter { limit: 3, promise: 3 });
    bench.run(5, |p, cycle| {
        p.enable.poke(cycle != 1);
        assert_eq!(p.wraps.peek() == 1, cycle == 3, "cycle {cycle}");
    });
    insta::assert_snapshot!(bench.wave());
}

#[test]
#[should_panic(expected = "the design breaks its assertion `count keeps its promise`")]
fn a_broken_assertion_ends_the_run() {
    Bench::new(Counter { limit: 3, promise: 2 }).run(5, |p, _| p.enable.poke(true));
}

/// Assumes that its input is one; or places itself and hands its own input on.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Trusting {
    placed: bool,
}

#[derive(Ports)]
struct TrustingPorts {
    a: In<Bit>,
    y: Out<Bit>,
}

impl Module for Trusting {
    type Ports = TrustingPorts;

    fn ports(&self) -> TrustingPorts {
        TrustingPorts { a: bit(), y: bit() }
    }

    #[named]
    fn build(&self, p: TrustingPorts) {
        if self.placed {
            let inner = instance(Trusting { placed: false }, "inner");
            inner.a.drive(p.a);
            p.y.drive(inner.y);
        } else {
            assume("it is one", p.a);
            p.y.drive(p.a);
        }
    }
}

#[test]
#[should_panic(expected = "the stimulus breaks the assumption `it is one`")]
fn what_is_assumed_of_the_stimulus_is_its_fault() {
    Bench::new(Trusting { placed: false }).run(1, |p, _| p.a.poke(false));
}

#[test]
#[should_panic(expected = "the design breaks the assumption `inner.it is one`")]
fn what_a_placed_module_assumes_is_the_designs_fault() {
    Bench::new(Trusting { placed: true }).run(1, |p, _| p.a.poke(false));
}

#[test]
#[should_panic(expected = "does not fit the 1 bits")]
fn a_value_that_does_not_fit_is_refused() {
    Bench::new(Counter { limit: 3, promise: 3 }).run(1, |p, _| p.enable.poke(2u32));
}

#[test]
#[should_panic(expected = "inside `Bench::run`")]
fn poking_outside_of_a_run_is_refused() {
    olivine_lang::outside(&Counter { limit: 3, promise: 3 }).enable.poke(true);
}
