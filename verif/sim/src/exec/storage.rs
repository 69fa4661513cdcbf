//! [`Storage`]: the bytes in which a program's values live.

use super::elem::CHUNK;

#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Line([u8; CHUNK as usize]);

/// Bytes, zero at first, aligned to vectors; they grow at the end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Storage {
    lines: Vec<Line>,
    used: u32,
}

impl Storage {
    /// Room for `bytes` at a multiple of `align` (at most [`CHUNK`]); its offset.
    ///
    /// # Panics
    /// If the design needs 4 GiB of values.
    pub fn allocate(&mut self, bytes: u32, align: u32) -> u32 {
        let start = self.used.checked_next_multiple_of(align);
        let end = start.and_then(|s| s.checked_add(bytes)).expect("values fit 4 GiB");
        self.used = end;
        // Loads of slots and chunks at odd lanes may read past the last value.
        let lines = (end / CHUNK + 3) as usize;
        if lines > self.lines.len() {
            self.lines.resize(lines, Line([0; CHUNK as usize]));
        }
        end - bytes
    }

    /// The first byte. Valid until the next [`Storage::allocate`].
    pub fn base(&mut self) -> *mut u8 {
        self.lines.as_mut_ptr().cast()
    }

    /// The first byte, to read. Valid until the next [`Storage::allocate`].
    pub fn first(&self) -> *const u8 {
        self.lines.as_ptr().cast()
    }

    /// Number of bytes allocated.
    pub fn used(&self) -> u32 {
        self.used
    }

    /// A slot's value.
    pub fn slot(&self, offset: u32) -> u64 {
        self.load(super::elem::Elem::U64, offset)
    }

    /// The element at an offset.
    pub fn load(&self, elem: super::elem::Elem, offset: u32) -> u64 {
        assert!(offset + 8 <= self.lines.len() as u32 * CHUNK);
        // SAFETY: it lies within the lines.
        unsafe { elem.load(self.lines.as_ptr().cast::<u8>().add(offset as usize)) }
    }

    /// Stores an element at an offset; surplus bits are dropped.
    pub fn store(&mut self, elem: super::elem::Elem, offset: u32, value: u64) {
        assert!(offset + elem.bytes() <= self.lines.len() as u32 * CHUNK);
        // SAFETY: it lies within the lines.
        unsafe { elem.store(self.base().add(offset as usize), value) }
    }
}
