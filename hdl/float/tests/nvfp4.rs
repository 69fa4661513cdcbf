//! NVFP4 blocks against the golden model.

#[path = "common/batch.rs"]
mod batch;
#[path = "common/stimulus.rs"]
mod stimulus;

use batch::Batch;
use olivine_float::{Format, Nvfp4Dot, Nvfp4Quantize, Rounding};
use olivine_golden::number;
use olivine_lang::prelude::{Design, elaborate};
use stimulus::{ROUNDINGS, Random, golden_format, golden_rounding};

const SIZE: usize = 16;
/// c, the codes and the scale of a, those of b.
const DOT: usize = 1 + 2 * (SIZE + 1);
const NEAREST: number::Rounding = number::Rounding::NearestEven;

fn dot() -> Design {
    elaborate(Nvfp4Dot { size: SIZE as u32 }).unwrap()
}

fn golden_dot(s: [u64; DOT]) -> [u64; 1] {
    let (a, b) = (&s[1..=SIZE], &s[SIZE + 2..DOT - 1]);
    let scales = [s[SIZE + 1], s[DOT - 1]].map(|scale| scale as u8);
    [number::nvfp4_dot(s[0] as u32, (a, scales[0]), (b, scales[1]), NEAREST).into()]
}

/// A block pair; half of the sums all but cancel.
fn blocks(random: &mut Random, scales: [u64; 2]) -> [u64; DOT] {
    let mut s = [0; DOT];
    s[1..].fill_with(|| random.next() & 15);
    [s[SIZE + 1], s[DOT - 1]] = scales;
    s[0] = match random.next() & 3 {
        0 => random.float(Format::FP32),
        1 => 0,
        _ => (golden_dot(s)[0] ^ 1 << 31) ^ (random.next() & 1),
    };
    s
}

#[test]
fn dots_with_every_pair_of_scales() {
    let mut random = Random(1);
    let stimuli = (0..1u64 << 16).map(|i| blocks(&mut random, [i >> 8, i & 255]));
    assert_eq!(Batch::new(&dot()).compare(stimuli, golden_dot), 1 << 16);
}

#[test]
fn dots_of_every_pair_of_elements_at_every_place() {
    let mut random = Random(2);
    let stimuli = (0..256 * SIZE as u64).flat_map(|i| {
        let (pair, place) = (i & 255, (i >> 8) as usize);
        let mut among = blocks(&mut random, [0x38, 0x41]);
        let mut alone = [0; DOT];
        [alone[SIZE + 1], alone[DOT - 1]] = [0x38, 0x38];
        for s in [&mut among, &mut alone] {
            [s[1 + place], s[SIZE + 2 + place]] = [pair >> 4, pair & 15];
        }
        [among, alone]
    });
    assert_eq!(Batch::new(&dot()).compare(stimuli, golden_dot), 512 * SIZE as u64);
}

/// Compares `N` values, then as many random numbers, with scale and elements.
fn quantize<const N: usize, const I: usize, const O: usize>(
    design: &Design,
    from: Format,
    rounding: Rounding,
    stimuli: impl IntoIterator<Item = [u64; I]>,
) -> Result<u64, String> {
    let f = golden_format(from);
    Batch::<I, O>::new(design).agrees(stimuli, |s| {
        let random = |i: usize| s.get(N + i).copied().unwrap_or(0);
        let roundings: Vec<_> = (0..N).map(|i| golden_rounding(rounding, random(i))).collect();
        let (scale, codes) = number::nvfp4_quantize(&s[..N], f, &roundings);
        std::array::from_fn(|i| if i == 0 { scale.into() } else { codes[i - 1] })
    })
}

fn quantizer(from: Format, size: u32, rounding: Rounding) -> Design {
    elaborate(Nvfp4Quantize { from, size, rounding }).unwrap()
}

