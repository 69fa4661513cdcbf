//! [`Ram`].

use olivine_lang::prelude::*;

/// The ports of a [`Ram`].
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum RamKind {
    /// One port, which reads or writes.
    Single,
    /// One port writes, another reads.
    SimpleDual,
    /// Two ports, each of which reads or writes.
    TrueDual,
}

impl RamKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Single, Self::SimpleDual, Self::TrueDual];
}

/// A port of a [`Ram`].
#[derive(Clone, Copy, Ports)]
pub struct RamAccess {
    /// The port is used in this cycle.
    pub enable: In<Bit>,
    /// It writes, instead of reading.
    pub write: In<Bit>,
    /// Which word.
    pub address: In<Unsigned>,
    /// What is written.
    pub write_data: In<Unsigned>,
    /// What was read last.
    pub read_data: Out<Unsigned>,
}

/// A memory as the block RAM of FPGAs and the macros of foundries are.
///
/// ```text
///        +-----+
///  a <-->| Ram |<--> b
///        +-----+
/// ```
///
/// *Parameters*: `width`, bits of a word; `depth`, the number of words; `kind`, its ports.
///
/// *Ports*: see [`RamPorts`]. A single port is `a`; of a simple dual one `a` writes and `b` reads:
/// `a` reads nothing and its `read_data` is zero, `b.write` is ignored.
///
/// *Behaviour*: a port that is enabled reads or writes one word. What it reads is the word as it was
/// written last before this cycle.
///
/// *Timing*: `read_data` comes in the next cycle and stays until the port reads again.
///
/// *Reset*: the words are not cleared.
///
/// *Undefined*: words never written; `read_data` before the first read, of an address that another
/// port writes in the same cycle, and at or above `depth`, where a write does nothing; a word that
/// both ports write at once.
///
/// *Verification*: proved by k-induction for all kinds: at an address arbitrary but fixed, every
/// port reads what was written there last, and keeps it.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::{Ram, RamKind};
///
/// let mut bench = Bench::new(Ram { width: 8, depth: 16, kind: RamKind::Single });
/// bench.run(3, |p, cycle| {
///     p.a.enable.poke(cycle < 2);
///     p.a.write.poke(cycle == 0);
///     p.a.address.poke(5u8);
///     p.a.write_data.poke(42u8);
///     if cycle == 2 {
///         assert_eq!(p.a.read_data.peek(), 42);
///     }
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Ram {
    /// Bits of a word.
    pub width: u32,
    /// The number of words.
    pub depth: usize,
    /// Its ports.
    pub kind: RamKind,
}

/// The ports of [`Ram`].
#[derive(Ports)]
pub struct RamPorts {
    /// The first port.
    pub a: RamAccess,
    /// The second port, if there is one.
    pub b: Option<RamAccess>,
}

/// What a port does.
struct Does {
    reads: Bit,
    writes: Bit,
}

impl Ram {
    /// What the port does: the first of a simple dual memory writes, its second reads.
    #[track_caller]
    fn does(&self, port: RamAccess, second: bool) -> Does {
        let no = || constant(bit(), false);
        match (self.kind, second) {
            (RamKind::SimpleDual, false) => Does { reads: no(), writes: port.enable & port.write },
            (RamKind::SimpleDual, true) => Does { reads: port.enable, writes: no() },
            _ => Does { reads: port.enable & !port.write, writes: port.enable & port.write },
        }
    }
}

impl Module for Ram {
    type Ports = RamPorts;

    fn ports(&self) -> RamPorts {
        let (address, word) = (unsigned(index_width(self.depth)), unsigned(self.width));
        let port =
            RamAccess { enable: bit(), write: bit(), address, write_data: word, read_data: word };
        RamPorts { a: port, b: (self.kind != RamKind::Single).then_some(port) }
    }

    #[named]
    fn build(&self, p: RamPorts) {
        let words = memory(p.a.write_data.shape(), self.depth).collision(Collision::Undefined);
        let ports: Vec<RamAccess> = std::iter::once(p.a).chain(p.b).collect();
        let does: Vec<Does> =
            ports.iter().enumerate().map(|(i, port)| self.does(*port, i == 1)).collect();
        for (i, (port, does)) in ports.iter().zip(&does).enumerate() {
            let (can_read, can_write) = match self.kind {
                RamKind::SimpleDual => (i == 1, i == 0),
                _ => (true, true),
            };
            if can_write {
                when(does.writes, || words.write(port.address, port.write_data)).end();
            }
            if can_read {
                port.read_data.drive(words.read_sync_when(does.reads, port.address));
            } else {
                port.read_data.drive(0);
            }
        }
        self.contract(words, &ports);
    }
}

impl Ram {
    /// One word, arbitrary but fixed: what was written there last, if that is defined.
    #[named]
    fn contract(&self, words: Memory<Unsigned>, ports: &[RamAccess]) {
        // In a form of their own, so that a fault in what a port does shows.
        let does = ports.iter().enumerate().map(|(i, port)| {
            let asked = cat([port.enable, port.write]);
            match (self.kind, i) {
                (RamKind::SimpleDual, 0) => {
                    Does { reads: constant(bit(), false), writes: asked.all() }
                }
                (RamKind::SimpleDual, _) => {
                    Does { reads: asked.bit(0), writes: constant(bit(), false) }
                }
                _ => Does { reads: asked.eq(1), writes: asked.all() },
            }
        });
        let does: Vec<Does> = does.collect();
        let chosen = reg(ports[0].address.shape());
        chosen.set(chosen);
        let (known, last) = (reg(bit()).reset(false), reg(ports[0].write_data.shape()));
        let here: Vec<Bit> = ports.iter().map(|port| port.address.eq(chosen)).collect();
        let writes: Vec<Bit> =
            does.iter().zip(&here).map(|(does, here)| does.writes & *here).collect();
        let clash = all_of(writes.iter().copied());
        for (port, writes) in ports.iter().zip(&writes) {
            when(*writes, || {
                known.set(true);
                last.set(port.write_data);
            })
            .end();
        }
        if ports.len() == 2 {
            when(clash, || known.set(false)).end();
        }
        let inside = chosen.extend(chosen.width() + 1).lt(self.depth);
        when(inside & known, || {
            always("a word is as it was written last", words.read(chosen).eq(last));
        })
        .end();
        let written = any_of(writes);
        for (i, (port, does)) in ports.iter().zip(&does).enumerate() {
            if self.kind == RamKind::SimpleDual && i == 0 {
                continue;
            }
            // What the port has read last: known if it was, and nobody wrote there meanwhile.
            let (has_read, read) = (reg(bit()).reset(false), reg(last.shape()));
            when(does.reads, || {
                has_read.set(here[i] & known & inside & !written);
                read.set(last);
            });
            when(has_read, || {
                always(format!("port {i} reads what was written last"), port.read_data.eq(read));
                cover(format!("port {i} has read"), stable(port.address));
            })
            .end();
        }
    }
}
