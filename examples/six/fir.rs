//! A FIR filter.

use olivine::prelude::*;

/// `y = Σ taps[i] · x(i cycles ago)`; no tap is 0.
#[module]
pub fn Fir(width: u32, taps: Vec<i64>) {
    let gain: u64 = taps.iter().map(|tap| tap.unsigned_abs()).sum();
    let x: In<Signed> = signed(width);
    let y: Out<Signed> = signed(width + bits_for(gain));

    let xs = history(x, taps.len(), 0);
    let terms = xs.iter().zip(&taps).map(|(x, tap)| *x * *tap);
    y.drive(sum(terms).truncate(y.width()));
}
