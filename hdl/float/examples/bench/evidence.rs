//! [`Row`]: one thing that was shown; [`Job`]: what shows it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How it was shown.
#[derive(Clone, Copy)]
pub enum Method {
    /// All inputs.
    Exhaustive,
    /// Equal to a description of another structure, for all inputs.
    Proof,
    /// Directed and random inputs.
    Vectors,
}

/// One thing that was shown.
pub struct Row {
    /// What does it.
    pub unit: String,
    /// In which formats.
    pub format: String,
    /// How it was shown.
    pub method: Method,
    /// By what it was judged.
    pub against: &'static str,
    /// How many inputs.
    pub cases: f64,
    /// How long that took.
    pub time: Duration,
    /// A fault that the same method found.
    pub mutant: String,
}

/// What shows something, on one processor.
pub type Job = Box<dyn Fn() -> Result<Row, String> + Send + Sync>;

impl Method {
    fn name(self) -> &'static str {
        match self {
            Self::Exhaustive => "exhaustive",
            Self::Proof => "equivalence proof",
            Self::Vectors => "vectors",
        }
    }
}

/// What stands above the table.
const HEAD: &str = "# What is known of the arithmetic

Printed, as it is here, by `scripts/bench arithmetic`. A run that finds a difference, compares nothing, or
does not find a fault that it planted, ends with an error. Seconds are those of one run in which
two rows are made at a time.

- *exhaustive*: all inputs, compared with the golden model, which is compared with Berkeley SoftFloat
  and LLVM's APFloat in `verif/golden/tests`; or with what else is named.
- *equivalence proof*: equal, for all inputs, to a description of another structure. Split into cases
  where the row counts claims, one of which is that the cases are all; their certificates are checked apart
  from the engines, which is within the seconds.
- *vectors*: directed and random inputs. *patterns*: all pairs of special exponents with patterned
  significands, as TestFloat's. Functions: 10⁸ inputs spread evenly, the edges of their tables' segments,
  and those around the worst. *ulp*: units of the last place; of GELU what exceeds |x|·2⁻²⁷, of its
  derivative what exceeds 2⁻²⁶.

| unit | format | method | against | cases | seconds | the fault that was found |
|---|---|---|---|---|---|---|";

/// The head of the document and of the table.
pub fn print_head() {
    println!("{HEAD}");
}

impl Row {
    /// The row, whose time ends now.
    ///
    /// # Errors
    /// No case was compared.
    pub fn new(
        (unit, format): (&str, &str),
        (method, against): (Method, &'static str),
        cases: f64,
        start: Instant,
        mutant: String,
    ) -> Result<Self, String> {
        if cases < 1.0 {
            return Err(format!("{unit}, {format}: no case was compared"));
        }
        let (unit, format) = (unit.to_string(), format.to_string());
        Ok(Self { unit, format, method, against, cases, time: start.elapsed(), mutant })
    }

    /// A line of the table.
    pub fn print(&self) {
        let Self { unit, format, against, mutant, cases, .. } = self;
        let (method, seconds) = (self.method.name(), self.time.as_secs_f64());
        let cases = if *cases < 1e7 { cases.to_string() } else { format!("{cases:.2e}") };
        println!(
            "| {unit} | {format} | {method} | {against} | {cases} | {seconds:.2} | {mutant} |"
        );
    }

    /// For the report.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "unit": self.unit, "format": self.format, "method": self.method.name(),
            "against": self.against, "cases": self.cases, "time": self.time.as_secs_f64(),
            "mutant": self.mutant,
        })
    }
}

/// Does some work for every item, on all processors; shows what comes of it in the order of the items,
/// each as soon as those before it are there.
///
/// # Errors
/// The first that went wrong; what follows is not begun.
pub fn for_each<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> Result<R, String> + Sync,
    show: impl Fn(&R) + Sync,
) -> Result<Vec<R>, String> {
    let next = AtomicUsize::new(0);
    let done: Mutex<(usize, Vec<Option<R>>)> =
        Mutex::new((0, items.iter().map(|_| None).collect()));
    let worker = || -> Result<(), String> {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return Ok(()) };
            let result = work(item).inspect_err(|_| next.store(items.len(), Ordering::Relaxed))?;
            let mut done = done.lock().expect("nobody panics with it");
            let (shown, results) = &mut *done;
            results[index] = Some(result);
            while let Some(Some(result)) = results.get(*shown) {
                show(result);
                *shown += 1;
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|w| w.join().expect("it does not panic"))
    })?;
    let (_, results) = done.into_inner().expect("nobody panics with it");
    Ok(results.into_iter().map(|result| result.expect("all are done")).collect())
}
