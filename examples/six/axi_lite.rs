//! A bank of registers behind AXI4-Lite.

use olivine::prelude::*;

#[derive(Clone, Copy, Debug, Bundle)]
pub struct WriteData {
    pub data: Unsigned,
    pub strobe: Unsigned,
}

#[derive(Clone, Copy, Debug, Bundle)]
pub struct ReadData {
    pub data: Unsigned,
    pub response: Unsigned,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct RegisterBank {
    /// Registers of 32 bits; a power of two.
    pub n: usize,
}

#[derive(Ports)]
pub struct RegisterBankPorts {
    pub aw: Sink<Unsigned>,
    pub w: Sink<WriteData>,
    pub b: Source<Unsigned>,
    pub ar: Sink<Unsigned>,
    pub r: Source<ReadData>,
    pub registers: Out<Vec<Unsigned>>,
}

impl Module for RegisterBank {
    type Ports = RegisterBankPorts;

    fn ports(&self) -> RegisterBankPorts {
        let address = stream(unsigned(index_width(self.n) + 2));
        let (data, response) = (unsigned(32), unsigned(2));
        RegisterBankPorts {
            aw: address,
            w: stream(WriteData { data, strobe: unsigned(4) }),
            b: stream(response),
            ar: address,
            r: stream(ReadData { data, response }),
            registers: vec![data; self.n],
        }
    }

    #[named]
    fn build(&self, p: RegisterBankPorts) {
        let index = |address: Unsigned| address.slice(2, index_width(self.n));
        let bank: Vec<Unsigned> = p.registers.iter().map(|r| reg(r.shape()).reset(0)).collect();

        // Address and data are taken together, when the answer to the last write has gone.
        let answered = reg(bit()).reset(false);
        let write = p.aw.valid & p.w.valid & (!answered | p.b.ready);
        p.aw.ready.drive(write);
        p.w.ready.drive(write);
        when(write, || answered.set(true)).otherwise_when(p.b.ready, || answered.set(false));
        for (i, word) in bank.iter().enumerate() {
            when(write & index(p.aw.payload).eq(i), || {
                let new = |byte| p.w.payload.data.slice(8 * byte, 8);
                let old = |byte| word.slice(8 * byte, 8);
                let strobe = p.w.payload.strobe;
                let bytes = (0..4).map(|b| mux(strobe.bit(b), new(b), old(b)));
                word.set(cat(bytes.collect::<Vec<_>>()));
            });
        }
        p.b.valid.drive(answered);
        p.b.payload.drive(0);

        let (found, data) = (reg(bit()).reset(false), reg(unsigned(32)));
        p.ar.ready.drive(!found | p.r.ready);
        when(p.r.ready, || found.set(false));
        when(p.ar.transfer(), || {
            found.set(true);
            data.set(select(index(p.ar.payload), &bank));
        });
        p.r.valid.drive(found);
        p.r.payload.drive(ReadData { data, response: constant(unsigned(2), 0) });
        p.registers.iter().zip(&bank).for_each(|(port, word)| port.drive(*word));
        p.b.assert_rules("b");
        p.r.assert_rules("r");
    }
}
