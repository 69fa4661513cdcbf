//! [`Walk`]: visiting the leaves of a record under their names, with the direction of ports.

use crate::leaf::Leaf;
use crate::place::{At, here};
use crate::ports::Ports;
use crate::signal::Signal;
use olivine_netlist::Direction;

/// Where a walk is when it visits a leaf.
pub struct Visit<'a> {
    /// Field names joined by `_`, indices appended: `req_addr`, `west3`. Empty for a bare handle.
    pub name: &'a str,
    /// Which way, in a record of ports.
    pub direction: Option<Direction>,
    pub(crate) at: At,
}

/// A walk over the leaves of a record. Derived code calls [`Walk::field`] and its like; others
/// have no business with it.
pub struct Walk<'a> {
    name: String,
    direction: Option<Direction>,
    flipped: bool,
    at: At,
    visit: &'a mut dyn FnMut(Visit<'_>, Leaf) -> Leaf,
}

fn opposite(direction: Direction) -> Direction {
    match direction {
        Direction::Input => Direction::Output,
        Direction::Output => Direction::Input,
    }
}

impl<'a> Walk<'a> {
    #[track_caller]
    pub(crate) fn new(visit: &'a mut dyn FnMut(Visit<'_>, Leaf) -> Leaf) -> Self {
        let at = here();
        Self { name: String::new(), direction: None, flipped: false, at, visit }
    }

    /// Visits one leaf at the present name.
    pub fn leaf(&mut self, leaf: Leaf) -> Leaf {
        let visit = Visit { name: &self.name, direction: self.direction, at: self.at };
        (self.visit)(visit, leaf)
    }

    /// Goes into a field. Its place is the caller's.
    #[track_caller]
    pub fn field<T>(&mut self, name: &str, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.field_at(here(), name, inside)
    }

    /// Where the field that is visited stands in the author's source.
    pub(crate) fn at(&self) -> At {
        self.at
    }

    pub(crate) fn field_at<T>(
        &mut self,
        at: At,
        name: &str,
        inside: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let outer_at = std::mem::replace(&mut self.at, at);
        let length = self.name.len();
        if length > 0 {
            self.name.push('_');
        }
        self.name.push_str(name.trim_start_matches("r#"));
        let result = inside(self);
        self.name.truncate(length);
        self.at = outer_at;
        result
    }

    /// Goes into an element of an array, vector or tuple.
    pub fn element<T>(&mut self, index: usize, inside: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.name.len();
        if self.name.ends_with(|c: char| c.is_ascii_digit()) {
            self.name.push('x');
        }
        self.name.push_str(&index.to_string());
        let result = inside(self);
        self.name.truncate(length);
        result
    }

    /// Visits all of `signal` as an input.
    pub fn input<T: Signal>(&mut self, signal: &T) -> T {
        self.directed(Direction::Input, signal)
    }

    /// Visits all of `signal` as an output.
    pub fn output<T: Signal>(&mut self, signal: &T) -> T {
        self.directed(Direction::Output, signal)
    }

    fn directed<T: Signal>(&mut self, direction: Direction, signal: &T) -> T {
        let way = if self.flipped { opposite(direction) } else { direction };
        let outer = self.direction.replace(way);
        let result = signal.walk(self);
        self.direction = outer;
        result
    }

    /// Visits a record of ports seen from its other side.
    pub fn flipped<P: Ports>(&mut self, ports: &P) -> P {
        self.flipped = !self.flipped;
        let result = ports.walk_ports(self);
        self.flipped = !self.flipped;
        result
    }

    /// Visits each element of a vector.
    pub fn vec<T>(&mut self, items: &[T], mut one: impl FnMut(&mut Self, &T) -> T) -> Vec<T> {
        let each = items.iter().enumerate();
        each.map(|(i, item)| self.element(i, |walk| one(walk, item))).collect()
    }

    /// Visits each element of an array.
    pub fn array<T, const N: usize>(
        &mut self,
        items: &[T; N],
        mut one: impl FnMut(&mut Self, &T) -> T,
    ) -> [T; N] {
        std::array::from_fn(|i| self.element(i, |walk| one(walk, &items[i])))
    }

    /// Visits what is there.
    pub fn option<T>(
        &mut self,
        item: &Option<T>,
        one: impl FnOnce(&mut Self, &T) -> T,
    ) -> Option<T> {
        item.as_ref().map(|item| one(self, item))
    }
}
