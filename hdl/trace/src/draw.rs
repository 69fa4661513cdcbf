//! [`Drawing`]: a waveform as text.

use crate::{Signal, Trace, show_value};
use olivine_netlist::{Bits, Kind};
use std::fmt::{self, Display};

/// How a trace is drawn:
///
/// ```text
/// cycle   0     1     2     3     4
/// clk     /‾‾\__/‾‾\__/‾‾\__/‾‾\__/‾‾\__
/// enable  ______/‾‾‾‾‾‾‾‾‾‾‾\___________
/// count   X 7         X 8   X 9
/// ```
///
/// A cycle begins with the rising clock edge; what stands in it are the values before the next.
/// One-bit signals are levels, others stand as [`show_value`] gives them after an `X` where they
/// change. A drawing that is too wide goes on below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    from: usize,
    to: usize,
    width: usize,
    clock: bool,
}

impl Default for Drawing {
    /// All cycles, 100 columns, with a clock.
    fn default() -> Self {
        Self { from: 0, to: usize::MAX, width: 100, clock: true }
    }
}

impl Drawing {
    /// Draws the cycles from `from` to before `to` only.
    pub fn window(mut self, from: usize, to: usize) -> Self {
        (self.from, self.to) = (from, to);
        self
    }

    /// Takes at most `columns` on a line, but always at least one cycle.
    pub fn width(mut self, columns: usize) -> Self {
        self.width = columns;
        self
    }

    /// Leaves the clock's line out.
    pub fn without_clock(mut self) -> Self {
        self.clock = false;
        self
    }

    /// The drawing; each line ends in a line break.
    pub fn draw(&self, trace: &Trace) -> String {
        let to = self.to.min(trace.cycles.len());
        let from = self.from.min(to);
        if from == to {
            return "(no cycles)\n".to_string();
        }
        let lane =
            |s: usize| Lane::new(&trace.signals[s], trace.cycles[from..to].iter().map(|c| &c[s]));
        let names = trace.signals.iter().map(|s| s.path.as_str());
        self.draw_window(names.zip((0..trace.signals.len()).map(lane)).collect(), from, to)
    }

    /// Draws lanes that say their own texts, each with its name: for what is no [`Trace`], such as
    /// values that are not known. Every lane has as many cycles as the longest, or is drawn as far
    /// as it goes.
    pub fn draw_lanes(&self, lanes: Vec<(&str, Lane)>) -> String {
        let cycles = lanes.iter().map(|(_, lane)| lane.cycles()).max().unwrap_or(0);
        let to = self.to.min(cycles);
        let from = self.from.min(to);
        if from == to {
            return "(no cycles)\n".to_string();
        }
        let cut = lanes.into_iter().map(|(name, lane)| (name, lane.window(from, to)));
        self.draw_window(cut.collect(), from, to)
    }

    /// Draws lanes that begin with cycle `from`.
    fn draw_window(&self, named: Vec<(&str, Lane)>, from: usize, to: usize) -> String {
        let (names, lanes): (Vec<&str>, Vec<Lane>) = named.into_iter().unzip();
        let widths = names.iter().map(|name| name.chars().count());
        let margin = widths.chain(["cycle".len()]).max().unwrap_or(0) + 2;
        let cell = cell_width(&lanes, from, to);
        let per_line = (self.width.saturating_sub(margin) / cell).max(1);
        let sheet = Sheet { margin, cell, clock: self.clock };
        let blocks = (from..to)
            .step_by(per_line)
            .map(|first| sheet.block(&names, &lanes, from, first, (first + per_line).min(to)));
        blocks.collect::<Vec<_>>().join("\n")
    }
}

impl Trace {
    /// The trace, drawn.
    pub fn draw(&self, drawing: &Drawing) -> String {
        drawing.draw(self)
    }
}

impl Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Drawing::default().draw(self))
    }
}

const NARROWEST: usize = 4;
const WIDEST: usize = 24;

/// One signal over the cycles drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A bit: high or low in each cycle.
    Levels(Vec<bool>),
    /// Values that hold for some cycles each.
    Texts(Vec<Run>),
}

/// A value that holds for some cycles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The value as it is shown.
    pub text: String,
    /// How many, at least 1.
    pub cycles: usize,
}

impl Lane {
    /// A lane of texts, one for each cycle; equal neighbours hold on.
    pub fn texts(values: impl IntoIterator<Item = String>) -> Self {
        let mut runs: Vec<Run> = Vec::new();
        for text in values {
            match runs.last_mut() {
                Some(run) if run.text == text => run.cycles += 1,
                _ => runs.push(Run { text, cycles: 1 }),
            }
        }
        Self::Texts(runs)
    }

    fn cycles(&self) -> usize {
        match self {
            Self::Levels(levels) => levels.len(),
            Self::Texts(runs) => runs.iter().map(|run| run.cycles).sum(),
        }
    }

