//! Three typical mistakes; what is said of them stands in the guide.

use olivine::prelude::*;

#[derive(Ports)]
pub struct MistakePorts {
    pub go: In<Bit>,
    pub count: Out<Unsigned>,
}

fn ports() -> MistakePorts {
    MistakePorts { go: bit(), count: unsigned(8) }
}

/// A sum that is wider than the register.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct TooWide;

impl Module for TooWide {
    type Ports = MistakePorts;

    fn ports(&self) -> MistakePorts {
        ports()
    }

    #[named]
    fn build(&self, p: MistakePorts) {
        let count = reg(unsigned(8)).reset(0);
        when(p.go, || count.set(count + 1));
        p.count.drive(count);
    }
}

/// An output without a value in some case.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Forgotten;

impl Module for Forgotten {
    type Ports = MistakePorts;

    fn ports(&self) -> MistakePorts {
        ports()
    }

    #[named]
    fn build(&self, p: MistakePorts) {
        when(p.go, || p.count.drive(1));
    }
}

/// A value that depends on itself at once.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Circle;

impl Module for Circle {
    type Ports = MistakePorts;

    fn ports(&self) -> MistakePorts {
        ports()
    }

    #[named]
    fn build(&self, p: MistakePorts) {
        let sum = wire(unsigned(8));
        let next = mux(p.go, sum, 0);
        sum.drive(next.wrapping_add(1));
        p.count.drive(next);
    }
}
