//! [`Trace`]: signals and their values, cycle by cycle.

use olivine_netlist::{Bits, Kind};

/// Something that has a value in every cycle.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signal {
    /// Scope and name joined by dots, such as `pe[1][2].sum`; a port of the top has no dot.
    pub path: String,
    /// Width in bits.
    pub width: u32,
    /// The reading.
    pub kind: Kind,
}

/// Values of some signals over consecutive cycles. The values of a cycle are those just before
/// its acting clock edge, when every combinational value has settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// What was observed.
    pub signals: Vec<Signal>,
    /// `cycles[c][s]` is the value of signal `s` in cycle `c`, of the signal's width.
    pub cycles: Vec<Vec<Bits>>,
}

impl Trace {
    /// A trace of these signals with no cycles yet.
    pub fn new(signals: Vec<Signal>) -> Self {
        Self { signals, cycles: Vec::new() }
    }

    /// The index of the first signal with this path.
    pub fn find(&self, path: &str) -> Option<usize> {
        self.signals.iter().position(|s| s.path == path)
    }

    /// The values of one signal over all cycles; `None` if there is no such signal.
    pub fn column(&self, path: &str) -> Option<Vec<&Bits>> {
        let index = self.find(path)?;
        Some(self.cycles.iter().map(|values| &values[index]).collect())
    }

    /// Only the signals for which `wanted` holds.
    pub fn filter(&self, wanted: impl Fn(&Signal) -> bool) -> Self {
        let kept: Vec<usize> =
            (0..self.signals.len()).filter(|i| wanted(&self.signals[*i])).collect();
        self.with_signals(&kept)
    }

    /// Only these signals, in this order.
    ///
    /// # Errors
    /// The paths that the trace does not have.
    pub fn select(&self, paths: &[&str]) -> Result<Self, Vec<String>> {
        let found: Vec<_> = paths.iter().map(|path| (path, self.find(path))).collect();
        let missing: Vec<String> =
            found.iter().filter(|(_, i)| i.is_none()).map(|(path, _)| path.to_string()).collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        let kept: Vec<usize> = found.iter().filter_map(|(_, index)| *index).collect();
        Ok(self.with_signals(&kept))
    }

    fn with_signals(&self, kept: &[usize]) -> Self {
        Self {
            signals: kept.iter().map(|i| self.signals[*i].clone()).collect(),
            cycles: self
                .cycles
                .iter()
                .map(|values| kept.iter().map(|i| values[*i].clone()).collect())
                .collect(),
        }
    }

    /// With each path replaced by what `new_path` gives for it.
    pub fn rename(mut self, new_path: impl Fn(&str) -> String) -> Self {
        self.signals.iter_mut().for_each(|s| s.path = new_path(&s.path));
        self
    }

    /// Only the cycles from `from` to before `to`; the first of them becomes cycle 0.
    pub fn window(&self, from: usize, to: usize) -> Self {
        let to = to.min(self.cycles.len());
        let cycles = self.cycles.get(from.min(to)..to).unwrap_or_default().to_vec();
        Self { signals: self.signals.clone(), cycles }
    }
}
