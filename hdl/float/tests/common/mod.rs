//! Many multiply-accumulates side by side, so that the compiled simulator takes them as lanes.

use olivine_float::{Format, Mac};
use olivine_interp::{Engine, Undefined};
use olivine_lang::prelude::*;
use olivine_netlist::PortId;
use olivine_sim::Compiled;

/// `count` multiply-accumulates; operands and sums are packed, the first lowest.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Lanes {
    pub mac: Mac,
    pub operand: Format,
    pub sum: Format,
    pub count: usize,
}

#[derive(Ports)]
pub struct LanesPorts {
    pub c: In<Vec<Float>>,
    pub a: In<Vec<Float>>,
    pub b: In<Vec<Float>>,
    pub sum: Out<Vec<Float>>,
}

impl Module for Lanes {
    type Ports = LanesPorts;

    fn ports(&self) -> LanesPorts {
        let many = |format: Format| vec![format.shape(); self.count];
        let (operand, sum) = (many(self.operand), many(self.sum));
        LanesPorts { c: sum.clone(), a: operand.clone(), b: operand, sum }
    }

    fn build(&self, p: LanesPorts) {
        let mac = instances(self.mac.clone(), [self.count], "mac");
        for lane in mac.indices() {
            mac[lane].c.drive(p.c[lane]);
            mac[lane].a.drive(p.a[lane]);
            mac[lane].b.drive(p.b[lane]);
            p.sum[lane].drive(mac[lane].sum);
        }
    }
}

/// One stimulus: c, a, b.
pub type Vector = (u32, u16, u16);

const COUNT: usize = 256;

/// Runs every vector through the hardware and compares; returns how many there were.
///
/// # Panics
/// At the first difference, and if there is no vector: nothing would have been shown.
pub fn compare(
    operand: Format,
    sum: Format,
    vectors: impl IntoIterator<Item = Vector>,
    golden: impl Fn(u32, u16, u16) -> u32,
) -> u64 {
    let mac = Mac::new(operand, sum).unwrap();
    let design = elaborate(Lanes { mac, operand, sum, count: COUNT }).unwrap();
    let mut engine = Compiled::new(&design, Undefined::Random(1));
    let mut vectors = vectors.into_iter().peekable();
    assert!(vectors.peek().is_some(), "no vector: nothing would be shown");
    let port = |group: usize, lane: usize| PortId((group * COUNT + lane) as u32);
    let mut shown = 0;
    while vectors.peek().is_some() {
        let batch: Vec<Vector> = vectors.by_ref().take(COUNT).collect();
        for (lane, &(c, a, b)) in batch.iter().enumerate() {
            engine.set_u64(port(0, lane), u64::from(c));
            engine.set_u64(port(1, lane), u64::from(a));
            engine.set_u64(port(2, lane), u64::from(b));
        }
        for (lane, &(c, a, b)) in batch.iter().enumerate() {
            let (is, should) = (engine.get_u64(port(3, lane)) as u32, golden(c, a, b));
            assert_eq!(is, should, "{is:x}, not {should:x}: c = {c:#x}, a = {a:#x}, b = {b:#x}");
        }
        shown += batch.len() as u64;
    }
    shown
}
