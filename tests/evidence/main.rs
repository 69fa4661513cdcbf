//! What is known of each block, kept in `hdl/blocks/EVIDENCE.md`: its contract, the golden model
//! that it is compared with, the wave, the test on random cycles, the proof, and the
//! test that small changes are found out.
//!
//! Nothing is claimed by hand: blocks are the modules in the sources of `hdl/blocks`, and each
//! cell names a test that is there, found by what it calls ([`found`]); what is in comments, or
//! does not run, does not count. The registered designs say how blocks are registered and which
//! ports a wave can show. The file is rewritten by
//!
//! ```text
//! OLIVINE_EVIDENCE=write cargo test --release -p olivine --test evidence
//! ```

mod found;
mod planted;
mod source;

use found::{Tests, listed};
use source::{Item, items};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What a contract says at least.
const HEADINGS: [&str; 4] = ["Ports", "Behaviour", "Timing", "Verification"];

/// Modules that are there for proofs alone.
const FOR_PROOFS: [&str; 3] = ["Order", "Proof", "Pair"];

const MISSING: &str = "**missing**";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hdl/blocks")
}

/// A module of the crate.
struct Block {
    name: String,
    /// Where it stands, if its contract says all that it must.
    contract: Option<String>,
}

/// All modules of the sources in a folder.
fn blocks(sources: &Path) -> Vec<Block> {
    let (mut found, mut waiting) = (Vec::new(), vec![sources.to_path_buf()]);
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(listed(&path));
            continue;
        }
        let text = fs::read_to_string(&path).expect("a text");
        let below = path.strip_prefix(sources).expect("it is below").display().to_string();
        found.extend(modules(&items(&text), &below));
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn modules(items: &[Item], file: &str) -> Vec<Block> {
    let is_module = |item: &&Item| {
        let names: Vec<String> = item.tokens.iter().map(source::ident).collect();
        item.kind == "impl"
            && names.iter().any(|n| n == "Module")
            && names.iter().any(|n| n == "for")
    };
    let of = |item: &Item| {
        let says = |docs: &str| HEADINGS.iter().all(|h| docs.contains(&format!("*{h}*")));
        let described = items.iter().find(|i| i.kind == "struct" && i.name == item.name);
        let contract = described.filter(|i| says(&i.docs)).map(|_| file.to_string());
        Block { name: item.name.clone(), contract }
    };
    let all = items.iter().filter(is_module).map(of);
    all.filter(|block| !FOR_PROOFS.iter().any(|end| block.name.ends_with(end))).collect()
}

/// The registered designs in which each block stands, and its ports there.
fn registered() -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let mut found: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    let registry = olivine::designs::all();
    for entry in registry.entries() {
        let design = registry.load(entry.name).unwrap_or_else(|e| panic!("{}", e.message));
        for module in &design.modules {
            // As it is printed, its type first: `Counter { limit: 3 }`.
            let end = module
                .parameters
                .find(|c: char| !c.is_alphanumeric())
                .unwrap_or(module.parameters.len());
            let (designs, ports) = found.entry(module.parameters[..end].to_string()).or_default();
            designs.insert(entry.name.to_string());
            ports.extend(module.ports.iter().map(|port| port.name.clone()));
        }
    }
    found
}

/// A line for each block.
fn table(blocks: &[Block], tests: &Tests) -> Vec<String> {
    let registered = registered();
    let none = Default::default();
    let list = |names: Vec<String>| match &names[..] {
        [] => MISSING.to_string(),
        names => names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", "),
    };
    let line = |block: &Block| {
        let name = &block.name;
        let (designs, ports) = registered.get(name).unwrap_or(&none);
        let cells = [
            format!("`{name}`"),
            list(designs.iter().take(3).cloned().collect()),
            list(block.contract.iter().cloned().collect()),
            list(tests.golden(name)),
            list(tests.waves(name, ports)),
            list(tests.properties(name)),
            list(tests.proofs(name)),
            list(tests.changed(name)),
        ];
        format!("| {} |", cells.join(" | "))
    };
    blocks.iter().map(line).collect()
}

#[test]
fn every_block_has_its_evidence() {
    let blocks = blocks(&folder().join("src"));
    assert!(blocks.len() >= 50, "{} blocks", blocks.len());
    let lines = table(&blocks, &Tests::read(&folder().join("tests")));
    let head = "# What is known of each block\n\nFound in the sources and tests, not claimed: a test \
                as `cargo test -p olivine-blocks --test BINARY\nMODULE::TEST`, named \
                `BINARY::MODULE::TEST`. Written by\n`OLIVINE_EVIDENCE=write cargo test --release -p \
                olivine --test evidence`.\n\n| block | registered in | contract | golden model | wave \
                | on random cycles | proved | changes found out |\n|---|---|---|---|---|---|---|---|\n";
    let text = format!("{head}{}\n", lines.join("\n"));
    let path = folder().join("EVIDENCE.md");
    if std::env::var("OLIVINE_EVIDENCE").as_deref() == Ok("write") {
        fs::write(&path, &text).expect("a file");
    }
    let kept = fs::read_to_string(&path).expect("hdl/blocks/EVIDENCE.md");
    let changed: Vec<&str> = text.lines().filter(|l| !kept.lines().any(|k| k == *l)).collect();
    assert!(
        text == kept,
        "not what is kept; OLIVINE_EVIDENCE=write writes:\n{}",
        changed.join("\n")
    );
    let gaps: Vec<&String> = lines.iter().filter(|line| line.contains(MISSING)).collect();
    assert!(gaps.is_empty(), "blocks without their evidence:\n{gaps:#?}");
}
