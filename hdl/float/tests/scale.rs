//! E8M0 to every format and from it, against the golden model.

#[path = "common/batch.rs"]
mod batch;
#[path = "common/stimulus.rs"]
mod stimulus;

use batch::Batch;
use olivine_float::{Format, FromScale, Overflow, ToScale};
use olivine_golden::number;
use olivine_lang::prelude::{Design, elaborate};
use stimulus::{ROUNDINGS, Random, corners, golden_format, golden_rounding};

const FORMATS: [Format; 9] = [
    Format::FP32,
    Format::TF32,
    Format::BF16,
    Format::FP16,
    Format::E5M2,
    Format::E4M3,
    Format::E3M2,
    Format::E2M3,
    Format::E2M1,
];

#[test]
fn every_scale_becomes_a_float() {
    for (to, rounding) in FORMATS.into_iter().flat_map(|to| ROUNDINGS.map(|r| (to, r))) {
        for (overflow, golden) in [
            (Overflow::Special, number::Overflow::Special),
            (Overflow::Saturate, number::Overflow::Saturate),
        ] {
            let (t, r) = (golden_format(to), golden_rounding(rounding, 0));
            let mut unit = Batch::new(&elaborate(FromScale { to, rounding, overflow }).unwrap());
            unit.compare((0..256).map(|x| [x]), |[x]| [number::from_scale(x as u8, t, r, golden)]);
        }
    }
}

fn to_scale(design: &Design, from: Format) -> Result<u64, String> {
    let f = golden_format(from);
    let mut random = Random(9);
    let any = (0..40_000).map(|_| random.float(from));
    let all: Vec<u64> = match from.width() {
        ..=16 => (0..1 << from.width()).collect(),
        _ => corners(from).into_iter().chain(any).collect(),
    };
    let golden = |[x]: [u64; 1]| [number::to_scale(x, f).into()];
    Batch::<1, 1>::new(design).agrees(all.into_iter().map(|x| [x]), golden)
}

#[test]
fn every_float_becomes_a_scale() {
    for from in FORMATS {
        let design = elaborate(ToScale { from }).unwrap();
        let shown = to_scale(&design, from);
        assert!(shown.as_ref().is_ok_and(|count| *count >= 16), "{from:?}: {shown:?}");
    }
}

#[test]
fn faults_are_noticed() {
    let from = Format::BF16;
    let design = elaborate(ToScale { from }).unwrap();
    let mutations = design.mutations();
    let noticed = |m: &&olivine_netlist::Mutation| to_scale(&m.apply(&design), from).is_err();
    let found = mutations.iter().filter(noticed).count();
    assert!(found * 2 > mutations.len(), "{found} of {}", mutations.len());
}
