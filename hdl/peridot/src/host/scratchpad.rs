//! What the driver knows to lie in a scratchpad.

use super::memory::DeviceMatrix;

/// Whole matrices that have been loaded, one after the other from tile 0.
#[derive(Debug)]
pub(super) struct Contents {
    capacity: usize,
    loaded: Vec<(u64, usize, usize)>,
}

impl Contents {
    /// An empty scratchpad for `capacity` tiles.
    pub fn new(capacity: u32) -> Self {
        Self { capacity: capacity as usize, loaded: Vec::new() }
    }

    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// The first tile of a matrix that is there.
    pub fn find(&self, matrix: &DeviceMatrix) -> Option<usize> {
        let loaded = self.loaded.iter().find(|(id, _, _)| *id == matrix.id);
        loaded.map(|&(_, first, _)| first)
    }

    /// Makes room for a matrix that is not there but fits: behind the others, or in their place.
    /// The first tile of the room.
    pub fn place(&mut self, matrix: &DeviceMatrix) -> usize {
        let mut first = self.loaded.last().map_or(0, |(_, first, tiles)| first + tiles);
        if first + matrix.tiles > self.capacity {
            self.loaded.clear();
            first = 0;
        }
        self.loaded.push((matrix.id, first, matrix.tiles));
        first
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.loaded.clear();
    }

    /// Forgets the matrices for which `keep` is false.
    pub fn retain(&mut self, keep: impl Fn(u64) -> bool) {
        self.loaded.retain(|&(id, _, _)| keep(id));
    }
}
