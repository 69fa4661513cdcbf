//! A FIR filter.

use olivine::prelude::*;

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Fir {
    pub width: u32,
    /// None of them 0.
    pub taps: Vec<i64>,
}

#[derive(Ports)]
pub struct FirPorts {
    pub x: In<Signed>,
    pub y: Out<Signed>,
}

impl Module for Fir {
    type Ports = FirPorts;

    fn ports(&self) -> FirPorts {
        let gain: u64 = self.taps.iter().map(|tap| tap.unsigned_abs()).sum();
        FirPorts { x: signed(self.width), y: signed(self.width + bits_for(gain)) }
    }

    #[named]
    fn build(&self, p: FirPorts) {
        let mut x = p.x;
        let mut sum = constant(p.y.shape(), 0);
        for (i, tap) in self.taps.iter().enumerate() {
            sum = (sum + x * *tap).truncate(p.y.width());
            if i + 1 < self.taps.len() {
                let later = reg(p.x.shape()).reset(0).named(&format!("x{}", i + 1));
                later.set(x);
                x = later;
            }
        }
        p.y.drive(sum);
    }
}
