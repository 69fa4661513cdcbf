//! What elaboration costs: a 32×32 array, and a million cells in one module.
//!
//! `cargo run --release -p olivine-lang --example elaborate` prints both figures beside their
//! targets and fails where one is missed.

use olivine_lang::prelude::*;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// A multiply-accumulate element that passes its operands on.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Pe;

#[derive(Ports)]
struct PePorts {
    west: In<Unsigned>,
    north: In<Unsigned>,
    east: Out<Unsigned>,
    south: Out<Unsigned>,
    sum: Out<Unsigned>,
}

impl Module for Pe {
    type Ports = PePorts;

    fn ports(&self) -> PePorts {
        let word = unsigned(8);
        PePorts { west: word, north: word, east: word, south: word, sum: unsigned(32) }
    }

    #[named]
    fn build(&self, p: PePorts) {
        let sum = reg(unsigned(32)).reset(0);
        sum.set((p.west * p.north + sum).truncate(32));
        p.sum.drive(sum);
        p.east.drive(delay(p.west, 1));
        p.south.drive(delay(p.north, 1));
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
            grid[r][c].west.drive(if c == 0 { p.west[r] } else { grid[r][c - 1].east });
            grid[r][c].north.drive(if r == 0 { p.north[c] } else { grid[r - 1][c].south });
            p.sums[r][c].drive(grid[r][c].sum);
        }
    }
}

/// As many cells as are asked for, in rows of a register each.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Flat {
    cells: usize,
}

#[derive(Ports)]
struct FlatPorts {
    a: In<Unsigned>,
    b: In<Unsigned>,
    y: Out<Unsigned>,
}

/// Operators between two registers of [`Flat`].
const ROW: usize = 24;

impl Module for Flat {
    type Ports = FlatPorts;

    fn ports(&self) -> FlatPorts {
        FlatPorts { a: unsigned(16), b: unsigned(16), y: unsigned(16) }
    }

    #[named]
    fn build(&self, p: FlatPorts) {
        let mut last = p.a;
        for _ in 0..self.cells / (ROW + 1) {
            let row = reg(unsigned(16)).reset(0);
            for i in 0..ROW {
                last = match i % 3 {
                    0 => last.wrapping_add(p.b),
                    1 => last ^ p.a,
                    _ => !last,
                };
            }
            row.set(last);
            last = row;
        }
        p.y.drive(last);
    }
}

fn elaborated<M: Module>(config: M) -> (Design, Duration) {
    let start = Instant::now();
    let design = elaborate(config).unwrap_or_else(|faults| panic!("{faults}"));
    (design, start.elapsed())
}

/// The most memory that this process ever had, in MiB, where the system tells.
fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024)
}

fn main() -> ExitCode {
    let tries = (0..5).map(|_| elaborated(Array { n: 32 }));
    let (array, took) = tries.min_by_key(|(_, took)| *took).expect("there are tries");
    let elements = array.top().instances[0].elements();
    println!("array of {elements} elements: {:.1} ms (target: 20 ms)", ms(took));
    let (flat, long) = elaborated(Flat { cells: 1_000_000 });
    let cells = flat.top().cells.len();
    println!("module of {cells} cells: {:.0} ms (target: 2000 ms)", ms(long));
    let peak = peak_mib();
    let shown = peak.map_or("unknown".to_string(), |mib| format!("{mib} MiB"));
    println!("memory at most: {shown} (target: 1024 MiB)");
    let met = took < Duration::from_millis(20)
        && long < Duration::from_secs(2)
        && peak.is_none_or(|mib| mib < 1024)
        && cells >= 1_000_000;
    if met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
