//! The host's part of a training step, in fp32 and in a fixed order.

use olivine_peridot::host::Matrix;

/// Adds the bias to each row.
pub(super) fn add_bias(matrix: &mut Matrix<f32>, bias: &[f32]) {
    for row in 0..matrix.rows() {
        matrix.row_mut(row).iter_mut().zip(bias).for_each(|(x, b)| *x += b);
    }
}

/// The sum of each column, from the first row to the last.
pub(super) fn column_sums(matrix: &Matrix<f32>) -> Vec<f32> {
    let mut sums = vec![0.0; matrix.cols()];
    for row in 0..matrix.rows() {
        sums.iter_mut().zip(matrix.row(row)).for_each(|(sum, x)| *sum += x);
    }
    sums
}

/// Positive values stay, others become zero.
pub(super) fn relu(matrix: &Matrix<f32>) -> Matrix<f32> {
    matrix.map(|x| if x > 0.0 { x } else { 0.0 })
}

/// The gradient behind a ReLU: zero where its input was not positive.
pub(super) fn relu_gradient(gradient: &Matrix<f32>, input: &Matrix<f32>) -> Matrix<f32> {
    Matrix::from_fn(gradient.rows(), gradient.cols(), |row, col| {
        if input.at(row, col) > 0.0 { gradient.at(row, col) } else { 0.0 }
    })
}

/// The mean softmax cross-entropy of rows of logits, and its gradient.
pub(super) fn cross_entropy(logits: &Matrix<f32>, labels: &[u8]) -> (f32, Matrix<f32>) {
    let scale = 1.0 / logits.rows() as f32;
    let mut loss = 0.0;
    let mut gradient = logits.clone();
    for (row, &label) in labels.iter().enumerate() {
        let label = usize::from(label);
        let values = gradient.row_mut(row);
        let largest = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        values.iter_mut().for_each(|x| *x -= largest);
        let shifted = values[label];
        values.iter_mut().for_each(|x| *x = libm::expf(*x));
        let sum = values.iter().fold(0.0, |sum, x| sum + x);
        loss += libm::logf(sum) - shifted;
        values.iter_mut().for_each(|x| *x = *x / sum * scale);
        values[label] -= scale;
    }
    (loss * scale, gradient)
}

/// How many rows have their largest value, the first of equals, at the label.
pub(super) fn hits(logits: &Matrix<f32>, labels: &[u8]) -> usize {
    let largest = |row: &[f32]| {
        let better = |best: usize, i: usize| if row[i] > row[best] { i } else { best };
        (0..row.len()).fold(0, better)
    };
    let rows = labels.iter().enumerate();
    rows.filter(|&(row, &label)| largest(logits.row(row)) == usize::from(label)).count()
}

/// SGD with momentum: `v ← momentum·v + g`, `w ← w − rate·v`.
pub(super) fn update(
    weights: &mut [f32],
    velocity: &mut [f32],
    gradient: &[f32],
    momentum: f32,
    rate: f32,
) {
    for ((w, v), g) in weights.iter_mut().zip(velocity).zip(gradient) {
        *v = momentum * *v + g;
        *w -= rate * *v;
    }
}
