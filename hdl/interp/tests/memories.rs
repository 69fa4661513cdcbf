//! Memories: kinds of read, collisions, masks, ranges and the order of ports.

mod common;

use common::{Builder, power_up_zero};
use olivine_interp::{Engine, Interp, Undefined, undefined_bits};
use olivine_netlist::{Bits, Collision, DomainId};

const CLK: DomainId = DomainId(0);

/// A 16-bit memory of 6 words, words 0 to 2 given; inputs `wa wd we mask ra re`, output `data`.
fn memory(read: Option<Collision>) -> Builder {
    let mut b = Builder::new("store");
    let wa = b.input("wa", 4);
    let wd = b.input("wd", 16);
    let we = b.input("we", 1);
    let mask = b.input("mask", 2);
    let ra = b.input("ra", 4);
    let re = b.input("re", 1);
    let m = b.memory("m", 16, 6, &[0x1000, 0x1001, 0x1002]);
    b.write(m, wa, wd, Some(we), Some(mask));
    let data = match read {
        None => b.read_async(m, ra),
        Some(collision) => b.read_sync(m, ra, Some(re), collision),
    };
    b.output("data", data);
    b
}

fn drive(engine: &mut Interp, values: &[(&str, u64)]) {
    for (name, value) in values {
        let port = engine.interface().find(name).unwrap();
        engine.set_u64(port, *value);
    }
}

fn data(engine: &mut Interp) -> u64 {
    let port = engine.interface().find("data").unwrap();
    engine.get_u64(port)
}

#[test]
fn an_asynchronous_read_sees_the_word_before_the_edge() {
    let mut engine = power_up_zero(memory(None));
    drive(&mut engine, &[("ra", 2), ("wa", 2), ("wd", 0xabcd), ("we", 1), ("mask", 3)]);
    assert_eq!(data(&mut engine), 0x1002);
    engine.step(CLK);
    assert_eq!(data(&mut engine), 0xabcd);
    assert_eq!(engine.read_word(0, 2), Bits::new(16, 0xabcd));
}

#[test]
fn a_mask_bit_governs_its_part() {
    let mut engine = power_up_zero(memory(None));
    drive(&mut engine, &[("ra", 1), ("wa", 1), ("wd", 0xabcd), ("we", 1), ("mask", 2)]);
    engine.step(CLK);
    assert_eq!(data(&mut engine), 0xab01);
}

#[test]
fn out_of_range_writes_nothing_and_reads_an_undefined_value() {
    let mut engine = Interp::new(&memory(None).design(), Undefined::Random(4));
    let before: Vec<Bits> = (0..6).map(|a| engine.read_word(0, a)).collect();
    assert_eq!(before[5], undefined_bits(4, "m[5]", 0, 16));
    drive(&mut engine, &[("ra", 6), ("wa", 6), ("wd", 1), ("we", 1), ("mask", 3)]);
    engine.step(CLK);
    let expect = undefined_bits(4, "m.read[0]", 1, 16).low_u64();
    assert_eq!(data(&mut engine), expect);
    assert_eq!((0..6).map(|a| engine.read_word(0, a)).collect::<Vec<_>>(), before);
}

#[test]
fn a_synchronous_read_holds_until_it_is_enabled_again() {
    let mut engine = Interp::new(&memory(Some(Collision::Old)).design(), Undefined::Random(4));
    assert_eq!(data(&mut engine), undefined_bits(4, "m.read[0]", 0, 16).low_u64());
    drive(&mut engine, &[("ra", 1), ("re", 1)]);
    engine.step(CLK);
    assert_eq!(data(&mut engine), 0x1001);
    drive(&mut engine, &[("ra", 2), ("re", 0)]);
    engine.step(CLK);
    assert_eq!(data(&mut engine), 0x1001);
    drive(&mut engine, &[("ra", 9), ("re", 1)]);
    engine.step(CLK);
    assert_eq!(data(&mut engine), undefined_bits(4, "m.read[0]", 3, 16).low_u64());
}

#[track_caller]
fn check_collision(collision: Collision, mask: u64, expect: u64) {
    let mut engine = Interp::new(&memory(Some(collision)).design(), Undefined::Random(4));
    drive(&mut engine, &[("ra", 1), ("re", 1), ("wa", 1), ("wd", 0xabcd), ("we", 1)]);
    drive(&mut engine, &[("mask", mask)]);
    engine.step(CLK);
    assert_eq!(data(&mut engine), expect);
}

#[test]
fn collisions() {
    let undefined = undefined_bits(4, "m.read[0]", 1, 16).low_u64();
    check_collision(Collision::Old, 3, 0x1001);
    check_collision(Collision::New, 3, 0xabcd);
    check_collision(Collision::New, 1, 0x10cd);
    check_collision(Collision::Undefined, 1, undefined);
    check_collision(Collision::Undefined, 0, 0x1001);
}

#[test]
fn the_last_write_port_stays_where_both_write() {
    let mut b = Builder::new("two_writes");
    let address = b.constant(2, 1);
    let (first, second) = (b.constant(8, 0x12), b.constant(8, 0x34));
    let low_half = b.constant(2, 1);
    let m = b.memory("m", 8, 4, &[]);
    b.write(m, address, first, None, None);
    b.write(m, address, second, None, Some(low_half));
    let data = b.read_sync(m, address, None, Collision::New);
    b.output("data", data);
    let mut engine = power_up_zero(b);
    engine.step(CLK);
    assert_eq!(data_of(&mut engine), (0x14, Bits::new(8, 0x14)));
}

fn data_of(engine: &mut Interp) -> (u64, Bits) {
    (data(engine), engine.read_word(0, 1))
}
