//! [`CounterRandom`]: random numbers as a function of a counter.

use olivine_lang::prelude::*;

/// 64 random bits for each counter and key: Threefry-2x32 (Salmon, Moraes, Dror, Shaw: *Parallel
/// random numbers: as easy as 1, 2, 3*, 2011).
///
/// ```text
///            +---------------+
///     key -->|               |
///            | CounterRandom |--> random
/// counter -->|               |
///            +---------------+
/// ```
///
/// *Parameters*: `rounds`: 20 as its authors recommend; 13 are the fewest that pass the usual test
/// suites. `latency`: register stages between the rounds, evenly spread.
///
/// *Ports*: see [`CounterRandomPorts`].
///
/// *Behaviour*: `random = threefry(key, counter)`. With (seed, step) as key and (tensor, index) as
/// counter a number belongs to its element, whenever and in whatever order it is asked for: results
/// of stochastic rounding do not depend on timing and replay from the seed.
///
/// *Timing*: `random` belongs to the inputs of `latency` cycles before; new inputs in each cycle. No
/// handshake: what moves on with the data must be delayed as long. Combinational for latency 0.
///
/// *Reset*: none; the registers hold data only.
///
/// *Undefined*: `random` in the first `latency` cycles.
///
/// *Verification*: the authors' known answers and random ones against golden models. Proved: with
/// every latency the numbers of latency 0, so many cycles later.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::CounterRandom;
///
/// let mut bench = Bench::new(CounterRandom { rounds: 20, latency: 0 });
/// bench.run(1, |p, _| {
///     p.key.iter().for_each(|word| word.poke(0u8));
///     p.counter.iter().for_each(|word| word.poke(0u8));
///     assert_eq!(p.random.map(|word| word.peek()), [0x6b20_0159, 0x99ba_4efe]);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct CounterRandom {
    /// How often it mixes: 1 to 32.
    pub rounds: u32,
    /// Cycles from counter to random number, at most 64.
    pub latency: u32,
}

/// The ports of [`CounterRandom`].
#[derive(Ports)]
pub struct CounterRandomPorts {
    /// Two words of 32 bits: seed and step.
    pub key: In<[Unsigned; 2]>,
    /// Two words of 32 bits: tensor and index.
    pub counter: In<[Unsigned; 2]>,
    /// Two words of 32 bits.
    pub random: Out<[Unsigned; 2]>,
}

/// By how much words are rotated, round by round.
const ROTATIONS: [u32; 8] = [13, 15, 26, 6, 17, 29, 16, 24];

impl Module for CounterRandom {
    type Ports = CounterRandomPorts;

    fn check(&self) -> Result<(), String> {
        if !(1..=32).contains(&self.rounds) {
            return Err(format!("{} rounds: there must be 1 to 32", self.rounds));
        }
        if self.latency > 64 {
            return Err(format!("a latency of {} cycles: there must be at most 64", self.latency));
        }
        Ok(())
    }

    fn ports(&self) -> CounterRandomPorts {
        let words = [unsigned(32); 2];
        CounterRandomPorts { key: words, counter: words, random: words }
    }

    fn name(&self) -> String {
        format!("threefry{}_latency{}", self.rounds, self.latency)
    }

    #[named]
    fn build(&self, p: CounterRandomPorts) {
        let mut key = p.key;
        let mut words = [0, 1].map(|i| p.counter[i].wrapping_add(key[i]));
        let registers_by = |round: u32| round * self.latency / self.rounds;
        for round in 0..self.rounds {
            words = mix(words, round);
            if round % 4 == 3 {
                words = inject(words, key, round / 4 + 1);
            }
            let registers = registers_by(round + 1) - registers_by(round);
            (key, words) = (delay(key, registers), delay(words, registers));
        }
        p.random.drive(words);
    }
}

fn mix([x, y]: [Unsigned; 2], round: u32) -> [Unsigned; 2] {
    let x = x.wrapping_add(y);
    let by = ROTATIONS[round as usize % ROTATIONS.len()];
    let rotated = y.slice(32 - by, by).concat(y.slice(0, 32 - by));
    [x, rotated ^ x]
}

/// Adds the key, and the number of the injection.
fn inject([x, y]: [Unsigned; 2], key: [Unsigned; 2], injection: u32) -> [Unsigned; 2] {
    let third = || key[0] ^ key[1] ^ constant(unsigned(32), 0x1bd1_1bdau32);
    let of = |index: u32| match index % 3 {
        2 => third(),
        index => key[index as usize],
    };
    [x.wrapping_add(of(injection)), y.wrapping_add(of(injection + 1)).wrapping_add(injection)]
}
