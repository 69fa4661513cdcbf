//! [`ModelBus`]: the whole chip as its host sees it.

mod command;

use crate::Chain;
use command::Skipped;
use olivine_peridot::PeridotConfig;
use olivine_peridot::host::{BusError, HostBus};
use olivine_peridot::isa::{Csr, ID_VALUE, INSTRUCTION_WORDS, Instruction, Region, status_field};

/// A model of the chip at its host bus: same addresses, same commands, same words.
///
/// Commands are carried out at once when they are written, so the status is never busy. The
/// counters count work, not time: one cycle for each word on the bus, each row moved and each
/// pair of K-vectors; nothing waits. What the contract leaves open reads as zero.
#[derive(Clone, Debug)]
pub struct ModelBus {
    config: PeridotConfig,
    /// bf16 elements, row after row.
    memory: Vec<u16>,
    /// bf16 elements of the two scratchpads, row after row: row `t·N + r` is row `r` of tile `t`.
    scratchpads: [Vec<u16>; 2],
    /// fp32 elements, row after row.
    results: Vec<u32>,
    window: [u32; INSTRUCTION_WORDS],
    status: u32,
    completed: u32,
    fences: u32,
    counters: [u64; COUNTERS],
}

const COUNTERS: usize = Csr::StalledArray as usize - Csr::Cycles as usize + 1;

impl ModelBus {
    /// A chip after reset, all memories zero.
    pub fn new(config: PeridotConfig) -> Self {
        let elements = |rows: u32| rows as usize * config.array as usize;
        let scratchpad = vec![0; elements(config.scratch_rows())];
        Self {
            memory: vec![0; elements(config.memory_rows)],
            scratchpads: [scratchpad.clone(), scratchpad],
            results: vec![0; elements(config.result_rows())],
            window: [0; INSTRUCTION_WORDS],
            status: 0,
            completed: 0,
            fences: 0,
            counters: [0; COUNTERS],
            config,
        }
    }

    fn count(&mut self, counter: Csr, cycles: u64) {
        self.counters[0] += cycles;
        if counter != Csr::Cycles {
            self.counters[counter as usize - Csr::Cycles as usize] += cycles;
        }
    }

    fn set_status(&mut self, field: &str) {
        self.status |= 1 << status_field(field).lsb;
    }

    fn write_word(&mut self, address: u32, word: u32) {
        match place(address) {
            Some((Region::Csr, offset)) if offset == Csr::ClearCounters as usize => {
                self.counters = [0; COUNTERS];
            }
            Some((Region::Command, offset)) if offset < INSTRUCTION_WORDS => {
                self.window[offset] = word;
                if offset == INSTRUCTION_WORDS - 1 {
                    self.carry_out();
                }
            }
            Some((Region::Memory, offset)) => {
                if let Some(pair) = self.memory.get_mut(2 * offset..2 * offset + 2) {
                    pair.copy_from_slice(&[word as u16, (word >> 16) as u16]);
                }
            }
            _ => {}
        }
    }

    fn read_word(&self, address: u32) -> u32 {
        match place(address) {
            Some((Region::Csr, offset)) => self.register(offset),
            Some((Region::Memory, offset)) => {
                let pair = self.memory.get(2 * offset..2 * offset + 2);
                pair.map_or(0, |pair| u32::from(pair[0]) | u32::from(pair[1]) << 16)
            }
            _ => 0,
        }
    }

    fn register(&self, offset: usize) -> u32 {
        let Some(csr) = Csr::ALL.iter().find(|&&csr| csr as usize == offset) else { return 0 };
        match csr {
            Csr::Id => ID_VALUE,
            Csr::ArraySize => self.config.array,
            Csr::Status => self.status,
            Csr::Completed => self.completed,
            Csr::Fences => self.fences,
            Csr::ClearCounters => 0,
            _ => self.counters[offset - Csr::Cycles as usize] as u32,
        }
    }

    fn carry_out(&mut self) {
        let word = self.window.iter().rev().fold(0, |high, &low| high << 32 | u128::from(low));
        match command::read(word) {
            Err(Skipped) => self.set_status("illegal"),
            Ok(Instruction::Nop {}) => {}
            Ok(Instruction::Fence {}) => self.fences = self.fences.wrapping_add(1),
            Ok(Instruction::Load { scratchpad, count, source_row, destination_row }) => {
                self.load(scratchpad as usize, count, source_row, destination_row);
            }
            Ok(Instruction::Store { count, source_row, destination_row }) => {
                self.store(count, source_row, destination_row);
            }
            Ok(gemm @ Instruction::Gemm { .. }) => {
                command::result_tiles(&gemm).iter().for_each(|tile| self.result_tile(tile));
            }
        }
        self.completed = self.completed.wrapping_add(1);
    }

