//! [`HostInterface`]: the host's side of the chip.

use super::counters::Counts;
use super::device_memory::WORD_BITS;
use super::responses::Responses;
use crate::PeridotConfig;
use crate::isa::{
    ADDRESS_BITS, Csr, ID_VALUE, INSTRUCTION_BITS, INSTRUCTION_WORDS, REGION_LSB, Region,
    status_field,
};
use olivine_lang::prelude::*;

/// Decodes the host's requests: registers, command window, device memory.
///
/// ```text
///           +---------------+---> push     (commands)
///  req ---->|               |---> memory_* (words of the device memory)
///  resp <---| HostInterface |<--- memory_data
///           +---------------+<--- status, counts
/// ```
///
/// *Behaviour*: the address map of `ISA.md`. One response for each read, in order; a write has
/// none. Addresses that mean nothing read as 0, and writes to them do nothing.
///
/// *Timing*: one request a cycle; the response to a read is offered in the next cycle.
///
/// *Handshake*: the stream rules on both sides. `req_ready` depends on the request: a read waits
/// while two responses have not been taken, a write of command word 3 while the queue is full;
/// nothing else waits.
///
/// *Reset*: no response outstanding; words 0 to 2 of the command window are undefined.
///
/// *Verification*: within the chip, with a host that pauses at random.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct HostInterface {
    /// The chip.
    pub config: PeridotConfig,
}

/// What the host asks for.
#[derive(Clone, Copy, Debug, Bundle)]
pub struct Request {
    /// Writes, not reads.
    pub write: Bit,
    /// Counts 32-bit words.
    pub address: Unsigned,
    /// What is written.
    pub data: Unsigned,
}

impl Request {
    /// Its shape.
    pub fn shape_of() -> Self {
        Self { write: bit(), address: unsigned(ADDRESS_BITS), data: unsigned(WORD_BITS) }
    }
}

/// What the registers say besides the counts.
#[derive(Clone, Copy, Debug, Bundle)]
pub struct Status {
    /// A command is queued or being carried out.
    pub busy: Bit,
    /// Sticky.
    pub illegal: Bit,
    /// Sticky.
    pub out_of_range: Bit,
    /// Commands in the queue.
    pub level: Unsigned,
    /// Commands completed.
    pub completed: Unsigned,
    /// FENCE commands completed.
    pub fences: Unsigned,
}

/// The ports of [`HostInterface`].
#[derive(Ports)]
pub struct HostInterfacePorts {
    /// Requests of the host.
    pub req: Sink<Request>,
    /// A word for each read.
    pub resp: Source<Unsigned>,
    /// Commands for the queue.
    pub push: Source<Unsigned>,
    /// Reads the device memory.
    pub memory_read: Out<Bit>,
    /// Writes the device memory.
    pub memory_write: Out<Bit>,
    /// Which word.
    pub memory_address: Out<Unsigned>,
    /// What is written.
    pub memory_write_data: Out<Unsigned>,
    /// The word asked for a cycle ago.
    pub memory_data: In<Unsigned>,
    /// For the registers.
    pub status: In<Status>,
    /// For the registers.
    pub counts: In<Counts>,
    /// The counts start from zero.
    pub clear_counts: Out<Bit>,
}

impl HostInterface {
    fn status_shape(&self) -> Status {
        Status {
            busy: bit(),
            illegal: bit(),
            out_of_range: bit(),
            level: unsigned(bits_for(u64::from(self.config.command_depth))),
            completed: unsigned(WORD_BITS),
            fences: unsigned(WORD_BITS),
        }
    }
}

/// Where a request goes.
struct Decoded {
    csr: Bit,
    command: Bit,
    memory: Bit,
    /// Within the region of registers or of commands.
    low: Unsigned,
    /// Within the region of the device memory.
    offset: Unsigned,
}

impl Module for HostInterface {
    type Ports = HostInterfacePorts;

    fn ports(&self) -> HostInterfacePorts {
        let word = unsigned(WORD_BITS);
        let words = self.config.memory_words() as usize;
        HostInterfacePorts {
            req: stream(Request::shape_of()),
            resp: stream(word),
            push: stream(unsigned(INSTRUCTION_BITS)),
            memory_read: bit(),
            memory_write: bit(),
            memory_address: unsigned(index_width(words)),
            memory_write_data: word,
            memory_data: word,
            status: self.status_shape(),
            counts: Counts::shape_of(),
            clear_counts: bit(),
        }
    }

