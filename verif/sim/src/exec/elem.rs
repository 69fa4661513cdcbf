//! [`Elem`]: the machine type of a lane.

/// How one lane of a node is stored: as the narrowest machine word that holds its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Elem {
    U8,
    U16,
    U32,
    U64,
}

const _: () = assert!(cfg!(target_endian = "little"), "slots and lanes share their low bytes");

/// Bytes that one step of a vector kernel covers, for the widest of its types; all vector storage
/// is a multiple of it.
pub(crate) const CHUNK: u32 = 64;

impl Elem {
    /// For values of `width` bits.
    pub fn of(width: u32) -> Self {
        match width {
            0..=8 => Self::U8,
            9..=16 => Self::U16,
            17..=32 => Self::U32,
            _ => Self::U64,
        }
    }

    /// Size in bytes.
    #[inline]
    pub fn bytes(self) -> u32 {
        1 << self as u32
    }

    /// Size in bits.
    pub fn bits(self) -> u32 {
        8 * self.bytes()
    }

    /// Bytes of storage for `lanes` lanes.
    pub fn storage(self, lanes: u32) -> u32 {
        (self.bytes() * lanes).next_multiple_of(CHUNK)
    }

    /// Loads an element, without a branch on its type.
    ///
    /// # Safety
    /// `at` is readable for 8 bytes.
    #[inline]
    pub unsafe fn load(self, at: *const u8) -> u64 {
        // SAFETY: the caller's promise. The low bytes come first: see the assertion below.
        let bytes = unsafe { at.cast::<u64>().read_unaligned() };
        bytes & (u64::MAX >> (64 - self.bits()))
    }

    /// Stores an element; surplus bits are dropped.
    ///
    /// # Safety
    /// `at` is writable for the element's size.
    #[inline]
    pub unsafe fn store(self, at: *mut u8, value: u64) {
        // SAFETY: the caller's promise.
        unsafe {
            match self {
                Self::U8 => *at = value as u8,
                Self::U16 => at.cast::<u16>().write_unaligned(value as u16),
                Self::U32 => at.cast::<u32>().write_unaligned(value as u32),
                Self::U64 => at.cast::<u64>().write_unaligned(value),
            }
        }
    }
}
