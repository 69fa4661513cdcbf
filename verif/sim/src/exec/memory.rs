//! The words of memories.

use super::elem::Elem;

/// The words of one memory in all its lanes.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    elem: Elem,
    limbs: u32,
    depth: u32,
    bytes: Vec<u8>,
}

impl Words {
    /// `init` has the limbs of each word side by side, lane after lane.
    pub fn new(width: u32, depth: u32, init: &[u64]) -> Self {
        let elem = Elem::of(width);
        let size = elem.bytes() as usize;
        // Elements are loaded as 8 bytes; and machine code writes a word behind the last.
        let limbs = width.div_ceil(64);
        let mut bytes = vec![0; init.len() * size + 8 * limbs as usize];
        for (bytes, limb) in bytes.chunks_exact_mut(size).zip(init) {
            bytes.copy_from_slice(&limb.to_le_bytes()[..size]);
        }
        Self { elem, limbs, depth, bytes }
    }

    /// The first word of lane 0; valid until the words move.
    pub fn pointer(&self) -> *const u8 {
        self.bytes.as_ptr()
    }

    /// Where a limb of a word is, if the address is in range.
    #[inline]
    fn at(&self, lane: u32, address: u64, limb: u32) -> Option<usize> {
        if address >= u64::from(self.depth) {
            return None;
        }
        let word = lane as usize * self.depth as usize + address as usize;
        Some((word * self.limbs as usize + limb as usize) * self.elem.bytes() as usize)
    }

    /// A limb of a word, if the address is in range.
    #[inline]
    pub fn get(&self, lane: u32, address: u64, limb: u32) -> Option<u64> {
        let at = self.at(lane, address, limb)?;
        // SAFETY: `at` is in range of the bytes, as the lane and the limb are the memory's.
        Some(unsafe { self.elem.load(self.bytes.as_ptr().add(at)) })
    }

    /// Writes a limb of a word; nothing if the address is out of range. True if that is a change.
    #[inline]
    pub fn set(&mut self, lane: u32, address: u64, limb: u32, value: u64) -> bool {
        let Some(at) = self.at(lane, address, limb) else { return false };
        // SAFETY: as in `get`.
        unsafe {
            let word = self.bytes.as_mut_ptr().add(at);
            let changes = self.elem.load(word) != value;
            self.elem.store(word, value);
            changes
        }
    }
}
