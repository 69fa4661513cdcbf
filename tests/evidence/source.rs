//! Rust sources as items of tokens: what a comment or a string says is not among them.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};

/// What is said of an item in front of it.
#[derive(Clone, Default)]
struct Attributes {
    docs: String,
    idents: BTreeSet<String>,
}

/// A function, constant, type or implementation.
#[derive(Clone)]
pub struct Item {
    /// The modules inside the file and the item's name, by `::`; an implementation is called as
    /// its type.
    pub path: String,
    /// The last part of the path.
    pub name: String,
    /// The first keyword: `fn`, `struct`, `impl` …
    pub kind: String,
    /// Its doc comment, a line each.
    pub docs: String,
    /// It runs under `cargo test`: `#[test]`, without `#[ignore]` or `#[cfg]`.
    pub is_test: bool,
    /// It stands in a `proptest!`.
    pub is_random: bool,
    /// All tokens after the name, or, of an implementation, after `impl`.
    pub tokens: Vec<TokenTree>,
}

/// The items of one file.
pub struct File {
    /// The test binary it belongs to.
    pub binary: String,
    /// Its module in the binary; empty for the root.
    pub module: String,
    /// In the order of the text.
    pub items: Vec<Item>,
    /// The names that it takes from other modules of its binary, each with its module.
    pub imports: BTreeMap<String, String>,
}

/// The names in `use crate::MODULE::…`.
pub fn imports(text: &str) -> BTreeMap<String, String> {
    let uses = text.split("use crate::").skip(1).filter_map(|rest| rest.split(';').next());
    let of_use = |names: &str| {
        let (module, names) = names.split_once("::").unwrap_or_default();
        idents(&tokens(names))
            .into_iter()
            .map(|name| (name, module.to_string()))
            .collect::<Vec<_>>()
    };
    uses.flat_map(of_use).collect()
}

fn tokens(text: &str) -> Vec<TokenTree> {
    let tokens: TokenStream = text.parse().unwrap_or_else(|e| panic!("no tokens: {e}"));
    tokens.into_iter().collect()
}

/// The items of a text, those of inner modules among them.
pub fn items(text: &str) -> Vec<Item> {
    let mut found = Vec::new();
    collect(tokens(text).into_iter().collect(), "", false, &mut found);
    found
}

fn collect(tokens: TokenStream, path: &str, random: bool, found: &mut Vec<Item>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut at, mut attributes) = (0, Attributes::default());
    while at < tokens.len() {
        let rest = &tokens[at..];
        at += match (ident(&rest[0]).as_str(), rest) {
            ("", [hash, TokenTree::Group(group), ..]) if is_punct(hash, '#') => {
                attributes.read(group.stream());
                2
            }
            ("mod", [_, name, TokenTree::Group(group), ..]) => {
                collect(group.stream(), &joined(path, &ident(name)), random, found);
                attributes = Attributes::default();
                3
            }
            ("proptest", [_, _, TokenTree::Group(group), ..]) => {
                collect(group.stream(), path, true, found);
                3
            }
            (kind @ ("fn" | "const" | "struct" | "enum" | "impl"), _) => {
                let length = length(kind, rest);
                let item = item(kind, &rest[..length], path, random, attributes);
                found.push(item);
                attributes = Attributes::default();
                length
            }
            ("use" | "type" | "mod", _) => {
                attributes = Attributes::default();
                length("const", rest)
            }
            _ => 1,
        };
    }
}

impl Attributes {
    fn read(&mut self, attribute: TokenStream) {
        let tokens: Vec<TokenTree> = attribute.into_iter().collect();
        if let [name, _, TokenTree::Literal(text)] = &tokens[..]
            && ident(name) == "doc"
        {
            self.docs += string(&text.to_string()).trim();
            self.docs += "\n";
        }
        self.idents.extend(tokens.first().map(ident));
    }
}

