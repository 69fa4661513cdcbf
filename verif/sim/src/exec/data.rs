//! Kernels that move values: copies, gathers, memory reads, open values.

use super::elem::{CHUNK, Elem};
use super::insn::{Context, Insn, Run};

/// Copies `count` bytes from `a`.
///
/// # Safety
/// As for [`Run`]; the ranges do not overlap.
pub(crate) unsafe fn copy(base: *mut u8, insn: &Insn, _: &mut Context) {
    // SAFETY: the caller's promise.
    unsafe {
        let (from, to) = (base.add(insn.a as usize), base.add(insn.to as usize));
        std::ptr::copy_nonoverlapping(from, to, insn.count as usize);
    }
}

/// Fills a chunk with the slot at `a`.
pub(crate) fn splat(elem: Elem) -> Run {
    match elem {
        Elem::U8 => splat_as::<u8>,
        Elem::U16 => splat_as::<u16>,
        Elem::U32 => splat_as::<u32>,
        Elem::U64 => splat_as::<u64>,
    }
}

unsafe fn splat_as<T: Copy>(base: *mut u8, insn: &Insn, _: &mut Context) {
    // SAFETY: the slot and the chunk are the program's.
    unsafe {
        // The low bytes of a slot come first.
        let value = base.add(insn.a as usize).cast::<T>().read();
        let to = base.add(insn.to as usize).cast::<T>();
        for k in 0..CHUNK as usize / size_of::<T>() {
            to.add(k).write(value);
        }
    }
}

/// Single lanes: `count` offsets to write stand in the pool from `a` on, then as many to read.
pub(crate) fn patch(elem: Elem) -> Run {
    match elem {
        Elem::U8 => patch_as::<u8>,
        Elem::U16 => patch_as::<u16>,
        Elem::U32 => patch_as::<u32>,
        Elem::U64 => patch_as::<u64>,
    }
}

unsafe fn patch_as<T: Copy>(base: *mut u8, insn: &Insn, context: &mut Context) {
    let count = insn.count as usize;
    // SAFETY: the pool has the lists, and the offsets are the program's.
    unsafe {
        let to = context.pool.as_ptr().add(insn.a as usize);
        let from = to.add(count);
        for i in 0..count {
            let value = base.add(*from.add(i) as usize).cast::<T>().read_unaligned();
            base.add(*to.add(i) as usize).cast::<T>().write_unaligned(value);
        }
    }
}

/// The asynchronous read with index `b`, of the address at `a`, in `count` lanes.
///
/// # Safety
/// As for [`Run`].
pub(crate) unsafe fn read(base: *mut u8, insn: &Insn, context: &mut Context) {
    let plan = &context.reads[insn.b as usize];
    let words = &context.memories[plan.memory as usize];
    for lane in 0..insn.count {
        // SAFETY: address and data have storage for each lane.
        unsafe {
            let from = base.add((insn.a + lane * plan.address.1) as usize);
            let address = plan.address.0.load(from);
            let value = words.get(plan.first_lane + lane, address, plan.limb);
            let value = value.unwrap_or_else(|| context.open(&plan.open, lane as usize));
            plan.data.store(base.add((insn.to + lane * plan.data.bytes()) as usize), value);
        }
    }
}

/// A slot read as `read` does it: the data takes all 64 bits.
pub(crate) const SLOT: Elem = Elem::U64;

/// The undefined cell with index `b`, in `count` lanes of the type with `shift` bytes.
///
/// # Safety
/// As for [`Run`].
pub(crate) unsafe fn undefined(base: *mut u8, insn: &Insn, context: &mut Context) {
    let open = &context.opens[insn.b as usize];
    let elem = Elem::of(8 * u32::from(insn.shift));
    for lane in 0..insn.count {
        let value = context.open(open, lane as usize);
        // SAFETY: the result has storage for each lane.
        unsafe { elem.store(base.add((insn.to + lane * elem.bytes()) as usize), value) }
    }
}
