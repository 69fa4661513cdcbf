//! Regressions: many seeds on many benches, in worker processes, with results that can be trusted
//! and failures that can be replayed.
//!
//! # The parts
//! - [`Bench`] is what runs for one seed. [`StimulusBench`] is the comfortable form: a proptest
//!   strategy and a check; a failing stimulus is shrunk and kept.
//! - [`Plan`] says which benches run with which parameters and seeds; [`Registry`] holds the
//!   benches that it can name.
//! - [`run`] works a plan off in worker processes, which call [`worker`] in the same executable.
//! - [`replay`] runs one task again exactly, with waves.
//!
//! # A plan
//! ```toml
//! name = "nightly"
//! time_limit_s = 60            # for each task; 60 without it
//! jobs = 2                     # worker processes; one for each core without it
//!
//! [[bench]]
//! name = "fifo"
//! seeds = 100                  # seeds 0 to 99; also "100..200", [7, 0x2a]
//! parameters = { depth = 8 }   # those left out have the bench's defaults
//! time_limit_s = 10            # instead of the plan's
//! ```
//!
//! # The run folder, format 1
//! | file | written by | holds |
//! |---|---|---|
//! | `manifest.json` | runner, before anything runs | format, plan, every task: id, bench, parameters, seed, time limit |
//! | `results/ID.ATTEMPT.json` | worker, or the runner for a worker that died; once, never changed | a [`TaskResult`] |
//! | `stimuli/ID.ATTEMPT.json` | worker, before a result that names it | the failing stimulus, shrunk |
//! | `logs/worker-N.log` | worker N | what it and its benches printed |
//! | `summary.json`, `junit.xml` | runner, at the end | the [`Summary`] in two forms |
//!
//! The manifest is the truth about what should have run: a task without a readable result is an
//! `ERROR`, as are attempts that disagree. A result file appears whole or not at all, and a second
//! one of the same name is refused, so work that is done twice (as clusters do) does no harm.
//!
//! A task's id is `BENCH-` and 12 hex digits of the SHA-256 of bench, parameters (defaults
//! included) and seed. It does not depend on plan, order, number of workers or tracing; neither
//! does the stimulus, which comes from the seed alone.

mod bench;
mod bucket;
mod error;
mod folder;
mod junit;
mod manifest;
mod panics;
mod parameters;
mod plan;
mod plan_text;
mod pool;
mod recorder;
mod replay;
mod result;
mod run;
mod seeds;
mod stimulus;
mod summary;
mod table;
mod task;
mod worker;

pub use bench::{Bench, Failure, Finding, Outcome, Registry};
pub use bucket::Bucket;
pub use error::RegressError;
pub use folder::{DEFAULT_ROOT, RunFolder};
pub use manifest::Manifest;
pub use parameters::{Parameter, Parameters, Value};
pub use plan::{Plan, PlanError};
pub use recorder::Recorder;
pub use replay::{Replay, find_task, replay};
pub use result::{TaskResult, Verdict};
pub use run::{Options, Progress, run};
pub use seeds::Seeds;
pub use stimulus::{Stimulated, StimulusBench};
pub use summary::{Counts, Summary};
pub use task::Task;
pub use worker::{WORKER_SUBCOMMAND, worker};
