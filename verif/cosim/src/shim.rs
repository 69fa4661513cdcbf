//! The C++ between a model's class and the functions that [`Library`](crate::library) calls.

use crate::toolchain::PREFIX;
use olivine_emit::Verilog;
use olivine_netlist::{ClockDomain, Edge};
use std::fmt::Write;

/// The text of the shim. Addresses come in the order: ports, clocks, resets.
pub(crate) fn shim(verilog: &Verilog, domains: &[ClockDomain]) -> String {
    let clocks = verilog.domains.iter().map(|d| &d.clock);
    let resets = verilog.domains.iter().map(|d| &d.reset);
    let pins = verilog.ports.iter().chain(clocks).chain(resets).enumerate();
    let addresses = pins.fold(String::new(), |mut out, (i, pin)| {
        let _ = writeln!(out, "    address[{i}] = &model->top.{pin};");
        out
    });
    let mut steps = String::new();
    for (i, (pins, domain)) in verilog.domains.iter().zip(domains).enumerate() {
        let acting = u8::from(domain.edge == Edge::Rising);
        let _ = writeln!(
            steps,
            "    case {i}:\n        for (; count > 0; --count) {{\n            \
             top.{clock} = {acting};\n            top.eval();\n            \
             top.{clock} = {idle};\n            top.eval();\n        }}\n        break;",
            clock = pins.clock,
            idle = 1 - acting,
        );
    }
    format!(
        r#"#include "{PREFIX}.h"
#include "verilated.h"
#include "verilated_syms.h"
#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {{
struct Model {{
    VerilatedContext context;
    {PREFIX} top{{&context, "top"}};
}};
}}

EXPORT void* olivine_new() {{ return new Model; }}

EXPORT void olivine_delete(void* handle) {{
    Model* model = static_cast<Model*>(handle);
    model->top.final();
    delete model;
}}

EXPORT void olivine_addresses(void* handle, void** address) {{
    Model* model = static_cast<Model*>(handle);
{addresses}}}

EXPORT void* olivine_find(void* handle, const char* scope, const char* name) {{
    Model* model = static_cast<Model*>(handle);
    const VerilatedScope* found = model->context.scopeFind(scope);
    VerilatedVar* variable = found ? found->varFind(name) : nullptr;
    return variable ? variable->datap() : nullptr;
}}

EXPORT void olivine_eval(void* handle) {{ static_cast<Model*>(handle)->top.eval(); }}

EXPORT void olivine_step(void* handle, unsigned domain, unsigned long long count) {{
    {PREFIX}& top = static_cast<Model*>(handle)->top;
    switch (domain) {{
{steps}    }}
}}
"#
    )
}
