//! Which waveform file to write.

use crate::Trace;
use std::io;
use std::path::Path;

/// The waveform formats that a trace can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaveFormat {
    /// Value Change Dump, as text: every viewer reads it.
    Vcd,
    /// Fast Signal Trace, compressed: a fraction of the size, and viewers open large ones at once.
    Fst,
}

impl WaveFormat {
    /// The format that a file's name asks for: `.vcd` or `.fst`.
    ///
    /// # Errors
    /// Another ending, or none.
    pub fn of(path: &Path) -> Result<Self, String> {
        match path.extension().and_then(|e| e.to_str()) {
            Some("vcd") => Ok(WaveFormat::Vcd),
            Some("fst") => Ok(WaveFormat::Fst),
            _ => Err(format!(
                "{}: a waveform is written as VCD or FST; let the name end in .vcd or .fst",
                path.display()
            )),
        }
    }

    /// The bytes of the file that holds `trace`.
    ///
    /// # Errors
    /// Those of [`Trace::to_vcd`] and [`Trace::to_fst`].
    pub fn write(self, trace: &Trace) -> io::Result<Vec<u8>> {
        let mut file = io::Cursor::new(Vec::new());
        match self {
            WaveFormat::Vcd => trace.to_vcd(&mut file)?,
            WaveFormat::Fst => trace.to_fst(&mut file)?,
        }
        Ok(file.into_inner())
    }
}
