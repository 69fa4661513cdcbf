//! bf16 × bf16 + fp32 against the golden model.

mod common;

use common::{Vector, compare};
use olivine_float::{Format, Mac};
use olivine_golden::mac;
use olivine_interp::{Engine, Interp, Undefined};
use olivine_lang::elaborate;
use olivine_netlist::PortId;

/// SplitMix64 from a seed.
fn random(seed: u64) -> impl Iterator<Item = u64> {
    (1u64..).map(move |i| {
        let z = seed.wrapping_add(i.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

fn uniform(x: u64) -> Vector {
    (x as u32, (x >> 32) as u16, (x >> 48) as u16)
}

/// Exponents such that the terms overlap: c's is near that of a·b.
fn overlapping(x: u64, y: u64) -> Vector {
    let (c, a, b) = uniform(x);
    let (ea, eb) = (64 + (y & 127) as u32, 64 + (y >> 8 & 127) as u32);
    let ec = (ea + eb + (y >> 16 & 63) as u32).saturating_sub(127 + 32).min(254);
    let a = a & 0x807f | (ea << 7) as u16;
    let b = b & 0x807f | (eb << 7) as u16;
    // Half of the significands end in zeros, for ties.
    let mask = if y >> 63 == 1 { u32::MAX << (y >> 24 & 31) } else { u32::MAX };
    ((c & mask) & 0x807f_ffff | ec << 23, a, b)
}

/// c within a few units of −a·b, for cancellation.
fn cancelling(x: u64, y: u64) -> Vector {
    let (_, a, b) = overlapping(x, y);
    let product = mac(0, a, b) ^ 0x8000_0000;
    (product.wrapping_add((y >> 32 & 7) as u32).wrapping_sub(3), a, b)
}

fn hardware_agrees(vectors: impl IntoIterator<Item = Vector>) -> u64 {
    compare(Format::BF16, Format::FP32, vectors, mac)
}

#[test]
fn uniform_vectors() {
    assert_eq!(hardware_agrees(random(1).take(200_000).map(uniform)), 200_000);
}

#[test]
fn overlapping_vectors() {
    let pairs = random(2).zip(random(3)).take(300_000);
    assert_eq!(hardware_agrees(pairs.map(|(x, y)| overlapping(x, y))), 300_000);
}

#[test]
fn cancelling_vectors() {
    let pairs = random(4).zip(random(5)).take(200_000);
    assert_eq!(hardware_agrees(pairs.map(|(x, y)| cancelling(x, y))), 200_000);
}

/// All extremes of the exponents with patterned significands: zeros, subnormals, infinities and
/// NaNs of either sign among them.
#[test]
fn directed_vectors() {
    let operands: Vec<u16> = [0u16, 1, 2, 63, 126, 127, 128, 191, 253, 254, 255]
        .into_iter()
        .flat_map(|e| [0u16, 1, 0x40, 0x55, 0x7f].map(|m| e << 7 | m))
        .collect();
    let sums: Vec<u32> = [0u32, 1, 2, 103, 126, 127, 128, 151, 253, 254, 255]
        .into_iter()
        .flat_map(|e| [0u32, 1, 0x40_0000, 0x55_5555, 0x7f_ffff].map(|m| e << 23 | m))
        .flat_map(|c| [c, c | 0x8000_0000])
        .collect();
    let pairs = operands.iter().flat_map(|&a| operands.iter().map(move |&b| (a, b | 0x8000)));
    let vectors = pairs.flat_map(|(a, b)| sums.iter().map(move |&c| (c, a, b)));
    let (count, signs) = (hardware_agrees(vectors.clone()), |(c, a, b)| (c, a, b & 0x7fff));
    assert_eq!(count, 55 * 55 * 110);
    assert_eq!(hardware_agrees(vectors.map(signs)), count);
}

#[test]
#[should_panic(expected = "no vector")]
fn no_vectors_show_nothing() {
    hardware_agrees([]);
}

/// The interpreter, which gives a design its meaning, says the same.
#[test]
fn interpreted() {
    let design = elaborate(Mac::BF16).unwrap();
    let mut engine = Interp::new(&design, Undefined::Random(1));
    let port = |name: &str| design.top().find_port(name).unwrap();
    let [c_port, a_port, b_port, sum]: [PortId; 4] = ["c", "a", "b", "sum"].map(port);
    for (x, y) in random(6).zip(random(7)).take(3_000) {
        for (c, a, b) in [uniform(x), overlapping(x, y), cancelling(x, y)] {
            engine.set_u64(c_port, u64::from(c));
            engine.set_u64(a_port, u64::from(a));
            engine.set_u64(b_port, u64::from(b));
            assert_eq!(engine.get_u64(sum) as u32, mac(c, a, b), "{c:#x} + {a:#x} * {b:#x}");
        }
    }
}
