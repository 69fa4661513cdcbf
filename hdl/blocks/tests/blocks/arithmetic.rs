//! Sums and products: one contract, all architectures.

use crate::common::{for_all_cycles, proved};
use crate::survivors::survivors;
use insta::assert_snapshot;
use olivine_bench::{Bench, Poke};
use olivine_blocks::{Adder, AdderArchitecture, Multiplier, MultiplierArchitecture};
use proptest::prelude::any;

#[test]
fn adders() {
    for architecture in AdderArchitecture::ALL {
        for width in [1, 2, 3, 7, 8, 32] {
            proved(Adder { width, architecture });
        }
        for width in [1, 20, 63] {
            let inputs = (any::<u64>(), any::<u64>(), any::<bool>());
            let number = |value: u64| value >> (64 - width);
            let golden = |a: u64, b: u64, carry: bool| {
                let sum = a + b + u64::from(carry);
                (sum % (1 << width), sum >> width)
            };
            for_all_cycles(
                Adder { width, architecture },
                inputs,
                || (),
                |p, (), (a, b, carry)| {
                    p.a.poke(number(a));
                    p.b.poke(number(b));
                    p.carry_in.poke(carry);
                    let due = golden(number(a), number(b), carry);
                    assert_eq!((p.sum.peek(), p.carry_out.peek()), due);
                },
            );
        }
        let left = survivors(4, Adder { width: 4, architecture });
        assert_snapshot!(format!("adder_{architecture:?}_survivors"), left);
    }
    let mut bench = Bench::new(Adder { width: 8, architecture: AdderArchitecture::KoggeStone });
    bench.run(5, |p, cycle| {
        p.a.poke([0, 1, 100, 255, 255][cycle]);
        p.b.poke([0, 2, 155, 0, 255][cycle]);
        p.carry_in.poke(cycle > 1);
    });
    assert_snapshot!("adder_wave", bench.port_wave());
}

#[test]
fn multipliers_are_proved() {
    for architecture in MultiplierArchitecture::ALL {
        for (a, b) in [(1, 1), (1, 4), (4, 1), (2, 3), (3, 5), (5, 4), (6, 6)] {
            proved(Multiplier { a, b, architecture });
        }
        let left = survivors(2, Multiplier { a: 3, b: 3, architecture });
        assert_snapshot!(format!("multiplier_{architecture:?}_survivors"), left);
    }
}

#[test]
fn multipliers() {
    let golden = |a: u64, b: u64| a * b;
    for architecture in MultiplierArchitecture::ALL {
        let mut all = Bench::new(Multiplier { a: 8, b: 8, architecture });
        all.run(1 << 16, |p, pair| {
            p.a.poke(pair >> 8);
            p.b.poke(pair & 0xff);
            assert_eq!(p.product.peek(), golden(pair as u64 >> 8, pair as u64 & 0xff));
        });
        for (a, b) in [(1, 9), (16, 16), (31, 32)] {
            let inputs = (any::<u64>(), any::<u64>());
            let module = Multiplier { a, b, architecture };
            for_all_cycles(
                module,
                inputs,
                || (),
                |p, (), (x, y)| {
                    let (x, y) = (x >> (64 - a), y >> (64 - b));
                    p.a.poke(x);
                    p.b.poke(y);
                    assert_eq!(p.product.peek(), golden(x, y));
                },
            );
        }
    }
    let architecture = MultiplierArchitecture::Booth;
    let mut bench = Bench::new(Multiplier { a: 8, b: 8, architecture });
    bench.run(5, |p, cycle| {
        p.a.poke([0, 1, 100, 255, 255][cycle]);
        p.b.poke([0, 2, 155, 1, 255][cycle]);
    });
    assert_snapshot!("multiplier_wave", bench.port_wave());
}
