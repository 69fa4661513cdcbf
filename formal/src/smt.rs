//! Systems as scripts of SMT-LIB: arrays and bit-vectors, a bit being a vector of one.

mod yosys;

pub(crate) use yosys::module as yosys_module;

use crate::btor2::{Btor2, Node, NodeId, NodeKind, Sort, to_binary};
use crate::roles::InputRole;
use std::fmt::Write;

impl Btor2 {
    /// The first step as a script of SMT-LIB, ready for more assertions and a question: each input
    /// port as a constant `in.NAME`, a vector of bits, and as an assertion that some bad state is
    /// reached in it.
    pub fn first_step_in_smt_lib(&self) -> String {
        let mut text = "(set-logic ALL)\n".to_string();
        let mut line = |line: String| writeln!(text, "{line}").expect("a string takes it");
        for (i, node) in self.nodes.iter().enumerate() {
            define(self, NodeId(i as u32), node, 0, Begin::First, &mut line);
        }
        for (node, role) in &self.inputs {
            if let InputRole::Port(port) = role {
                let (of, own) = (sort(self.node(*node).sort), name(*node, 0));
                line(format!("(define-fun in.{port} () {of} {own})"));
            }
        }
        for &constraint in &self.constraints {
            line(format!("(assert (= {} #b1))", name(constraint, 0)));
        }
        let bad = self.bad.iter().map(|(_, bad)| format!(" (= {} #b1)", name(*bad, 0)));
        line(format!("(assert (or false{}))", bad.collect::<String>()));
        text
    }
}

/// How a run begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begin {
    /// As the system does.
    First,
    /// In any state in which samples count.
    Anywhere,
}

/// A script that asks, depth by depth, whether a bad state can be reached: first step 0, then
/// step 1 and so on. Of runs that begin anywhere no earlier step is bad.
pub(crate) fn script(model: &Btor2, begin: Begin, depths: u32) -> String {
    let mut text = "(set-logic QF_ABV)\n".to_string();
    let mut line = |line: String| writeln!(text, "{line}").expect("a string takes it");
    for step in 0..depths {
        for (i, node) in model.nodes.iter().enumerate() {
            define(model, NodeId(i as u32), node, step, begin, &mut line);
        }
        for &constraint in &model.constraints {
            line(format!("(assert (= {} #b1))", name(constraint, step)));
        }
        if step == 0 && begin == Begin::Anywhere {
            line(format!("(assert (= {} #b1))", name(model.begun, 0)));
        }
        let bad = model.bad.iter().map(|(_, bad)| format!(" (= {} #b1)", name(*bad, step)));
        let bad: String = bad.collect();
        line("(push 1)".to_string());
        line(format!("(assert (or false{bad}))"));
        line("(check-sat)".to_string());
        line("(pop 1)".to_string());
        line(format!("(assert (not (or false{bad})))"));
    }
    text
}

fn name(node: NodeId, step: u32) -> String {
    format!("n{}_{step}", node.0)
}

fn sort(sort: Sort) -> String {
    match sort {
        Sort::Bits(width) => format!("(_ BitVec {width})"),
        Sort::Array { address, data } => {
            format!("(Array (_ BitVec {address}) (_ BitVec {data}))")
        }
    }
}

fn define(
    model: &Btor2,
    id: NodeId,
    node: &Node,
    step: u32,
    begin: Begin,
    line: &mut impl FnMut(String),
) {
    let (own, own_sort) = (name(id, step), sort(node.sort));
    let defined = match &node.kind {
        NodeKind::Input(_) => None,
        NodeKind::State(index) => {
            let state = &model.states[*index];
            if step > 0 {
                state.next.map(|next| name(next, step - 1))
            } else if begin == Begin::First {
                state.init.map(|init| first(model, node.sort, init))
            } else {
                None
            }
        }
        NodeKind::Const(bits) => Some(format!("#b{}", to_binary(bits))),
        NodeKind::Apply(word, operands, numbers) => {
            let terms: Vec<String> = operands.iter().map(|&node| name(node, step)).collect();
            let width = operands.first().map_or(0, |&node| width(model, node));
            Some(applied(word, &terms, numbers, width))
        }
    };
    line(match defined {
        None => format!("(declare-const {own} {own_sort})"),
        Some(term) => format!("(define-fun {own} () {own_sort} {term})"),
    });
}

/// What a state begins with; of an array perhaps what each word is.
fn first(model: &Btor2, of: Sort, init: NodeId) -> String {
    let value = name(init, 0);
    match (of, model.node(init).sort) {
        (Sort::Array { .. }, Sort::Bits(_)) => format!("((as const {}) {value})", sort(of)),
        _ => value,
    }
}

fn width(model: &Btor2, node: NodeId) -> u32 {
    match model.node(node).sort {
        Sort::Bits(width) | Sort::Array { data: width, .. } => width,
    }
}

/// An operator on terms, the first of which has so many bits.
fn applied(word: &str, terms: &[String], numbers: &[u32], width: u32) -> String {
    let all = terms.join(" ");
    match word {
        "not" | "and" | "or" | "xor" | "add" | "sub" | "mul" => format!("(bv{word} {all})"),
        "sll" => format!("(bvshl {all})"),
        "srl" => format!("(bvlshr {all})"),
        "sra" => format!("(bvashr {all})"),
        "concat" => format!("(concat {all})"),
        "eq" => format!("(bvcomp {all})"),
        "ult" | "slt" => format!("(ite (bv{word} {all}) #b1 #b0)"),
        "ite" => format!("(ite (= {} #b1) {} {})", terms[0], terms[1], terms[2]),
        "read" => format!("(select {all})"),
        "write" => format!("(store {all})"),
        "slice" => format!("((_ extract {} {}) {all})", numbers[0], numbers[1]),
        "uext" => format!("((_ zero_extend {}) {all})", numbers[0]),
        "sext" => format!("((_ sign_extend {}) {all})", numbers[0]),
        "redand" => format!("(bvcomp {all} #b{})", "1".repeat(width as usize)),
        "redor" => format!("(bvnot (bvcomp {all} #b{}))", "0".repeat(width as usize)),
        "redxor" => {
            let bits = (0..width).map(|i| format!("((_ extract {i} {i}) {all})"));
            bits.reduce(|all, bit| format!("(bvxor {all} {bit})")).unwrap_or_default()
        }
        other => unreachable!("`{other}` is never written"),
    }
}
