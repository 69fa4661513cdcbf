//! [`Plan`]: which benches run, with which parameters and seeds.

use crate::plan_text::{BenchText, PlanText};
use crate::{Parameters, Registry, RegressError, Task};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;

/// For a task whose plan says nothing.
const TIME_LIMIT_S: f64 = 60.0;
/// A day: beyond it a limit is surely a mistake.
const TIME_LIMIT_MAX_S: f64 = 86_400.0;

/// A plan that has been read and checked against the benches there are.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Its name: part of the run folder's name.
    pub name: String,
    /// Number of worker processes, if the plan says it.
    pub jobs: Option<usize>,
    /// Everything to run, in the plan's order; at least one, each once.
    pub tasks: Vec<Task>,
    /// The file's text.
    pub text: String,
}

/// All that is wrong with a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError {
    /// The file.
    pub file: String,
    /// Line (from 1; 0 is the whole file) and what is wrong there, in the order of lines.
    pub faults: Vec<(usize, String)>,
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (i, (line, message)) in self.faults.iter().enumerate() {
            let gap = if i == 0 { "" } else { "\n" };
            match line {
                0 => write!(f, "{gap}{}: {message}", self.file)?,
                _ => write!(f, "{gap}{}:{line}: {message}", self.file)?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for PlanError {}

impl Plan {
    /// Reads a plan from a file.
    pub fn load(file: &Path, registry: &Registry) -> Result<Self, RegressError> {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).map_err(|error| {
            let fault = format!("cannot read the plan: {error}");
            PlanError { file: name.clone(), faults: vec![(0, fault)] }
        })?;
        Ok(Self::parse(&name, &text, registry)?)
    }

    /// Reads a plan from its text; `file` is what errors call it.
    pub fn parse(file: &str, text: &str, registry: &Registry) -> Result<Self, PlanError> {
        let mut reader = Reader { text, registry, faults: Vec::new(), seen: HashMap::new() };
        let plan = reader.plan();
        reader.faults.sort();
        match plan {
            Some(plan) if reader.faults.is_empty() => Ok(plan),
            _ => Err(PlanError { file: file.into(), faults: reader.faults }),
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    registry: &'a Registry,
    faults: Vec<(usize, String)>,
    /// Task ids and the lines of their benches.
    seen: HashMap<String, usize>,
}

impl Reader<'_> {
    fn plan(&mut self) -> Option<Plan> {
        let plan: PlanText = match toml::from_str(self.text) {
            Ok(plan) => plan,
            Err(error) => {
                let at = error.span().map_or(0, |span| self.line(&span));
                self.faults.push((at, error.message().trim().replace('\n', "; ")));
                return None;
            }
        };
        let name = plan.name.get_ref();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        if name.is_empty() || !name.chars().all(plain) {
            let fault = format!("the plan's name `{name}` must be letters, digits, - and _");
            self.fault(&plan.name.span(), fault);
        }
        if let Some(jobs) = plan.jobs.as_ref().filter(|jobs| *jobs.get_ref() == 0) {
            self.fault(&jobs.span(), "jobs is 0; it must be at least 1");
        }
        let limit = self.limit(plan.time_limit_s.as_ref(), TIME_LIMIT_S);
        if plan.bench.is_empty() {
            self.faults.push((0, "the plan has no [[bench]]: nothing would run".into()));
        }
        let each = plan.bench.iter().map(|bench| self.bench(bench, limit));
        let tasks = each.collect::<Vec<_>>().concat();
        let jobs = plan.jobs.map(Spanned::into_inner);
        Some(Plan { name: name.clone(), jobs, tasks, text: self.text.into() })
    }

    fn bench(&mut self, entry: &Spanned<BenchText>, limit: f64) -> Vec<Task> {
        let bench = entry.get_ref();
        let limit = self.limit(bench.time_limit_s.as_ref(), limit);
        let name = bench.name.get_ref();
        let Some(known) = self.registry.find(name) else {
            let known: Vec<_> = self.registry.iter().map(|bench| bench.name()).collect();
            let fault = format!("there is no bench `{name}`; known are {}", known.join(", "));
            self.fault(&bench.name.span(), fault);
            return Vec::new();
        };
        let nothing = BTreeMap::new();
        let (given, at) = match &bench.parameters {
            Some(given) => (given.get_ref(), given.span()),
            None => (&nothing, bench.name.span()),
        };
        let parameters = Parameters::new(&known.parameters(), given)
            .and_then(|all| known.check_parameters(&all).map(|()| all).map_err(|f| vec![f]));
        match parameters {
            Ok(parameters) => {
                let task = |seed| Task::new(name, parameters.clone(), seed, limit);
                let tasks: Vec<Task> = bench.seeds.iter().map(task).collect();
                self.reject_duplicates(&tasks, &bench.name.span());
                tasks
            }
            Err(faults) => {
                faults.into_iter().for_each(|f| self.fault(&at, format!("bench `{name}`: {f}")));
                Vec::new()
            }
        }
    }

    fn reject_duplicates(&mut self, tasks: &[Task], at: &Range<usize>) {
        let line = self.line(at);
        for task in tasks {
            if let Some(other) = self.seen.insert(task.id.clone(), line) {
                let fault = format!(
                    "seed {} of `{}` with the same parameters is already in the entry of line \
                     {other}",
                    task.seed, task.bench
                );
                self.faults.push((line, fault));
                return;
            }
        }
    }

    fn limit(&mut self, given: Option<&Spanned<f64>>, default: f64) -> f64 {
        let Some(given) = given else { return default };
        let limit = *given.get_ref();
        if !(limit > 0.0 && limit <= TIME_LIMIT_MAX_S) {
            let fault = format!(
                "time_limit_s is {limit}; it must be above 0 and at most {TIME_LIMIT_MAX_S}"
            );
            self.fault(&given.span(), fault);
        }
        limit
    }

    fn fault(&mut self, at: &Range<usize>, message: impl Into<String>) {
        self.faults.push((self.line(at), message.into()));
    }

    fn line(&self, at: &Range<usize>) -> usize {
        self.text[..at.start.min(self.text.len())].matches('\n').count() + 1
    }
}
