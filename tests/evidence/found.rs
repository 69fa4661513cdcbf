//! What the tests of a crate show of a block.

use crate::source::{
    File, Item, arguments, calls, idents, imports, is_punct, items, locals, string,
};
use proc_macro2::TokenTree;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::ptr;

/// All tests of a crate.
pub struct Tests {
    files: Vec<File>,
    /// The snapshots that are kept beside them, by file name.
    snapshots: BTreeMap<String, String>,
    /// The functions that prove the module they are given.
    provers: BTreeSet<String>,
    /// Those that change designs in one place.
    changers: BTreeSet<String>,
}

/// What proves, in a function, that every property is proved and every cover reached.
const VERDICT: &str = "assert_proved";

/// What gives the changes of a design in one place.
const CHANGES: &str = "mutations";

/// What runs a block on random cycles.
const RANDOM: [&str; 1] = ["for_all_cycles"];

impl Tests {
    /// Those in a folder, where each file or folder is a binary.
    pub fn read(folder: &Path) -> Self {
        let mut tests = Self::of(Vec::new(), BTreeMap::new());
        let mut waiting = vec![folder.to_path_buf()];
        while let Some(here) = waiting.pop() {
            for path in listed(&here) {
                let text = || fs::read_to_string(&path).expect("a text");
                match path.extension().and_then(|e| e.to_str()) {
                    None => waiting.push(path),
                    Some("rs") => {
                        let (binary, module) = place(folder, &path);
                        let text = text();
                        let (items, imports) = (items(&text), imports(&text));
                        tests.files.push(File { binary, module, items, imports });
                    }
                    Some("snap") => {
                        let name = path.file_stem().unwrap_or_default().to_string_lossy();
                        tests.snapshots.insert(name.into_owned(), text());
                    }
                    Some(_) => {}
                }
            }
        }
        Self::of(tests.files, tests.snapshots)
    }

    /// Those of these files and snapshots.
    pub fn of(files: Vec<File>, snapshots: BTreeMap<String, String>) -> Self {
        let all = files.iter().flat_map(|file| &file.items);
        let proves = |item: &&Item| !item.is_test && idents(&item.tokens).contains(VERDICT);
        let provers = all.filter(|i| i.kind == "fn").filter(proves).map(|i| i.name.clone());
        let provers = provers.collect();
        let mut changers: BTreeSet<String> = [CHANGES.to_string()].into();
        // Who calls one is one.
        loop {
            let all = files.iter().flat_map(|file| &file.items).filter(|i| !i.is_test);
            let calls = |i: &&Item| !calls(&i.tokens, &changers).is_empty();
            let more = all.filter(|i| i.kind == "fn").filter(calls).map(|i| i.name.clone());
            let more: BTreeSet<String> = more.chain(changers.clone()).collect();
            if more == changers {
                return Self { provers, changers, files, snapshots };
            }
            changers = more;
        }
    }

    fn tests(&self) -> impl Iterator<Item = (&File, &Item)> {
        let all = self.files.iter().flat_map(|f| f.items.iter().map(move |item| (f, item)));
        all.filter(|(_, item)| item.is_test)
    }

    /// The tests that prove a block, alone or in a wrapper.
    pub fn proofs(&self, block: &str) -> Vec<String> {
        let proves = |file: &File, item: &Item| {
            let arguments = calls(&item.tokens, &self.provers);
            arguments.iter().any(|a| self.means(file, item, a, block))
        };
        self.named(proves)
    }

    /// The tests that find out designs that differ from a block in one place.
    pub fn changed(&self, block: &str) -> Vec<String> {
        self.named(|file, item| {
            let changes = !calls(&item.tokens, &self.changers).is_empty();
            changes && self.means(file, item, &item.tokens, block)
        })
    }

    /// The tests that run a block on random cycles.
    pub fn properties(&self, block: &str) -> Vec<String> {
        self.named(|file, item| self.is_property(file, item, block))
    }

    fn is_property(&self, file: &File, item: &Item, block: &str) -> bool {
        if item.is_random {
            return self.means(file, item, &item.tokens, block);
        }
        let random = RANDOM.map(String::from).into();
        let calls = calls(&item.tokens, &random);
        calls.iter().any(|a| self.means(file, item, &arguments(a)[0], block))
    }

    /// The golden models that these tests compare the block with: what is called so and stands in
    /// their file, or in the test itself.
    pub fn golden(&self, block: &str) -> Vec<String> {
        let tests = self.tests().filter(|(file, item)| self.is_property(file, item, block));
        let of_test = |(file, item): (&File, &Item)| {
            let locals = locals(&item.tokens);
            let inside = locals.keys().map(|name| format!("{}::{name}", item.path));
            let (_, items) = self.meant(file, item, &item.tokens);
            let beside = items.into_iter().map(|(file, item)| qualified(file, &item.path));
            let inside = inside.map(|path| qualified(file, &path));
            let last = |path: &str| path.rsplit("::").next().unwrap_or_default().to_lowercase();
            let all = inside.chain(beside).filter(|path| last(path).starts_with("golden"));
            all.collect::<Vec<_>>()
        };
        let found: BTreeSet<String> = tests.flat_map(of_test).collect();
        found.into_iter().collect()
    }

    /// The tests that keep a wave of a block, whose ports are these.
    pub fn waves(&self, block: &str, ports: &BTreeSet<String>) -> Vec<String> {
        let shows = |file: &File, item: &Item| {
            self.means(file, item, &item.tokens, block)
                && self.kept(file, item).iter().any(|text| is_wave(text, ports))
        };
        self.named(shows)
    }

