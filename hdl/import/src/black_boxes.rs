//! [`check_black_boxes`]: whether black boxes fit the Verilog that they stand for.

use crate::yosys::{ImportError, chosen, is_module_name};
use olivine_netlist::{Design, Direction, External, Fault, Faults, Module, PinTo, Place, Setting};
use olivine_tools::Tools;
use serde_json::Value;
use std::collections::BTreeMap;

/// A Verilog module.
struct Theirs {
    ports: BTreeMap<String, Port>,
    parameters: Vec<String>,
}

/// A port of a Verilog module.
struct Port {
    direction: String,
    width: u32,
}

/// Holds the black boxes of a valid design against the Verilog of those whose names they have: the
/// modules are there, with these parameters; each pin is one of theirs, of the same width and
/// direction; each of their inputs has a pin.
///
/// Whether a model *behaves* like its module is for a comparison to show: of the emitted Verilog
/// together with the vendor's, read by [`verilog`](crate::verilog) and proved equal, or run beside the
/// design in Verilator.
///
/// # Errors
/// Every misfit, at the place where the black box was authored (codes I030 to I032); Yosys is missing
/// or refuses the text.
pub fn check_black_boxes(design: &Design, text: &str, tools: &Tools) -> Result<(), ImportError> {
    let mut faults = Vec::new();
    for module in &design.modules {
        if let Some(external) = &module.external {
            let before = faults.len();
            let plain = theirs(external, "", text, tools)?;
            unknown(external, plain.as_ref(), &mut faults);
            // With a parameter that it has not, Yosys refuses the module.
            if faults.len() == before
                && let Some(theirs) = theirs(external, &settings(external), text, tools)?
            {
                misfits(module, external, &theirs.ports, &mut faults);
            }
        }
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(ImportError::Faults(Faults::new(design, faults))),
    }
}

fn fault(faults: &mut Vec<Fault>, code: &'static str, place: Place, message: &str, help: &str) {
    faults.push(Fault::new(code, place, message, help));
}

/// The parameters as arguments of Yosys' `chparam`.
fn settings(external: &External) -> String {
    let setting = |(name, setting): &(String, Setting)| format!("-set {name} {setting} ");
    external.parameters.iter().map(setting).collect()
}

/// The module with these parameters; `None` if there is no such module.
fn theirs(
    external: &External,
    settings: &str,
    text: &str,
    tools: &Tools,
) -> Result<Option<Theirs>, ImportError> {
    if !is_module_name(&external.name) {
        return Ok(None);
    }
    let json = chosen(text, &external.name, settings, tools)?;
    let json: Value = serde_json::from_str(&json)
        .map_err(|error| ImportError::Yosys(format!("its JSON is none: {error}")))?;
    let module = json.get("modules").and_then(|modules| modules.get(&external.name));
    let Some(module) = module else { return Ok(None) };
    let entries = |key: &str| module.get(key).and_then(Value::as_object).into_iter().flatten();
    let port = |(name, port): (&String, &Value)| {
        let direction = port.get("direction")?.as_str()?.to_string();
        let width = port.get("bits")?.as_array()?.len() as u32;
        Some((name.clone(), Port { direction, width }))
    };
    Ok(Some(Theirs {
        ports: entries("ports").filter_map(port).collect(),
        parameters: entries("parameter_default_values").map(|(name, _)| name.clone()).collect(),
    }))
}

/// The module itself, and its parameters.
fn unknown(external: &External, theirs: Option<&Theirs>, faults: &mut Vec<Fault>) {
    let name = &external.name;
    let Some(theirs) = theirs else {
        let message = format!("there is no Verilog module `{name}`");
        let help = "mend the name, or give its text too";
        return fault(faults, "I030", external.place, &message, help);
    };
    let known = |parameter: &String| theirs.parameters.contains(parameter);
    for (parameter, _) in external.parameters.iter().filter(|(parameter, _)| !known(parameter)) {
        let message = format!("`{name}` has no parameter `{parameter}`");
        let help = format!("its parameters are: {}", theirs.parameters.join(", "));
        fault(faults, "I030", external.place, &message, &help);
    }
}

fn misfits(
    module: &Module,
    external: &External,
    ports: &BTreeMap<String, Port>,
    faults: &mut Vec<Fault>,
) {
    let name = &external.name;
    for pin in &external.pins {
        let (what, width, direction) = match &pin.to {
            PinTo::Port(port) => {
                let port = &module.ports[port.index()];
                (format!("the port `{}`", port.name), port.width, port.direction)
            }
            PinTo::Bit(port, bit) => {
                let port = &module.ports[port.index()];
                (format!("bit {bit} of the port `{}`", port.name), 1, port.direction)
            }
            PinTo::Clock(_) => ("a clock".to_string(), 1, Direction::Input),
            PinTo::Reset(..) => ("a reset".to_string(), 1, Direction::Input),
            PinTo::Constant(bits) => ("a constant".to_string(), bits.width(), Direction::Input),
        };
        let wanted = if direction == Direction::Input { "input" } else { "output" };
        let Some(port) = ports.get(&pin.name) else {
            let all: Vec<&str> = ports.keys().map(String::as_str).collect();
            let message = format!("`{name}` has no pin `{}`, which is to be {what}", pin.name);
            let help = format!("its pins are: {}", all.join(", "));
            fault(faults, "I031", external.place, &message, &help);
            continue;
        };
        if (port.width, port.direction.as_str()) != (width, wanted) {
            let message = format!(
                "the pin `{}` of `{name}` is an {} of width {}, but {what} is an {wanted} of width \
                 {width}",
                pin.name, port.direction, port.width
            );
            let help = "give the model's port the width and direction of the pin";
            fault(faults, "I031", external.place, &message, help);
        }
    }
    for (pin, port) in ports {
        let named = external.pins.iter().any(|p| p.name == *pin);
        if port.direction == "input" && !named {
            let message = format!("the input `{pin}` of `{name}` is left open");
            let help = "give it a port of the model, or a constant by `tie`";
            fault(faults, "I032", external.place, &message, help);
        }
    }
}
