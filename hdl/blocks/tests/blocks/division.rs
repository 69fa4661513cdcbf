//! Quotients and roots, iterative and pipelined.

use crate::common::{for_all_cycles, proved};
use crate::survivors::survivors;
use insta::assert_snapshot;
use olivine_bench::{Bench, Poke};
use olivine_blocks::{Divider, Layout, SquareRoot};
use proptest::prelude::any;
use std::collections::VecDeque;

/// Operations under way: what each will give, and whether the first is over.
struct Golden {
    layout: Layout,
    steps: usize,
    /// A place for each step and one more, the last first: what the operation in it will give.
    places: VecDeque<Option<(u64, u64)>>,
}

impl Golden {
    fn new(layout: Layout, steps: u32) -> Self {
        let steps = steps as usize;
        Self { layout, steps, places: vec![None; steps + 1].into() }
    }

    fn result(&self) -> Option<(u64, u64)> {
        self.places[0]
    }

    fn is_ready(&self, ready: bool) -> bool {
        let leaves = ready && self.result().is_some();
        match self.layout {
            Layout::Pipelined => leaves || self.result().is_none(),
            Layout::Iterative => leaves || self.places.iter().all(Option::is_none),
        }
    }

    /// The edge: everything moves on unless a result waits.
    fn edge(&mut self, ready: bool, came: Option<(u64, u64)>) {
        if ready || self.result().is_none() {
            self.places.pop_front();
            self.places.push_back(came);
        }
        assert_eq!(self.places.len(), self.steps + 1);
    }
}

fn divided(n: u64, d: u64, width: u32) -> (u64, u64) {
    let greatest = u64::MAX >> (64 - width);
    (n.checked_div(d).unwrap_or(greatest), n.checked_rem(d).unwrap_or(n))
}

#[test]
fn divider() {
    for layout in Layout::ALL {
        for width in [1, 2, 3, 4] {
            proved(Divider { width, layout });
        }
        for width in [1, 5, 32] {
            let inputs = (any::<(bool, bool, u64)>(), any::<u64>(), 0..width);
            let golden = || Golden::new(layout, width);
            let module = Divider { width, layout };
            for_all_cycles(module, inputs, golden, |p, golden, ((offer, ready, n), d, shift)| {
                let (n, d) = (n >> (64 - width), d >> (64 - width) >> shift);
                p.operands.valid.poke(offer);
                p.operands.payload.dividend.poke(n);
                p.operands.payload.divisor.poke(d);
                p.results.ready.poke(ready);
                let accepts = golden.is_ready(ready);
                assert_eq!(p.operands.ready.peek() == 1, accepts);
                assert_eq!(p.results.valid.peek() == 1, golden.result().is_some());
                if let Some(due) = golden.result() {
                    let got = p.results.payload;
                    assert_eq!((got.quotient.peek(), got.remainder.peek()), due);
                }
                golden.edge(ready, (offer && accepts).then(|| divided(n, d, width)));
            });
        }
        let mut bench = Bench::new(Divider { width: 4, layout });
        bench.run(12, |p, cycle| {
            p.operands.valid.poke(cycle < 8);
            p.operands.payload.dividend.poke([13, 14, 15, 9, 7, 6, 12, 1, 0, 0, 0, 0][cycle]);
            p.operands.payload.divisor.poke([3, 4, 0, 2, 5, 5, 1, 5, 0, 0, 0, 0][cycle]);
            p.results.ready.poke(cycle != 5);
        });
        assert_snapshot!(format!("divider_{layout:?}_wave"), bench.port_wave());
        let left = survivors(8, Divider { width: 2, layout });
        assert_snapshot!(format!("divider_{layout:?}_survivors"), left);
    }
}

#[test]
fn square_root() {
    for layout in Layout::ALL {
        for digits in [1, 2, 3, 4] {
            proved(SquareRoot { digits, layout });
        }
        for digits in [1, 5, 32] {
            let inputs = any::<(bool, bool, u64)>();
            let golden = || Golden::new(layout, digits);
            let module = SquareRoot { digits, layout };
            for_all_cycles(module, inputs, golden, |p, golden, (offer, ready, n)| {
                let n = n >> (64 - 2 * digits);
                p.numbers.valid.poke(offer);
                p.numbers.payload.poke(n);
                p.roots.ready.poke(ready);
                let accepts = golden.is_ready(ready);
                assert_eq!(p.numbers.ready.peek() == 1, accepts);
                assert_eq!(p.roots.valid.peek() == 1, golden.result().is_some());
                if let Some(due) = golden.result() {
                    let got = p.roots.payload;
                    assert_eq!((got.root.peek(), got.remainder.peek()), due);
                }
                let root = n.isqrt();
                golden.edge(ready, (offer && accepts).then(|| (root, n - root * root)));
            });
        }
        let mut bench = Bench::new(SquareRoot { digits: 3, layout });
        bench.run(10, |p, cycle| {
            p.numbers.valid.poke(cycle < 6);
            p.numbers.payload.poke([0, 63, 49, 48, 17, 16, 0, 0, 0, 0][cycle]);
            p.roots.ready.poke(cycle != 4);
        });
        assert_snapshot!(format!("square_root_{layout:?}_wave"), bench.port_wave());
        let left = survivors(8, SquareRoot { digits: 2, layout });
        assert_snapshot!(format!("square_root_{layout:?}_survivors"), left);
    }
}
