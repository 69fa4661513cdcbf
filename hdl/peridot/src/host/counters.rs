//! [`Counters`]: what the chip counted.

use crate::isa::Csr;

/// The chip's cycle counters; sums of several do not wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// All cycles.
    pub cycles: u64,
    /// A pair of K-vectors entered the array: N² multiply-accumulates.
    pub gemm_busy: u64,
    /// A LOAD did not wait for the memory: about one for each row.
    pub load_busy: u64,
    /// A STORE did not wait for the memory: about one for each memory row.
    pub store_busy: u64,
    /// No engine worked.
    pub idle: u64,
    /// A LOAD waited for the memory.
    pub stalled_load: u64,
    /// A STORE waited for the memory.
    pub stalled_store: u64,
    /// A GEMM in which no K-vector entered the array.
    pub stalled_array: u64,
}

impl Counters {
    /// Registers from [`Csr::Cycles`] on.
    pub(super) const REGISTERS: usize = Csr::StalledArray as usize - Csr::Cycles as usize + 1;

    pub(super) fn from_registers(words: [u32; Self::REGISTERS]) -> Self {
        let [cycles, gemm_busy, load_busy, store_busy, idle, load, store, array] =
            words.map(u64::from);
        Self {
            cycles,
            gemm_busy,
            load_busy,
            store_busy,
            idle,
            stalled_load: load,
            stalled_store: store,
            stalled_array: array,
        }
    }

    /// The share of all cycles in which the array was fed.
    pub fn utilization(&self) -> f64 {
        share(self.gemm_busy, self.cycles)
    }

    /// The share of the cycles of GEMM commands in which the array was fed.
    pub fn gemm_utilization(&self) -> f64 {
        share(self.gemm_busy, self.gemm_busy + self.stalled_array)
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

impl std::ops::AddAssign for Counters {
    fn add_assign(&mut self, other: Self) {
        self.cycles += other.cycles;
        self.gemm_busy += other.gemm_busy;
        self.load_busy += other.load_busy;
        self.store_busy += other.store_busy;
        self.idle += other.idle;
        self.stalled_load += other.stalled_load;
        self.stalled_store += other.stalled_store;
        self.stalled_array += other.stalled_array;
    }
}
