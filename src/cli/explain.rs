//! `olivine explain`: what a fault's code means.

use crate::exit::{CommandError, Exit};

#[derive(clap::Args)]
pub(super) struct Options {
    /// A code as it stands in a fault (`L010`), or a word to search for; without it all codes
    code: Option<String>,
}

/// Every code of a design's faults with its meaning in a line: the language's, the netlist's, those of
/// proofs.
fn codes() -> impl Iterator<Item = (&'static str, &'static str)> {
    let proofs = olivine_formal::CODES;
    olivine_lang::CODES.iter().chain(olivine_netlist::CODES).chain(proofs).copied()
}

pub(super) fn run(options: &Options) -> Result<Exit, CommandError> {
    let Some(asked) = &options.code else {
        codes().for_each(|(code, meaning)| println!("{code}  {meaning}"));
        return Ok(Exit::Done);
    };
    println!("{}", explained(asked).map_err(CommandError::usage)?);
    Ok(Exit::Done)
}

/// Why a code is a fault, with a wrong and a right example.
fn at_length(code: &str) -> Option<&'static str> {
    olivine_lang::explain(code)
        .or_else(|| olivine_netlist::explain(code))
        .or_else(|| olivine_formal::explain(code))
}

/// What stands under a code, however it is written: `l010`, `error[L010]`.
fn explained(asked: &str) -> Result<String, String> {
    let bare = asked.trim().trim_start_matches("error").trim_matches(['[', ']', ':']);
    let code = bare.to_uppercase();
    match codes().find(|(known, _)| *known == code) {
        Some((code, meaning)) => Ok(match at_length(code) {
            // Its heading is the code with the meaning.
            Some(text) => text.trim().trim_start_matches("# ").to_string(),
            None => format!("{code}: {meaning}"),
        }),
        None => Err(unknown(bare, &code)),
    }
}

fn unknown(asked: &str, code: &str) -> String {
    let word = asked.to_lowercase();
    let near = codes().filter(|(known, meaning)| {
        distance(known, code) == 1 || (word.len() > 2 && meaning.contains(&word))
    });
    let near: Vec<String> = near.map(|(code, meaning)| format!("  {code}  {meaning}")).collect();
    match near.is_empty() {
        true => format!("no fault has the code `{asked}`; `olivine explain` lists all of them"),
        false => format!("no fault has the code `{asked}`; near it are\n{}", near.join("\n")),
    }
}

/// In how many places two codes of one length differ; more than any for others.
fn distance(a: &str, b: &str) -> usize {
    match a.len() == b.len() {
        true => a.bytes().zip(b.bytes()).filter(|(a, b)| a != b).count(),
        false => usize::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_however_it_is_written() {
        assert!(codes().count() > 50);
        for (code, meaning) in codes() {
            for asked in [code.to_string(), code.to_lowercase(), format!("error[{code}]:")] {
                let text = explained(&asked).expect(code);
                assert!(text.starts_with(&format!("{code}: {meaning}\n\n")), "{text}");
            }
        }
    }

    #[test]
    fn what_is_no_code_shows_near_ones() {
        let told = explained("L019").expect_err("no such code");
        assert!(told.starts_with("no fault has the code `L019`; near it are\n"), "{told}");
        assert!(told.contains("\n  L010  ") && !told.contains("N060"), "{told}");
        let told = explained("loop").expect_err("a word");
        assert!(told.contains("N060  a combinational loop"), "{told}");
        let told = explained("Q").expect_err("nothing");
        assert!(told.contains("lists all of them"), "{told}");
    }
}
