//! [`Counters`]: where the cycles go.

use olivine_lang::prelude::*;

/// Counts every cycle in exactly one class, and all of them.
///
/// *Behaviour*: `cycles` counts all; the others those in which their bit holds. `clear` makes all
/// zero, the cycle it comes in included. The classes are disjoint and complete (asserted), so
/// `cycles` is always the sum of the others, modulo 2^32.
///
/// *Timing*: a cycle is counted at its end.
///
/// *Reset*: all zero.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Counters;

/// What a cycle was used for; exactly one holds.
#[derive(Clone, Copy, Debug, Bundle)]
pub struct CycleClass {
    /// A pair of vectors entered the array.
    pub gemm_busy: Bit,
    /// LOAD worked.
    pub load_busy: Bit,
    /// STORE worked.
    pub store_busy: Bit,
    /// No engine worked.
    pub idle: Bit,
    /// LOAD waited for the memory.
    pub stalled_load: Bit,
    /// STORE waited for the memory.
    pub stalled_store: Bit,
    /// GEMM waited for its first operands or its last sums.
    pub stalled_array: Bit,
}

impl CycleClass {
    fn shape_of() -> Self {
        Self {
            gemm_busy: bit(),
            load_busy: bit(),
            store_busy: bit(),
            idle: bit(),
            stalled_load: bit(),
            stalled_store: bit(),
            stalled_array: bit(),
        }
    }
}

/// A count for each class, and for all cycles.
#[derive(Clone, Copy, Debug, Bundle)]
#[allow(missing_docs)]
pub struct Counts {
    pub cycles: Unsigned,
    pub gemm_busy: Unsigned,
    pub load_busy: Unsigned,
    pub store_busy: Unsigned,
    pub idle: Unsigned,
    pub stalled_load: Unsigned,
    pub stalled_store: Unsigned,
    pub stalled_array: Unsigned,
}

impl Counts {
    /// Their shape.
    pub fn shape_of() -> Self {
        let n = unsigned(32);
        Self {
            cycles: n,
            gemm_busy: n,
            load_busy: n,
            store_busy: n,
            idle: n,
            stalled_load: n,
            stalled_store: n,
            stalled_array: n,
        }
    }
}

/// The ports of [`Counters`].
#[derive(Ports)]
pub struct CountersPorts {
    /// What this cycle is used for.
    pub class: In<CycleClass>,
    /// From zero again.
    pub clear: In<Bit>,
    /// The counts.
    pub counts: Out<Counts>,
}

impl Module for Counters {
    type Ports = CountersPorts;

    fn ports(&self) -> CountersPorts {
        CountersPorts { class: CycleClass::shape_of(), clear: bit(), counts: Counts::shape_of() }
    }

    #[named]
    fn build(&self, p: CountersPorts) {
        let counts = reg(Counts::shape_of()).reset(zero(Counts::shape_of()));
        let class = p.class;
        let all = constant(bit(), true);
        let pairs = [
            (counts.cycles, all),
            (counts.gemm_busy, class.gemm_busy),
            (counts.load_busy, class.load_busy),
            (counts.store_busy, class.store_busy),
            (counts.idle, class.idle),
            (counts.stalled_load, class.stalled_load),
            (counts.stalled_store, class.stalled_store),
            (counts.stalled_array, class.stalled_array),
        ];
        for (count, holds) in pairs {
            when(holds, || count.set(count.wrapping_add(1)));
            when(p.clear, || count.set(0));
        }
        p.counts.drive(counts);
        for (i, (_, one)) in pairs.iter().enumerate().skip(1) {
            let others = pairs.iter().enumerate().skip(1).filter(|(j, _)| *j != i);
            let alone = !any_of(others.map(|(_, (_, other))| *other));
            always(format!("class {i} of a cycle is its only one"), one.implies(alone));
        }
        always("every cycle has a class", any_of(pairs[1..].iter().map(|(_, bit)| *bit)));
    }
}
