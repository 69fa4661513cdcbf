//! Who may, of those that want to.

use crate::common::{for_all_cycles, proved, proved_to};
use crate::survivors::survivors;
use insta::assert_snapshot;
use olivine_bench::{Bench, Poke};
use olivine_blocks::{FixedPriority, RoundRobin, WeightedRoundRobin};
use proptest::prelude::any;

#[test]
fn fixed_priority() {
    for n in [1, 2, 3, 5, 16, 32] {
        proved(FixedPriority { n });
    }
    let golden = |requests: u32| (0..7).find(|i| requests >> i & 1 == 1);
    for_all_cycles(
        FixedPriority { n: 7 },
        0..128u32,
        || (),
        |p, (), requests| {
            p.requests.poke(requests);
            let first = golden(requests);
            assert_eq!(p.grants.peek(), first.map_or(0, |i| 1 << i));
            assert_eq!(p.granted.peek() == 1, first.is_some());
        },
    );
    let mut bench = Bench::new(FixedPriority { n: 3 });
    bench.run(8, |p, cycle| p.requests.poke(cycle));
    assert_snapshot!("fixed_priority_wave", bench.port_wave());
    assert_snapshot!("fixed_priority_survivors", survivors(4, FixedPriority { n: 3 }));
}

/// Whose turn it is, and how many grants are left of it.
struct Golden {
    weights: Vec<u32>,
    turn: usize,
    left: u32,
}

impl Golden {
    fn new(weights: &[u32]) -> Self {
        Self { weights: weights.to_vec(), turn: 0, left: weights[0] }
    }

    /// Who has the grant; then what happens if it is taken.
    fn cycle(&mut self, requests: u32, taken: bool) -> Option<usize> {
        let n = self.weights.len();
        let circle = (0..n).map(|i| (self.turn + i) % n);
        let grant = circle.into_iter().find(|i| requests >> i & 1 == 1)?;
        if taken {
            if grant != self.turn {
                (self.turn, self.left) = (grant, self.weights[grant]);
            }
            self.left -= 1;
            if self.left == 0 {
                self.turn = (self.turn + 1) % n;
                self.left = self.weights[self.turn];
            }
        }
        Some(grant)
    }
}

#[test]
fn weighted_round_robin() {
    for weights in [vec![1], vec![3], vec![1, 1], vec![2, 1], vec![1, 3, 2], vec![2, 1, 1, 2]] {
        proved(WeightedRoundRobin { weights: weights.clone() });
        let module = WeightedRoundRobin { weights: weights.clone() };
        let (inputs, n) = (any::<(u32, bool)>(), weights.len());
        for_all_cycles(
            module,
            inputs,
            || Golden::new(&weights),
            |p, golden, (bits, taken)| {
                let requests = bits >> (32 - n);
                p.requests.poke(requests);
                p.taken.poke(taken);
                let grant = golden.cycle(requests, taken);
                assert_eq!(p.grants.peek(), grant.map_or(0, |i| 1 << i));
                assert_eq!(p.granted.peek() == 1, grant.is_some());
            },
        );
    }
    let mut bench = Bench::new(WeightedRoundRobin { weights: vec![1, 3, 2] });
    bench.run(12, |p, cycle| {
        p.requests.poke(if cycle == 8 { 0b100 } else { 0b111u8 });
        p.taken.poke(cycle != 3);
    });
    assert_snapshot!("weighted_round_robin_wave", bench.port_wave());
    let small = WeightedRoundRobin { weights: vec![2, 1] };
    assert_snapshot!("weighted_round_robin_survivors", survivors(10, small));
}

/// The round-robin arbiter is the weighted one where all weigh one.
#[test]
fn round_robin() {
    for_all_cycles(
        RoundRobin { n: 4 },
        (0..16u32, any::<bool>()),
        || Golden::new(&[1; 4]),
        |p, golden, (requests, taken)| {
            p.requests.poke(requests);
            p.taken.poke(taken);
            let grant = golden.cycle(requests, taken);
            assert_eq!(p.grants.peek(), grant.map_or(0, |i| 1 << i));
        },
    );
    proved_to(20, RoundRobin { n: 6 });
}
