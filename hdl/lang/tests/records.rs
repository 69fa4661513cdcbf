//! Records, streams, memories, nested ports and names.

use olivine_lang::prelude::*;

/// A request.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
struct Request {
    address: Unsigned,
    write: Bit,
}

fn request() -> Request {
    Request { address: unsigned(4), write: bit() }
}

/// Holds one request until it is taken.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Holder {
    of: Request,
}

#[derive(Ports)]
struct HolderPorts {
    push: Sink<Request>,
    pop: Source<Request>,
}

impl Module for Holder {
    type Ports = HolderPorts;

    fn ports(&self) -> HolderPorts {
        HolderPorts { push: stream(self.of), pop: stream(self.of) }
    }

    #[named]
    fn build(&self, p: HolderPorts) {
        let full = reg(bit()).reset(false);
        let held = reg(self.of).reset(zero(self.of));
        when(p.pop.transfer(), || full.set(false));
        when(p.push.transfer(), || {
            full.set(true);
            held.set(p.push.payload);
            when(p.push.payload.write, || held.address.set(p.push.payload.address | 8));
        });
        p.push.ready.drive(!full | p.pop.ready);
        p.pop.valid.drive(full);
        p.pop.payload.drive(held);
    }
}

/// Two holders in a row, then a memory that answers.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Store;

#[derive(Ports)]
struct StorePorts {
    requests: Sink<Request>,
    data: In<Unsigned>,
    words: [Out<Unsigned>; 2],
    spare: Option<Out<Bit>>,
}

impl Module for Store {
    type Ports = StorePorts;

    fn ports(&self) -> StorePorts {
        let (requests, word) = (stream(request()), unsigned(8));
        StorePorts { requests, data: word, words: [word; 2], spare: None }
    }

    #[named]
    fn build(&self, p: StorePorts) {
        let row = instances(Holder { of: request() }, [2], "row");
        connect(p.requests, row[0].push);
        connect(row[0].pop, row[1].push);
        let last = row[1].pop;
        last.ready.drive(true);
        let ram = memory(unsigned(8), 16).collision(Collision::New);
        when(last.transfer() & last.payload.write, || {
            ram.write_masked(last.payload.address, p.data, constant(unsigned(2), 3));
        });
        p.words[0].drive(ram.read(last.payload.address));
        let (tag, word) = delay((last.payload.write, ram.read_sync(last.payload.address)), 1);
        p.words[1].drive(mux(tag, word, 0));
    }
}

