//! A counter.

use olivine::prelude::*;

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Counter {
    pub limit: u64,
}

#[derive(Ports)]
pub struct CounterPorts {
    pub enable: In<Bit>,
    pub count: Out<Unsigned>,
    pub wraps: Out<Bit>,
}

impl Module for Counter {
    type Ports = CounterPorts;

    fn ports(&self) -> CounterPorts {
        CounterPorts { enable: bit(), count: unsigned(bits_for(self.limit - 1)), wraps: bit() }
    }

    #[named]
    fn build(&self, p: CounterPorts) {
        let count = reg(p.count.shape()).reset(0);
        let last = count.eq(self.limit - 1);
        when(p.enable, || {
            when(last, || count.set(0)).otherwise(|| count.set(count.wrapping_add(1)));
        });
        p.count.drive(count);
        p.wraps.drive(p.enable & last);
    }
}
