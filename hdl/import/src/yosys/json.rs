//! The text of `write_json` as plain values.

use olivine_netlist::{Fault, FileId, Place};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

/// One bit of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Bit {
    Net(u32),
    Zero,
    One,
    /// `x`, and `z`, which no two-state value is.
    Undefined,
}

/// All modules, those that are placed before those that place them.
pub(super) struct Source {
    pub modules: Vec<SourceModule>,
    pub top: usize,
}

pub(super) struct SourceModule {
    pub name: String,
    pub src: String,
    pub parameters: String,
    pub ports: Vec<SourcePort>,
    pub cells: Vec<SourceCell>,
    pub nets: Vec<SourceNet>,
    /// The cells' types that are modules here, with their indices.
    pub placed: HashMap<String, usize>,
}

pub(super) struct SourcePort {
    pub name: String,
    pub direction: String,
    pub bits: Vec<Bit>,
    pub signed: bool,
}

#[derive(Debug)]
pub(super) struct SourceCell {
    pub name: String,
    pub kind: String,
    pub src: String,
    pub parameters: BTreeMap<String, String>,
    pub connections: BTreeMap<String, Vec<Bit>>,
}

pub(super) struct SourceNet {
    pub name: String,
    pub hidden: bool,
    pub bits: Vec<Bit>,
    pub signed: bool,
    /// Characters `0`, `1`, `x`, the most significant first.
    pub init: Option<String>,
    pub src: String,
}

impl SourceCell {
    /// The bits at a port; none if it is not connected.
    pub fn bits(&self, port: &str) -> &[Bit] {
        self.connections.get(port).map_or(&[], Vec::as_slice)
    }

    /// A parameter as a number; 0 without it.
    pub fn number(&self, parameter: &str) -> u32 {
        let text = self.parameters.get(parameter).map_or("0", String::as_str);
        u32::from_str_radix(text.trim_start_matches(['0', 'x']), 2).unwrap_or(0)
    }

    /// A parameter that is one bit.
    pub fn flag(&self, parameter: &str) -> bool {
        self.number(parameter) != 0
    }

    /// A parameter as bits, least significant first.
    pub fn constant(&self, parameter: &str) -> Vec<Bit> {
        let text = self.parameters.get(parameter).map_or("", String::as_str);
        constant(text)
    }
}

/// Bits of a text such as `01x`, least significant first.
pub(super) fn constant(text: &str) -> Vec<Bit> {
    let bit = |c| match c {
        '0' => Bit::Zero,
        '1' => Bit::One,
        _ => Bit::Undefined,
    };
    text.chars().rev().map(bit).collect()
}

/// See [`super::Log::place`].
pub(super) fn place(src: &str, files: &mut Vec<String>) -> Place {
    let first = src.split('|').next().unwrap_or_default();
    let Some((file, position)) = first.rsplit_once(':') else { return Place::UNKNOWN };
    let start = position.split('-').next().unwrap_or_default();
    let (line, column) = start.split_once('.').unwrap_or((start, "0"));
    let (Ok(line), Ok(column)) = (line.parse(), column.parse()) else { return Place::UNKNOWN };
    let found = files.iter().position(|f| f == file).unwrap_or_else(|| {
        files.push(file.to_string());
        files.len() - 1
    });
    Place { file: FileId(found as u32), line, column }
}

/// Reads the text; modules that the top does not need are left out.
pub(super) fn read(text: &str) -> Result<Source, Fault> {
    let wrong = |message: String| {
        let help = "give what Yosys' `prep -top TOP; write_json FILE` writes";
        Fault::new("I001", Place::UNKNOWN, message, help)
    };
    let value: Value = serde_json::from_str(text).map_err(|e| wrong(format!("no JSON: {e}")))?;
    let all = value.get("modules").and_then(Value::as_object);
    let all = all.ok_or_else(|| wrong("the text has no `modules`".into()))?;
    let is_top = |m: &Value| m.pointer("/attributes/top").and_then(Value::as_str).is_some();
    let tops: Vec<&String> = all.iter().filter(|(_, m)| is_top(m)).map(|(n, _)| n).collect();
    let top = match (tops.as_slice(), all.len()) {
        ([top], _) => *top,
        ([], 1) => all.keys().next().expect("there is one"),
        _ => return Err(wrong("which module is the outermost is not said".into())),
    };
    let mut order = Vec::new();
    visit(all, top, &mut order);
    let mut modules: Vec<SourceModule> = Vec::new();
    let mut indices = HashMap::new();
    for name in &order {
        let module = module(name, &all[name], &indices)
            .ok_or_else(|| wrong(format!("the module `{name}` is incomplete")))?;
        indices.insert(name.clone(), modules.len());
        modules.push(module);
    }
    Ok(Source { top: modules.len() - 1, modules })
}

