//! Properties hold or are broken by the smallest stimulus.

use olivine_bench::{Poke, Property};
use olivine_lang::prelude::*;
use proptest::prelude::{Strategy, any};
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Counts modulo `limit`, and promises to stay below `promise`.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Counter {
    limit: u64,
    promise: u64,
}

#[derive(Ports)]
struct CounterPorts {
    enable: In<Bit>,
    count: Out<Unsigned>,
}

impl Module for Counter {
    type Ports = CounterPorts;

    fn ports(&self) -> CounterPorts {
        CounterPorts { enable: bit(), count: unsigned(8) }
    }

    #[named]
    fn build(&self, p: CounterPorts) {
        let count = reg(unsigned(8)).reset(0);
        let next = mux(count.eq(self.limit - 1), 0, count.wrapping_add(1));
        when(p.enable, || count.set(next));
        p.count.drive(count);
        always("count keeps its promise", count.lt(self.promise));
    }
}

const GOOD: Counter = Counter { limit: 5, promise: 5 };

/// What the closure was given, run by run.
fn seen(property: Property<Counter>) -> Vec<Vec<bool>> {
    let all: RefCell<Vec<Vec<bool>>> = RefCell::default();
    let new = || {
        all.borrow_mut().push(Vec::new());
        (all.borrow().len() - 1, 0)
    };
    property.holds(any::<bool>(), new, |p, (run, model), enable| {
        all.borrow_mut()[*run].push(enable);
        p.enable.poke(enable);
        assert_eq!(p.count.peek(), *model);
        *model = (*model + u64::from(enable)) % 5;
    });
    all.into_inner()
}

#[test]
fn every_run_has_its_own_stimulus_and_model() {
    let all = seen(Property::of(GOOD).runs(40).cycles(20..=30));
    assert_eq!(all.len(), 40);
    assert!(all.iter().all(|run| (20..=30).contains(&run.len())));
    assert!(all.iter().enumerate().all(|(i, run)| !all[..i].contains(run)));
    // Run by run the same, however many there are beside it; another with another seed.
    assert_eq!(seen(Property::of(GOOD).runs(3).cycles(20..=30)), all[..3]);
    assert_ne!(seen(Property::of(GOOD).runs(3).cycles(20..=30).seed(2)), all[..3]);
}

/// The message of the panic.
fn failure(property: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(property)).expect_err("it does not hold");
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string)).expect("a text")
}

#[test]
fn what_fails_is_shrunk() {
    let last: RefCell<Vec<(bool, u8)>> = RefCell::default();
    let new = || {
        last.borrow_mut().clear();
        0
    };
    let said = failure(|| {
        Property::of(GOOD).holds(any::<(bool, u8)>(), new, |p, model, (enable, beside)| {
            last.borrow_mut().push((enable, beside));
            p.enable.poke(enable);
            assert_eq!(p.count.peek(), *model, "the model forgets to begin again");
            *model += u64::from(enable);
        });
    });
    assert!(said.contains("the model forgets to begin again"), "{said}");
    // Five steps, and the cycle that shows it.
    let wanted: Vec<(bool, u8)> = (0..6).map(|cycle| (cycle < 5, 0)).collect();
    assert_eq!(last.into_inner(), wanted);
}

#[test]
fn an_assertion_of_the_design_counts() {
    let cycles = Cell::new(0);
    let said = failure(|| {
        let module = Counter { limit: 5, promise: 3 };
        let rare = (0..10u8).prop_map(|n| n < 2);
        Property::of(module).holds(
            rare,
            || cycles.set(0),
            |p, (), enable| {
                cycles.set(cycles.get() + 1);
                p.enable.poke(enable);
            },
        );
    });
    assert!(said.contains("the design breaks its assertion `count keeps its promise`"), "{said}");
    assert!(said.contains("property.rs:"), "{said}");
    assert_eq!(cycles.get(), 4, "three steps, and the edge that sees it");
}

#[test]
fn runs_that_share_a_model_are_told_apart() {
    let shared = Cell::new(0);
    let said = failure(|| {
        Property::of(GOOD).cycles(3..=3).holds(
            any::<bool>(),
            || shared.set(0),
            |p, (), enable| {
                p.enable.poke(enable);
                assert_eq!(p.count.peek(), shared.get());
                shared.set(shared.get() + u64::from(enable));
            },
        );
    });
    assert!(said.contains("passes alone: do its runs share something"), "{said}");
}

#[test]
#[should_panic(expected = "a property that is never tried holds always")]
fn nothing_tried_is_refused() {
    let _ = Property::of(GOOD).runs(0);
}