    /// Only the cycles from `from` to before `to`, which may be beyond the end.
    fn window(self, from: usize, to: usize) -> Self {
        match self {
            Self::Levels(levels) => Self::Levels(levels.into_iter().take(to).skip(from).collect()),
            Self::Texts(runs) => {
                let mut at = 0;
                let cut = runs.into_iter().filter_map(|run| {
                    let (begins, ends) = (at, at + run.cycles);
                    at = ends;
                    let cycles = ends.min(to).saturating_sub(begins.max(from));
                    (cycles > 0).then_some(Run { cycles, ..run })
                });
                Self::Texts(cut.collect())
            }
        }
    }

    fn new<'t>(signal: &Signal, values: impl Iterator<Item = &'t Bits>) -> Self {
        if signal.width == 1 && !matches!(signal.kind, Kind::Enum(_)) {
            return Self::Levels(values.map(Bits::any).collect());
        }
        let mut runs: Vec<Run> = Vec::new();
        let mut last = None;
        for value in values {
            match runs.last_mut() {
                Some(run) if last == Some(value) => run.cycles += 1,
                _ => runs.push(Run { text: show_value(&signal.kind, value), cycles: 1 }),
            }
            last = Some(value);
        }
        Self::Texts(runs)
    }
}

/// Wide enough for each value in the cycles it holds, and for the last cycle's number.
fn cell_width(lanes: &[Lane], from: usize, to: usize) -> usize {
    let needs = lanes.iter().flat_map(|lane| match lane {
        Lane::Levels(_) => [].iter(),
        Lane::Texts(runs) => runs.iter(),
    });
    // `X`, a space before the text and one behind it
    let texts = needs.map(|run| (run.text.chars().count() + 3).div_ceil(run.cycles));
    let numbers = [from, to - 1].map(|number| number.to_string().len() + 1);
    let width = texts.chain(numbers).max().unwrap_or(0).clamp(NARROWEST, WIDEST);
    width.next_multiple_of(2)
}

struct Sheet {
    margin: usize,
    cell: usize,
    clock: bool,
}

impl Sheet {
    /// The cycles from `first` to before `end`; lanes begin at cycle `start`.
    fn block(
        &self,
        names: &[&str],
        lanes: &[Lane],
        start: usize,
        first: usize,
        end: usize,
    ) -> String {
        let numbers = (first..end).map(|c| format!("{c:<cell$}", cell = self.cell)).collect();
        let mut text = self.line("cycle", numbers);
        if self.clock {
            text += &self.line(clock_name(names), self.clock_cells(end - first));
        }
        for (name, lane) in names.iter().zip(lanes) {
            let cells = match lane {
                Lane::Levels(levels) => self.levels(levels, first - start, end - start),
                Lane::Texts(runs) => self.texts(runs, first - start, end - start),
            };
            text += &self.line(name, cells);
        }
        text
    }

    fn line(&self, name: &str, cells: String) -> String {
        let line = format!("{name:<margin$}{cells}", margin = self.margin);
        format!("{}\n", line.trim_end())
    }

    fn clock_cells(&self, count: usize) -> String {
        let half = self.cell / 2 - 1;
        format!("/{}\\{}", "‾".repeat(half), "_".repeat(half)).repeat(count)
    }

    fn levels(&self, levels: &[bool], first: usize, end: usize) -> String {
        let cell = |at: usize| {
            let (now, before) = (levels[at], at.checked_sub(1).map(|b| levels[b]));
            let (level, edge) = if now { ("‾", "/") } else { ("_", "\\") };
            let begins = if before.is_some_and(|before| before != now) { edge } else { level };
            format!("{begins}{}", level.repeat(self.cell - 1))
        };
        (first..end.min(levels.len())).map(cell).collect()
    }

    /// Runs that reach into the block; one that began before it is shown again, without `X`.
    fn texts(&self, runs: &[Run], first: usize, end: usize) -> String {
        let mut cells = String::new();
        let mut at = 0;
        for run in runs {
            let (begins, ends) = (at, at + run.cycles);
            at = ends;
            let (from, to) = (begins.max(first), ends.min(end));
            if from < to {
                let mark = if begins >= first { "X" } else { " " };
                let room = (to - from) * self.cell;
                let text = shortened(&run.text, room - 3);
                cells += &format!("{:<room$}", format!("{mark} {text}"));
            }
        }
        cells
    }
}

fn clock_name(names: &[&str]) -> &'static str {
    if names.contains(&"clk") { "(clk)" } else { "clk" }
}

/// At most `room` characters; what is cut is marked.
fn shortened(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_string();
    }
    let kept: String = text.chars().take(room.saturating_sub(1)).collect();
    kept + "…"
}
