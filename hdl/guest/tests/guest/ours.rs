//! The same blocks in our language.

use olivine_lang::prelude::*;

/// [`crate::blocks::Pe`].
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Pe;

#[derive(Ports)]
pub struct PePorts {
    pub clear: In<Bit>,
    pub a: In<Signed>,
    pub b: In<Signed>,
    pub a_next: Out<Signed>,
    pub b_next: Out<Signed>,
    pub sum: Out<Signed>,
}

impl Module for Pe {
    type Ports = PePorts;

    fn ports(&self) -> PePorts {
        let (clear, byte) = (bit(), signed(8));
        PePorts { clear, a: byte, b: byte, a_next: byte, b_next: byte, sum: signed(32) }
    }

    #[named]
    fn build(&self, p: PePorts) {
        let (west, north) = (reg(signed(8)).init(0), reg(signed(8)).init(0));
        let acc = reg(signed(32)).init(0);
        let product = (p.a * p.b).extend(32);
        west.set(p.a);
        north.set(p.b);
        acc.set(mux(p.clear, product, acc.wrapping_add(product)));
        p.a_next.drive(west);
        p.b_next.drive(north);
        p.sum.drive(acc);
    }
}

/// [`crate::blocks::Array`].
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Array;

#[derive(Ports)]
pub struct ArrayPorts {
    pub clear: In<Bit>,
    pub a: In<Vec<Signed>>,
    pub b: In<Vec<Signed>>,
    pub select: In<Unsigned>,
    pub sum: Out<Vec<Signed>>,
}

impl Module for Array {
    type Ports = ArrayPorts;

    fn ports(&self) -> ArrayPorts {
        let edge = vec![signed(8); 4];
        let sum = vec![signed(32); 4];
        ArrayPorts { clear: bit(), a: edge.clone(), b: edge, select: unsigned(2), sum }
    }

    #[named]
    fn build(&self, p: ArrayPorts) {
        let pe = instances(Pe, [4, 4], "pe");
        for r in 0..4 {
            for c in 0..4 {
                pe[r][c].clear.drive(p.clear);
                pe[r][c].a.drive(if c > 0 { pe[r][c - 1].a_next } else { p.a[r] });
                pe[r][c].b.drive(if r > 0 { pe[r - 1][c].b_next } else { p.b[c] });
            }
        }
        for c in 0..4 {
            let last = pe[3][c].sum;
            let chosen =
                (0..3).fold(last, |other: Signed, r| mux(p.select.eq(r), pe[r][c].sum, other));
            p.sum[c].drive(chosen);
        }
    }
}

/// [`crate::blocks::Fifo`]: pointers with a bit more than the address, a memory whose read port
/// is registered and looks one word ahead, a write pointer that the reader sees a cycle late.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Fifo;

#[derive(Ports)]
pub struct FifoPorts {
    pub read: In<Bit>,
    pub data_out: Out<Unsigned>,
    pub empty: Out<Bit>,
    pub almost_empty: Out<Bit>,
    pub underflow: Out<Bit>,
    pub write: In<Bit>,
    pub data_in: In<Unsigned>,
    pub full: Out<Bit>,
    pub almost_full: Out<Bit>,
    pub overflow: Out<Bit>,
}

impl Module for Fifo {
    type Ports = FifoPorts;

    fn ports(&self) -> FifoPorts {
        let (bit, byte) = (bit(), unsigned(8));
        FifoPorts {
            read: bit,
            data_out: byte,
            empty: bit,
            almost_empty: bit,
            underflow: bit,
            write: bit,
            data_in: byte,
            full: bit,
            almost_full: bit,
            overflow: bit,
        }
    }

    #[named]
    fn build(&self, p: FifoPorts) {
        let pointer = || reg(unsigned(3)).init(0);
        let (read_address, write_address) = (pointer(), pointer());
        let dff_write_address_delay = pointer();
        let (dff_underflow, dff_overflow) = (reg(bit()).init(false), reg(bit()).init(false));
        let mem = memory(unsigned(8), 4).init([0; 4]);
        dff_write_address_delay.set(write_address);
        let seen = dff_write_address_delay;
        let at = |pointer: Unsigned| pointer.truncate(2);

        let empty = read_address.eq(seen);
        let full = |write: Unsigned| !empty & at(read_address).eq(at(write));
        // The level of either side, by its own idea of full.
        let level = |full: Bit| mux(full, 4, at(seen).wrapping_sub(at(read_address)).extend(3));
        let (seen_full, is_full) = (full(seen), full(write_address));
        let (popped, pushed) = (p.read & !empty, p.write & !is_full);
        let next = read_address.wrapping_add(1);
        when(popped, || read_address.set(next));
        when(pushed, || {
            write_address.set(write_address.wrapping_add(1));
            mem.write(at(write_address), p.data_in);
        });
        let read_data = reg(unsigned(8)).init(0);
        read_data.set(mem.read(at(mux(popped, next, read_address))));
        dff_underflow.set(dff_underflow | (empty & p.read));
        dff_overflow.set(dff_overflow | (is_full & p.write));

        p.data_out.drive(read_data);
        p.empty.drive(empty);
        p.almost_empty.drive(level(seen_full).lt(1));
        p.underflow.drive(dff_underflow);
        p.full.drive(is_full);
        p.almost_full.drive(level(is_full).ge(3));
        p.overflow.drive(dff_overflow);
    }
}
