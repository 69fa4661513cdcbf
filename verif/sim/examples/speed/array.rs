//! Weight-stationary N×N arrays: activations move east, sums move south.

use crate::author::{Author, V};
use crate::bf16;
use olivine_netlist::{Design, DomainId, Instance, InstanceId, ModuleId, Op, Place, PortId};

/// The arithmetic of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// int8 × int8 + int32.
    Int8,
    /// bf16 × bf16 + fp32.
    Bf16,
}

impl Element {
    fn operand(self) -> u32 {
        if self == Self::Int8 { 8 } else { 16 }
    }

    fn multiply_add(self, m: &mut Author, a: V, w: V, p: V) -> V {
        if self == Self::Bf16 {
            let product = bf16::multiply(m, a, w);
            return bf16::sum(m, p, product);
        }
        let product = m.cell(Op::MulSigned(a, w), 16);
        let product = m.sext(product, 32);
        m.add(p, product)
    }

    fn module(self) -> Author {
        let width = self.operand();
        let mut m = Author::new("pe");
        let load = m.input("load", 1);
        let (a, w, p) = (m.input("a", width), m.input("w", width), m.input("p", 32));
        let (a_next, w_next) = (m.reg("a_next", width), m.reg("w_next", width));
        let p_next = m.reg("p_next", 32);
        let sum = self.multiply_add(&mut m, a, w_next, p);
        m.set(a_next, None, a);
        m.set(w_next, Some(load), w);
        m.set(p_next, None, sum);
        m.output("a_out", a_next);
        m.output("w_out", w_next);
        m.output("p_out", p_next);
        m
    }
}

/// The array; ports `load`, `a` (by row), `w` and `p` (by column).
pub fn array(element: Element, n: u32) -> Design {
    let width = element.operand();
    let mut m = Author::new("array");
    let load = m.input("load", 1);
    let (a, w) = (m.input("a", width * n), m.input("w", width * n));
    let zero = m.lit(32, 0);
    let mut inputs = vec![vec![], vec![], vec![], vec![], vec![], vec![], vec![]];
    let out = |m: &mut Author, port: u32, element: u32, width: u32| {
        m.cell(Op::InstanceOutput { instance: InstanceId(0), port: PortId(port), element }, width)
    };
    for i in 0..n * n {
        let (r, c) = (i / n, i % n);
        inputs[0].push(load);
        let west = if c == 0 { m.slice(a, r * width, width) } else { out(&mut m, 4, i - 1, width) };
        inputs[1].push(west);
        let north =
            if r == 0 { m.slice(w, c * width, width) } else { out(&mut m, 5, i - n, width) };
        inputs[2].push(north);
        let above = if r == 0 { zero } else { out(&mut m, 6, i - n, 32) };
        inputs[3].push(above);
    }
    let sums: Vec<V> = (0..n).rev().map(|c| out(&mut m, 6, n * (n - 1) + c, 32)).collect();
    let p = m.cat(&sums);
    m.output("p", p);
    m.0.instances.push(Instance {
        name: "pe".into(),
        module: ModuleId(0),
        dims: vec![n, n],
        inputs,
        domains: vec![DomainId(0)],
        place: Place::UNKNOWN,
    });
    Design { modules: vec![element.module().0, m.0], top: ModuleId(1), files: Vec::new() }
}
