//! Arrays of instances, indexed as they were placed.

use std::ops::Index;

/// The dimensions of an array: `[n]`, `[rows, columns]` or `[planes, rows, columns]`.
pub trait Dims: Copy {
    /// The array of elements.
    type Grid<P>;

    /// Outermost first.
    #[doc(hidden)]
    fn sizes(&self) -> Vec<usize>;

    /// The array of these elements, row-major.
    #[doc(hidden)]
    fn grid<P>(self, elements: Vec<P>) -> Self::Grid<P>;
}

/// An array of one dimension.
#[derive(Clone, Debug)]
pub struct Row<P> {
    elements: Vec<P>,
}

/// An array of two dimensions; `grid[r]` is a row.
#[derive(Clone, Debug)]
pub struct Grid<P> {
    elements: Vec<P>,
    columns: usize,
}

/// An array of three dimensions; `cube[p]` is a plane.
#[derive(Clone, Debug)]
pub struct Cube<P> {
    planes: Vec<Grid<P>>,
}

impl Dims for [usize; 1] {
    type Grid<P> = Row<P>;

    fn sizes(&self) -> Vec<usize> {
        self.to_vec()
    }

    fn grid<P>(self, elements: Vec<P>) -> Row<P> {
        Row { elements }
    }
}

impl Dims for [usize; 2] {
    type Grid<P> = Grid<P>;

    fn sizes(&self) -> Vec<usize> {
        self.to_vec()
    }

    fn grid<P>(self, elements: Vec<P>) -> Grid<P> {
        Grid { elements, columns: self[1].max(1) }
    }
}

impl Dims for [usize; 3] {
    type Grid<P> = Cube<P>;

    fn sizes(&self) -> Vec<usize> {
        self.to_vec()
    }

    fn grid<P>(self, elements: Vec<P>) -> Cube<P> {
        let size = self[1] * self[2];
        let mut rest = elements.into_iter();
        let plane =
            |_| Grid { elements: rest.by_ref().take(size).collect(), columns: self[2].max(1) };
        Cube { planes: (0..self[0]).map(plane).collect() }
    }
}

impl<P> Row<P> {
    /// Every index in order.
    pub fn indices(&self) -> std::ops::Range<usize> {
        0..self.elements.len()
    }

    /// Every element in order.
    pub fn iter(&self) -> std::slice::Iter<'_, P> {
        self.elements.iter()
    }
}

impl<P> Index<usize> for Row<P> {
    type Output = P;

    #[track_caller]
    fn index(&self, index: usize) -> &P {
        &self.elements[index]
    }
}

impl<P> Grid<P> {
    /// Every pair of row and column, row by row.
    pub fn indices(&self) -> impl Iterator<Item = (usize, usize)> + use<P> {
        let columns = self.columns;
        (0..self.elements.len()).map(move |i| (i / columns, i % columns))
    }

    /// Every element, row by row.
    pub fn iter(&self) -> std::slice::Iter<'_, P> {
        self.elements.iter()
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.elements.len() / self.columns
    }

    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }
}

impl<P> Index<usize> for Grid<P> {
    type Output = [P];

    #[track_caller]
    fn index(&self, row: usize) -> &[P] {
        &self.elements[row * self.columns..][..self.columns]
    }
}

impl<P> Cube<P> {
    /// Every triple of plane, row and column.
    pub fn indices(&self) -> impl Iterator<Item = (usize, usize, usize)> + use<P> {
        let sizes = self.planes.iter().map(|p| (p.rows(), p.columns())).collect::<Vec<_>>();
        sizes.into_iter().enumerate().flat_map(|(p, (rows, columns))| {
            (0..rows * columns).map(move |i| (p, i / columns, i % columns))
        })
    }
}

impl<P> Index<usize> for Cube<P> {
    type Output = Grid<P>;

    #[track_caller]
    fn index(&self, plane: usize) -> &Grid<P> {
        &self.planes[plane]
    }
}
