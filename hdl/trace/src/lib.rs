//! Values over cycles: one type for what every engine, counterexample and bench observed, drawn
//! as text and written as VCD in one way everywhere.
//!
//! - [`Trace`]: signals with their values, cycle by cycle; [`Trace::select`], [`Trace::rename`],
//!   [`Trace::column`], [`Trace::first_difference`].
//! - [`Drawing`]: a waveform as text. A trace prints as the whole of it; a [`Lane`] says its own
//!   texts.
//! - [`Trace::to_vcd`], [`Trace::to_fst`]: waveform files; [`WaveFormat`]: which, by the file's name.
//! - [`WaveStream`]: such a file, written while a run goes on.
//! - [`show_value`]: one value as a person reads it.

mod difference;
mod draw;
mod float;
mod format;
mod fst;
mod scope;
mod show;
mod stream;
mod trace;
mod vcd;

pub use difference::TraceDifference;
pub use draw::{Drawing, Lane, Run};
pub use format::WaveFormat;
pub use show::show_value;
pub use stream::WaveStream;
pub use trace::{Signal, Trace};
