//! Random numbers.

use crate::common::{for_all_cycles, proved};
use crate::survivors::{survivors, survivors_of_every};
use insta::assert_snapshot;
use olivine_bench::{Bench, Poke};
use olivine_blocks::{CounterRandom, CounterRandomPorts, Lfsr, LfsrPorts, Polynomial};
use olivine_lang::prelude::*;
use proptest::prelude::any;

/// A register and the steps of its advance, undone.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Undone(Lfsr);

impl Module for Undone {
    type Ports = LfsrPorts;

    fn ports(&self) -> LfsrPorts {
        self.0.ports()
    }

    #[named]
    fn build(&self, p: LfsrPorts) {
        let lfsr = instance(self.0.clone(), "lfsr");
        lfsr.seed.drive(p.seed);
        lfsr.load.drive(p.load);
        lfsr.advance.drive(p.advance);
        p.value.drive(lfsr.value);

        let back = (0..self.0.steps).fold(p.value, |now, _| self.step_back(now));
        when(past_valid(), || {
            let advanced = past(p.advance & !p.load);
            always("an advance can be undone", advanced.implies(back.eq(past(p.value))));
            let seeded = p.value.eq(past(mux(p.seed.eq(0), 1, p.seed)));
            always("a load takes the seed", past(p.load).implies(seeded));
            let stays = past(!p.load & !p.advance);
            always("otherwise it stays", stays.implies(p.value.eq(past(p.value))));
        })
        .otherwise(|| always("it begins with one", p.value.eq(1)));
        cover("it advances", past_valid() & past(p.advance));
    }
}

impl Undone {
    /// Divided by x: an odd number has had the polynomial added.
    fn step_back(&self, now: Unsigned) -> Unsigned {
        let powers = &self.0.polynomial.powers()[1..];
        let low: u64 = powers.iter().map(|power| 1u64 << power).sum();
        let even = now ^ mux(now.bit(0), constant(now.shape(), Bits::new(now.width(), low)), 0);
        even.slice(1, now.width() - 1).concat(now.bit(0))
    }
}

#[test]
fn lfsr() {
    for (polynomial, steps) in [
        (Polynomial::Degree8, 1),
        (Polynomial::Degree8, 3),
        (Polynomial::Degree16, 4),
        (Polynomial::Degree32, 1),
        (Polynomial::Degree64, 1),
    ] {
        proved(Undone(Lfsr { polynomial, steps }));
    }
    let inputs = (any::<(bool, u64)>(), proptest::bool::weighted(0.2));
    for polynomial in Polynomial::ALL {
        let (degree, steps) = (polynomial.degree(), 5);
        let golden_step = |value: u64| {
            let wide = polynomial.powers().iter().fold(0u128, |all, power| all | 1 << power);
            let shifted = u128::from(value) << 1;
            (if shifted >> degree == 1 { shifted ^ wide } else { shifted }) as u64
        };
        let module = Lfsr { polynomial, steps };
        for_all_cycles(
            module,
            inputs,
            || 1u64,
            |p, value, ((advance, seed), load)| {
                let seed = seed >> (64 - degree);
                p.seed.poke(seed);
                p.load.poke(load);
                p.advance.poke(advance);
                assert_eq!(p.value.peek(), *value);
                if load {
                    *value = seed.max(1);
                } else if advance {
                    *value = (0..steps).fold(*value, |now, _| golden_step(now));
                }
            },
        );
    }
    let small = Lfsr { polynomial: Polynomial::Degree8, steps: 1 };
    let mut bench = Bench::new(small.clone());
    bench.run(10, |p, cycle| {
        p.seed.poke(if cycle == 4 { 0 } else { 0x80u8 });
        p.load.poke(cycle == 2 || cycle == 4);
        p.advance.poke(cycle != 7);
    });
    assert_snapshot!("lfsr_wave", bench.port_wave());
    assert_snapshot!("lfsr_survivors", survivors(5, Undone(small)));
}

/// The numbers of latency 0, later.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Later(CounterRandom);

impl Module for Later {
    type Ports = CounterRandomPorts;

    fn ports(&self) -> CounterRandomPorts {
        self.0.ports()
    }

    #[named]
    fn build(&self, p: CounterRandomPorts) {
        let late = instance(self.0.clone(), "late");
        let at_once = instance(CounterRandom { latency: 0, ..self.0 }, "at_once");
        for unit in [&late, &at_once] {
            unit.key.drive(p.key);
            unit.counter.drive(p.counter);
        }
        p.random.drive(late.random);

        let age = reg(unsigned(bits_for(self.0.latency.into()))).reset(0);
        let begun = age.eq(self.0.latency);
        when(!begun, || age.set(age.wrapping_add(1))).end();
        let due = delay(at_once.random, self.0.latency);
        when(begun, || always("the same numbers, later", late.random.same_as(due))).end();
        cover("there are numbers", begun);
    }
}

/// Threefry-2x32 as its authors write it.
fn golden_threefry(rounds: usize, key: [u32; 2], counter: [u32; 2]) -> [u64; 2] {
    let keys = [key[0], key[1], 0x1bd1_1bda ^ key[0] ^ key[1]];
    let [mut x, mut y] = [counter[0].wrapping_add(key[0]), counter[1].wrapping_add(key[1])];
    for round in 0..rounds {
        x = x.wrapping_add(y);
        y = y.rotate_left([13, 15, 26, 6, 17, 29, 16, 24][round % 8]) ^ x;
        if round % 4 == 3 {
            let injection = round / 4 + 1;
            x = x.wrapping_add(keys[injection % 3]);
            y = y.wrapping_add(keys[(injection + 1) % 3]).wrapping_add(injection as u32);
        }
    }
    [x.into(), y.into()]
}

#[test]
fn counter_random() {
    for (rounds, latency) in [(1, 1), (4, 2), (13, 5)] {
        proved(Later(CounterRandom { rounds, latency }));
    }
    let inputs = any::<([u32; 2], [u32; 2])>();
    for (rounds, latency) in [(20, 0), (13, 3)] {
        let module = CounterRandom { rounds, latency };
        for_all_cycles(module, inputs, Vec::new, |p, asked, (key, counter)| {
            (0..2).for_each(|i| p.key[i].poke(key[i]));
            (0..2).for_each(|i| p.counter[i].poke(counter[i]));
            asked.push((key, counter));
            if let Some(first) = asked.len().checked_sub(latency as usize + 1) {
                let (key, counter) = asked[first];
                assert_eq!(
                    p.random.map(|word| word.peek()),
                    golden_threefry(rounds as usize, key, counter)
                );
            }
        });
    }
    let mut bench = Bench::new(CounterRandom { rounds: 13, latency: 2 });
    bench.run(5, |p, cycle| {
        p.key.iter().for_each(|word| word.poke(7u8));
        p.counter[0].poke(0u8);
        p.counter[1].poke(cycle);
    });
    assert_snapshot!("counter_random_wave", bench.port_wave());
    let small = Later(CounterRandom { rounds: 4, latency: 1 });
    assert_snapshot!("counter_random_survivors", survivors_of_every(7, 4, small));
}
