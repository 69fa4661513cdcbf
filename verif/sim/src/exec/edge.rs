//! What an edge does to memories: reads that are held, and writes.

use super::elem::Elem;
use super::flags::Flags;
use super::insn::open_limb;
use super::memory::Words;
use crate::kernel::Open;
use olivine_interp::Undefined;
use olivine_netlist::Collision;

/// An element in the storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Location {
    pub offset: u32,
    pub elem: Elem,
}

impl Location {
    /// # Safety
    /// The location lies in the storage at `base`.
    #[inline]
    pub unsafe fn load(self, base: *const u8) -> u64 {
        // SAFETY: the caller's promise.
        unsafe { self.elem.load(base.add(self.offset as usize)) }
    }
}

/// A memory's ports in one clock domain.
#[derive(Clone, Debug)]
pub(crate) struct MemoryEdge {
    pub memory: u32,
    pub lanes: u32,
    pub limbs: u32,
    pub depth: u64,
    pub writes: Vec<WriteEdge>,
    pub reads: Vec<ReadEdge>,
}

/// The enable of a port, by lane.
#[derive(Clone, Debug)]
pub(crate) struct Enable {
    lanes: Vec<Location>,
    all: Flags,
}

impl Enable {
    /// For values of one bit at these places.
    pub fn new(lanes: Vec<Location>) -> Self {
        Self { all: Flags::new(lanes.iter().copied()), lanes }
    }
}

/// A write port; lists by lane, data and masks by lane and then limb.
#[derive(Clone, Debug)]
pub(crate) struct WriteEdge {
    pub enable: Option<Enable>,
    pub address: Vec<Location>,
    pub data: Vec<Location>,
    pub mask: Option<Vec<Location>>,
}

/// A read port; lists by lane, what is held by lane and then limb.
#[derive(Clone, Debug)]
pub(crate) struct ReadEdge {
    pub enable: Option<Enable>,
    pub address: Vec<Location>,
    pub collision: Collision,
    /// Where the next held values are.
    pub held: Vec<Location>,
    pub open: Open,
}

impl MemoryEdge {
    /// One edge; `time` counts it already. What is read goes where the next held values are.
    /// True if a word changed.
    ///
    /// # Safety
    /// All locations lie in the storage at `base`.
    pub unsafe fn run(
        &self,
        base: *mut u8,
        words: &mut Words,
        policy: Undefined,
        time: u64,
    ) -> bool {
        let mut changed = false;
        let lanes = 0..self.lanes as usize;
        let is_new = |read: &&ReadEdge| read.collision == Collision::New;
        // SAFETY: the caller's promise.
        unsafe {
            for read in self.reads.iter().filter(|r| !is_new(r) && asks(&r.enable, base)) {
                for lane in lanes.clone() {
                    self.read(read, lane, base, words, (policy, time));
                }
            }
            for write in self.writes.iter().filter(|w| asks(&w.enable, base)) {
                for lane in lanes.clone() {
                    changed |= self.write(write, lane, base, words);
                }
            }
            for read in self.reads.iter().filter(|r| is_new(r) && asks(&r.enable, base)) {
                for lane in lanes.clone() {
                    self.read(read, lane, base, words, (policy, time));
                }
            }
        }
        changed
    }

    unsafe fn read(
        &self,
        read: &ReadEdge,
        lane: usize,
        base: *mut u8,
        words: &Words,
        (policy, time): (Undefined, u64),
    ) {
        // SAFETY: the caller's promise.
        unsafe {
            if !enabled(&read.enable, lane, base) {
                return;
            }
            let address = read.address[lane].load(base);
            let open = address >= self.depth
                || read.collision == Collision::Undefined && self.collides(lane, address, base);
            for limb in 0..self.limbs {
                let word = if open { None } else { words.get(lane as u32, address, limb) };
                let value = word.unwrap_or_else(|| open_limb(policy, &read.open, limb, lane, time));
                let held = read.held[lane * self.limbs as usize + limb as usize];
                held.elem.store(base.add(held.offset as usize), value);
            }
        }
    }

    unsafe fn collides(&self, lane: usize, address: u64, base: *const u8) -> bool {
        self.writes.iter().any(|write| {
            // SAFETY: the caller's promise.
            unsafe {
                enabled(&write.enable, lane, base)
                    && write.address[lane].load(base) == address
                    && self.any_mask(write, lane, base)
            }
        })
    }

    unsafe fn any_mask(&self, write: &WriteEdge, lane: usize, base: *const u8) -> bool {
        let limbs = self.limbs as usize;
        write.mask.as_ref().is_none_or(|mask| {
            // SAFETY: the caller's promise.
            mask[lane * limbs..(lane + 1) * limbs].iter().any(|m| unsafe { m.load(base) } != 0)
        })
    }

    unsafe fn write(
        &self,
        write: &WriteEdge,
        lane: usize,
        base: *const u8,
        words: &mut Words,
    ) -> bool {
        let mut changed = false;
        // SAFETY: the caller's promise.
        unsafe {
            if !enabled(&write.enable, lane, base) {
                return false;
            }
            let address = write.address[lane].load(base);
            for limb in 0..self.limbs {
                let index = lane * self.limbs as usize + limb as usize;
                let mut value = write.data[index].load(base);
                if let Some(mask) = &write.mask {
                    let mask = mask[index].load(base);
                    let before = words.get(lane as u32, address, limb).unwrap_or(0);
                    value = (value & mask) | (before & !mask);
                }
                changed |= words.set(lane as u32, address, limb, value);
            }
        }
        changed
    }
}

/// Whether a port is enabled in a lane.
unsafe fn enabled(enable: &Option<Enable>, lane: usize, base: *const u8) -> bool {
    // SAFETY: the caller's promise.
    enable.as_ref().is_none_or(|enable| unsafe { enable.lanes[lane].load(base) } != 0)
}

/// Whether it is in any.
unsafe fn asks(enable: &Option<Enable>, base: *const u8) -> bool {
    // SAFETY: the caller's promise.
    enable.as_ref().is_none_or(|enable| unsafe { enable.all.any(base) })
}
