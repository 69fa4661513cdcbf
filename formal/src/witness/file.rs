//! What the names say that [`read_aiger`](crate::read_aiger) and
//! [`read_btor2`](crate::read_btor2) give.

use super::Witnesses;
use crate::roles::{InputRole, RoleOfState, Roles, StateRole};
use olivine_netlist::{Design, Direction, Module, PropertyKind};

/// A name such as `s12`, or `s12_3` of word 3.
fn numbered(name: &str, letter: char) -> Option<(usize, Option<usize>)> {
    let rest = name.strip_prefix(letter)?;
    match rest.split_once('_') {
        Some((index, word)) => Some((index.parse().ok()?, Some(word.parse().ok()?))),
        None => Some((rest.parse().ok()?, None)),
    }
}

impl Witnesses {
    /// Witnesses of the AIGER file that the design was read from.
    pub fn of_aiger_file(design: &Design) -> Self {
        let module = design.top();
        let states = module.registers.iter().map(|register| RoleOfState {
            role: match register.init {
                Some(_) => StateRole::Known(None),
                None => StateRole::Undefined(register.name.clone()),
            },
            width: 1,
            first: register.init.clone(),
        });
        Self::in_bits(of_file(module, states.collect()))
    }

    /// Witnesses of the BTOR2 file that the design was read from.
    pub fn of_btor2_file(design: &Design) -> Self {
        let module = design.top();
        let mut states: Vec<RoleOfState> = Vec::new();
        let mut put = |index: usize, word: Option<usize>, role: StateRole, width: u32| {
            while states.len() <= index {
                let role = StateRole::Known(None);
                states.push(RoleOfState { role, width: 1, first: None });
            }
            let state = &mut states[index];
            state.width = width;
            match (word, role) {
                (None, role) => state.role = role,
                (Some(word), role) => {
                    if !matches!(state.role, StateRole::Words(..)) {
                        state.role = StateRole::Words(format!("s{index}"), Vec::new());
                    }
                    if let (StateRole::Words(_, paths), role) = (&mut state.role, role) {
                        paths.resize(paths.len().max(word + 1), None);
                        if let StateRole::Undefined(path) = role {
                            paths[word] = Some(path);
                        }
                    }
                }
            }
        };
        for register in &module.registers {
            let chosen = numbered(&register.name, 'h');
            if let Some((index, word)) = numbered(&register.name, 's').or(chosen) {
                let role = match register.init {
                    None if chosen.is_none() => StateRole::Undefined(register.name.clone()),
                    _ => StateRole::Known(None),
                };
                put(index, word, role, register.width);
            }
        }
        for port in &module.ports {
            let chosen = numbered(&port.name, 'h');
            if let Some((index, None)) = numbered(&port.name, 's').or(chosen) {
                let role = StateRole::Port(port.name.clone(), chosen.is_some());
                put(index, None, role, port.width);
            }
        }
        Self::in_words(of_file(module, states))
    }
}

fn of_file(module: &Module, states: Vec<RoleOfState>) -> Roles {
    let ports = module.ports.iter().filter(|port| port.direction == Direction::Input);
    let ports: Vec<(String, u32)> = ports.map(|port| (port.name.clone(), port.width)).collect();
    let is_input = |(name, _): &&(String, u32)| numbered(name, 'i').is_some();
    let inputs = ports.iter().filter(is_input);
    let named = |kind: PropertyKind| {
        module.properties.iter().filter(move |p| p.kind == kind).map(|p| p.name.clone())
    };
    Roles {
        inputs: inputs.map(|(name, width)| (InputRole::Port(name.clone()), *width)).collect(),
        states,
        bad: named(PropertyKind::Assert).map(|name| vec![name]).collect(),
        justice: named(PropertyKind::Live).collect(),
        domains: vec![String::new()],
        edges: 0,
        lead: 0,
        ports,
    }
}
