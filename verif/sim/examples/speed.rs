//! Cycles per second of the interpreter and of the compiled simulator, side by side.
//!
//! ```text
//! cargo run --release -p olivine-sim --example speed
//! ```
//!
//! The arrays are output-stationary: operands move east and south with a `valid` bit, each
//! element adds products while it is valid. *busy* feeds new random operands in every cycle;
//! *idle* holds `valid` low after that, as an array does while its tiles are loaded.

use olivine_float::Mac;
use olivine_interp::{Engine, Interp, Undefined};
use olivine_lang::prelude::*;
use olivine_netlist::{Bits, Direction, DomainId, PortId};
use olivine_sim::Compiled;
use std::time::{Duration, Instant};

const CLK: DomainId = DomainId(0);

/// The arithmetic of an element.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
enum Kind {
    /// int8 × int8 + int32.
    Int8,
    /// bf16 × bf16 + fp32, rounded once.
    Bf16,
}

impl Kind {
    fn operand(self) -> Unsigned {
        unsigned(if self == Self::Int8 { 8 } else { 16 })
    }

    fn multiply_add(self, sum: Unsigned, a: Unsigned, b: Unsigned) -> Unsigned {
        if self == Self::Int8 {
            let product = (a.as_signed() * b.as_signed()).extend(32);
            return sum.wrapping_add(product.as_unsigned());
        }
        let (operand, result) = (float(8, 7), float(8, 23));
        let mac = instance(Mac::BF16, "mac");
        mac.a.drive(a.as_float(operand));
        mac.b.drive(b.as_float(operand));
        mac.c.drive(sum.as_float(result));
        mac.sum.as_bits()
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Element {
    kind: Kind,
}

#[derive(Ports)]
struct ElementPorts {
    valid: In<Bit>,
    a: In<Unsigned>,
    b: In<Unsigned>,
    valid_next: Out<Bit>,
    a_next: Out<Unsigned>,
    b_next: Out<Unsigned>,
    sum: Out<Unsigned>,
}

impl Module for Element {
    type Ports = ElementPorts;

    fn ports(&self) -> ElementPorts {
        let (word, sum) = (self.kind.operand(), unsigned(32));
        ElementPorts {
            valid: bit(),
            a: word,
            b: word,
            valid_next: bit(),
            a_next: word,
            b_next: word,
            sum,
        }
    }

    #[named]
    fn build(&self, p: ElementPorts) {
        let acc = reg(unsigned(32)).reset(0);
        let next = self.kind.multiply_add(acc, p.a, p.b);
        when(p.valid, || acc.set(next));
        p.sum.drive(acc);
        p.valid_next.drive(delay(p.valid, 1));
        p.a_next.drive(delay(p.a, 1));
        p.b_next.drive(delay(p.b, 1));
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Array {
    kind: Kind,
    n: usize,
}

#[derive(Ports)]
struct ArrayPorts {
    valid: In<Bit>,
    west: Vec<In<Unsigned>>,
    north: Vec<In<Unsigned>>,
    sums: Vec<Out<Unsigned>>,
}

impl Module for Array {
    type Ports = ArrayPorts;

    fn ports(&self) -> ArrayPorts {
        let edge = vec![self.kind.operand(); self.n];
        let sums = vec![unsigned(32); self.n];
        ArrayPorts { valid: bit(), west: edge.clone(), north: edge, sums }
    }

    #[named]
    fn build(&self, p: ArrayPorts) {
        let n = self.n;
        let pe = instances(Element { kind: self.kind }, [n, n], "pe");
        for (r, c) in pe.indices() {
            let valid = if c == 0 { delay(p.valid, r as u32 + 1) } else { pe[r][c - 1].valid_next };
            pe[r][c].valid.drive(valid);
            pe[r][c].a.drive(if c == 0 {
                delay(p.west[r], r as u32 + 1)
            } else {
                pe[r][c - 1].a_next
            });
            pe[r][c].b.drive(if r == 0 {
                delay(p.north[c], c as u32 + 1)
            } else {
                pe[r - 1][c].b_next
            });
        }
        for (r, sum) in p.sums.iter().enumerate() {
            sum.drive(pe[r][n - 1].sum);
            (0..n - 1).for_each(|c| unused(pe[r][c].sum));
        }
        for last in 0..n {
            unused(pe[last][n - 1].valid_next);
            unused(pe[last][n - 1].a_next);
            unused(pe[n - 1][last].b_next);
        }
    }
}

/// Steps, with new random operands in each cycle if `busy`, for about `span`; cycles per second.
fn speed(engine: &mut dyn Engine, busy: bool, span: Duration) -> f64 {
    let is_input = |p: &usize| engine.interface().ports[*p].direction == Direction::Input;
    let inputs: Vec<usize> = (0..engine.interface().ports.len()).filter(is_input).collect();
    let valid = PortId(inputs[0] as u32);
    engine.set(valid, &Bits::bit_of(busy));
    let mut random = 1u64;
    let (start, mut cycles) = (Instant::now(), 0u64);
    while start.elapsed() < span {
        for _ in 0..64 {
            for &port in inputs[1..].iter().filter(|_| busy) {
                random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e);
                engine.set_u64(PortId(port as u32), random >> 40);
            }
            engine.step(CLK);
        }
        cycles += 64;
    }
    cycles as f64 / start.elapsed().as_secs_f64()
}

fn row(kind: Kind, n: usize) {
    let design = elaborate(Array { kind, n }).unwrap_or_else(|faults| panic!("{faults}"));
    let cells = design.flatten().cells.len();
    let span = Duration::from_millis(500);
    let slow = speed(&mut Interp::new(&design, Undefined::Zero), true, span);
    let start = Instant::now();
    let mut compiled = Compiled::new(&design, Undefined::Zero);
    let ready = start.elapsed().as_secs_f64() * 1e3;
    let (busy, idle) = (speed(&mut compiled, true, span), speed(&mut compiled, false, span));
    println!(
        "{:5} {n:2}x{n:<2} {cells:>7} {slow:>12.0} {busy:>13.0} {:>7.1} {idle:>13.0} {ready:>9.2}",
        format!("{kind:?}"),
        busy / slow,
    );
}

fn main() {
    println!("array        cells   interp c/s  sim busy c/s   times  sim idle c/s  ready ms");
    for kind in [Kind::Int8, Kind::Bf16] {
        for n in [4, 8, 16, 32] {
            row(kind, n);
        }
    }
}
