//! Products on a driven chip against golden arithmetic.

use olivine_golden::{Operand, gemm};
use olivine_peridot::host::{Driver, HostBus, Matrix};

/// A hash of the index: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
pub fn random(index: u64) -> u64 {
    let z = index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A bf16, mostly of moderate size.
fn element(index: u64) -> u16 {
    let bits = random(index);
    let exponent = if bits >> 32 & 63 == 0 { bits >> 16 & 255 } else { 120 + (bits >> 16 & 15) };
    (bits as u16 & 0x807f) | (exponent as u16) << 7
}

/// A matrix of bf16 elements that depend on the seed alone.
pub fn random_matrix(rows: usize, cols: usize, seed: u64) -> Matrix<u16> {
    Matrix::from_fn(rows, cols, |row, col| element(seed << 32 | (row << 16 | col) as u64))
}

/// The product as the chip has to give it: the sum runs over whole tiles of `array`.
pub fn product(a: &Matrix<u16>, b: &Matrix<u16>, array: usize) -> Matrix<u32> {
    let inner = a.cols().next_multiple_of(array);
    let pad = |m: &Matrix<u16>, rows: usize, cols: usize| {
        Matrix::from_fn(
            rows,
            cols,
            |r, c| if r < m.rows() && c < m.cols() { m.at(r, c) } else { 0 },
        )
    };
    let (left, right) = (pad(a, a.rows(), inner), pad(b, inner, b.cols()));
    let left = Operand::new(left.elements(), left.rows(), left.cols()).unwrap();
    let right = Operand::new(right.elements(), right.rows(), right.cols()).unwrap();
    let bits = gemm(left, right).unwrap();
    Matrix::from_fn(a.rows(), b.cols(), |row, col| bits[row * b.cols() + col])
}

/// One product of random shape, its factors stored as they are or transposed.
pub fn check_product<B: HostBus>(chip: &mut Driver<B>, seed: u64) {
    let array = chip.config().array as usize;
    let size = |index: u64, most: usize| 1 + random(seed * 8 + index) as usize % most;
    let (rows, inner, cols) = (size(0, 4 * array), size(1, 3 * array), size(2, 4 * array));
    let (a, b) = (random_matrix(rows, inner, seed), random_matrix(inner, cols, seed + 1000));
    let mark = chip.mark();
    let mut send = |matrix: &Matrix<u16>, transposed: bool| {
        if transposed {
            chip.upload(&matrix.transposed()).unwrap().transposed()
        } else {
            chip.upload(matrix).unwrap().into()
        }
    };
    let (west, north) = (send(&a, seed & 1 == 1), send(&b, seed & 2 == 2));
    let found = chip.gemm(west, north).unwrap();
    assert_eq!(found, product(&a, &b, array), "seed {seed}: {rows}×{inner} by {inner}×{cols}");
    chip.release(mark);
}
