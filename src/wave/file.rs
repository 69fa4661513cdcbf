//! Waveform files, read by cycles of a clock.

use super::column::{Column, Value};
use super::{Wave, matches};
use std::path::Path;
use wellen::simple::Waveform;
use wellen::{Signal, SignalRef};

/// Reads a waveform file. A cycle goes from one rising edge of the clock to the next; its values
/// are the last before the next. The clock is the first bit that `clock` matches, without it the
/// first called `clk`, `clock` or `clk_…`; without any every change of anything is a cycle.
///
/// A scope that everything lies in is left out of the paths.
///
/// # Errors
/// The file cannot be read, or nothing matches `clock`.
pub fn read(path: &Path, clock: Option<&str>) -> Result<Wave, String> {
    let failed = |e| format!("cannot read {} as a waveform: {e}", path.display());
    let mut file = open(path).map_err(failed)?;
    let mut vars = Vec::new();
    for var in file.hierarchy().all_vars() {
        let var = &file.hierarchy()[var];
        let one_bit = var.is_1bit(file.hierarchy());
        vars.push((var.full_name(file.hierarchy()), var.signal_ref(), one_bit));
    }
    let ids: Vec<SignalRef> = vars.iter().map(|(_, id, _)| *id).collect();
    file.load_signals(&ids);
    let chosen = find_clock(&vars, clock)?;
    let samples = samples(&file, chosen.map(|index| vars[index].1));
    let note = match chosen {
        Some(index) => format!("cycles of `{}`", vars[index].0),
        None => "no clock is known: each column is a time of the file at which something changes \
                 (name a clock with --clock)"
            .to_string(),
    };
    let common = common_scope(vars.iter().map(|(path, ..)| path.as_str()));
    let shown = vars.iter().enumerate().filter(|(index, _)| Some(*index) != chosen);
    let column = |(_, (path, id, _)): (usize, &(String, SignalRef, bool))| Column {
        path: path[common..].to_string(),
        values: file.get_signal(*id).map_or_else(Vec::new, |signal| values(signal, &samples)),
    };
    Ok(Wave { columns: shown.map(column).collect(), note: Some(note) })
}

/// The reader panics at files that are not there, and at some that are broken.
fn open(path: &Path) -> Result<Waveform, String> {
    std::fs::File::open(path).map_err(|e| e.to_string())?;
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| ()));
    let read = std::panic::catch_unwind(|| wellen::simple::read(path));
    std::panic::set_hook(told);
    match read {
        Ok(read) => read.map_err(|e| e.to_string()),
        Err(_) => Err("it is broken, or of no known form (VCD, FST, GHW)".to_string()),
    }
}

fn find_clock(
    vars: &[(String, SignalRef, bool)],
    asked: Option<&str>,
) -> Result<Option<usize>, String> {
    let find = |wanted: &dyn Fn(&str) -> bool| {
        vars.iter().position(|(path, _, one_bit)| *one_bit && wanted(path))
    };
    if let Some(pattern) = asked {
        let scoped = format!("*.{pattern}");
        let found = find(&|path| matches(pattern, path) || matches(&scoped, path));
        return found.map(Some).ok_or_else(|| format!("no bit matches the clock `{pattern}`"));
    }
    let name = |path: &str| path.rsplit('.').next().unwrap_or_default().to_lowercase();
    let plain = find(&|path| ["clk", "clock"].contains(&name(path).as_str()));
    Ok(plain.or_else(|| find(&|path| name(path).starts_with("clk_"))))
}

/// The indices into the time table at which values are taken.
fn samples(file: &Waveform, clock: Option<SignalRef>) -> Vec<u32> {
    let times = file.time_table().len() as u32;
    let Some(clock) = clock.and_then(|id| file.get_signal(id)) else {
        return (0..times).collect();
    };
    let mut rises = Vec::new();
    let mut before = None;
    for (at, value) in clock.iter_changes() {
        let now = value.to_bit_string();
        if now.as_deref() == Some("1") && before.as_deref() != Some("1") {
            rises.push(at);
        }
        before = now;
    }
    // The end of a file of ours is where a cycle that is not there would begin.
    let end = times.saturating_sub(1);
    let next = rises.iter().skip(1).map(|at| at - 1);
    let last = rises.last().map(|rise| end.max(*rise));
    next.chain(last).collect()
}

/// The value of a signal at each sample: that of its last change up to then.
fn values(signal: &Signal, samples: &[u32]) -> Vec<Value> {
    let mut changes = signal.iter_changes().peekable();
    let mut now = Value::Bits("x".to_string());
    let mut all = Vec::with_capacity(samples.len());
    for sample in samples {
        while let Some((_, value)) = changes.next_if(|(at, _)| at <= sample) {
            now = match value.to_bit_string() {
                Some(bits) => Value::Bits(bits),
                None => Value::Text(value.to_string()),
            };
        }
        all.push(now.clone());
    }
    all
}

/// How many bytes of every path are one scope and its dot.
fn common_scope<'p>(mut paths: impl Iterator<Item = &'p str>) -> usize {
    let Some(length) = paths.next().and_then(|first| Some((first, first.find('.')? + 1))) else {
        return 0;
    };
    let (first, length) = length;
    if paths.all(|path| path.starts_with(&first[..length])) { length } else { 0 }
}
