//! [`Driver`]: for one chip.

use super::bus::HostBus;
use super::counters::Counters;
use super::error::HostError;
use super::matrix::Matrix;
use super::memory::{DeviceMatrix, Memory, pack};
use super::scratchpad::Contents;
use crate::config::PeridotConfig;
use crate::isa::{
    Csr, ID_VALUE, Instruction, Region, Transpose, csr_address, memory_address, status_field,
};

/// Cycles between two looks at the status.
const POLL_CYCLES: u64 = 8;
/// Looks at the status before the driver gives up on a command.
const POLLS_MAX: u64 = 1 << 20;

/// A factor of a product.
#[derive(Clone, Copy, Debug)]
pub struct Factor {
    /// The matrix.
    pub matrix: DeviceMatrix,
    /// Whether rows and columns are exchanged.
    pub transpose: Transpose,
}

impl Factor {
    /// Rows and columns, after transposition.
    pub fn shape(&self) -> (usize, usize) {
        let (rows, cols) = self.matrix.shape();
        if self.transpose == Transpose::Yes { (cols, rows) } else { (rows, cols) }
    }
}

impl From<DeviceMatrix> for Factor {
    fn from(matrix: DeviceMatrix) -> Self {
        Self { matrix, transpose: Transpose::No }
    }
}

impl DeviceMatrix {
    /// The matrix as a factor with rows and columns exchanged.
    pub fn transposed(self) -> Factor {
        Factor { matrix: self, transpose: Transpose::Yes }
    }
}

/// A point in the order of uploads, to which memory can be released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(usize);

/// The driver of one chip.
///
/// Matrices stay in the device memory until they are released, and in the scratchpads as long as
/// there is room, so a matrix that several products use is sent once.
#[derive(Debug)]
pub struct Driver<B> {
    pub(super) bus: B,
    pub(super) config: PeridotConfig,
    pub(super) memory: Memory,
    pub(super) scratchpads: [Contents; 2],
    fences: u32,
}

impl<B: HostBus> Driver<B> {
    /// Takes over a chip after its reset.
    ///
    /// # Errors
    /// What answers is not a chip of this configuration, or nothing answers.
    pub fn connect(mut bus: B, config: PeridotConfig) -> Result<Self, HostError> {
        for (csr, register, expected) in
            [(Csr::Id, "id", ID_VALUE), (Csr::ArraySize, "array size", config.array)]
        {
            let found = bus.read(csr_address(csr))?;
            if found != expected {
                return Err(HostError::Identity { register, found, expected });
            }
        }
        let fences = bus.read(csr_address(Csr::Fences))?;
        bus.write(csr_address(Csr::ClearCounters), 0)?;
        Ok(Self {
            bus,
            config,
            memory: Memory::new(config.array, config.memory_rows),
            scratchpads: [(); 2].map(|()| Contents::new(config.scratch_tiles)),
            fences,
        })
    }

    /// The sizes of the chip.
    pub fn config(&self) -> &PeridotConfig {
        &self.config
    }

    /// The bus. Writing through it to memory that the driver uses is up to the caller.
    pub fn bus(&mut self) -> &mut B {
        &mut self.bus
    }

    /// The counters since the last call, which starts them anew. They wrap at 2³² cycles: who
    /// measures longer adds up the parts.
    pub fn take_counters(&mut self) -> Result<Counters, HostError> {
        let mut words = [0; Counters::REGISTERS];
        self.bus.read_block(csr_address(Csr::Cycles), &mut words)?;
        self.bus.write(csr_address(Csr::ClearCounters), 0)?;
        Ok(Counters::from_registers(words))
    }

    /// Copies a matrix to the device memory.
    pub fn upload(&mut self, matrix: &Matrix<u16>) -> Result<DeviceMatrix, HostError> {
        let placed = self.memory.allocate(matrix.rows(), matrix.cols())?;
        let words = pack(matrix, self.config.array as usize);
        self.bus.write_block(self.row_address(placed.first_row), &words)?;
        Ok(placed)
    }

    /// The point now reached in the order of uploads.
    pub fn mark(&self) -> Mark {
        Mark(self.memory.depth())
    }

    /// Gives back the memory of everything uploaded since `mark`.
    pub fn release(&mut self, mark: Mark) {
        let kept = self.memory.uploaded_before(mark.0);
        self.memory.release(mark.0);
        for scratchpad in &mut self.scratchpads {
            scratchpad.retain(|id| id <= kept);
        }
    }

    pub(super) fn row_address(&self, row: u32) -> u32 {
        memory_address(row * (self.config.array / 2))
    }

    /// The product of two matrices in fp32 bits: element (i, j) is the chain of
    /// multiply-accumulates over k = 0, 1, 2, … of the padded matrices.
    ///
    /// # Errors
    /// The shapes do not go together, a factor was released, the sum is longer than a scratchpad,
    /// no memory is left for a result, or the chip fails.
    pub fn gemm(
        &mut self,
        a: impl Into<Factor>,
        b: impl Into<Factor>,
    ) -> Result<Matrix<u32>, HostError> {
        let (a, b) = (a.into(), b.into());
        let ((rows, inner), (b_rows, cols)) = (a.shape(), b.shape());
        if inner != b_rows {
            return Err(HostError::Shape { left: a.shape(), right: b.shape() });
        }
        if !self.memory.is_live(&a.matrix) || !self.memory.is_live(&b.matrix) {
            return Err(HostError::Released);
        }
        let mut result = Matrix::filled(rows, cols, 0);
        if rows > 0 && cols > 0 && inner > 0 {
            self.product(a, b, &mut result)?;
        }
        Ok(result)
    }

    /// Queues one command.
    pub fn issue(&mut self, instruction: Instruction) -> Result<(), HostError> {
        self.bus.write_block(Region::Command.base(), &instruction.words()?)?;
        Ok(())
    }

    /// Waits until all commands are complete, first for the cycles that they take at least.
    pub(super) fn fence(&mut self, at_least_cycles: u64) -> Result<(), HostError> {
        self.issue(Instruction::Fence {})?;
        self.fences = self.fences.wrapping_add(1);
        self.bus.idle(at_least_cycles);
        let mut status = 0;
        for _ in 0..POLLS_MAX {
            let mut words = [0; Csr::Fences as usize - Csr::Status as usize + 1];
            self.bus.read_block(csr_address(Csr::Status), &mut words)?;
            let [register, _, fences] = words;
            status = register;
            let is_set = |field: &str| status >> status_field(field).lsb & 1 == 1;
            if is_set("illegal") || is_set("out_of_range") {
                return Err(HostError::Refused { status });
            }
            if fences == self.fences {
                return Ok(());
            }
            self.bus.idle(POLL_CYCLES);
        }
        Err(HostError::Stuck { status, waited_cycles: at_least_cycles + POLLS_MAX * POLL_CYCLES })
    }
}