    fn name(&self) -> String {
        "host_interface".into()
    }

    #[named]
    fn build(&self, p: HostInterfacePorts) {
        let request = p.req.payload;
        let to = self.decode(request.address);
        let responses = instance(Responses, "responses");
        connect(p.resp, responses.resp);

        let pushes = to.command & request.write & to.low.eq(INSTRUCTION_WORDS - 1);
        let ready = request.write.select(!pushes | p.push.ready, responses.room);
        p.req.ready.drive(ready);
        let writes = p.req.valid & ready & request.write;
        let reads = p.req.valid & ready & !request.write;

        p.push.valid.drive(p.req.valid & pushes);
        p.push.payload.drive(self.window(writes & to.command, to.low, request.data));
        p.memory_read.drive(reads & to.memory);
        p.memory_write.drive(writes & to.memory);
        p.memory_address.drive(to.offset.truncate(p.memory_address.width()));
        p.memory_write_data.drive(request.data);
        p.clear_counts.drive(writes & to.csr & to.low.eq(Csr::ClearCounters as u32));

        let register = reg(unsigned(WORD_BITS));
        register.set(mux(to.csr, self.register(&p, to.low), 0));
        let from_memory = reg(bit());
        from_memory.set(to.memory);
        responses.read.drive(reads);
        responses.data.drive(from_memory.select(p.memory_data, register));
    }
}

impl HostInterface {
    #[named]
    fn decode(&self, address: Unsigned) -> Decoded {
        let upper = address.slice(REGION_LSB, ADDRESS_BITS - REGION_LSB);
        let is = |region: Region| upper.eq(region.base() >> REGION_LSB);
        let memory = address.bit(Region::Memory.base().trailing_zeros());
        let offset = address.truncate(Region::Memory.base().trailing_zeros());
        let words = self.config.memory_words();
        let inside = match words < Region::Memory.size() {
            true => offset.lt(words),
            false => constant(bit(), true),
        };
        let low = address.truncate(REGION_LSB);
        Decoded {
            csr: is(Region::Csr) & low.lt(Csr::ALL.len()),
            command: is(Region::Command) & low.lt(INSTRUCTION_WORDS),
            memory: memory & inside,
            low,
            offset,
        }
    }

    /// The command, if the word being written is its last.
    #[named]
    fn window(&self, write: Bit, low: Unsigned, data: Unsigned) -> Unsigned {
        let words: Vec<Unsigned> = (0..INSTRUCTION_WORDS - 1)
            .map(|i| {
                let word = reg(unsigned(WORD_BITS)).named(&format!("command_word{i}"));
                when(write & low.eq(i), || word.set(data));
                word
            })
            .collect();
        cat((words, data))
    }

    /// The value of the register at an offset.
    #[named]
    fn register(&self, p: &HostInterfacePorts, low: Unsigned) -> Unsigned {
        let values: Vec<Unsigned> = Csr::ALL.iter().map(|&csr| self.value(p, csr)).collect();
        select(low.truncate(index_width(values.len())), &values)
    }

    fn value(&self, p: &HostInterfacePorts, csr: Csr) -> Unsigned {
        let word = |value: u32| constant(unsigned(WORD_BITS), value);
        match csr {
            Csr::Id => word(ID_VALUE),
            Csr::ArraySize => word(self.config.array),
            Csr::Status => self.status(p.status),
            Csr::Completed => p.status.completed,
            Csr::Fences => p.status.fences,
            Csr::Cycles => p.counts.cycles,
            Csr::GemmBusy => p.counts.gemm_busy,
            Csr::LoadBusy => p.counts.load_busy,
            Csr::StoreBusy => p.counts.store_busy,
            Csr::Idle => p.counts.idle,
            Csr::StalledLoad => p.counts.stalled_load,
            Csr::StalledStore => p.counts.stalled_store,
            Csr::StalledArray => p.counts.stalled_array,
            Csr::ClearCounters => word(0),
        }
    }

    /// The status register, by its field table.
    fn status(&self, status: Status) -> Unsigned {
        let place = |name: &str, value: Unsigned| {
            value.extend(WORD_BITS).shift_left(status_field(name).lsb)
        };
        place("busy", status.busy.as_unsigned())
            | place("illegal", status.illegal.as_unsigned())
            | place("out_of_range", status.out_of_range.as_unsigned())
            | place("level", status.level)
    }
}
