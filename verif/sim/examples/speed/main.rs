//! Cycles per second of the interpreter and of the compiled simulator, side by side.
//!
//! `cargo run --release -p olivine-sim --example speed`

mod array;
mod author;
mod bf16;

use array::Element;
use olivine_interp::{Engine, Interp, Undefined};
use olivine_netlist::{Bits, Design, DomainId};
use olivine_sim::Compiled;
use std::time::{Duration, Instant};

/// Runs with new random inputs each cycle for about `span`; cycles per second.
fn speed(engine: &mut dyn Engine, span: Duration) -> f64 {
    let ports = ["load", "a", "w"].map(|n| engine.interface().find(n).expect("a port"));
    let widths = ports.map(|p| engine.interface().ports[p.index()].width);
    let out = engine.interface().find("p").expect("a port");
    let mut random = 1u64;
    let mut next = || {
        random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        random >> 32 ^ random << 32
    };
    let (start, mut cycles) = (Instant::now(), 0u64);
    while start.elapsed() < span {
        for _ in 0..16 {
            for (port, width) in ports.iter().zip(widths) {
                let words: Vec<u64> = (0..width.div_ceil(64)).map(|_| next()).collect();
                engine.set(*port, &Bits::from_words(width, &words));
            }
            engine.step(DomainId(0));
            engine.get(out);
        }
        cycles += 16;
    }
    cycles as f64 / start.elapsed().as_secs_f64()
}

fn row(name: &str, n: u32, design: &Design) {
    let cells = design.flatten().cells.len();
    let mut interp = Interp::new(design, Undefined::Zero);
    let slow = speed(&mut interp, Duration::from_millis(500));
    let start = Instant::now();
    let mut compiled = Compiled::new(design, Undefined::Zero);
    let ready = start.elapsed().as_secs_f64() * 1e3;
    let fast = speed(&mut compiled, Duration::from_millis(500));
    let times = fast / slow;
    println!("{name:>5} {n:>3} {cells:>8} {slow:>12.0} {fast:>12.0} {times:>8.1} {ready:>10.2}");
}

fn main() {
    println!("array        cells   interp c/s      sim c/s    times   ready ms");
    for (name, element) in [("int8", Element::Int8), ("bf16", Element::Bf16)] {
        for n in [4, 8, 16] {
            row(name, n, &array::array(element, n));
        }
    }
}
