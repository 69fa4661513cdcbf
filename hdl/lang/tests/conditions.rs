//! Assignment under conditions: random nests of `when` do what running them as statements does.

use olivine_interp::{Engine, Interp, Undefined};
use olivine_lang::prelude::*;
use olivine_netlist::DomainId;
use proptest::prelude::*;

/// A statement of a random program.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
enum Statement {
    /// Assigns a number to the wire and to the register.
    Assign(u64),
    /// A chain of `when`: each arm tests one bit of the input; perhaps an `otherwise`.
    When { arms: Vec<(u32, Vec<Statement>)>, otherwise: Option<Vec<Statement>> },
    /// A `match` over the low two input bits.
    Each(Vec<Vec<Statement>>),
}

#[derive(Clone, State)]
enum Quarter {
    First,
    Second,
    Third,
    Fourth,
}

/// Runs the statements in hardware.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Program {
    statements: Vec<Statement>,
}

#[derive(Ports)]
struct ProgramPorts {
    bits: In<Unsigned>,
    wire: Out<Unsigned>,
    register: Out<Unsigned>,
}

const BITS: u32 = 4;

impl Module for Program {
    type Ports = ProgramPorts;

    fn ports(&self) -> ProgramPorts {
        let number = unsigned(8);
        ProgramPorts { bits: unsigned(BITS), wire: number, register: number }
    }

    fn build(&self, p: ProgramPorts) {
        let held = reg(unsigned(8)).reset(0);
        p.wire.drive(255);
        p.register.drive(held);
        when(p.bits.any() & false, || held.set(0));
        self.statements.iter().for_each(|s| write(s, &p, held));
    }

    fn name(&self) -> String {
        "program".to_string()
    }
}

fn write(statement: &Statement, p: &ProgramPorts, held: Unsigned) {
    let block = |list: &[Statement]| list.iter().for_each(|s| write(s, p, held));
    match statement {
        Statement::Assign(value) => {
            p.wire.drive(*value);
            held.set(*value);
        }
        Statement::When { arms, otherwise } => {
            let (first, rest) = arms.split_first().expect("at least one arm");
            let chain = when(p.bits.bit(first.0), || block(&first.1));
            let chain = rest.iter().fold(chain, |chain, (bit, list)| {
                chain.otherwise_when(p.bits.bit(*bit), || block(list))
            });
            if let Some(list) = otherwise {
                chain.otherwise(|| block(list));
            }
        }
        Statement::Each(arms) => {
            p.bits.truncate(2).as_enum::<Quarter>().each(|quarter| block(&arms[quarter.tag()]));
        }
    }
}

/// Runs the statements as Rust would.
fn run(statements: &[Statement], bits: u64, value: &mut Option<u64>) {
    for statement in statements {
        match statement {
            Statement::Assign(number) => *value = Some(*number),
            Statement::When { arms, otherwise } => {
                let taken = arms.iter().find(|(bit, _)| bits >> bit & 1 == 1);
                if let Some(list) = taken.map(|(_, list)| list).or(otherwise.as_ref()) {
                    run(list, bits, value);
                }
            }
            Statement::Each(arms) => run(&arms[bits as usize & 3], bits, value),
        }
    }
}

/// Keeps only the last assignment of each block, as one that is always hidden is a fault.
fn tidy(statements: Vec<Statement>) -> Vec<Statement> {
    let last = statements.iter().rposition(|s| matches!(s, Statement::Assign(_)));
    let kept = statements.into_iter().skip(last.unwrap_or(0));
    kept.map(|statement| match statement {
        Statement::When { arms, otherwise } => Statement::When {
            arms: arms.into_iter().map(|(bit, list)| (bit, tidy(list))).collect(),
            otherwise: otherwise.map(tidy),
        },
        Statement::Each(arms) => Statement::Each(arms.into_iter().map(tidy).collect()),
        assign => assign,
    })
    .collect()
}

fn statement() -> impl Strategy<Value = Statement> {
    let assign = (0u64..255).prop_map(Statement::Assign);
    assign.prop_recursive(4, 40, 4, |inner| {
        let block = prop::collection::vec(inner.clone(), 0..4);
        let arms = prop::collection::vec((0..BITS, block.clone()), 1..4);
        let otherwise = prop::option::of(block.clone());
        prop_oneof![
            (arms, otherwise).prop_map(|(arms, otherwise)| Statement::When { arms, otherwise }),
            prop::collection::vec(block, 4).prop_map(Statement::Each),
        ]
    })
}

fn check(statements: Vec<Statement>) {
    let program = Program { statements: tidy(statements) };
    let mut body = program.statements.clone();
    // An assignment at the top would hide the default of the wire.
    body.retain(|s| !matches!(s, Statement::Assign(_)));
    let program = Program { statements: body };
    let design = elaborate(program.clone()).unwrap_or_else(|f| panic!("{f}"));
    let mut engine = Interp::new(&design, Undefined::Zero);
    let port = |name: &str| design.top().find_port(name).expect("the port is there");
    engine.set_reset(DomainId(0), true);
    engine.step(DomainId(0));
    engine.set_reset(DomainId(0), false);
    let mut held = 0;
    for bits in 0..1 << BITS {
        engine.set_u64(port("bits"), bits);
        let mut value = None;
        run(&program.statements, bits, &mut value);
        assert_eq!(engine.get_u64(port("wire")), value.unwrap_or(255), "{program:?} at {bits}");
        assert_eq!(engine.get_u64(port("register")), held, "{program:?} at {bits}");
        engine.step(DomainId(0));
        held = value.unwrap_or(held);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_last_assignment_whose_condition_holds_wins(
        statements in prop::collection::vec(statement(), 0..5),
    ) {
        check(statements);
    }
}
