//! [`Flags`]: many truth values, looked at eight bytes at a time.

use super::edge::Location;

/// Elements of the storage that are 0 or 1.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flags {
    /// First byte, and the low bit of each element from there.
    windows: Vec<(u32, u64)>,
}

impl Flags {
    /// The elements at these places.
    pub fn new(places: impl IntoIterator<Item = Location>) -> Self {
        let mut offsets: Vec<u32> = places.into_iter().map(|at| at.offset).collect();
        offsets.sort_unstable();
        let mut windows: Vec<(u32, u64)> = Vec::new();
        for offset in offsets {
            match windows.last_mut() {
                Some((first, bits)) if offset < *first + 8 => *bits |= 1 << (8 * (offset - *first)),
                _ => windows.push((offset, 1)),
            }
        }
        Self { windows }
    }

    /// Whether one of them is 1.
    ///
    /// # Safety
    /// The places lie in the storage at `base`, with 8 bytes to read from each.
    #[inline]
    pub unsafe fn any(&self, base: *const u8) -> bool {
        // SAFETY: the caller's promise.
        self.windows.iter().any(|(first, bits)| unsafe { word(base, *first) } & bits != 0)
    }

    /// Whether all of them are 1.
    ///
    /// # Safety
    /// As for [`Flags::any`].
    #[inline]
    pub unsafe fn all(&self, base: *const u8) -> bool {
        // SAFETY: the caller's promise.
        self.windows.iter().all(|(first, bits)| unsafe { word(base, *first) } & bits == *bits)
    }
}

/// # Safety
/// There are 8 bytes to read at `first` from `base`.
#[inline]
unsafe fn word(base: *const u8, first: u32) -> u64 {
    // SAFETY: the caller's promise.
    unsafe { base.add(first as usize).cast::<u64>().read_unaligned() }
}
