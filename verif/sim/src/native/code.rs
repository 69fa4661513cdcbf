//! [`Code`]: bytes made to run.

use memmap2::{Mmap, MmapMut};
use std::sync::Arc;

/// Functions of (storage, cycles) in memory that can be executed and no longer written.
#[derive(Clone, Debug)]
pub(super) struct Code {
    map: Arc<Mmap>,
    starts: Arc<[usize]>,
}

impl Code {
    /// The functions, by index; `None` if the system gives no memory to execute.
    pub fn new(functions: &[Vec<u8>]) -> Option<Self> {
        let mut starts = Vec::new();
        let mut bytes = Vec::new();
        for function in functions {
            bytes.resize(usize::next_multiple_of(bytes.len(), 64), 0xcc);
            starts.push(bytes.len());
            bytes.extend(function);
        }
        let mut map = MmapMut::map_anon(bytes.len().max(1)).ok()?;
        map[..bytes.len()].copy_from_slice(&bytes);
        Some(Self { map: Arc::new(map.make_exec().ok()?), starts: starts.into() })
    }

    /// Bytes of code and constants.
    pub fn bytes(&self) -> usize {
        self.map.len()
    }

    /// Runs a function for a number of cycles, 1 or more, and gives how many it left: some, if a
    /// property did not hold in the last that it ran.
    ///
    /// # Safety
    /// The function was made for the storage at `base`.
    pub unsafe fn run(&self, function: usize, base: *mut u8, cycles: u64) -> u64 {
        // SAFETY: the function keeps to the calling convention, and there is code at its start.
        unsafe {
            let at = self.map.as_ptr().add(self.starts[function]);
            let call: extern "sysv64" fn(*mut u8, u64) -> u64 = std::mem::transmute(at);
            call(base, cycles)
        }
    }
}
