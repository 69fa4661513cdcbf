//! Register banks from descriptions: proofs, the kept driver and document, and that driver on the
//! simulated bank.

use crate::common::{found_out, proved};
use crate::csr_driver::{Bus, Timer};
use olivine_bench::{Bench, Poke};
use olivine_blocks::bus::axi_lite::AxiLite;
use olivine_blocks::bus::csr::{CsrBank, CsrField, CsrPorts, CsrRegister, RegisterMap};
use olivine_blocks::bus::{ApbFront, AxiLiteFront, WishboneFront};
use olivine_lang::elaborate;
use proptest::prelude::*;

/// Every kind of field.
fn map(data: u32) -> RegisterMap {
    RegisterMap::new("timer", "A timer that counts.", data)
        .register(
            CsrRegister::new("control", 0, "What it does.")
                .field(CsrField::read_write("enable", 0, 1).doc("It counts."))
                .field(CsrField::pulse("restart", 1, 1).doc("Begins again."))
                .field(CsrField::read_write("prescale", 4, 3).reset(5).doc("Cycles of a tick.")),
        )
        .register(
            CsrRegister::new("status", 4, "What happened.")
                .field(CsrField::write_one_to_clear("events", 0, 2).doc("Ends a|b."))
                .field(CsrField::read_only("busy", 7, 1).doc("It is counting.")),
        )
        .register(
            CsrRegister::new("seen", 8, "Reading clears.")
                .field(CsrField::read_to_clear("edges", 0, 4).reset(1).doc("Edges since.")),
        )
}

fn bank(data: u32) -> CsrBank<AxiLiteFront> {
    CsrBank { bus: AxiLiteFront { address: 4, data }, map: map(data) }
}

#[test]
fn contract() {
    proved(12, bank(8));
    proved(12, bank(32));
    proved(12, CsrBank { bus: WishboneFront { address: 4, data: 8 }, map: map(8) });
    proved(12, CsrBank { bus: ApbFront { address: 4, data: 8 }, map: map(8) });
}

#[test]
fn faults_are_found() {
    insta::assert_snapshot!(found_out(12, 9, bank(8)), @"18 of 18");
}

#[test]
fn driver() {
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/buses/csr_driver.rs");
    let text = map(32).driver();
    if std::env::var_os("OLIVINE_KEEP").is_some() {
        std::fs::write(kept, &text).expect("a file");
    }
    let found = std::fs::read_to_string(kept).expect("the kept driver");
    assert_eq!(text, found, "the driver differs from {kept}; OLIVINE_KEEP=1 keeps the new one");
}

