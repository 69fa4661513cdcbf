//! [`Code`]: bytes made to run.

use memmap2::{Mmap, MmapMut};
use std::sync::Arc;

/// Functions of (storage, cycles) in memory that can be executed and no longer written.
#[derive(Clone, Debug)]
pub(super) struct Code {
    /// Where each begins.
    starts: Arc<[usize]>,
    bytes: usize,
    memory: Memory,
}

/// What keeps them.
#[derive(Clone, Debug)]
enum Memory {
    Own(#[expect(dead_code, reason = "it is kept, not read")] Arc<Mmap>),
    #[cfg(any(feature = "portable", not(target_arch = "x86_64")))]
    Linked(#[expect(dead_code, reason = "it is kept, not read")] Arc<super::portable::Linked>),
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
        let map = map.make_exec().ok()?;
        let starts = starts.into_iter().map(|start| map.as_ptr() as usize + start).collect();
        Some(Self { starts, bytes: map.len(), memory: Memory::Own(Arc::new(map)) })
    }

    /// Functions that begin at these addresses, of so many bytes, which a library keeps.
    #[cfg(any(feature = "portable", not(target_arch = "x86_64")))]
    pub fn linked(kept: super::portable::Linked, starts: Vec<usize>, bytes: usize) -> Self {
        Self { starts: starts.into(), bytes, memory: Memory::Linked(Arc::new(kept)) }
    }

    /// Bytes of code and constants.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Runs a function for a number of cycles, 1 or more, and gives how many it left: some, if a
    /// property did not hold in the last that it ran.
    ///
    /// # Safety
    /// The function was made for the storage at `base`.
    pub unsafe fn run(&self, function: usize, base: *mut u8, cycles: u64) -> u64 {
        let at = self.starts[function];
        // SAFETY: the function keeps to the calling convention, and there is code at its start.
        unsafe {
            match &self.memory {
                #[cfg(target_arch = "x86_64")]
                Memory::Own(_) => {
                    let call: extern "sysv64" fn(*mut u8, u64) -> u64 = std::mem::transmute(at);
                    call(base, cycles)
                }
                #[cfg(not(target_arch = "x86_64"))]
                Memory::Own(_) => unreachable!("our own code is for x86-64"),
                #[cfg(any(feature = "portable", not(target_arch = "x86_64")))]
                Memory::Linked(_) => {
                    let call: extern "C" fn(*mut u8, u64) -> u64 = std::mem::transmute(at);
                    call(base, cycles)
                }
            }
        }
    }
}
