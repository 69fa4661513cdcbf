//! A pool of worker processes on this machine.

use crate::worker::{REPLY, timeout};
use crate::{RegressError, RunFolder, Task, TaskResult, Verdict, WORKER_SUBCOMMAND};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// How long after its time limit a worker may go on before it is killed from outside: it should
/// have ended itself.
const GRACE: Duration = Duration::from_secs(5);
/// How much of a dead worker's log is quoted.
const QUOTED_BYTES: u64 = 2_000;

/// What the pool needs to know.
pub(crate) struct Pool<'a> {
    pub folder: &'a RunFolder,
    pub tasks: &'a [Task],
    pub replay_command: &'a str,
    /// The executable, with arguments before [`WORKER_SUBCOMMAND`].
    pub executable: PathBuf,
    pub arguments: &'a [String],
    pub variables: &'a [(String, String)],
    pub attempt: u32,
}

impl Pool<'_> {
    /// Runs all tasks in `jobs` processes. `done` is told each task's index when its result is
    /// written.
    pub fn run(&self, jobs: usize, mut done: impl FnMut(usize)) -> Result<(), RegressError> {
        let next = AtomicUsize::new(0);
        let (reports, inbox) = channel();
        std::thread::scope(|scope| {
            for number in 0..jobs.min(self.tasks.len()) {
                let (next, reports) = (&next, reports.clone());
                scope.spawn(move || self.serve(number, next, &reports));
            }
            drop(reports);
            let mut fault = None;
            for report in inbox {
                match report {
                    Ok(index) => done(index),
                    Err(error) => {
                        // Results cannot be written: there is no use in going on.
                        next.store(self.tasks.len(), Ordering::Relaxed);
                        fault = fault.or(Some(error));
                    }
                }
            }
            fault.map_or(Ok(()), Err)
        })
    }

    /// Keeps one worker busy until no task is left.
    fn serve(
        &self,
        number: usize,
        next: &AtomicUsize,
        reports: &Sender<Result<usize, RegressError>>,
    ) {
        let mut worker = None;
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = self.tasks.get(index) else { return };
            let result = self.perform(number, &mut worker, task);
            if reports.send(result.map(|()| index)).is_err() {
                return;
            }
        }
    }

    /// Has a task done, by a new worker if there is none; afterwards it has a result.
    fn perform(
        &self,
        number: usize,
        worker: &mut Option<Worker>,
        task: &Task,
    ) -> Result<(), RegressError> {
        if worker.is_none() {
            *worker = Some(match self.spawn(number) {
                Ok(worker) => worker,
                Err(error) => return self.lost(task, format!("no worker can start: {error}")),
            });
        }
        let busy = worker.as_mut().expect("it was just made");
        let from = busy.log_length();
        match busy.order(task, self.attempt) {
            Reply::Done => Ok(()),
            Reply::Silent => {
                let _ = worker.take().map(Worker::kill);
                timeout(task, self.attempt, self.replay_command).write(self.folder).map(drop)
            }
            Reply::Dead => {
                let said = busy.said_since(from);
                let status = worker.take().and_then(Worker::kill);
                let how = status.map_or("in an unknown way".into(), |status| status.to_string());
                self.lost(task, format!("the worker process ended ({how}){said}"))
            }
        }
    }

    /// Writes that nothing can be said of a task, unless its worker has written a result.
    fn lost(&self, task: &Task, message: String) -> Result<(), RegressError> {
        let result = TaskResult::new(task, self.attempt, Verdict::Error, self.replay_command);
        result.saying("worker died", message).write(self.folder).map(drop)
    }

    fn spawn(&self, number: usize) -> std::io::Result<Worker> {
        let log_path = self.folder.log(number);
        let log = File::options().create(true).append(true).open(&log_path)?;
        let mut command = Command::new(&self.executable);
        command.args(self.arguments).arg(WORKER_SUBCOMMAND).arg(self.folder.path());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn()?;
        let orders = child.stdin.take();
        let output = child.stdout.take().expect("it was piped");
        let (sender, replies) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(reply) = line.split(REPLY).nth(1)
                    && sender.send(reply.to_string()).is_err()
                {
                    return;
                }
            }
        });
        Ok(Worker { child, orders, replies, log: log_path })
    }
}

/// What a worker answers to an order.
enum Reply {
    /// The result is written.
    Done,
    /// Nothing, for too long.
    Silent,
    /// Nothing, and it never will.
    Dead,
}

struct Worker {
    child: Child,
    /// Closed to end it.
    orders: Option<ChildStdin>,
    replies: Receiver<String>,
    log: PathBuf,
}

impl Worker {
    fn order(&mut self, task: &Task, attempt: u32) -> Reply {
        let order = format!("{} {attempt}", task.id);
        let told = self.orders.as_mut().map(|orders| writeln!(orders, "{order}"));
        if !matches!(told, Some(Ok(()))) {
            return Reply::Dead;
        }
        let patience = Duration::from_secs_f64(task.time_limit_s) + GRACE;
        match self.replies.recv_timeout(patience) {
            Ok(reply) if reply == order => Reply::Done,
            Ok(_) | Err(RecvTimeoutError::Disconnected) => Reply::Dead,
            Err(RecvTimeoutError::Timeout) => Reply::Silent,
        }
    }

    /// Ends the process, if it has not ended by itself, and says how it did.
    fn kill(mut self) -> Option<ExitStatus> {
        if let Ok(Some(status)) = self.child.try_wait() {
            return Some(status);
        }
        // A process that has closed its output is about to end: how it does is worth knowing.
        for _ in 0..20 {
            std::thread::sleep(Duration::from_millis(10));
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
        }
        // It may end at this very moment: then there is nothing to kill.
        let _ = self.child.kill();
        self.child.wait().ok()
    }

    fn log_length(&self) -> u64 {
        self.log.metadata().map_or(0, |data| data.len())
    }

    /// The end of what the worker has logged from there on.
    fn said_since(&self, from: u64) -> String {
        let start = from.max(self.log_length().saturating_sub(QUOTED_BYTES));
        let mut said = Vec::new();
        let read = File::open(&self.log).and_then(|mut log| {
            log.seek(SeekFrom::Start(start))?;
            log.read_to_end(&mut said)
        });
        let said = String::from_utf8_lossy(&said).trim().to_string();
        if read.is_ok() && !said.is_empty() { format!("; it said:\n{said}") } else { String::new() }
    }
}

impl Drop for Worker {
    /// Without orders it ends by itself; waiting for it leaves no zombie behind.
    fn drop(&mut self) {
        self.orders = None;
        // There is nobody left to tell if this fails.
        let _ = self.child.wait();
    }
}
