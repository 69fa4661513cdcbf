//! Waves in the terminal: of a design under random stimulus, or of a waveform file (VCD, FST, GHW).

mod column;
mod file;
mod glob;

pub use column::Radix;
pub use file::read;
pub use glob::matches;

use column::{Column, Value};
use olivine_trace::{Drawing, Lane, Trace, show_value};

/// Values of signals over cycles, ready to be chosen from and drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wave {
    columns: Vec<Column>,
    /// What a cycle is, where that is not plain.
    pub note: Option<String>,
}

impl Wave {
    /// The wave of a trace. With a radix every signal is shown in it, without one each as it reads.
    pub fn of_trace(trace: &Trace, radix: Option<Radix>) -> Self {
        let column = |s: usize| {
            let signal = &trace.signals[s];
            let value = |row: &Vec<olivine_netlist::Bits>| match radix {
                None if signal.width > 1 => Value::Text(show_value(&signal.kind, &row[s])),
                _ => {
                    let bits =
                        (0..signal.width).rev().map(|i| if row[s].bit(i) { '1' } else { '0' });
                    Value::Bits(bits.collect())
                }
            };
            Column { path: signal.path.clone(), values: trace.cycles.iter().map(value).collect() }
        };
        Self { columns: (0..trace.signals.len()).map(column).collect(), note: None }
    }

    /// The number of cycles.
    pub fn cycles(&self) -> usize {
        self.columns.iter().map(|c| c.values.len()).max().unwrap_or(0)
    }

    /// The paths of all signals, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|c| c.path.as_str())
    }

    /// The signals that match any of the patterns, in the patterns' order.
    ///
    /// # Errors
    /// A pattern that matches nothing.
    pub fn select(&self, patterns: &[String]) -> Result<Self, String> {
        let mut columns: Vec<Column> = Vec::new();
        for pattern in patterns {
            let found: Vec<&Column> =
                self.columns.iter().filter(|c| matches(pattern, &c.path)).collect();
            if found.is_empty() {
                return Err(format!("no signal matches `{pattern}`"));
            }
            for column in found {
                if !columns.iter().any(|c| c.path == column.path) {
                    columns.push(column.clone());
                }
            }
        }
        Ok(Self { columns, note: self.note.clone() })
    }

    /// Only the first signals, those of the outermost scopes before others, at most so many; and
    /// how many are left out.
    pub fn outermost(&self, most: usize) -> (Self, usize) {
        let depth = |c: &Column| c.path.matches('.').count();
        let mut order: Vec<usize> = (0..self.columns.len()).collect();
        order.sort_by_key(|i| depth(&self.columns[*i]));
        order.truncate(most);
        order.sort_unstable();
        let columns: Vec<Column> = order.iter().map(|i| self.columns[*i].clone()).collect();
        let hidden = self.columns.len() - columns.len();
        (Self { columns, note: self.note.clone() }, hidden)
    }

    /// The drawing, plain bits in this radix.
    pub fn draw(&self, drawing: &Drawing, radix: Radix) -> String {
        let lanes = self.columns.iter().map(|c| (c.path.as_str(), c.lane(radix)));
        drawing.draw_lanes(lanes.collect::<Vec<(&str, Lane)>>())
    }
}
