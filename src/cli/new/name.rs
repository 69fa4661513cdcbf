//! Which names a crate can have.

/// Rust's keywords, and names that cargo or the crate itself needs for something else.
const TAKEN: &[&str] = &[
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "build",
    "const",
    "continue",
    "core",
    "crate",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "insta",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "olivine",
    "override",
    "priv",
    "proc_macro",
    "proptest",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Whether a crate can be called so.
///
/// # Errors
/// What is wrong with the name, and how it could be.
pub(super) fn check(name: &str) -> Result<(), String> {
    let form = "small letters, digits, `-` and `_`, beginning with a letter";
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    if let Some(wrong) = name.chars().find(|c| !allowed(*c)) {
        return Err(format!("a crate cannot be called `{name}`: not with `{wrong}`; use {form}"));
    }
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(format!("a crate cannot be called `{name}`; use {form}"));
    }
    if TAKEN.contains(&name.replace('-', "_").as_str()) {
        return Err(format!(
            "a crate cannot be called `{name}`: Rust, cargo or the crate itself use that name; \
             try `{name}-chip`"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cargo_takes() {
        for name in ["fir", "my-chip", "uart_16550", "x"] {
            assert_eq!(check(name), Ok(()));
        }
        for name in ["", "Fir", "1fir", "-x", "a/b", "../x", "a b", "fn", "proc-macro", "olivine"] {
            let told = check(name).expect_err(name);
            assert!(told.contains(&format!("called `{name}`")), "{told}");
        }
    }
}
