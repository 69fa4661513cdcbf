//! State machines, enums and their payloads.

use olivine_lang::prelude::*;

#[derive(Clone, State)]
enum Fetch {
    Idle,
    Busy { left: Unsigned },
    Done,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Fetcher;

#[derive(Ports)]
struct FetcherPorts {
    start: In<Bit>,
    length: In<Unsigned>,
    busy: Out<Bit>,
    state: Out<Enum<Fetch>>,
}

impl Module for Fetcher {
    type Ports = FetcherPorts;

    fn ports(&self) -> FetcherPorts {
        FetcherPorts { start: bit(), length: unsigned(4), busy: bit(), state: enumeration() }
    }

    #[named]
    fn build(&self, p: FetcherPorts) {
        let s = state(Fetch::Idle);
        s.each(|now| match now {
            Fetch::Idle => {
                when(p.start, || s.set(Fetch::Busy { left: p.length }));
                p.busy.drive(false);
            }
            Fetch::Busy { left } => {
                when(left.eq(0), || s.set(Fetch::Done))
                    .otherwise(|| s.set(Fetch::Busy { left: left.wrapping_sub(1) }));
                p.busy.drive(true);
            }
            Fetch::Done => {
                s.set(Fetch::Idle);
                p.busy.drive(true);
            }
        });
        p.state.drive(s.tag());
    }
}

#[test]
fn a_machine_is_a_match() {
    let design = elaborate(Fetcher).map_err(|f| f.to_string()).unwrap();
    insta::assert_snapshot!(design.without_places().to_string(), @r#"
    netlist 1
    enum Fetch = Idle, Busy, Done
    top fetcher

    module fetcher "Fetcher" {
      domain rising
      input start : bit
      input length : unsigned 4
      output busy : bit = %20
      output state : enum Fetch 2 = s
      register s : enum Fetch 2 reset 2'h0
        set %6 when %5
        set %14 when %12
        set %6 when %15
        set %3 when %19
      register s_busy_left : unsigned 4
        set length when %5
        set %17 when %15
      %0 : 1 = input start
      %1 : 4 = input length
      %2 : 2 = register s
      %3 : 2 = 2'h0
      %4 : 1 = eq(s, %3)
      %5 : 1 = and(%4, start)
      %6 : 2 = 2'h1
      %7 : 4 = register s_busy_left
      %8 : 1 = 1'h0
      %9 : 1 = eq(s, %6)
      %10 : 4 = 4'h0
      %11 : 1 = eq(s_busy_left, %10)
      %12 : 1 = and(%9, %11)
      %13 : 1 = not(%11)
      %14 : 2 = 2'h2
      %15 : 1 = and(%9, %13)
      %16 : 4 = 4'h1
      %17 : 4 = sub(s_busy_left, %16)
      %18 : 1 = 1'h1
      %19 : 1 = eq(s, %14)
      %20 : 1 = mux(%4, %8, %18)
      %21 : 2 = 2'h3
      %22 : 1 = less_unsigned(s, %21)
      assert "`s` is a variant of Fetch" %22
    }
    "#);
}
