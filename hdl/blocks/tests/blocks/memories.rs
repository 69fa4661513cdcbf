//! Memories with a contract.

use crate::common::{for_all_cycles, proved};
use crate::survivors::survivors;
use insta::assert_snapshot;
use olivine_bench::{Bench, Poke};
use olivine_blocks::{Cam, Ram, RamKind, RegisterFile, WriteThrough};
use proptest::prelude::any;
use std::collections::HashMap;

#[test]
fn register_file() {
    for through in [WriteThrough::No, WriteThrough::Yes] {
        for (depth, reads) in [(1, 1), (2, 2), (5, 3), (8, 2)] {
            proved(RegisterFile { width: 3, depth, reads, through });
        }
        let module = RegisterFile { width: 8, depth: 5, reads: 2, through };
        let inputs = (any::<(bool, u8)>(), 0..8u64, [0..5u64, 0..5u64]);
        let golden = HashMap::new;
        for_all_cycles(module, inputs, golden, |p, words, ((write, data), to, from)| {
            p.write.poke(write);
            p.write_address.poke(to);
            p.write_data.poke(data);
            let before = words.clone();
            if write {
                words.insert(to, data);
            }
            for (read, from) in p.reads.iter().zip(from) {
                read.address.poke(from);
                let due = if through == WriteThrough::Yes { &*words } else { &before };
                if let Some(word) = due.get(&from) {
                    assert_eq!(read.data.peek(), u64::from(*word));
                }
            }
        });
        let mut bench = Bench::new(RegisterFile { width: 8, depth: 4, reads: 1, through });
        bench.run(6, |p, cycle| {
            p.write.poke(cycle < 4);
            p.write_address.poke(cycle % 2);
            p.write_data.poke(10 + cycle);
            p.reads[0].address.poke(cycle % 2);
        });
        assert_snapshot!(format!("register_file_{through:?}_wave"), bench.port_wave());
        let small = RegisterFile { width: 1, depth: 3, reads: 1, through };
        assert_snapshot!(format!("register_file_{through:?}_survivors"), survivors(5, small));
    }
}

#[test]
fn ram() {
    for kind in RamKind::ALL {
        for depth in [1, 2, 5, 8] {
            proved(Ram { width: 3, depth, kind });
        }
        let access = || (any::<(bool, bool, u8)>(), 0..4u64);
        let module = Ram { width: 8, depth: 4, kind };
        // The words, and what each port has read, as far as both are defined.
        let golden = || ([None; 4], [None; 2]);
        for_all_cycles(module, [access(), access()], golden, |p, (words, read), accesses| {
            let before = *words;
            let ports: Vec<_> = std::iter::once(p.a).chain(p.b).collect();
            let mut written = [0; 4];
            for (i, (port, ((enable, write, data), address))) in
                ports.iter().zip(accesses).enumerate()
            {
                port.enable.poke(enable);
                port.write.poke(write);
                port.address.poke(address);
                port.write_data.poke(data);
                let never_writes = kind == RamKind::SimpleDual && i == 1;
                let writes = enable && write && !never_writes;
                if writes {
                    written[address as usize] += 1;
                    words[address as usize] = (written[address as usize] == 1).then_some(data);
                }
            }
            for (i, (port, ((enable, write, _), address))) in ports.iter().zip(accesses).enumerate()
            {
                let reads = match (kind, i) {
                    (RamKind::SimpleDual, 0) => {
                        assert_eq!(port.read_data.peek(), 0);
                        continue;
                    }
                    (RamKind::SimpleDual, _) => enable,
                    _ => enable && !write,
                };
                if let Some(data) = read[i] {
                    assert_eq!(port.read_data.peek(), u64::from(data));
                }
                if reads {
                    let clean = written[address as usize] == 0;
                    read[i] = before[address as usize].filter(|_: &u8| clean);
                }
            }
        });
        let mut bench = Bench::new(Ram { width: 8, depth: 4, kind });
        bench.run(7, |p, cycle| {
            p.a.enable.poke(cycle < 5);
            p.a.write.poke(cycle < 2);
            p.a.address.poke(cycle % 2);
            p.a.write_data.poke(10 + cycle);
            if let Some(b) = p.b {
                b.enable.poke(cycle > 2 && cycle < 6);
                b.write.poke(false);
                b.address.poke((cycle + 1) % 2);
                b.write_data.poke(0u8);
            }
        });
        assert_snapshot!(format!("ram_{kind:?}_wave"), bench.port_wave());
        let left = survivors(6, Ram { width: 1, depth: 2, kind });
        assert_snapshot!(format!("ram_{kind:?}_survivors"), left);
    }
}

#[test]
fn cam() {
    for entries in [1, 2, 3, 4, 7] {
        if entries > 1 {
            proved(Cam { width: 3, entries });
        }
        let module = Cam { width: 4, entries };
        let inputs = (any::<(bool, bool)>(), 0..8usize, 0..5u64, 0..5u64);
        let golden = || vec![None; entries];
        for_all_cycles(module, inputs, golden, |p, held, ((write, valid), index, key, wanted)| {
            let index = index % entries;
            p.write.poke(write);
            p.write_valid.poke(valid);
            p.write_index.poke(index);
            p.write_key.poke(key);
            p.key.poke(wanted);
            let matches: Vec<usize> = (0..entries).filter(|i| held[*i] == Some(wanted)).collect();
            assert_eq!(p.matches.peek(), matches.iter().map(|i| 1 << i).sum::<u64>());
            assert_eq!(p.hit.peek() == 1, !matches.is_empty());
            assert_eq!(p.index.peek(), matches.first().map_or(0, |i| *i as u64));
            if write {
                held[index] = valid.then_some(key);
            }
        });
    }
    let mut bench = Bench::new(Cam { width: 8, entries: 3 });
    bench.run(7, |p, cycle| {
        p.write.poke(cycle < 4);
        p.write_valid.poke(cycle != 3);
        p.write_index.poke([0, 1, 2, 1, 0, 0, 0][cycle]);
        p.write_key.poke([7, 5, 7, 5, 0, 0, 0][cycle]);
        p.key.poke([7, 7, 5, 5, 5, 7, 6][cycle]);
    });
    assert_snapshot!("cam_wave", bench.port_wave());
    assert_snapshot!("cam_survivors", survivors(5, Cam { width: 1, entries: 3 }));
}
