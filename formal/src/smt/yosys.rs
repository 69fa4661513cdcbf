//! Systems in the manner of Yosys' `write_smt2`: every node a function of a state that nobody
//! knows more of.

use super::{applied, sort, width};
use crate::btor2::{Btor2, NodeId, NodeKind, Sort, to_binary};
use std::fmt::Write;

fn at(node: NodeId, state: &str) -> String {
    format!("(|n{}| {state})", node.0)
}

/// A script for `yosys-smtbmc`.
pub(crate) fn module(model: &Btor2) -> String {
    let mut text = "; yosys-smt2-module m\n".to_string();
    let mut line = |line: String| writeln!(text, "{line}").expect("a string takes it");
    // It looks for assertions that are told of in this manner alone.
    line("; yosys-smt2-assert 0 assertions\n(declare-sort |m_s| 0)".to_string());
    line("(declare-fun |m_is| (|m_s|) Bool)".to_string());
    for (i, node) in model.nodes.iter().enumerate() {
        let (id, of) = (NodeId(i as u32), sort(node.sort));
        let term = match &node.kind {
            NodeKind::Input(_) | NodeKind::State(_) => {
                line(format!("(declare-fun |n{i}| (|m_s|) {of})"));
                continue;
            }
            NodeKind::Const(bits) => format!("#b{}", to_binary(bits)),
            NodeKind::Apply(word, operands, numbers) => {
                let terms: Vec<String> = operands.iter().map(|&o| at(o, "state")).collect();
                let width = operands.first().map_or(0, |&node| width(model, node));
                applied(word, &terms, numbers, width)
            }
        };
        line(format!("(define-fun |n{}| ((state |m_s|)) {of} {term})", id.0));
    }
    let holds = |node: NodeId| format!("(= {} #b1)", at(node, "state"));
    let all = |terms: Vec<String>| format!("(and true {})", terms.join(" "));
    let mut says = |name: &str, term: String| {
        line(format!("(define-fun |m_{name}| ((state |m_s|)) Bool {term})"));
    };
    let bad = model.bad.iter().map(|&(_, bad)| format!("(not {})", holds(bad)));
    says("a 0", all(bad.collect()));
    says("a", "(|m_a 0| state)".to_string());
    says("u", all(model.constraints.iter().map(|&c| holds(c)).collect()));
    let first = model.states.iter().filter_map(|state| {
        let (init, own) = (state.init?, at(state.node, "state"));
        let of = model.node(state.node).sort;
        let value = match (of, model.node(init).sort) {
            (Sort::Array { .. }, Sort::Bits(_)) => {
                format!("((as const {}) {})", sort(of), at(init, "state"))
            }
            _ => at(init, "state"),
        };
        Some(format!("(= {own} {value})"))
    });
    says("i", all(first.collect()));
    says("h", "true".to_string());
    let next = model.states.iter().filter_map(|state| {
        Some(format!("(= {} {})", at(state.next?, "state"), at(state.node, "next_state")))
    });
    let next = all(next.collect());
    line(format!("(define-fun |m_t| ((state |m_s|) (next_state |m_s|)) Bool {next})"));
    line("; end of module m\n; yosys-smt2-topmod m\n; end of yosys output".to_string());
    text
}
