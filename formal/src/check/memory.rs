//! Memories of a [`Machine`](super::machine::Machine), by comparing with every address.

use super::clauses::{Clauses, Word};
use super::machine::Values;
use crate::solver::SatLit;
use olivine_netlist::{Collision, Memory, ReadKind, WritePort};

/// The words and what these read ports hold after the step; `now` is the same before it.
pub(super) fn memory_after(
    clauses: &mut Clauses,
    values: &Values,
    memory: &Memory,
    ports: &[usize],
    now: Vec<Word>,
) -> Vec<SatLit> {
    let (before, held) = now.split_at(memory.depth as usize);
    let mut after = before.to_vec();
    for write in &memory.writes {
        for (address, word) in after.iter_mut().enumerate() {
            let hit = writes(clauses, values, write, address as u64);
            *word = written(clauses, values, write, hit, word);
        }
    }
    let mut next: Vec<SatLit> = after.concat();
    for (&port, held) in ports.iter().zip(held) {
        let read = &memory.reads[port];
        let ReadKind::Sync { domain, enable, collision } = read.kind else {
            next.extend(held);
            continue;
        };
        let address = values.word(read.address);
        let undefined = clauses.free(memory.width);
        let mut words = if collision == Collision::New { after.clone() } else { before.to_vec() };
        if collision == Collision::Undefined {
            for (address, word) in words.iter_mut().enumerate() {
                for write in memory.writes.iter().filter(|w| w.domain == domain) {
                    let hit = writes(clauses, values, write, address as u64);
                    *word = clauses.choose(hit, &undefined, word);
                }
            }
        }
        let answer = clauses.pick(address, &words, &undefined);
        let enable = values.bit(clauses, enable);
        let reads = clauses.and(values.turns[domain.index()], enable);
        next.extend(clauses.choose(reads, &answer, held));
    }
    next
}

/// Whether the port writes at least a part of this word.
fn writes(clauses: &mut Clauses, values: &Values, write: &WritePort, address: u64) -> SatLit {
    let here = clauses.is_number(values.word(write.address), address);
    let enable = values.bit(clauses, write.enable);
    let some_part = match write.mask {
        Some(mask) => clauses.any(values.word(mask)),
        None => clauses.yes(),
    };
    clauses.all(&[values.turns[write.domain.index()], enable, here, some_part])
}

pub(super) fn written(
    clauses: &mut Clauses,
    values: &Values,
    write: &WritePort,
    hit: SatLit,
    word: &Word,
) -> Word {
    let data = values.word(write.data);
    let Some(mask) = write.mask else { return clauses.choose(hit, data, word) };
    let mask = values.word(mask);
    let part = word.len() / mask.len();
    let mut result = Word::new();
    for i in 0..word.len() {
        let taken = clauses.and(hit, mask[i / part]);
        result.extend(clauses.choose(taken, &data[i..=i], &word[i..=i]));
    }
    result
}
