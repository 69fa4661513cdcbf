//! Elaboration costs next to nothing.

use olivine_lang::prelude::*;
use std::time::Instant;

/// A processing element.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Pe;

#[derive(Ports)]
struct PePorts {
    a: In<Unsigned>,
    b: In<Unsigned>,
    a_next: Out<Unsigned>,
    b_next: Out<Unsigned>,
    sum: Out<Unsigned>,
}

impl Module for Pe {
    type Ports = PePorts;

    fn ports(&self) -> PePorts {
        let word = unsigned(8);
        PePorts { a: word, b: word, a_next: word, b_next: word, sum: unsigned(32) }
    }

    #[named]
    fn build(&self, p: PePorts) {
        let sum = reg(unsigned(32)).reset(0);
        sum.set((p.a * p.b + sum).truncate(32));
        p.sum.drive(sum);
        p.a_next.drive(delay(p.a, 1));
        p.b_next.drive(delay(p.b, 1));
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Array {
    n: usize,
}

#[derive(Ports)]
struct ArrayPorts {
    west: Vec<In<Unsigned>>,
    north: Vec<In<Unsigned>>,
    sums: Vec<Vec<Out<Unsigned>>>,
}

impl Module for Array {
    type Ports = ArrayPorts;

    fn ports(&self) -> ArrayPorts {
        let edge = vec![unsigned(8); self.n];
        let sums = vec![vec![unsigned(32); self.n]; self.n];
        ArrayPorts { west: edge.clone(), north: edge, sums }
    }

    fn build(&self, p: ArrayPorts) {
        let grid = instances(Pe, [self.n, self.n], "pe");
        for (r, c) in grid.indices() {
            grid[r][c].a.drive(if c == 0 { p.west[r] } else { grid[r][c - 1].a_next });
            grid[r][c].b.drive(if r == 0 { p.north[c] } else { grid[r - 1][c].b_next });
            p.sums[r][c].drive(grid[r][c].sum);
        }
    }
}

/// The target is 20 ms with optimization; the limit leaves room for a build without, on a machine
/// that does other things.
#[test]
fn an_array_of_1024_elements() {
    let start = Instant::now();
    let design = elaborate(Array { n: 32 }).unwrap_or_else(|f| panic!("{f}"));
    let took = start.elapsed();
    println!("elaborated in {took:?}");
    assert_eq!(design.modules.len(), 2);
    assert_eq!(design.top().instances[0].elements(), 1024);
    assert!(took.as_millis() < 500, "{took:?}");
}
