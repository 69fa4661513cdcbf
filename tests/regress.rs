//! The plan in the repository: 200 seeds over its benches.

use std::process::Command;

#[test]
fn two_hundred_seeds_pass() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (json, junit, root) = (file("summary.json"), file("junit.xml"), file("runs"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_olivine"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["regress", "verif/regress/plans/spine.toml"]);
    command.args(["--root", &root, "--json", &json, "--junit", &junit]);
    let output = command.output().expect("the command starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}");
    let summary = std::fs::read_to_string(json).expect("a summary");
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    assert_eq!(summary["counts"]["pass"], 200);
    let junit = std::fs::read_to_string(junit).expect("a report");
    assert_eq!(junit.matches("<testcase").count(), 200);
}
