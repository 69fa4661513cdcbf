//! Matrix products against written-out sums, and the errors.

use olivine_golden::{Chain, Operand, f32_to_bf16, gemm, mac};

fn bits(values: &[f32]) -> Vec<u16> {
    values.iter().map(|v| f32_to_bf16(v.to_bits())).collect()
}

fn floats(bits: &[u32]) -> Vec<f32> {
    bits.iter().map(|&b| f32::from_bits(b)).collect()
}

#[test]
fn all_four_transposes_give_one_product() {
    let (a, a_t) = (bits(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), bits(&[1.0, 4.0, 2.0, 5.0, 3.0, 6.0]));
    let (b, b_t) = (bits(&[1.0, -1.0, 0.5, 2.0, 0.0, 3.0]), bits(&[1.0, 0.5, 0.0, -1.0, 2.0, 3.0]));
    let lefts = [Operand::new(&a, 2, 3).unwrap(), Operand::new(&a_t, 3, 2).unwrap().transposed()];
    let rights = [Operand::new(&b, 3, 2).unwrap(), Operand::new(&b_t, 2, 3).unwrap().transposed()];
    for left in lefts {
        for right in rights {
            let product = gemm(left, right).unwrap();
            assert_eq!(floats(&product), [2.0, 12.0, 6.5, 24.0]);
        }
    }
}

#[test]
fn sums_run_in_increasing_order() {
    let big_then_small = bits(&[16_777_216.0, 1.0, 1.0]);
    let ones = bits(&[1.0, 1.0, 1.0]);
    let product = |a: &[u16]| {
        gemm(Operand::new(a, 1, 3).unwrap(), Operand::new(&ones, 3, 1).unwrap()).unwrap()
    };
    assert_eq!(floats(&product(&big_then_small)), [16_777_216.0]);
    let small_first: Vec<u16> = big_then_small.into_iter().rev().collect();
    assert_eq!(floats(&product(&small_first)), [16_777_218.0]);
}

#[test]
fn zero_padding_changes_no_sum_but_minus_zero() {
    let one = f32_to_bf16(1.0f32.to_bits());
    let mut chain = Chain::new();
    chain.extend([(one, one), (one, one)]);
    assert_eq!(mac(chain.sum(), 0, 0), chain.sum());
    assert_eq!(mac(1 << 31, 0, 0), 0);
    for special in [0x7f80_0000, 0xff80_0000, 0x7fc0_0000] {
        assert_eq!(mac(special, 0, 0), special);
    }
}

#[test]
fn sizes_that_do_not_fit_are_named() {
    let wrong = Operand::new(&[0; 5], 2, 3).unwrap_err();
    assert_eq!(wrong.to_string(), "a 2×3 matrix needs 6 elements, got 5");
    let a = Operand::new(&[0; 6], 2, 3).unwrap();
    let inner = gemm(a, a).unwrap_err();
    assert_eq!(inner.to_string(), "cannot multiply 2×3 by 2×3: the inner sizes must be equal");
}