    fn named(&self, wanted: impl Fn(&File, &Item) -> bool) -> Vec<String> {
        let found = self.tests().filter(|(file, item)| wanted(file, item));
        let names: BTreeSet<String> =
            found.map(|(file, item)| qualified(file, &item.path)).collect();
        names.into_iter().collect()
    }

    /// Whether the tokens of a test mean this block: by its name, or that of what proves it.
    fn means(&self, file: &File, item: &Item, tokens: &[TokenTree], block: &str) -> bool {
        let (names, _) = self.meant(file, item, tokens);
        ["", "Order", "Proof"].iter().any(|end| names.contains(&format!("{block}{end}")))
    }

    /// All names in tokens of a test, and the items that these stand for, with what is in them.
    fn meant(
        &self,
        file: &File,
        item: &Item,
        tokens: &[TokenTree],
    ) -> (BTreeSet<String>, Vec<(&File, &Item)>) {
        let locals = locals(&item.tokens);
        let (mut names, mut items) = (BTreeSet::new(), Vec::new());
        let mut waiting: Vec<String> = idents(tokens).into_iter().collect();
        while let Some(name) = waiting.pop() {
            if names.insert(name.clone()) {
                waiting.extend(locals.get(&name).into_iter().flatten().cloned());
                items.extend(self.items_called(file, &name));
            }
        }
        // From here on without the test's own names.
        let mut done = 0;
        while let Some((file, item)) = items.get(done).copied() {
            done += 1;
            for name in idents(&item.tokens) {
                let new = self.items_called(file, &name);
                let new =
                    new.into_iter().filter(|(_, n)| !items.iter().any(|(_, i)| ptr::eq(*i, *n)));
                let new: Vec<_> = new.collect();
                items.extend(new);
                names.insert(name);
            }
        }
        (names, items)
    }

    /// The items of this name in a file, or, if it takes the name from another module of its
    /// binary, there.
    fn items_called(&self, file: &File, name: &str) -> Vec<(&File, &Item)> {
        let module = file.imports.get(name).unwrap_or(&file.module);
        let files = self.files.iter().filter(|f| f.binary == file.binary && f.module == *module);
        let items = files.flat_map(|f| f.items.iter().map(move |item| (f, item)));
        items.filter(|(_, item)| !item.is_test && item.name == name).collect()
    }

    /// The snapshots that a test compares with: beside it, or kept in files.
    fn kept(&self, file: &File, item: &Item) -> Vec<String> {
        let macros = ["assert_snapshot".to_string()].into();
        let mut found = Vec::new();
        for call in calls(&item.tokens, &macros) {
            let parts = arguments(&call);
            let last = parts.iter().rfind(|part| !part.is_empty());
            let inline = last.and_then(|part| match &part[..] {
                [at, TokenTree::Literal(text)] if is_punct(at, '@') => Some(text.to_string()),
                _ => None,
            });
            if let Some(text) = inline {
                found.push(string(&text));
                continue;
            }
            let name = parts[0].iter().map(literal).find(|name| !name.is_empty());
            let Some(name) = name else { continue };
            let whole = qualified(file, &name).replace("::", "__");
            let fits = |(kept, _): &(&String, &String)| fits(&whole, kept);
            found.extend(self.snapshots.iter().filter(fits).map(|(_, text)| text.clone()));
        }
        found
    }
}

/// The text of a literal, or of the first in a group.
fn literal(token: &TokenTree) -> String {
    match token {
        TokenTree::Literal(text) => string(&text.to_string()),
        TokenTree::Group(group) => group.stream().into_iter().map(|t| literal(&t)).collect(),
        _ => String::new(),
    }
}

/// Whether a name is of this form, in which `{…}` stands for anything.
fn fits(form: &str, name: &str) -> bool {
    let Some((before, after)) = form.split_once('{') else { return form == name };
    let after = after.split_once('}').map_or("", |(_, after)| after);
    let Some(rest) = name.strip_prefix(before) else { return false };
    (0..=rest.len()).filter(|i| rest.is_char_boundary(*i)).any(|i| fits(after, &rest[i..]))
}

/// Whether a text draws at least three cycles of at least two signals, or of the one port that there
/// is, most of them ports.
fn is_wave(text: &str, ports: &BTreeSet<String>) -> bool {
    let mut rows = text.lines().map(str::trim).skip_while(|l| !l.starts_with("cycle "));
    let Some(head) = rows.next() else { return false };
    let labels = rows.filter_map(|row| row.split_whitespace().next());
    let pins = ["clk", "rst", "cycle"];
    let labels = labels.filter(|l| !pins.iter().any(|pin| l.starts_with(pin)));
    let (known, unknown): (Vec<_>, Vec<_>) = labels.partition(|l| ports.contains(*l));
    head.split_whitespace().count() > 3
        && known.len() >= ports.len().min(2)
        && known.len() > unknown.len()
}

fn qualified(file: &File, path: &str) -> String {
    let parts = [&file.binary[..], &file.module, path];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("::")
}

/// The binary and the module in it of a file below a folder.
fn place(folder: &Path, path: &Path) -> (String, String) {
    let below = path.strip_prefix(folder).expect("it is below").with_extension("");
    let parts: Vec<String> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let module = parts[1..].join("::");
    (parts[0].clone(), if module == "main" { String::new() } else { module })
}

/// What is in a folder, in order.
pub fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}
