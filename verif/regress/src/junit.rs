//! A summary for continuous-integration servers.

use crate::{Summary, TaskResult, Verdict};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

impl Summary {
    /// The summary in JUnit's XML: a suite for each bench, a case for each task.
    pub fn junit(&self) -> String {
        let mut report = Report::new(self.plan.clone());
        report.set_time(seconds(self.seconds));
        let mut suites: Vec<TestSuite> = Vec::new();
        for task in &self.tasks {
            let bench = task.task.bench.as_str();
            if !suites.iter().any(|suite| suite.name.as_str() == bench) {
                suites.push(TestSuite::new(bench));
            }
            let suite = suites.iter_mut().find(|suite| suite.name.as_str() == bench);
            suite.expect("it was just added").add_test_case(case(task));
        }
        report.add_test_suites(suites);
        report.to_string().expect("a report has an XML form")
    }
}

fn case(task: &TaskResult) -> TestCase {
    let kind = match task.verdict {
        Verdict::Pass => None,
        Verdict::Fail => Some(NonSuccessKind::Failure),
        Verdict::Error | Verdict::Timeout => Some(NonSuccessKind::Error),
    };
    let status = match kind {
        None => TestCaseStatus::success(),
        Some(kind) => {
            let mut status = TestCaseStatus::non_success(kind);
            status.set_type(task.verdict.to_string());
            status.set_message(task.signature.clone());
            status.set_description(format!("{}\nreproduce: {}", task.message, task.reproduce));
            status
        }
    };
    let mut case = TestCase::new(task.task.id.clone(), status);
    case.set_classname(task.task.bench.clone());
    case.set_time(seconds(task.seconds));
    case
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}
