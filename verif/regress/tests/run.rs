//! Whole runs, in worker processes.

mod benches;

use benches::registry;
use olivine_regress::{
    Manifest, Options, Plan, RunFolder, Summary, TaskResult, Verdict, find_task, replay, run,
    worker,
};
use olivine_trace::Drawing;
use std::fs;
use std::path::Path;

/// What the other tests start as a worker process: this very test, by name.
#[test]
#[ignore = "the worker process of the other tests"]
fn as_worker() {
    let folder = std::env::var("RUN_FOLDER_OF_WORKER").expect("set by `options`");
    let folder = fs::read_to_string(folder).unwrap();
    worker(Path::new(&folder), &registry(), std::io::stdin().lock(), std::io::stdout()).unwrap();
}

/// Options for runs under `root`. The test harness cannot take the run's folder as an argument, so
/// it stands in a file.
fn options(root: &Path) -> Options {
    let file = root.join("folder");
    let arguments = ["as_worker", "--exact", "--ignored", "--nocapture", "--skip"];
    Options {
        root: root.into(),
        jobs: Some(2),
        arguments: arguments.map(Into::into).into(),
        variables: vec![("RUN_FOLDER_OF_WORKER".into(), file.display().to_string())],
        ..Options::default()
    }
}

fn plan(text: &str) -> Plan {
    Plan::parse("plan.toml", text, &registry()).unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a plan under `root`, where it must be the first run.
fn summary(root: &Path, text: &str) -> Summary {
    let plan = plan(text);
    fs::write(root.join("folder"), root.join(format!("{}-0001", plan.name)).display().to_string())
        .unwrap();
    run(&plan, &options(root), &mut |_| ()).unwrap_or_else(|error| panic!("{error}"))
}

fn verdicts(summary: &Summary) -> Vec<Verdict> {
    summary.tasks.iter().map(|task| task.verdict).collect()
}

const MIXED: &str = r#"
name = "mixed"
[[bench]]
name = "counter"
seeds = 20
[[bench]]
name = "counter"
seeds = "5..25"
parameters = { fault = true }
"#;

#[test]
fn a_good_dut_passes_and_a_planted_fault_fails() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(root.path(), MIXED);
    assert_eq!(summary.counts.total(), 40);
    assert_eq!(verdicts(&summary)[..20], [Verdict::Pass; 20]);
    assert!(summary.counts.fail >= 15, "{summary}");
    assert_eq!(summary.counts.error + summary.counts.timeout, 0);
    assert_eq!(summary.exit_code(), 1);
    let bucket = &summary.buckets[0];
    assert_eq!(summary.buckets.len(), 1);
    assert_eq!((bucket.count, bucket.signature.as_str()), (summary.counts.fail, "mismatch count"));
    // One cycle of reset, then six counts are the least that shows it.
    assert_eq!(bucket.cycles, 7);
    assert_eq!(bucket.reproduce, format!("olivine replay {}", bucket.shortest));
    let shown = summary.to_string();
    assert!(shown.contains(&format!("reproduce: olivine replay {}", bucket.shortest)), "{shown}");
}

#[test]
fn every_failure_is_shrunk_to_the_same_stimulus() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(root.path(), MIXED);
    let failed = summary.tasks.iter().filter(|task| task.verdict == Verdict::Fail);
    for task in failed {
        assert!(task.shrunk);
        assert_eq!(task.cycles, 7, "{}", task.task.id);
        let text = fs::read(summary.folder.join(task.stimulus.as_ref().unwrap())).unwrap();
        let kept: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(kept["stimulus"], serde_json::json!([true, true, true, true, true, true]));
        assert_eq!(kept["seed"], task.task.seed);
    }
}

/// All that does not depend on the clock on the wall.
fn timeless(mut summary: Summary) -> Summary {
    summary.seconds = 0.0;
    summary.folder = Default::default();
    summary.tasks.iter_mut().for_each(|task| task.seconds = 0.0);
    summary
}

#[test]
fn the_same_plan_gives_the_same_results_with_any_number_of_workers() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = summary(one.path(), &format!("jobs = 1\n{MIXED}"));
    let second = summary(two.path(), MIXED);
    assert_eq!(timeless(first), timeless(second));
}

#[test]
fn a_replay_gives_the_same_and_draws_it() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(root.path(), MIXED);
    let id = &summary.buckets[0].shortest;
    let folder = find_task(root.path(), id).unwrap();
    let again = replay(&folder, id, &registry()).unwrap();
    assert_eq!(again.differences(), Vec::<String>::new());
    assert!(again.same() && !again.design_changed());
    assert_eq!(again.verdict(), Verdict::Fail);
    let shown = again.trace.select(&["enable", "count"]).unwrap();
    insta::assert_snapshot!(Drawing::default().draw(&shown), @r"
    cycle   0   1   2   3   4   5   6   7
    clk     /‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_
    enable  ____/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾
    count   X 0     X 1 X 2 X 3 X 4 X 5 X 6
    ");
    assert_eq!(again.before.message, "count is 6, the model says 0 (cycle 7)");
    let mut vcd = Vec::new();
    again.trace.to_vcd(&mut vcd).unwrap();
    assert!(String::from_utf8(vcd).unwrap().contains("$var"));
}