/// Every bf16 beside largest numbers that make scales from zero to beyond the largest.
#[test]
fn every_bfloat16_is_quantized() {
    let (from, rounding) = (Format::BF16, Rounding::NearestEven);
    let exponents = [118, 120, 127, 137, 138, 200u64];
    let largest = exponents.into_iter().flat_map(|e| [0, 0x2b, 0x40, 0x55].map(|m| e << 7 | m));
    let stimuli = largest.flat_map(|most| (0..1u64 << 16).map(move |x| [x, most]));
    let design = quantizer(from, 2, rounding);
    assert_eq!(quantize::<2, 2, 3>(&design, from, rounding, stimuli), Ok(24 << 16));
}

/// Blocks of 16 near what scales can be, in all roundings.
#[test]
fn blocks_are_quantized() {
    for from in [Format::FP32, Format::BF16] {
        for rounding in ROUNDINGS {
            let mut random = Random(3);
            let near = random.float(from) & !((1 << from.mantissa) - 1);
            let stimuli = (0..6_000u64).map(|i| {
                let middle = if i % 8 == 0 { near } else { 127 << from.mantissa };
                let spread = 1 + i % 12;
                [(); SIZE].map(|()| random.float_near(middle, from, spread))
            });
            let stimuli: Vec<_> = stimuli.collect();
            let design = quantizer(from, SIZE as u32, rounding);
            assert_eq!(quantize::<SIZE, SIZE, 17>(&design, from, rounding, stimuli), Ok(6_000));
        }
    }
}

/// As gradients are: by chance, each with a random number.
#[test]
fn blocks_are_quantized_by_chance() {
    let (from, rounding) = (Format::FP32, Rounding::Stochastic { bits: 8 });
    let mut random = Random(4);
    let stimuli = (0..6_000u64).map(|i| {
        let mut s = [0; 2 * SIZE];
        s[..SIZE].fill_with(|| random.float_near(127 << 23, from, 1 + i % 9));
        s[SIZE..].fill_with(|| random.next() & 255);
        s
    });
    let design = quantizer(from, SIZE as u32, rounding);
    assert_eq!(quantize::<SIZE, 32, 17>(&design, from, rounding, stimuli), Ok(6_000));
}

/// Most faults in one place are noticed by few blocks.
#[test]
fn faults_are_noticed() {
    let design = quantizer(Format::BF16, 2, Rounding::NearestEven);
    let noticed = |mutant: &Design| {
        let mut random = Random(6);
        let stimuli = (0..12_000u64).map(|i| {
            let most = random.float_near(127 << 7, Format::BF16, 12);
            let near = random.float_near(most, Format::BF16, 6);
            if i % 8 == 0 { [random.float(Format::BF16), most] } else { [near, most] }
        });
        quantize::<2, 2, 3>(mutant, Format::BF16, Rounding::NearestEven, stimuli).is_err()
    };
    assert!(!noticed(&design));
    let mutations = design.mutations();
    let chosen: Vec<_> = mutations.iter().step_by(mutations.len() / 25).collect();
    let found = chosen.iter().filter(|mutation| noticed(&mutation.apply(&design))).count();
    assert!(found * 4 > chosen.len() * 3, "{found} of {}", chosen.len());
    let design = dot();
    let mutations = design.mutations();
    let chosen: Vec<_> = mutations.iter().step_by(mutations.len() / 25).collect();
    let noticed = |mutant: &Design| {
        let mut random = Random(5);
        let stimuli = (0..3_000).map(|_| {
            let scales = [(); 2].map(|()| random.next() & 255);
            blocks(&mut random, scales)
        });
        Batch::new(mutant).agrees(stimuli, golden_dot).is_err()
    };
    let found = chosen.iter().filter(|mutation| noticed(&mutation.apply(&design))).count();
    // What the sum says of specials nobody reads: E2M1 has none.
    assert!(found * 3 > chosen.len() * 2, "{found} of {}", chosen.len());
}