#[test]
fn document() {
    insta::assert_snapshot!(map(32).table(), @r"
    # Registers of `timer`

    A timer that counts.

    | offset | register | |
    |---|---|---|
    | 0x0000 | `control` | What it does. |
    | 0x0004 | `status` | What happened. |
    | 0x0008 | `seen` | Reading clears. |

    ## `control` at 0x0000

    What it does.

    | bits | field | access | reset | |
    |---|---|---|---|---|
    | 0 | `enable` | rw | 0 | It counts. |
    | 1 | `restart` | w1p | 0 | Begins again. |
    | 4…6 | `prescale` | rw | 5 | Cycles of a tick. |

    ## `status` at 0x0004

    What happened.

    | bits | field | access | reset | |
    |---|---|---|---|---|
    | 0…1 | `events` | w1c | 0 | Ends a\|b. |
    | 7 | `busy` | ro | 0 | It is counting. |

    ## `seen` at 0x0008

    Reading clears.

    | bits | field | access | reset | |
    |---|---|---|---|---|
    | 0…3 | `edges` | rc | 1 | Edges since. |
    ");
}

#[test]
fn impossible_maps_are_refused() {
    let field = |name, low, width| CsrField::read_write(name, low, width);
    let one = |field: CsrField| {
        RegisterMap::new("m", "", 32).register(CsrRegister::new("r", 0, "").field(field))
    };
    let two = |a, b| {
        let register = |name, offset| CsrRegister::new(name, offset, "").field(field("f", 0, 1));
        RegisterMap::new("m", "", 32).register(register("a", a)).register(register("b", b))
    };
    let overlap = CsrRegister::new("r", 0, "").field(field("a", 0, 3)).field(field("b", 2, 1));
    let cleared = CsrRegister::new("r", 0, "")
        .field(CsrField::read_to_clear("a", 0, 1))
        .field(field("b", 1, 1));
    let with = |register| RegisterMap::new("m", "", 32).register(register);
    for (map, said) in [
        (one(field("On", 0, 1)), "`On` is no name"),
        (one(field("f", 30, 3)), "3 bits from bit 30 on: a word has bits 0 to 31"),
        (one(field("f", 0, 2).reset(4)), "the reset value 4 does not fit 2 bits"),
        (one(CsrField::read_only("f", 0, 2).reset(1)), "`ro` has no reset value"),
        (with(overlap), "field `b`: it overlaps"),
        (with(cleared), "would clear"),
        (two(0, 0), "offset 0 is taken"),
        (two(0, 6), "offset 6 is no multiple of 4"),
        (two(0, 64), "register `b` is beyond the bus' addresses"),
        (RegisterMap::new("m", "", 32), "has no registers"),
        (RegisterMap::new("m", "", 12), "words of 12 bits"),
    ] {
        let bus = AxiLiteFront { address: 6, data: 32 };
        let faults = elaborate(CsrBank { bus, map }).expect_err(said).to_string();
        assert!(faults.contains(said), "{faults}");
    }
}

/// The driver's bus: AXI4-Lite of a simulated bank.
struct Simulated(Bench<CsrBank<AxiLiteFront>>);

impl Simulated {
    fn new() -> Self {
        let mut bench = Bench::new(bank(32));
        bench.run(1, |p, _| {
            for valid in [p.bus.aw.valid, p.bus.w.valid, p.bus.ar.valid] {
                valid.poke(false);
            }
            p.fields["status_events"].set.expect("w1c").poke(0);
            p.fields["seen_edges"].set.expect("rc").poke(0);
        });
        Self(bench)
    }

    fn cycle(&mut self, mut drive: impl FnMut(&CsrPorts<AxiLite>)) {
        self.0.run(1, |p, _| drive(p));
    }

    /// What a field's port shows, and what its set port is given for one cycle.
    fn field(&mut self, name: &str) -> u64 {
        let mut value = 0;
        self.cycle(|p| value = p.fields[name].value.peek());
        value
    }

    fn set(&mut self, name: &str, bits: u64) {
        self.cycle(|p| p.fields[name].set.expect("hardware sets it").poke(bits));
        self.cycle(|p| p.fields[name].set.expect("hardware sets it").poke(0));
    }
}

/// The response that was no OKAY.
#[derive(Debug, PartialEq)]
struct Refused(u64);

impl Bus for &mut Simulated {
    type Error = Refused;

    fn read(&mut self, offset: u64) -> Result<u32, Refused> {
        self.cycle(|p| {
            p.bus.ar.valid.poke(true);
            p.bus.ar.payload.addr.poke(offset);
        });
        self.cycle(|p| p.bus.ar.valid.poke(false));
        let mut answer = (0, 0);
        self.cycle(|p| {
            p.bus.r.ready.poke(true);
            assert_eq!(p.bus.r.valid.peek(), 1);
            answer = (p.bus.r.payload.data.peek() as u32, p.bus.r.payload.resp.peek());
        });
        if answer.1 == 0 { Ok(answer.0) } else { Err(Refused(answer.1)) }
    }

    fn write(&mut self, offset: u64, word: u32) -> Result<(), Refused> {
        self.cycle(|p| {
            p.bus.aw.valid.poke(true);
            p.bus.aw.payload.addr.poke(offset);
            p.bus.w.valid.poke(true);
            p.bus.w.payload.data.poke(word);
            p.bus.w.payload.strb.poke(0b1111);
        });
        self.cycle(|p| {
            p.bus.aw.valid.poke(false);
            p.bus.w.valid.poke(false);
        });
        let mut response = 0;
        self.cycle(|p| {
            p.bus.b.ready.poke(true);
            assert_eq!(p.bus.b.valid.peek(), 1);
            response = p.bus.b.payload.resp.peek();
        });
        if response == 0 { Ok(()) } else { Err(Refused(response)) }
    }
}

#[test]
fn a_pulse_and_an_event() {
    let mut bench = Bench::new(CsrBank { bus: ApbFront { address: 4, data: 8 }, map: map(8) });
    bench.run(9, |p, cycle| {
        let (control, status) = ((1..=2).contains(&cycle), (5..=6).contains(&cycle));
        p.bus.psel.poke(control || status);
        p.bus.penable.poke(cycle == 2 || cycle == 6);
        p.bus.pwrite.poke(true);
        p.bus.paddr.poke(if status { 4 } else { 0 });
        p.bus.pprot.poke(0);
        p.bus.pwdata.poke(if status { 0b01 } else { 0b110_0011 });
        p.bus.pstrb.poke(1);
        p.fields["status_events"].set.expect("w1c").poke(if cycle == 4 { 0b11 } else { 0 });
        p.fields["status_busy"].value.poke(0);
        p.fields["seen_edges"].set.expect("rc").poke(0);
    });
    let shown = ["bus_psel", "bus_penable", "bus_paddr", "bus_pwdata"];
    let shown = |s: &str| shown.contains(&s) || s.starts_with("fields_");
    let trace = bench.trace().filter(|s| shown(&s.path));
    insta::assert_snapshot!("csr_bank_wave", format!("\n{trace}"));
}

#[test]
fn the_driver_drives() -> Result<(), Refused> {
    let mut hardware = Simulated::new();
    assert_eq!(Timer::new(&mut hardware).control_prescale()?, 5);
    Timer::new(&mut hardware).set_control_enable(true)?;
    Timer::new(&mut hardware).set_control_prescale(3)?;
    assert!(Timer::new(&mut hardware).control_enable()?);
    assert_eq!(hardware.field("control_enable"), 1);
    assert_eq!(hardware.field("control_prescale"), 3);

    Timer::new(&mut hardware).raise_control_restart(true)?;
    let wave = hardware.0.trace().filter(|s| s.path.contains("restart"));
    assert_eq!(wave.cycles.iter().filter(|row| row[0].low_u64() == 1).count(), 1);
    assert_eq!(hardware.field("control_enable"), 1, "a pulse leaves what is beside it");

    hardware.set("status_events", 0b11);
    Timer::new(&mut hardware).clear_status_events(0b01)?;
    assert_eq!(Timer::new(&mut hardware).status_events()?, 0b10);
    hardware.cycle(|p| p.fields["status_busy"].value.poke(1));
    assert!(Timer::new(&mut hardware).status_busy()?);

    hardware.set("seen_edges", 0b100);
    assert_eq!(Timer::new(&mut hardware).seen_edges()?, 0b101);
    assert_eq!(Timer::new(&mut hardware).seen_edges()?, 0);
    assert_eq!((&mut hardware).read(12), Err(Refused(2)));
    Ok(())
}

/// What the control register is read as after this word, and its fields.
fn golden(word: u32) -> (u32, u64, u64) {
    (word & 0b111_0001, u64::from(word & 1), u64::from(word >> 4 & 7))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..Default::default() })]

    /// Random words to the control register against the fields of the last.
    #[test]
    fn fields_against_words(words in proptest::collection::vec(any::<u32>(), 1..12)) {
        let mut hardware = Simulated::new();
        for word in words {
            (&mut hardware).write(0, word).expect("it is there");
            let (read, enable, prescale) = golden(word);
            prop_assert_eq!((&mut hardware).read(0), Ok(read));
            prop_assert_eq!(hardware.field("control_enable"), enable);
            prop_assert_eq!(hardware.field("control_prescale"), prescale);
        }
    }
}
