//! Wrong plans, and what is said of them.

mod benches;

use olivine_regress::Plan;

fn complaint(text: &str) -> String {
    Plan::parse("plan.toml", text, &benches::registry()).unwrap_err().to_string()
}

/// A plan with one entry, whose lines follow line 3.
fn entry(lines: &str) -> String {
    format!("name = \"test\"\n\n[[bench]]\n{lines}\n")
}

#[test]
fn every_wrong_entry_is_told_with_its_line() {
    let check = |lines: &str, expect: &str| {
        let complaint = complaint(&entry(lines));
        assert!(complaint.starts_with(expect), "{lines}: {complaint}");
    };
    check("seeds = 1", "plan.toml:3: missing field `name`");
    check("name = \"counter\"", "plan.toml:3: missing field `seeds`");
    check(
        "name = \"conter\"\nseeds = 1",
        "plan.toml:4: there is no bench `conter`; known are counter, dies, hangs, stops",
    );
    check("name = \"counter\"\nseeds = 0", "plan.toml:5: there must be at least one seed");
    check("name = \"counter\"\nseeds = -3", "plan.toml:5: there must be at least one seed");
    check("name = \"counter\"\nseeds = []", "plan.toml:5: there must be at least one seed");
    check("name = \"counter\"\nseeds = [1, -2]", "plan.toml:5: -2 is no seed: it is negative");
    check("name = \"counter\"\nseeds = \"1-2\"", "plan.toml:5: `1-2` is no range of seeds");
    check(
        "name = \"counter\"\nseeds = true",
        "plan.toml:5: invalid type: boolean `true`, expected a number of seeds, a range such as",
    );
    check("name = \"counter\"\nseeds = 1\nseed = 2", "plan.toml:6: unknown field `seed`");
    check("name = \"counter\"\nseeds = ", "plan.toml:5: ");
    check(
        "name = \"counter\"\nseeds = 1\ntime_limit_s = 0.0",
        "plan.toml:6: time_limit_s is 0; it must be above 0 and at most 86400",
    );
    check(
        "name = \"counter\"\nseeds = 1\nparameters = { depth = 3 }",
        "plan.toml:6: bench `counter`: there is no parameter `depth`; known, with defaults: \
         limit = 5, fault = false",
    );
    check(
        "name = \"counter\"\nseeds = 1\nparameters = { limit = \"high\" }",
        "plan.toml:6: bench `counter`: parameter `limit` is a whole number, not a text (`high`)",
    );
    check(
        "name = \"counter\"\nseeds = 1\nparameters = { limit = 255 }",
        "plan.toml:6: bench `counter`: limit is 255; it must be 1 to 254",
    );
    check(
        "name = \"counter\"\nseeds = [4, 4]",
        "plan.toml:4: seed 4 of `counter` with the same parameters is already in the entry of line 4",
    );
}

#[test]
fn a_wrong_head_is_told_with_its_line() {
    let good = "[[bench]]\nname = \"counter\"\nseeds = 1\n";
    let check = |head: &str, expect: &str| {
        let complaint = complaint(&format!("{head}\n{good}"));
        assert!(complaint.starts_with(expect), "{head}: {complaint}");
    };
    check("", "plan.toml:1: missing field `name`");
    check("name = \"a b\"", "plan.toml:1: the plan's name `a b` must be letters, digits, - and _");
    check("name = \"a\"\njobs = 0", "plan.toml:2: jobs is 0; it must be at least 1");
    check("name = \"a\"\ntime_limit_s = nan", "plan.toml:2: time_limit_s is NaN");
    check("name = \"a\"\nname = \"b\"", "plan.toml:2: duplicate key");
}

#[test]
fn a_plan_without_tasks_is_no_plan() {
    assert_eq!(
        complaint("name = \"empty\"\n"),
        "plan.toml: the plan has no [[bench]]: nothing would run"
    );
    assert_eq!(
        complaint("name = \"empty\"\nbench = []\n"),
        "plan.toml: the plan has no [[bench]]: nothing would run"
    );
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_lines() {
    let text = "name = \"two words\"\njobs = 0\n[[bench]]\nname = \"none\"\nseeds = 1\n\
                [[bench]]\nname = \"counter\"\nseeds = 1\nparameters = { limit = 0, a = 1 }\n";
    let complaint = complaint(text);
    let lines: Vec<&str> = complaint.lines().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(lines, ["plan.toml:1", "plan.toml:2", "plan.toml:4", "plan.toml:9"], "{complaint}");
}

#[test]
fn a_missing_plan_is_an_error() {
    let file = std::path::Path::new("no/such/plan.toml");
    let error = Plan::load(file, &benches::registry()).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    assert!(error.to_string().starts_with("no/such/plan.toml: cannot read the plan"), "{error}");
}

#[test]
fn seeds_keep_all_their_bits() {
    let text =
        entry("name = \"counter\"\nseeds = \"0xffff_ffff_0000_0001..0xffff_ffff_0000_0003\"");
    let plan = Plan::parse("plan.toml", &text, &benches::registry()).unwrap();
    let seeds: Vec<u64> = plan.tasks.iter().map(|task| task.seed).collect();
    assert_eq!(seeds, [0xffff_ffff_0000_0001, 0xffff_ffff_0000_0002]);
}
