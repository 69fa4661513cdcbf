//! The look of the language: what the documents show compiles and means what they say.

use olivine_lang::prelude::*;

/// Counts enabled cycles modulo `limit`.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Counter {
    limit: u64,
}

#[derive(Ports)]
struct CounterPorts {
    enable: In<Bit>,
    count: Out<Unsigned>,
    wraps: Out<Bit>,
}

impl Module for Counter {
    type Ports = CounterPorts;

    fn ports(&self) -> CounterPorts {
        CounterPorts { enable: bit(), count: unsigned(bits_for(self.limit - 1)), wraps: bit() }
    }

    #[named]
    fn build(&self, p: CounterPorts) {
        let count = reg(unsigned(p.count.width())).reset(0);
        let last = count.eq(self.limit - 1);
        when(p.enable, || {
            when(last, || count.set(0)).otherwise(|| count.set(count.wrapping_add(1)));
        });
        p.count.drive(count);
        p.wraps.drive(last & p.enable);
        always("count stays below its limit", count.lt(self.limit));
    }
}

#[test]
fn counter() {
    let design = elaborate(Counter { limit: 3 }).map_err(|f| f.to_string()).unwrap();
    insta::assert_snapshot!(design.to_string(), @r#"
    netlist 1
    file "hdl/lang/tests/look.rs"
    top counter_limit3

    module counter_limit3 "Counter { limit: 3 }" @0:25:5 {
      domain rising @0:27:21
      input enable : bit @0:13:5
      output count : unsigned 2 = count @0:14:5
      output wraps : bit = %10 @0:15:5
      register count : unsigned 2 reset 2'h0 @0:27:21
        set %2 when %5 @0:30:33
        set %9 when %7 @0:30:60
      %0 : 1 = input enable @0:13:5
      %1 : 2 = register count @0:27:21
      %2 : 2 = 2'h0 @0:27:52
      %3 : 2 = 2'h2 @0:28:26
      last : bit = eq(count, %3) @0:28:26
      %5 : 1 = and(enable, last) @0:30:13
      %6 : 1 = not(last) @0:30:13
      %7 : 1 = and(enable, %6) @0:30:41
      %8 : 2 = 2'h1 @0:30:70
      %9 : 2 = add(count, %8) @0:30:70
      %10 : 1 = and(last, enable) @0:33:23
      %11 : 2 = 2'h3 @0:34:53
      %12 : 1 = less_unsigned(count, %11) @0:34:53
      assert "count stays below its limit" %12 @0:34:9
    }
    "#);
}

/// A processing element of a systolic array.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Pe {
    width: u32,
    acc: u32,
}

#[derive(Ports)]
struct PePorts {
    a: In<Unsigned>,
    b: In<Unsigned>,
    a_next: Out<Unsigned>,
    b_next: Out<Unsigned>,
    sum: Out<Unsigned>,
}

impl Module for Pe {
    type Ports = PePorts;

    fn ports(&self) -> PePorts {
        let word = unsigned(self.width);
        PePorts { a: word, b: word, a_next: word, b_next: word, sum: unsigned(self.acc) }
    }

    #[named]
    fn build(&self, p: PePorts) {
        let acc = reg(unsigned(self.acc)).reset(0);
        acc.set((p.a * p.b + acc).truncate(self.acc));
        p.sum.drive(acc);
        p.a_next.drive(delay(p.a, 1));
        p.b_next.drive(delay(p.b, 1));
    }
}

/// A square array of them.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Array {
    n: usize,
}

#[derive(Ports)]
struct ArrayPorts {
    west: Vec<In<Unsigned>>,
    north: Vec<In<Unsigned>>,
    sums: Vec<Out<Unsigned>>,
}

impl Module for Array {
    type Ports = ArrayPorts;

    fn ports(&self) -> ArrayPorts {
        let edge = vec![unsigned(8); self.n];
        ArrayPorts { west: edge.clone(), north: edge, sums: vec![unsigned(32); self.n] }
    }

    #[named]
    fn build(&self, p: ArrayPorts) {
        let n = self.n;
        let pe = Pe { width: 8, acc: 32 };
        let grid = instances(pe, [n, n], "pe");
        for (r, c) in grid.indices() {
            grid[r][c].a.drive(if c == 0 { p.west[r] } else { grid[r][c - 1].a_next });
            grid[r][c].b.drive(if r == 0 { p.north[c] } else { grid[r - 1][c].b_next });
        }
        for (r, sum) in p.sums.iter().enumerate() {
            sum.drive(grid[r][n - 1].sum);
        }
    }
}

#[test]
fn array() {
    let design = elaborate(Array { n: 2 }).map_err(|f| f.to_string()).unwrap();
    insta::assert_snapshot!(design.without_places().to_string(), @r#"
    netlist 1
    top array_n2

    module pe_width8_acc32 "Pe { width: 8, acc: 32 }" {
      domain rising
      input a : unsigned 8
      input b : unsigned 8
      output a_next : unsigned 8 = a_next
      output b_next : unsigned 8 = b_next
      output sum : unsigned 32 = acc
      register acc : unsigned 32 reset 32'h00000000
        set %7
      register a_next : unsigned 8
        set a
      register b_next : unsigned 8
        set b
      %0 : 8 = input a
      %1 : 8 = input b
      %2 : 32 = register acc
      %3 : 16 = mul_unsigned(a, b)
      %4 : 33 = extend(acc)
      %5 : 33 = extend(%3)
      %6 : 33 = add(%5, %4)
      %7 : 32 = slice(%6, 0)
      %8 : 8 = register a_next
      %9 : 8 = register b_next
    }

    module array_n2 "Array { n: 2 }" {
      domain rising
      input west0 : unsigned 8
      input west1 : unsigned 8
      input north0 : unsigned 8
      input north1 : unsigned 8
      output sums0 : unsigned 32 = pe[0][1].sum
      output sums1 : unsigned 32 = pe[1][1].sum
      instance pe[2][2] of pe_width8_acc32
        a = west0, pe[0][0].a_next, west1, pe[1][0].a_next
        b = north0, north1, pe[0][0].b_next, pe[0][1].b_next
      %0 : 8 = input west0
      %1 : 8 = input west1
      %2 : 8 = input north0
      %3 : 8 = input north1
      %4 : 8 = output pe[0][0].a_next
      %5 : 8 = output pe[0][0].b_next
      %6 : 8 = output pe[0][1].b_next
      %7 : 32 = output pe[0][1].sum
      %8 : 8 = output pe[1][0].a_next
      %9 : 32 = output pe[1][1].sum
    }
    "#);
}
