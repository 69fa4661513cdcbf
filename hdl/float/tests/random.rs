//! Random numbers against the golden model.

#[path = "common/stimulus.rs"]
mod stimulus;

use olivine_float::{CounterRandom, Lfsr, Polynomial};
use olivine_golden::random;
use olivine_interp::{Engine, Interp, Undefined};
use olivine_lang::elaborate;
use olivine_netlist::{Bits, DomainId, PortId};
use stimulus::Random;

const CLK: DomainId = DomainId(0);

#[test]
fn shift_registers() {
    for polynomial in Polynomial::ALL {
        for steps in [1, 16] {
            let design = elaborate(Lfsr { polynomial, steps }).unwrap();
            let mut dut = Interp::new(&design, Undefined::Random(1));
            let port = |name: &str| design.top().find_port(name).unwrap();
            let [seed, load, advance, value] = ["seed", "load", "advance", "value"].map(port);
            let golden = random::Polynomial::of(polynomial.powers());
            dut.set_reset(CLK, true);
            dut.step(CLK);
            dut.set_reset(CLK, false);
            let mut stimulus = Random(5);
            let (mut start, mut moved) = (1, 0);
            for _ in 0..400 {
                assert_eq!(dut.get_u64(value), random::lfsr(golden, start, moved));
                let bits = stimulus.next();
                let loads = bits & 31 == 0;
                let next_seed = if bits >> 5 & 1 == 0 { 0 } else { stimulus.next() };
                dut.set_u64(seed, next_seed);
                dut.set_u64(load, loads.into());
                dut.set_u64(advance, bits >> 6 & 1);
                dut.step(CLK);
                if loads {
                    (start, moved) = (next_seed & u64::MAX >> (64 - polynomial.degree()), 0);
                } else if bits >> 6 & 1 == 1 {
                    moved += u64::from(steps);
                }
            }
        }
    }
}

/// With every latency the same numbers, so many cycles later.
#[test]
fn counters() {
    for (rounds, latency) in [(13, 0), (20, 0), (20, 1), (20, 5), (13, 13)] {
        let design = elaborate(CounterRandom { rounds, latency }).unwrap();
        let mut dut = Interp::new(&design, Undefined::Random(1));
        let ports: Vec<PortId> = (0..6).map(PortId).collect();
        let mut stimulus = Random(6);
        let mut wanted = Vec::new();
        for cycle in 0..300usize {
            let words = [(); 4].map(|()| stimulus.next() as u32);
            let words = if cycle == 0 { [0; 4] } else { words };
            for (port, word) in ports.iter().zip(words) {
                dut.set(*port, &Bits::new(32, word.into()));
            }
            wanted.push(random::threefry([words[0], words[1]], [words[2], words[3]], rounds));
            if cycle >= latency as usize {
                let found = [4, 5].map(|port| dut.get_u64(ports[port]) as u32);
                assert_eq!(found, wanted[cycle - latency as usize], "{rounds}, {latency}");
            }
            if latency > 0 {
                dut.step(CLK);
            }
        }
    }
}