#[test]
fn a_passing_task_replays_from_its_seed_with_the_same_cycles() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(root.path(), MIXED);
    let passed = &summary.tasks[7];
    let folder = RunFolder::open(&summary.folder);
    let again = replay(&folder, &passed.task.id, &registry()).unwrap();
    assert!(again.same(), "{:?}", again.differences());
    assert_eq!(again.trace.cycles.len() as u64, passed.cycles);
}

#[test]
fn a_replay_of_an_edited_stimulus_says_what_differs() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(root.path(), MIXED);
    let id = summary.buckets[0].shortest.clone();
    let folder = RunFolder::open(&summary.folder);
    let file = summary.folder.join(format!("stimuli/{id}.1.json"));
    fs::write(&file, r#"{"stimulus": [true]}"#).unwrap();
    let again = replay(&folder, &id, &registry()).unwrap();
    assert!(!again.same());
    assert_eq!(again.differences()[0], "verdict: was FAIL, now PASS");
    fs::write(&file, r#"{"stimulus": 7}"#).unwrap();
    let again = replay(&folder, &id, &registry()).unwrap();
    assert_eq!(again.verdict(), Verdict::Error);
}

#[test]
fn an_unknown_id_says_where_ids_are() {
    let root = tempfile::tempdir().unwrap();
    let error = find_task(root.path(), "counter-000000000000").unwrap_err();
    assert_eq!(error.exit_code(), 2);
    assert!(error.to_string().contains("ids are in the run's table"), "{error}");
}

#[test]
fn a_killed_worker_is_an_error_and_the_rest_goes_on() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(
        root.path(),
        "name = \"kill\"\njobs = 1\n[[bench]]\nname = \"dies\"\nseeds = 2\n\
         [[bench]]\nname = \"exits\"\nseeds = 1\n[[bench]]\nname = \"counter\"\nseeds = 3\n",
    );
    use Verdict::{Error, Pass};
    assert_eq!(verdicts(&summary), [Error, Error, Error, Pass, Pass, Pass]);
    let message = &summary.tasks[0].message;
    assert!(message.contains("signal: 9"), "{message}");
    assert!(message.ends_with("about to die"), "what it said is quoted: {message}");
    assert_eq!(summary.exit_code(), 1);
}

#[test]
fn a_hanging_bench_times_out_and_the_rest_goes_on() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(
        root.path(),
        "name = \"hang\"\njobs = 1\n[[bench]]\nname = \"hangs\"\nseeds = 1\ntime_limit_s = 0.5\n\
         [[bench]]\nname = \"counter\"\nseeds = 2\n",
    );
    assert_eq!(verdicts(&summary), [Verdict::Timeout, Verdict::Pass, Verdict::Pass]);
    assert_eq!(summary.tasks[0].message, "not finished within 0.5 s");
    assert_eq!(summary.exit_code(), 4);
}

#[test]
fn a_process_that_is_stopped_is_killed_from_outside() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(
        root.path(),
        "name = \"stop\"\njobs = 1\n[[bench]]\nname = \"stops\"\nseeds = 1\ntime_limit_s = 0.1\n\
         [[bench]]\nname = \"counter\"\nseeds = 2\n",
    );
    assert_eq!(verdicts(&summary), [Verdict::Timeout, Verdict::Pass, Verdict::Pass]);
}

#[test]
fn a_task_done_twice_keeps_its_first_result() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(root.path(), MIXED);
    let task = &summary.tasks[3];
    let file = summary.folder.join(format!("results/{}.1.json", task.task.id));
    let first = fs::read(&file).unwrap();
    let orders = format!("{0} 1\n{0} 2\n", task.task.id);
    let mut replies = Vec::new();
    worker(&summary.folder, &registry(), orders.as_bytes(), &mut replies).unwrap();
    assert_eq!(fs::read(&file).unwrap(), first);
    let expect = format!("@olivine {0} 1\n@olivine {0} 2\n", task.task.id);
    assert_eq!(String::from_utf8(replies).unwrap(), expect);
    let again = Summary::collect(&RunFolder::open(&summary.folder), 0.0).unwrap();
    assert_eq!(again.tasks[3].verdict, Verdict::Pass, "the second attempt agrees");
}

#[test]
fn an_order_that_is_not_in_the_manifest_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(root.path(), MIXED);
    for order in ["counter-000000000000 1", "nonsense", ""] {
        let error =
            worker(&summary.folder, &registry(), format!("{order}\n").as_bytes(), Vec::new());
        assert!(error.unwrap_err().to_string().contains("has no task"), "{order}");
    }
}

