//! The host's address map: regions, control and status registers.

use super::Field;

/// Width of a host address, which counts 32-bit words.
pub const ADDRESS_BITS: u32 = 24;
/// Lowest bit of the region number in a host address.
pub const REGION_LSB: u32 = 20;
/// What [`Csr::Id`] reads: `Per` in ASCII, then the version of the contract.
pub const ID_VALUE: u32 = 0x5065_7201;
/// The largest command-queue level that [`Csr::Status`] can show.
pub const STATUS_LEVEL_MAX: u32 = 0xffff;

/// A range of host addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// Control and status registers, see [`Csr`].
    Csr,
    /// The command window: words 0 to 3 of an instruction; writing word 3 queues it.
    Command,
    /// The device memory.
    Memory,
}

impl Region {
    /// Every region, lowest address first.
    pub const ALL: &[Self] = &[Self::Csr, Self::Command, Self::Memory];

    /// The address of its first word.
    pub const fn base(self) -> u32 {
        match self {
            Self::Csr => 0,
            Self::Command => 1 << REGION_LSB,
            Self::Memory => 8 << REGION_LSB,
        }
    }

    /// The number of addresses in it.
    pub const fn size(self) -> u32 {
        match self {
            Self::Csr | Self::Command => 1 << REGION_LSB,
            Self::Memory => 8 << REGION_LSB,
        }
    }

    pub(super) fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Csr => ("registers", "control and status registers"),
            Self::Command => (
                "command window",
                "words 0 to 3 of an instruction, lowest first; writing word 3 queues it, and \
                 waits while the queue is full",
            ),
            Self::Memory => (
                "device memory",
                "word `w` of row `r` is at offset `r·N/2 + w`, elements `2w` (low half) and \
                 `2w + 1`",
            ),
        }
    }
}

/// The address of word `offset` of the device memory.
pub const fn memory_address(offset: u32) -> u32 {
    Region::Memory.base() + offset
}

/// The address of a register.
pub const fn csr_address(csr: Csr) -> u32 {
    Region::Csr.base() + csr as u32
}

macro_rules! csrs {
    ($( $variant:ident = $offset:literal $access:literal $doc:literal; )*) => {
        /// The control and status registers, by word offset. Counters wrap at 2^32.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Csr { $( #[doc = $doc] $variant = $offset, )* }

        impl Csr {
            /// Every register, in the order of their offsets.
            pub const ALL: &[Self] = &[ $( Self::$variant, )* ];

            /// `read` or `write`.
            pub fn access(self) -> &'static str {
                match self { $( Self::$variant => $access, )* }
            }

            /// What it means.
            pub fn doc(self) -> &'static str {
                match self { $( Self::$variant => $doc, )* }
            }
        }
    };
}

csrs! {
    Id = 0 "read" "identity and version of the contract, 0x50657201";
    ArraySize = 1 "read" "N: rows and columns of the array";
    Status = 2 "read" "see the status fields";
    Completed = 3 "read" "commands completed, skipped ones included, since reset";
    Fences = 4 "read" "FENCE commands completed since reset";
    Cycles = 5 "read" "cycles";
    GemmBusy = 6 "read" "cycles in which a pair of K-vectors entered the array";
    LoadBusy = 7 "read" "cycles of LOAD commands that did not wait for the memory";
    StoreBusy = 8 "read" "cycles of STORE commands that did not wait for the memory";
    Idle = 9 "read" "cycles in which no engine worked: nothing to do, or a command was fetched";
    StalledLoad = 10 "read" "cycles in which LOAD waited for the memory";
    StalledStore = 11 "read" "cycles in which STORE waited for the memory";
    StalledArray = 12 "read" "cycles of GEMM commands in which no K-vector entered the array";
    ClearCounters = 13 "write" "any value: registers 5 to 12 become 0";
}

/// The fields of [`Csr::Status`].
pub const STATUS_FIELDS: &[Field] = &[
    Field { name: "busy", lsb: 0, width: 1, doc: "a command is queued or being carried out" },
    Field { name: "illegal", lsb: 1, width: 1, doc: "sticky: an unknown opcode was skipped" },
    Field {
        name: "out_of_range",
        lsb: 2,
        width: 1,
        doc: "sticky: a command addressed a row or tile that is not there (a write of it was \
              dropped, a read of it gave an arbitrary value)",
    },
    Field { name: "level", lsb: 16, width: 16, doc: "commands in the queue" },
];

/// The status field with this name. Asking for one that is not there is a bug and panics.
#[track_caller]
pub fn status_field(name: &str) -> Field {
    let found = STATUS_FIELDS.iter().find(|f| f.name == name);
    *found.unwrap_or_else(|| panic!("the status register has no field `{name}`"))
}
