//! Patterns for paths.

/// Whether `pattern` matches the whole of `path`: `*` is any text, `?` any character, all else
/// itself.
pub fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), path.chars().collect());
    let (mut p, mut at) = (0, 0);
    // The last star, and where the text after what it took begins.
    let mut star: Option<(usize, usize)> = None;
    while at < path.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, at));
                p += 1;
            }
            Some(c) if *c == '?' || *c == path[at] => (p, at) = (p + 1, at + 1),
            _ => {
                let Some((back, taken)) = star else { return false };
                star = Some((back, taken + 1));
                (p, at) = (back + 1, taken + 1);
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, path, expect) in [
            ("count", "count", true),
            ("count", "counter", false),
            ("*", "", true),
            ("*", "pe[0][1].sum", true),
            ("pe[?][1].*", "pe[0][1].sum", true),
            ("pe[?][1].*", "pe[0][2].sum", false),
            ("*.sum", "pe[0][1].add.sum", true),
            ("*add*m", "pe[0][1].add.sum", true),
            ("*add*x", "pe[0][1].add.sum", false),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, path), expect, "{pattern} on {path}");
        }
    }
}