/// The tokens of an item that begins here: to its braces, or to its semicolon.
fn length(kind: &str, tokens: &[TokenTree]) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => kind != "const" && group.delimiter() == Delimiter::Brace,
        other => is_punct(other, ';'),
    };
    tokens.iter().position(ends).map_or(tokens.len(), |last| last + 1)
}

fn item(kind: &str, tokens: &[TokenTree], path: &str, random: bool, said: Attributes) -> Item {
    let name = if kind == "impl" { subject(tokens) } else { ident(&tokens[1]) };
    let has = |name: &str| said.idents.contains(name);
    Item {
        path: joined(path, &name),
        name,
        kind: kind.to_string(),
        is_test: has("test") && !has("ignore") && !has("cfg"),
        is_random: random,
        docs: said.docs,
        tokens: tokens[1..].to_vec(),
    }
}

/// The type that is implemented: behind `for`, else the first name behind the generics.
fn subject(tokens: &[TokenTree]) -> String {
    if let Some(at) = tokens.iter().position(|t| ident(t) == "for") {
        return tokens.get(at + 1).map(ident).unwrap_or_default();
    }
    let mut depth = 0;
    for token in &tokens[1..] {
        depth += i32::from(is_punct(token, '<')) - i32::from(is_punct(token, '>'));
        if depth == 0 && !ident(token).is_empty() {
            return ident(token);
        }
    }
    String::new()
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_string() } else { format!("{path}::{name}") }
}

/// The text of an identifier, empty for another token.
pub fn ident(token: &TokenTree) -> String {
    if let TokenTree::Ident(ident) = token { ident.to_string() } else { String::new() }
}

pub fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

/// What a literal of a string means; nothing for another literal.
pub fn string(literal: &str) -> String {
    if let Some(raw) = literal.strip_prefix('r') {
        return raw.trim_matches('#').trim_matches('"').to_string();
    }
    let inner = literal.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or_default().replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\")
}

/// All identifiers, those in groups among them.
pub fn idents(tokens: &[TokenTree]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                found.extend(idents(&inner));
            }
            other => found.extend(Some(ident(other)).filter(|name| !name.is_empty())),
        }
    }
    found
}

/// The arguments of each call of a function, or, with `!`, of a macro, of one of these names.
pub fn calls(tokens: &[TokenTree], names: &BTreeSet<String>) -> Vec<Vec<TokenTree>> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
        let before = tokens[..at].iter().rev().find(|t| !is_punct(t, '!'));
        if before.is_some_and(|name| names.contains(&ident(name))) {
            found.push(inner.clone());
        }
        found.extend(calls(&inner, names));
    }
    found
}

/// The arguments, apart.
pub fn arguments(tokens: &[TokenTree]) -> Vec<Vec<TokenTree>> {
    tokens.split(|t| is_punct(t, ',')).map(<[TokenTree]>::to_vec).collect()
}

/// What stands behind each name of a `let` or `for`.
pub fn locals(tokens: &[TokenTree]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (at, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            for (name, meant) in locals(&inner) {
                found.entry(name).or_default().extend(meant);
            }
        }
        let keyword = ident(token);
        let rest = &tokens[at + 1..];
        let parts = match keyword.as_str() {
            "let" => split(rest, |t| is_punct(t, '='), |t| is_punct(t, ';')),
            "for" => split(rest, |t| ident(t) == "in", is_braces),
            _ => None,
        };
        let Some((pattern, value)) = parts else { continue };
        for name in idents(pattern) {
            found.entry(name).or_default().extend(idents(value));
        }
    }
    found
}

fn is_braces(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

/// What stands before `middle`, and between it and `end`.
fn split(
    tokens: &[TokenTree],
    middle: impl Fn(&TokenTree) -> bool,
    end: impl Fn(&TokenTree) -> bool,
) -> Option<(&[TokenTree], &[TokenTree])> {
    let middle = tokens.iter().position(middle)?;
    let end = middle + tokens[middle..].iter().position(end)?;
    Some((&tokens[..middle], &tokens[middle + 1..end]))
}
