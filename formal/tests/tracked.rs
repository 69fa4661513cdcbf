//! Memories of which one word or two are followed, and what the checker says of such proofs.

mod common;

use common::{module, short, verdicts};
use olivine_formal::{
    Certificate, Engine, Evidence, Options, Rejection, Report, Start, Tracked, Verdict, prove,
};
use olivine_netlist::Design;
use std::collections::BTreeMap;

/// A memory, and beside it what was last written at one address, arbitrary but fixed: what is read
/// there is that, by three ports.
fn shadowed(depth: u32, width: u32, write: &str) -> Design {
    let reach = depth.next_power_of_two().trailing_zeros();
    module(&format!(
        "input write : bit\ninput at : {reach}\ninput from : {reach}\ninput data : {width}
        register chosen : {reach}
        register kept : {width}
          set data when hit
        register known : 1 reset 1'h0
          set hit when hit
        memory words : {width} x {depth}
          read async chosen
          read async from
          read sync chosen collision new
          {write}
        write : bit = input write\nat : {reach} = input at\nfrom : {reach} = input from
        data : {width} = input data\nchosen : {reach} = register chosen
        kept : {width} = register kept\nknown : 1 = register known
        there : bit = eq(at, chosen)\nhit : bit = and(write, there)\nunknown : bit = not(known)
        there_is : {width} = read words 0\nread : {width} = read words 1
        held : {width} = read words 2
        at_chosen : bit = eq(there_is, kept)\nkeeps : bit = or(unknown, at_chosen)
        of_chosen : bit = eq(from, chosen)\nof_other : bit = not(of_chosen)
        same : bit = eq(read, kept)\nreads : bit = or(of_other, same)
        read_right : bit = or(unknown, reads)
        held_right : bit = eq(held, kept)\nholds : bit = or(unknown, held_right)
        assert \"it stays\" keeps\nassert \"it is read\" read_right
        assert \"it is held\" holds\ncover \"it is written\" known"
    ))
}

fn right(depth: u32, width: u32) -> Design {
    shadowed(depth, width, "write at data when write")
}

