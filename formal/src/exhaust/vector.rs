//! 512 patterns at once, in the widest registers that the machine has.

/// One bit in each of 512 patterns.
pub(super) type Lanes = [u64; 8];

/// Free variables that differ between the patterns of one [`Lanes`].
pub(super) const LANE_BITS: usize = 9;

/// `out = third ^ (first & second)`. Each operand is twice the index of its slot, one more if it
/// is inverted; `third` is never inverted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub first: u32,
    pub second: u32,
    pub third: u32,
    pub out: u32,
}

/// The patterns of the free variable that changes at this place.
pub(super) fn lanes_of(place: usize) -> Lanes {
    let stripe = |i: usize| {
        let bit = |lane: u64| (lane >> place & 1) << (lane % 64);
        (0..64).fold(0, |word, lane| word | bit(lane + 64 * i as u64))
    };
    std::array::from_fn(stripe)
}

/// Runs the steps in order.
pub(super) fn run(steps: &[Step], slots: &mut [Lanes]) {
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") {
            // SAFETY: the machine has just said that it has these instructions.
            return unsafe { run_avx512(steps, slots) };
        }
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the machine has just said that it has these instructions.
            return unsafe { run_avx2(steps, slots) };
        }
    }
    run_plainly(steps, slots);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn run_avx512(steps: &[Step], slots: &mut [Lanes]) {
    run_plainly(steps, slots);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn run_avx2(steps: &[Step], slots: &mut [Lanes]) {
    run_plainly(steps, slots);
}

#[inline(always)]
fn run_plainly(steps: &[Step], slots: &mut [Lanes]) {
    for step in steps {
        let (first, second) = (slots[step.first as usize / 2], slots[step.second as usize / 2]);
        let third = slots[step.third as usize / 2];
        let invert_first = 0u64.wrapping_sub(u64::from(step.first & 1));
        let invert_second = 0u64.wrapping_sub(u64::from(step.second & 1));
        let out = &mut slots[step.out as usize];
        for lane in 0..out.len() {
            let both = (first[lane] ^ invert_first) & (second[lane] ^ invert_second);
            out[lane] = third[lane] ^ both;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_machine_computes_the_same() {
        let slots: Vec<Lanes> = (0..9).map(lanes_of).collect();
        let steps: Vec<Step> = (0..200u32)
            .map(|i| Step {
                first: i * 7 % 18,
                second: i * 11 % 18,
                third: i * 5 % 9 * 2,
                out: i % 9,
            })
            .collect();
        let (mut plain, mut fast) = (slots.clone(), slots);
        run_plainly(&steps, &mut plain);
        run(&steps, &mut fast);
        assert_eq!(plain, fast);
    }

    #[test]
    fn lanes_count() {
        for lane in 0..512usize {
            let bit = |place| (lanes_of(place)[lane / 64] >> (lane % 64) & 1) as usize;
            assert_eq!((0..LANE_BITS).map(|p| bit(p) << p).sum::<usize>(), lane);
        }
    }
}
