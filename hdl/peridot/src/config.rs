//! [`PeridotConfig`]: the sizes of a chip.

use crate::isa::{ROW_BITS, Region, STATUS_LEVEL_MAX, TILE_BITS};

/// The sizes of a chip. Build one with [`PeridotConfig::checked`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PeridotConfig {
    /// N: rows and columns of the array; a power of two from 2 to 32.
    pub array: u32,
    /// Rows of the device memory, each of N bf16 elements.
    pub memory_rows: u32,
    /// N×N tiles in each of the two scratchpads.
    pub scratch_tiles: u32,
    /// N×N tiles in the result buffer.
    pub result_tiles: u32,
    /// Commands that the queue holds; a power of two.
    pub command_depth: u32,
}

impl Default for PeridotConfig {
    /// 8×8 with 64 KiB of device memory, as fits an ECP5-85F.
    fn default() -> Self {
        Self {
            array: 8,
            memory_rows: 4096,
            scratch_tiles: 128,
            result_tiles: 64,
            command_depth: 16,
        }
    }
}

/// A size that no chip can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The field of [`PeridotConfig`].
    pub field: &'static str,
    /// Its value.
    pub value: u32,
    /// What it must be.
    pub must_be: String,
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "peridot: {} = {}, but it must be {}", self.field, self.value, self.must_be)
    }
}

impl std::error::Error for ConfigError {}

impl PeridotConfig {
    /// The default with an array of `array` rows and columns.
    pub fn with_array(array: u32) -> Self {
        Self { array, ..Self::default() }
    }

    /// The same sizes, or the first one that is impossible.
    pub fn checked(self) -> Result<Self, ConfigError> {
        power_of_two("array", self.array, 2, 32)?;
        let words = Region::Memory.size();
        let rows = (words / (self.array / 2)).min(1 << ROW_BITS);
        within("memory_rows", self.memory_rows, 2, rows)?;
        within("scratch_tiles", self.scratch_tiles, 1, 1 << TILE_BITS)?;
        within("result_tiles", self.result_tiles, 1, 1 << TILE_BITS)?;
        power_of_two("command_depth", self.command_depth, 2, STATUS_LEVEL_MAX / 2 + 1)?;
        Ok(self)
    }

    /// Host words in the device memory.
    pub fn memory_words(&self) -> u32 {
        self.memory_rows * (self.array / 2)
    }

    /// Rows in each scratchpad.
    pub fn scratch_rows(&self) -> u32 {
        self.scratch_tiles * self.array
    }

    /// Rows in the result buffer.
    pub fn result_rows(&self) -> u32 {
        self.result_tiles * self.array
    }
}

fn need(good: bool, field: &'static str, value: u32, must_be: String) -> Result<(), ConfigError> {
    if good { Ok(()) } else { Err(ConfigError { field, value, must_be }) }
}

fn within(field: &'static str, value: u32, low: u32, high: u32) -> Result<(), ConfigError> {
    need((low..=high).contains(&value), field, value, format!("from {low} to {high}"))
}

fn power_of_two(field: &'static str, value: u32, low: u32, high: u32) -> Result<(), ConfigError> {
    let good = value.is_power_of_two() && (low..=high).contains(&value);
    need(good, field, value, format!("a power of two from {low} to {high}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(change: impl FnOnce(&mut PeridotConfig)) -> String {
        let mut config = PeridotConfig::default();
        change(&mut config);
        config.checked().unwrap_err().to_string()
    }

    #[test]
    fn good_sizes_pass() {
        for array in [2, 4, 8, 16, 32] {
            let config = PeridotConfig::with_array(array);
            assert_eq!(config.checked(), Ok(config));
        }
    }

    #[test]
    fn faults_name_field_value_and_range() {
        let array = "peridot: array = 6, but it must be a power of two from 2 to 32";
        assert_eq!(fault(|c| c.array = 6), array);
        let rows = "peridot: memory_rows = 1, but it must be from 2 to 2097152";
        assert_eq!(fault(|c| c.memory_rows = 1), rows);
        let tiles = "peridot: scratch_tiles = 0, but it must be from 1 to 65536";
        assert_eq!(fault(|c| c.scratch_tiles = 0), tiles);
        let depth = "peridot: command_depth = 3, but it must be a power of two from 2 to 32768";
        assert_eq!(fault(|c| c.command_depth = 3), depth);
    }
}
