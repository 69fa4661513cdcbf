//! The guests: an int8 processing element, a 4×4 array of it, the stock FIFO.

use rust_hdl::prelude::*;

/// Multiplies and sums; the factors go on. The only product there is takes 16 bits, and the cast
/// of a negative number recurses for ever at −128, so the sign is extended by hand. The product
/// needs a signal of its own: under `unsigned_cast` its Verilog has 16 bits.
#[derive(LogicBlock, Default)]
pub struct Pe {
    pub clock: Signal<In, Clock>,
    pub clear: Signal<In, Bit>,
    pub a: Signal<In, Bits<8>>,
    pub b: Signal<In, Bits<8>>,
    pub a_next: Signal<Out, Bits<8>>,
    pub b_next: Signal<Out, Bits<8>>,
    pub sum: Signal<Out, Bits<32>>,
    wide_a: Signal<Local, Bits<16>>,
    wide_b: Signal<Local, Bits<16>>,
    product: Signal<Local, Signed<32>>,
    west: DFF<Bits<8>>,
    north: DFF<Bits<8>>,
    acc: DFF<Bits<32>>,
}

impl Logic for Pe {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, west, north, acc);
        self.wide_a.next = bit_cast::<16, 8>(self.a.val());
        if self.a.val().get_bit(7) {
            self.wide_a.next = bit_cast::<16, 8>(self.a.val()) | 0xFF00;
        }
        self.wide_b.next = bit_cast::<16, 8>(self.b.val());
        if self.b.val().get_bit(7) {
            self.wide_b.next = bit_cast::<16, 8>(self.b.val()) | 0xFF00;
        }
        self.product.next = signed_cast(self.wide_a.val()) * signed_cast(self.wide_b.val());
        self.west.d.next = self.a.val();
        self.north.d.next = self.b.val();
        self.acc.d.next = self.acc.q.val() + unsigned_cast(self.product.val());
        if self.clear.val() {
            self.acc.d.next = unsigned_cast(self.product.val());
        }
        self.a_next.next = self.west.q.val();
        self.b_next.next = self.north.q.val();
        self.sum.next = self.acc.q.val();
    }
}

/// A row of four. Arrays of blocks in arrays make broken Verilog, so each has a name.
#[derive(LogicBlock, Default)]
pub struct Row {
    pub clock: Signal<In, Clock>,
    pub clear: Signal<In, Bit>,
    pub a: Signal<In, Bits<8>>,
    pub b0: Signal<In, Bits<8>>,
    pub b1: Signal<In, Bits<8>>,
    pub b2: Signal<In, Bits<8>>,
    pub b3: Signal<In, Bits<8>>,
    pub south0: Signal<Out, Bits<8>>,
    pub south1: Signal<Out, Bits<8>>,
    pub south2: Signal<Out, Bits<8>>,
    pub south3: Signal<Out, Bits<8>>,
    pub sum0: Signal<Out, Bits<32>>,
    pub sum1: Signal<Out, Bits<32>>,
    pub sum2: Signal<Out, Bits<32>>,
    pub sum3: Signal<Out, Bits<32>>,
    p0: Pe,
    p1: Pe,
    p2: Pe,
    p3: Pe,
}

impl Logic for Row {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, p0, p1, p2, p3);
        self.p0.clear.next = self.clear.val();
        self.p1.clear.next = self.clear.val();
        self.p2.clear.next = self.clear.val();
        self.p3.clear.next = self.clear.val();
        self.p0.a.next = self.a.val();
        self.p1.a.next = self.p0.a_next.val();
        self.p2.a.next = self.p1.a_next.val();
        self.p3.a.next = self.p2.a_next.val();
        self.p0.b.next = self.b0.val();
        self.p1.b.next = self.b1.val();
        self.p2.b.next = self.b2.val();
        self.p3.b.next = self.b3.val();
        self.south0.next = self.p0.b_next.val();
        self.south1.next = self.p1.b_next.val();
        self.south2.next = self.p2.b_next.val();
        self.south3.next = self.p3.b_next.val();
        self.sum0.next = self.p0.sum.val();
        self.sum1.next = self.p1.sum.val();
        self.sum2.next = self.p2.sum.val();
        self.sum3.next = self.p3.sum.val();
    }
}

/// Four rows. The sums of the last row and the column of the last elements' factors go out.
#[derive(LogicBlock, Default)]
pub struct Array {
    pub clock: Signal<In, Clock>,
    pub clear: Signal<In, Bit>,
    pub a0: Signal<In, Bits<8>>,
    pub a1: Signal<In, Bits<8>>,
    pub a2: Signal<In, Bits<8>>,
    pub a3: Signal<In, Bits<8>>,
    pub b0: Signal<In, Bits<8>>,
    pub b1: Signal<In, Bits<8>>,
    pub b2: Signal<In, Bits<8>>,
    pub b3: Signal<In, Bits<8>>,
    pub select: Signal<In, Bits<2>>,
    pub sum0: Signal<Out, Bits<32>>,
    pub sum1: Signal<Out, Bits<32>>,
    pub sum2: Signal<Out, Bits<32>>,
    pub sum3: Signal<Out, Bits<32>>,
    r0: Row,
    r1: Row,
    r2: Row,
    r3: Row,
}

impl Logic for Array {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, r0, r1, r2, r3);
        self.r0.clear.next = self.clear.val();
        self.r1.clear.next = self.clear.val();
        self.r2.clear.next = self.clear.val();
        self.r3.clear.next = self.clear.val();
        self.r0.a.next = self.a0.val();
        self.r1.a.next = self.a1.val();
        self.r2.a.next = self.a2.val();
        self.r3.a.next = self.a3.val();
        self.r0.b0.next = self.b0.val();
        self.r0.b1.next = self.b1.val();
        self.r0.b2.next = self.b2.val();
        self.r0.b3.next = self.b3.val();
        self.r1.b0.next = self.r0.south0.val();
        self.r1.b1.next = self.r0.south1.val();
        self.r1.b2.next = self.r0.south2.val();
        self.r1.b3.next = self.r0.south3.val();
        self.r2.b0.next = self.r1.south0.val();
        self.r2.b1.next = self.r1.south1.val();
        self.r2.b2.next = self.r1.south2.val();
        self.r2.b3.next = self.r1.south3.val();
        self.r3.b0.next = self.r2.south0.val();
        self.r3.b1.next = self.r2.south1.val();
        self.r3.b2.next = self.r2.south2.val();
        self.r3.b3.next = self.r2.south3.val();
        self.sum0.next = self.r3.sum0.val();
        self.sum1.next = self.r3.sum1.val();
        self.sum2.next = self.r3.sum2.val();
        self.sum3.next = self.r3.sum3.val();
        if self.select.val() == 0 {
            self.sum0.next = self.r0.sum0.val();
            self.sum1.next = self.r0.sum1.val();
            self.sum2.next = self.r0.sum2.val();
            self.sum3.next = self.r0.sum3.val();
        } else if self.select.val() == 1 {
            self.sum0.next = self.r1.sum0.val();
            self.sum1.next = self.r1.sum1.val();
            self.sum2.next = self.r1.sum2.val();
            self.sum3.next = self.r1.sum3.val();
        } else if self.select.val() == 2 {
            self.sum0.next = self.r2.sum0.val();
            self.sum1.next = self.r2.sum1.val();
            self.sum2.next = self.r2.sum2.val();
            self.sum3.next = self.r2.sum3.val();
        }
    }
}

// Four bytes, one of them makes it almost full.
declare_sync_fifo!(Fifo, Bits<8>, 4, 1);
