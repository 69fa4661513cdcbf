//! [`Frames`]: what is blocked at which level.

use super::Cube;

/// Cubes by the highest level at which they are known to be blocked; they are blocked at every
/// level below it too.
#[derive(Default)]
pub(super) struct Frames {
    /// By level, from 1 on.
    levels: Vec<Vec<Cube>>,
}

impl Frames {
    /// The highest level; 0 if there is none yet.
    pub fn top(&self) -> usize {
        self.levels.len()
    }

    /// Adds a level.
    pub fn raise(&mut self) {
        self.levels.push(Vec::new());
    }

    /// The cubes of a level and of none above it.
    pub fn at(&self, level: usize) -> &[Cube] {
        &self.levels[level - 1]
    }

    /// The cubes of a level and of those above it.
    pub fn from(&self, level: usize) -> Vec<Cube> {
        self.levels[level - 1..].concat()
    }

    /// Adds a cube; those that it contains are no longer needed up to its level.
    pub fn add(&mut self, level: usize, cube: Cube) {
        for known in &mut self.levels[..level] {
            known.retain(|other| !cube.contains(other));
        }
        self.levels[level - 1].push(cube);
    }

    /// The highest level from `level` on at which a cube is blocked by another that contains it.
    pub fn blocked_at(&self, cube: &Cube, level: usize) -> Option<usize> {
        let blocked = |&l: &usize| self.at(l).iter().any(|known| known.contains(cube));
        (level..=self.top()).rev().find(blocked)
    }
}