/// Placed modules first. A module that places itself ends somewhere; validation names it.
fn visit(all: &Map<String, Value>, name: &String, order: &mut Vec<String>) {
    let mut waiting = vec![(name, false)];
    let mut entered = std::collections::HashSet::new();
    while let Some((name, done)) = waiting.pop() {
        if done {
            order.push(name.clone());
            continue;
        }
        if !entered.insert(name) {
            continue;
        }
        waiting.push((name, true));
        let cells = all[name].get("cells").and_then(Value::as_object);
        for cell in cells.into_iter().flat_map(Map::values) {
            let kind = cell.get("type").and_then(Value::as_str).unwrap_or_default();
            let inside = all.get_key_value(kind).filter(|(_, m)| !is_black_box(m));
            if let Some((name, _)) = inside {
                waiting.push((name, false));
            }
        }
    }
}

fn is_black_box(module: &Value) -> bool {
    ["blackbox", "whitebox"].iter().any(|name| !attribute(module, name).is_empty())
}

/// `$paramod\\stage\\WIDTH=s32'00…0100` as `stage WIDTH 4`.
fn module_name(name: &str) -> String {
    let mut parts = name.split('\\');
    let first = parts.next().unwrap_or_default();
    if !first.starts_with("$paramod") {
        return name.to_string();
    }
    let words: Vec<String> = parts
        .map(|part| match part.split_once('=') {
            Some((parameter, value)) => format!("{parameter} {}", decimal(value)),
            None => part.to_string(),
        })
        .collect();
    words.join(" ")
}

/// Digits of `0` and `1`, behind a width if there is one, as a decimal number; all else as it is.
fn decimal(text: &str) -> String {
    let digits = text.rsplit('\'').next().unwrap_or(text);
    let number = u64::from_str_radix(digits, 2).ok().filter(|_| digits.len() > 1);
    number.map_or(text.to_string(), |number| number.to_string())
}

fn module(name: &str, value: &Value, indices: &HashMap<String, usize>) -> Option<SourceModule> {
    let object = |key: &str| value.get(key).and_then(Value::as_object);
    let ports = object("ports")?.iter().map(|(n, v)| port(n, v)).collect::<Option<_>>()?;
    let cells: Vec<SourceCell> =
        object("cells")?.iter().map(|(n, v)| cell(n, v)).collect::<Option<_>>()?;
    let nets = object("netnames")?.iter().map(|(n, v)| net(n, v)).collect::<Option<_>>()?;
    let parameters = object("parameter_default_values").into_iter().flatten();
    let parameters: Vec<String> =
        parameters.map(|(n, v)| format!("{n} = {}", decimal(&text(v)))).collect();
    let placed = cells.iter().filter_map(|c| Some((c.kind.clone(), *indices.get(&c.kind)?)));
    Some(SourceModule {
        name: module_name(name),
        src: attribute(value, "src"),
        parameters: parameters.join(", "),
        ports,
        placed: placed.collect(),
        cells,
        nets,
    })
}

fn attribute(value: &Value, name: &str) -> String {
    let found = value.get("attributes").and_then(|a| a.get(name));
    found.map(text).unwrap_or_default()
}

/// Strings as they are, numbers in binary.
fn text(value: &Value) -> String {
    match value {
        Value::String(s) => s.clone(),
        Value::Number(n) => format!("{:b}", n.as_u64().unwrap_or_default()),
        other => other.to_string(),
    }
}

fn bits(value: &Value) -> Option<Vec<Bit>> {
    let bit = |v: &Value| match v {
        Value::Number(n) => Some(Bit::Net(u32::try_from(n.as_u64()?).ok()?)),
        Value::String(s) => match s.as_str() {
            "0" => Some(Bit::Zero),
            "1" => Some(Bit::One),
            "x" | "z" => Some(Bit::Undefined),
            _ => None,
        },
        _ => None,
    };
    value.as_array()?.iter().map(bit).collect()
}

fn port(name: &str, value: &Value) -> Option<SourcePort> {
    Some(SourcePort {
        name: name.to_string(),
        direction: value.get("direction")?.as_str()?.to_string(),
        bits: bits(value.get("bits")?)?,
        signed: value.get("signed").and_then(Value::as_u64) == Some(1),
    })
}

fn cell(name: &str, value: &Value) -> Option<SourceCell> {
    let parameters = value.get("parameters").and_then(Value::as_object).into_iter().flatten();
    let connections = value.get("connections")?.as_object()?.iter();
    Some(SourceCell {
        name: name.to_string(),
        kind: value.get("type")?.as_str()?.to_string(),
        src: attribute(value, "src"),
        parameters: parameters.map(|(n, v)| (n.clone(), text(v))).collect(),
        connections: connections
            .map(|(n, v)| Some((n.clone(), bits(v)?)))
            .collect::<Option<_>>()?,
    })
}

fn net(name: &str, value: &Value) -> Option<SourceNet> {
    let init = attribute(value, "init");
    Some(SourceNet {
        name: name.to_string(),
        hidden: value.get("hide_name").and_then(Value::as_u64) == Some(1),
        bits: bits(value.get("bits")?)?,
        signed: value.get("signed").and_then(Value::as_u64) == Some(1),
        init: Some(init).filter(|i| !i.is_empty()),
        src: attribute(value, "src"),
    })
}