#[test]
fn a_broken_bench_is_an_error_and_output_of_benches_does_no_harm() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(
        root.path(),
        "name = \"odd\"\n[[bench]]\nname = \"panics\"\nseeds = 1\n\
         [[bench]]\nname = \"chats\"\nseeds = 3\n",
    );
    use Verdict::{Error, Pass};
    assert_eq!(verdicts(&summary), [Error, Pass, Pass, Pass]);
    let message = &summary.tasks[0].message;
    assert!(message.starts_with("the bench panicked: the bench is broken ("), "{message}");
}

#[test]
fn missing_tools_have_their_own_exit_code() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(root.path(), "name = \"lack\"\n[[bench]]\nname = \"lacks\"\nseeds = 2\n");
    assert_eq!(summary.tasks[0].missing_tool.as_deref(), Some("verilator"));
    assert_eq!(summary.exit_code(), 3);
}

#[test]
fn a_worker_that_cannot_start_is_an_error_for_every_task() {
    let root = tempfile::tempdir().unwrap();
    let options = Options { executable: Some("/no/such/program".into()), ..options(root.path()) };
    let summary = run(&plan(MIXED), &options, &mut |_| ()).unwrap();
    assert_eq!(summary.counts.error, 40);
    assert!(summary.tasks[0].message.starts_with("no worker can start"), "{summary}");
    assert_eq!(summary.exit_code(), 1);
}

#[test]
fn progress_counts_every_task_once() {
    let root = tempfile::tempdir().unwrap();
    let plan = plan(MIXED);
    fs::write(root.path().join("folder"), root.path().join("mixed-0001").display().to_string())
        .unwrap();
    let mut seen = Vec::new();
    run(&plan, &options(root.path()), &mut |p| {
        assert!(p.result.is_some());
        seen.push((p.done, p.total));
    })
    .unwrap();
    assert_eq!(seen, (1..=40).map(|done| (done, 40)).collect::<Vec<_>>());
}

#[test]
fn lost_broken_and_disagreeing_results_are_errors() {
    let root = tempfile::tempdir().unwrap();
    let before = summary(root.path(), MIXED);
    let folder = RunFolder::open(&before.folder);
    let file = |index: usize, attempt: u32| {
        before.folder.join(format!("results/{}.{attempt}.json", before.tasks[index].task.id))
    };
    fs::remove_file(file(0, 1)).unwrap();
    fs::write(file(1, 1), "{").unwrap();
    fs::copy(file(3, 1), file(2, 1)).unwrap();
    let agreeing = TaskResult { attempt: 2, seconds: 9.0, ..before.tasks[4].clone() };
    fs::write(file(4, 2), serde_json::to_string(&agreeing).unwrap()).unwrap();
    let other = TaskResult { attempt: 2, verdict: Verdict::Fail, ..before.tasks[5].clone() };
    fs::write(file(5, 2), serde_json::to_string(&other).unwrap()).unwrap();
    let broken = TaskResult { attempt: 2, verdict: Verdict::Error, ..before.tasks[6].clone() };
    fs::write(file(6, 2), serde_json::to_string(&broken).unwrap()).unwrap();

    let after = Summary::collect(&folder, 0.0).unwrap();
    let seen: Vec<_> = after.tasks[..7].iter().map(|t| (t.verdict, t.signature.as_str())).collect();
    use Verdict::{Error, Pass};
    let expect = [
        (Error, "lost"),
        (Error, "unreadable result"),
        (Error, "unreadable result"),
        (Pass, ""),
        (Pass, ""),
        (Error, "attempts disagree"),
        (Pass, ""),
    ];
    assert_eq!(seen, expect);
}

#[test]
fn files_of_a_run_are_those_of_the_format() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(root.path(), MIXED);
    let folder = RunFolder::open(&summary.folder);
    assert_eq!(Manifest::load(&folder).unwrap().tasks.len(), 40);
    let read = |name: &str| fs::read_to_string(summary.folder.join(name)).unwrap();
    let kept: Summary = serde_json::from_str(&read("summary.json")).unwrap();
    assert_eq!(timeless(kept), timeless(summary.clone()));
    assert_eq!(read("plan.toml"), MIXED);
    let junit = read("junit.xml");
    assert!(junit.contains("tests=\"40\""), "{}", &junit[..300]);
    assert_eq!(junit.matches("reproduce: olivine replay counter-").count(), summary.counts.fail);
    let leftovers: Vec<_> = fs::read_dir(&summary.folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(".tmp"))
        .collect();
    assert!(leftovers.is_empty(), "{leftovers:?}");
}

#[test]
fn runs_are_numbered_and_the_latest_is_found() {
    let root = tempfile::tempdir().unwrap();
    let one = summary(root.path(), MIXED);
    fs::write(root.path().join("folder"), root.path().join("mixed-0002").display().to_string())
        .unwrap();
    let two = run(&plan(MIXED), &options(root.path()), &mut |_| ()).unwrap();
    assert_ne!(one.folder, two.folder);
    let found = find_task(root.path(), &one.tasks[0].task.id).unwrap();
    assert_eq!(found.path(), two.folder);
}