#[test]
fn records_pass_through_everything() {
    let design = elaborate(Store).unwrap_or_else(|f| panic!("{f}"));
    insta::assert_snapshot!(design.without_places().to_string(), @r#"
    netlist 1
    top store

    module holder_hf88abe6a "Holder { of: Request { address: unsigned(4), write: bit() } }" {
      domain rising
      input push_payload_address : unsigned 4
      input push_payload_write : bit
      input push_valid : bit
      output push_ready : bit = %15
      output pop_payload_address : unsigned 4 = held_address
      output pop_payload_write : bit = held_write
      output pop_valid : bit = full
      input pop_ready : bit
      register full : bit reset 1'h0
        set %5 when %8
        set %10 when %9
      register held_address : unsigned 4 reset 4'h0
        set push_payload_address when %9
        set %13 when %11
      register held_write : bit reset 1'h0
        set push_payload_write when %9
      %0 : 4 = input push_payload_address
      %1 : 1 = input push_payload_write
      %2 : 1 = input push_valid
      %3 : 1 = input pop_ready
      %4 : 1 = register full
      %5 : 1 = 1'h0
      %6 : 4 = register held_address
      %7 : 1 = register held_write
      %8 : 1 = and(full, pop_ready)
      %9 : 1 = and(push_valid, %15)
      %10 : 1 = 1'h1
      %11 : 1 = and(%9, push_payload_write)
      %12 : 4 = 4'h8
      %13 : 4 = or(push_payload_address, %12)
      %14 : 1 = not(full)
      %15 : 1 = or(%14, pop_ready)
    }

    module store "Store" {
      domain rising
      input requests_payload_address : unsigned 4
      input requests_payload_write : bit
      input requests_valid : bit
      output requests_ready : bit = row[0].push_ready
      input data : unsigned 8
      output words0 : unsigned 8 = ram.read[0]
      output words1 : unsigned 8 = %21
      register tag : bit
        set row[1].pop_payload_write
      register word : unsigned 8
        set ram.read[1]
      memory ram : unsigned 8 x 16
        read async row[1].pop_payload_address
        read sync row[1].pop_payload_address collision new
        write row[1].pop_payload_address data when %14 mask %15
      instance row[2] of holder_hf88abe6a
        push_payload_address = requests_payload_address, row[0].pop_payload_address
        push_payload_write = requests_payload_write, row[0].pop_payload_write
        push_valid = requests_valid, row[0].pop_valid
        pop_ready = row[1].push_ready, %12
      %0 : 4 = input requests_payload_address
      %1 : 1 = input requests_payload_write
      %2 : 1 = input requests_valid
      %3 : 8 = input data
      %4 : 1 = output row[0].push_ready
      %5 : 4 = output row[0].pop_payload_address
      %6 : 1 = output row[0].pop_payload_write
      %7 : 1 = output row[0].pop_valid
      %8 : 1 = output row[1].push_ready
      %9 : 4 = output row[1].pop_payload_address
      %10 : 1 = output row[1].pop_payload_write
      %11 : 1 = output row[1].pop_valid
      %12 : 1 = 1'h1
      %13 : 1 = and(row[1].pop_valid, %12)
      %14 : 1 = and(%13, row[1].pop_payload_write)
      %15 : 2 = 2'h3
      %16 : 8 = read ram 0
      %17 : 8 = read ram 1
      %18 : 1 = register tag
      %19 : 8 = register word
      %20 : 8 = 8'h00
      %21 : 8 = mux(tag, word, %20)
    }
    "#);
}

/// All that may bear one name.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Names;

#[derive(Ports)]
struct NamesPorts {
    x: In<Unsigned>,
    clk: In<Bit>,
    sum: Out<Unsigned>,
    items: Vec<Out<Unsigned>>,
    deep: [[Out<Bit>; 2]; 1],
}

impl Module for Names {
    type Ports = NamesPorts;

    fn ports(&self) -> NamesPorts {
        let x = unsigned(4);
        let (items, deep) = (vec![unsigned(5); 2], [[bit(); 2]; 1]);
        NamesPorts { x, clk: bit(), sum: unsigned(5), items, deep }
    }

    #[named]
    fn build(&self, p: NamesPorts) {
        for item in &p.items {
            let x = p.x.wrapping_add(1);
            let sum = x + p.x;
            item.drive(sum);
        }
        let sum = p.x + 1;
        let pair = (p.x.bit(0), [p.x.bit(1), p.x.bit(2)]);
        let renamed = (p.x ^ 3).named("Fine_Name_3");
        let not_a_signal = vec![1, 2];
        assert_eq!(not_a_signal.len(), 2);
        p.sum.drive(sum);
        p.deep[0][0].drive(pair.0 & p.clk);
        p.deep[0][1].drive(pair.1[1] & renamed.any() & pair.1[0]);
    }
}

#[test]
fn names_are_kept_apart() {
    let design = elaborate(Names).unwrap_or_else(|f| panic!("{f}"));
    insta::assert_snapshot!(design.without_places().to_string(), @r#"
    netlist 1
    top names

    module names "Names" {
      input x : unsigned 4
      input clk : bit
      output sum : unsigned 5 = sum
      output items0 : unsigned 5 = sum_v2
      output items1 : unsigned 5 = sum_v3
      output deep0x0 : bit = %19
      output deep0x1 : bit = %22
      %0 : 4 = input x
      %1 : 1 = input clk
      %2 : 4 = 4'h1
      x_v2 : unsigned 4 = add(x, %2)
      %4 : 5 = extend(x)
      %5 : 5 = extend(x_v2)
      sum_v2 : unsigned 5 = add(%5, %4)
      x_v3 : unsigned 4 = add(x, %2)
      %8 : 5 = extend(x)
      %9 : 5 = extend(x_v3)
      sum_v3 : unsigned 5 = add(%9, %8)
      %11 : 5 = 5'h01
      %12 : 5 = extend(x)
      sum : unsigned 5 = add(%12, %11)
      pair0 : bit = slice(x, 0)
      pair1x0 : bit = slice(x, 1)
      pair1x1 : bit = slice(x, 2)
      %17 : 4 = 4'h3
      fine_name_v3 : unsigned 4 = xor(x, %17)
      %19 : 1 = and(pair0, clk)
      %20 : 1 = reduce_or(fine_name_v3)
      %21 : 1 = and(pair1x1, %20)
      %22 : 1 = and(%21, pair1x0)
    }
    "#);
}