    fn load(&mut self, scratchpad: usize, count: u32, source: u32, destination: u32) {
        let n = self.config.array as usize;
        for i in 0..count {
            let from = elements(command::row(source, i), n);
            let to = elements(command::row(destination, i), n);
            let row = self.memory.get(from.clone()).map(<[u16]>::to_vec);
            let target = self.scratchpads[scratchpad].get_mut(to);
            let in_range = row.is_some() && target.is_some();
            if let Some(target) = target {
                target.copy_from_slice(&row.unwrap_or_else(|| vec![0; n]));
            }
            self.check_range(in_range);
            self.count(Csr::LoadBusy, 1);
        }
    }

    fn store(&mut self, count: u32, source: u32, destination: u32) {
        let n = self.config.array as usize;
        for i in 0..count {
            let row = self.results.get(elements(command::row(source, i), n)).map(<[u32]>::to_vec);
            self.check_range(row.is_some());
            let halves = row.unwrap_or_else(|| vec![0; n]);
            for (half, words) in halves.chunks_exact(n / 2).enumerate() {
                let to = command::row(destination, 2 * i + half as u32);
                let target = self.memory.get_mut(elements(to, n));
                let in_range = target.is_some();
                for (pair, word) in
                    target.into_iter().flat_map(|t| t.chunks_exact_mut(2)).zip(words)
                {
                    pair.copy_from_slice(&[*word as u16, (word >> 16) as u16]);
                }
                self.check_range(in_range);
                self.count(Csr::StoreBusy, 1);
            }
        }
    }

    fn result_tile(&mut self, tile: &command::ResultTile) {
        let n = self.config.array as usize;
        let mut sums = vec![Chain::new(); n * n];
        for pair in &tile.pairs {
            for k in 0..n {
                let west: Vec<u16> = (0..n).map(|i| self.scratch(&pair.a, i, k)).collect();
                let north: Vec<u16> = (0..n).map(|j| self.scratch(&pair.b, k, j)).collect();
                for (index, sum) in sums.iter_mut().enumerate() {
                    sum.add(west[index / n], north[index % n]);
                }
            }
            let there = |t: &command::Tile| t.index < self.config.scratch_tiles as usize;
            self.check_range(there(&pair.a) && there(&pair.b));
            self.count(Csr::GemmBusy, n as u64);
        }
        let target = self.results.get_mut(tile.result * n * n..(tile.result + 1) * n * n);
        let in_range = target.is_some();
        if let Some(target) = target {
            target.iter_mut().zip(&sums).for_each(|(element, sum)| *element = sum.sum());
        }
        self.check_range(in_range);
    }

    /// An element of a tile of a scratchpad, transposed if the command says so.
    fn scratch(&self, tile: &command::Tile, row: usize, col: usize) -> u16 {
        let n = self.config.array as usize;
        let (row, col) = if tile.transposed { (col, row) } else { (row, col) };
        let scratchpad = &self.scratchpads[tile.scratchpad as usize];
        scratchpad.get((tile.index * n + row) * n + col).copied().unwrap_or(0)
    }

    fn check_range(&mut self, in_range: bool) {
        if !in_range {
            self.set_status("out_of_range");
        }
    }
}

fn elements(row: u32, n: usize) -> std::ops::Range<usize> {
    row as usize * n..(row as usize + 1) * n
}

/// The region of an address, and the offset in it.
fn place(address: u32) -> Option<(Region, usize)> {
    let within = |r: &&Region| (r.base()..r.base() + r.size()).contains(&address);
    let region = *Region::ALL.iter().find(within)?;
    Some((region, (address - region.base()) as usize))
}

impl HostBus for ModelBus {
    fn write_block(&mut self, address: u32, words: &[u32]) -> Result<(), BusError> {
        for (address, &word) in (address..).zip(words) {
            self.count(Csr::Cycles, 1);
            self.write_word(address, word);
        }
        Ok(())
    }

    fn read_block(&mut self, address: u32, words: &mut [u32]) -> Result<(), BusError> {
        for (address, word) in (address..).zip(words) {
            self.count(Csr::Cycles, 1);
            *word = self.read_word(address);
        }
        Ok(())
    }

    fn idle(&mut self, _cycles: u64) {}
}