fn proved(design: &Design, engine: Engine) -> Report {
    let options = Options { engine, ..Options::default() };
    prove(design, &options).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn a_word_stands_for_all() {
    // The larger one is beyond what is expanded.
    for design in [right(1 << 10, 32), right(1 << 12, 32)] {
        let report = proved(&design, Engine::Auto);
        for row in &report.rows[..3] {
            assert_eq!(short(row), "proved 1, by word", "{report}");
            let Verdict::Proved { certificate, .. } = &row.verdict else { panic!("{row}") };
            certificate.check(&design, None).unwrap_or_else(|why| panic!("{why}"));
        }
    }
    let alone = verdicts(&proved(&right(1 << 10, 32), Engine::Track));
    let open = "unknown 0: following words of memories does not show it";
    assert_eq!(alone[2..], ["proved 1, by word", open]);
}

/// Where k-induction soon proves everything of a small memory, no words are followed.
#[test]
fn what_is_soon_proved_needs_no_words() {
    let report = proved(&right(64, 8), Engine::Auto);
    assert_eq!(verdicts(&report)[..3], ["proved 1"; 3], "{report}");
}

/// Beyond the memory's end nothing is written and anything is read.
#[test]
fn a_word_beyond_the_end_is_none() {
    let report = proved(&right(60, 8), Engine::Auto);
    assert_eq!(verdicts(&report)[..2], ["violated 2", "violated 2"], "{report}");
}

#[test]
fn what_is_wrong_is_found_in_the_memory_itself() {
    let late = shadowed(64, 8, "write at data when known");
    let report = proved(&late, Engine::Auto);
    assert_eq!(verdicts(&report)[0], "violated 2", "{report}");
    let open = "unknown 0: following words of memories does not show it";
    assert_eq!(verdicts(&proved(&late, Engine::Track))[0], open);
}

/// Two ports that read one address agree, whatever was written and whatever was there.
#[test]
fn two_words_are_compared() {
    let design = module(
        "input write : bit\ninput at : 6\ninput data : 8\ninput one : 6\ninput two : 6
        memory words : 8 x 64
          read async one
          read async two
          write at data when write
        write : bit = input write\nat : 6 = input at\ndata : 8 = input data
        one : 6 = input one\ntwo : 6 = input two\nfirst : 8 = read words 0
        second : 8 = read words 1\nalike : bit = eq(first, second)
        together : bit = eq(one, two)\napart : bit = not(together)\nagree : bit = or(apart, alike)
        assert \"they agree\" agree\nassert \"all is the same\" alike",
    );
    let report = proved(&design, Engine::Auto);
    assert_eq!(verdicts(&report), ["proved 0, by word", "violated 1"], "{report}");
}

/// The assumption speaks of a word that is never written: no run keeps it, though one of the words
/// that are not followed might be anything.
#[test]
fn assumptions_are_about_the_memory_itself() {
    let design = module(
        "input at : 6\ninput data : 8
        memory words : 8 x 64
          init 0 0 0 0
          read async three
          read async at
          write at data when never
        at : 6 = input at\ndata : 8 = input data\nthree : 6 = 6'h3\nnever : bit = 1'h0
        third : 8 = read words 0\nis_set : bit = reduce_or(third)\nother : 8 = read words 1
        nothing : 8 = 8'h0\nsame : bit = eq(other, other)
        assert \"nothing\" same\nassume \"it is set\" is_set",
    );
    for engine in [Engine::Auto, Engine::Track] {
        assert_eq!(verdicts(&proved(&design, engine)), ["vacuous 0"]);
    }
    let words = vec![BTreeMap::from([("nothing".to_string(), 1)])];
    let said = certificate(&design, vec![Tracked { memory: "words".to_string(), words }]);
    assert_eq!(said.check(&design, None), Err(Rejection::Vacuous));
}

fn certificate(design: &Design, memories: Vec<Tracked>) -> Certificate {
    let because = Evidence::Induction { k: 0, distinct_states: false };
    Certificate {
        design: design.digest(),
        start: Start::AfterReset { edges: 1 },
        properties: design.top().properties[..1].iter().map(|p| p.name.clone()).collect(),
        evidence: Evidence::Tracked { memories, because: Box::new(because) },
        given: Vec::new(),
    }
}

#[test]
fn certificates_that_say_something_else_are_refused() {
    let design = right(64, 8);
    let report = proved(&design, Engine::Track);
    let Verdict::Proved { certificate, .. } = &report.rows[0].verdict else { panic!("{report}") };
    let changed = |change: &dyn Fn(&mut Vec<Tracked>, &mut Evidence)| {
        let mut certificate = Certificate::clone(certificate);
        let Evidence::Tracked { memories, because } = &mut certificate.evidence else {
            panic!("{certificate:?}")
        };
        change(memories, because);
        certificate.check(&design, None)
    };
    assert_eq!(changed(&|_, _| {}), Ok(()));
    let core = certificate.core(&design, None).unwrap_or_else(|why| panic!("{why}"));
    assert!(core.memories.contains("words") && core.registers.contains("kept"), "{core}");
    let unrestricted = changed(&|memories, _| memories[0].words[0].clear());
    assert_eq!(unrestricted, Err(Rejection::Step));
    let elsewhere = changed(&|memories, _| {
        memories[0].words[0].insert("it stays".to_string(), 1);
    });
    assert_eq!(elsewhere, Err(Rejection::Step));
    let nothing = changed(&|memories, _| memories[0].words.clear());
    assert_eq!(nothing, Err(Rejection::Step));
    let shallow = changed(&|_, because| {
        *because = Evidence::Induction { k: 0, distinct_states: false };
    });
    assert_eq!(shallow, Err(Rejection::Step));
    let nested = changed(&|memories, because| {
        let memories = memories.clone();
        *because = Evidence::Tracked { memories, because: Box::new(because.clone()) };
    });
    assert_eq!(nested, Err(Rejection::OtherKind));
    let wrong = Err(Rejection::NotFollowed("words".to_string()));
    let no_port = changed(&|memories, _| {
        memories[0].words[0].insert("it stays".to_string(), 7);
    });
    assert_eq!(no_port, wrong);
    let twice = changed(&|memories, _| memories.push(memories[0].clone()));
    assert_eq!(twice, wrong);
    let unknown = changed(&|memories, _| memories[0].memory = "others".to_string());
    assert_eq!(unknown, Err(Rejection::NotFollowed("others".to_string())));
}
