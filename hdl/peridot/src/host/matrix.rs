//! [`Matrix`]: rows and columns.

/// A matrix in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix<T> {
    rows: usize,
    cols: usize,
    elements: Vec<T>,
}

impl<T: Copy> Matrix<T> {
    /// The matrix whose element at (row, column) is `element(row, column)`.
    pub fn from_fn(rows: usize, cols: usize, mut element: impl FnMut(usize, usize) -> T) -> Self {
        let mut elements = Vec::with_capacity(rows * cols);
        for row in 0..rows {
            elements.extend((0..cols).map(|col| element(row, col)));
        }
        Self { rows, cols, elements }
    }

    /// The matrix whose elements are all `element`.
    pub fn filled(rows: usize, cols: usize, element: T) -> Self {
        Self { rows, cols, elements: vec![element; rows * cols] }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of columns.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// All elements, row after row.
    pub fn elements(&self) -> &[T] {
        &self.elements
    }

    /// All elements, row after row.
    pub fn elements_mut(&mut self) -> &mut [T] {
        &mut self.elements
    }

    /// One row. A row that is not there is a bug and panics.
    pub fn row(&self, row: usize) -> &[T] {
        &self.elements[row * self.cols..][..self.cols]
    }

    /// One row. A row that is not there is a bug and panics.
    pub fn row_mut(&mut self, row: usize) -> &mut [T] {
        &mut self.elements[row * self.cols..][..self.cols]
    }

    /// The element at (row, column). One that is not there is a bug and panics.
    pub fn at(&self, row: usize, col: usize) -> T {
        self.row(row)[col]
    }

    /// Each element through `f`.
    pub fn map<U: Copy>(&self, f: impl FnMut(T) -> U) -> Matrix<U> {
        let elements = self.elements.iter().copied().map(f).collect();
        Matrix { rows: self.rows, cols: self.cols, elements }
    }

    /// Rows and columns exchanged.
    pub fn transposed(&self) -> Self {
        Self::from_fn(self.cols, self.rows, |row, col| self.at(col, row))
    }
}
