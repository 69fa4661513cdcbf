//! The portable tier: programs as machine code of any processor that Cranelift knows, with vectors
//! of 128 bits, which all of them have.
//!
//! Instructions become Cranelift's one by one; registers are its business. Masks are vectors, all
//! bits of a lane alike. Floats are not computed here: modules that are functions of floats are
//! computed gate by gate, since how subnormal numbers are treated is a processor's own.

mod scalars;
mod vectors;

use super::code::Code;
use super::layout::Shape;
use super::ops::{Class, Inst, Op, V, When};
use super::program::Program;
use super::target::Backend;
use crate::exec::Storage;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{AbiParam, Block, InstBuilder, MemFlagsData, Type, Value, types};
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{FuncId, Linkage, Module, default_libcall_names};
use std::sync::{Arc, Mutex};

/// Code made by Cranelift.
#[derive(Debug)]
pub(super) struct Portable;

/// Functions in memory that Cranelift's linker keeps.
pub(super) struct Linked(Mutex<Option<JITModule>>);

impl Drop for Linked {
    fn drop(&mut self) {
        let module = self.0.get_mut().ok().and_then(Option::take);
        // SAFETY: whoever runs a function holds this.
        module.into_iter().for_each(|module| unsafe { module.free_memory() });
    }
}

impl std::fmt::Debug for Linked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Linked")
    }
}

/// This processor, if Cranelift and we know it.
fn processor() -> Option<Arc<dyn TargetIsa>> {
    let known = cfg!(any(target_arch = "x86_64", target_arch = "aarch64"));
    let mut flags = settings::builder();
    flags.set("opt_level", "speed").expect("Cranelift has this setting");
    let builder = cranelift_native::builder().ok().filter(|_| known)?;
    builder.finish(settings::Flags::new(flags)).ok()
}

/// Whether this processor can run the tier's code.
pub(crate) fn is_available() -> bool {
    processor().is_some()
}

impl Backend for Portable {
    const SHAPE: Shape = Shape { lanes: 4, mask: 16 };
    const TERNARY: bool = false;

    fn code(programs: &[Program], _: &mut Storage) -> Option<Code> {
        let builder = JITBuilder::with_isa(processor()?, default_libcall_names());
        let mut module = JITModule::new(builder);
        let mut bytes = 0;
        let mut functions = Vec::new();
        for program in programs {
            let (function, size) = function(&mut module, program, functions.len())?;
            functions.push(function);
            bytes += size;
        }
        module.finalize_definitions().ok()?;
        let address = |id: FuncId| module.get_finalized_function(id) as usize;
        let starts = functions.into_iter().map(address).collect();
        Some(Code::linked(Linked(Mutex::new(Some(module))), starts, bytes))
    }
}

/// A function of (storage, number of cycles) that runs the program once for each cycle, until the
/// program's stop is not zero, and gives the number of cycles that are left; and its bytes.
fn function(module: &mut JITModule, program: &Program, index: usize) -> Option<(FuncId, usize)> {
    let mut context = module.make_context();
    let pointer = module.target_config().pointer_type();
    context.func.signature.params.extend([AbiParam::new(pointer), AbiParam::new(types::I64)]);
    context.func.signature.returns.push(AbiParam::new(types::I64));
    let name = format!("function{index}");
    let id = module.declare_function(&name, Linkage::Local, &context.func.signature).ok()?;
    let mut shared = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut context.func, &mut shared);
    let [entry, cycle, done] = [(); 3].map(|()| builder.create_block());
    builder.append_block_params_for_function_params(entry);
    builder.switch_to_block(entry);
    let (base, cycles) = (builder.block_params(entry)[0], builder.block_params(entry)[1]);
    builder.append_block_param(cycle, types::I64);
    builder.append_block_param(done, types::I64);
    builder.ins().jump(cycle, &[cycles.into()]);
    builder.switch_to_block(cycle);
    let mut writer = Writer {
        base,
        builder,
        tables: &program.tables,
        values: vec![None; program.values as usize],
        bodies: Vec::new(),
    };
    program.insts.iter().for_each(|inst| writer.inst(inst));
    let mut builder = writer.builder;
    let left = builder.block_params(cycle)[0];
    let left = builder.ins().iadd_imm_s(left, -1);
    if let Some(cell) = program.stop {
        let stopped = builder.ins().load(types::I64, FLAGS, base, cell.at as i32);
        let next = builder.create_block();
        builder.ins().brif(stopped, done, &[left.into()], next, &[]);
        builder.switch_to_block(next);
    }
    builder.ins().brif(left, cycle, &[left.into()], done, &[left.into()]);
    builder.switch_to_block(done);
    let left = builder.block_params(done)[0];
    builder.ins().return_(&[left]);
    builder.seal_all_blocks();
    builder.finalize(module.target_config());
    module.define_function(id, &mut context).ok()?;
    let bytes = context.compiled_code().map_or(0, |code| code.code_buffer().len());
    Some((id, bytes))
}

/// Accesses to the storage are within it and aligned.
const FLAGS: MemFlagsData = MemFlagsData::trusted();

/// Instructions in the making.
struct Writer<'a> {
    base: Value,
    builder: FunctionBuilder<'a>,
    tables: &'a [[u32; 16]],
    /// By value of the program: 64 bits, or a vector of four lanes.
    values: Vec<Option<Value>>,
    /// The bodies that instructions are in, the innermost last.
    bodies: Vec<Body>,
}

/// A body that may be skipped.
struct Body {
    /// Where one goes on who skips it.
    over: Block,
    /// Behind the first of two bodies: where both end.
    end: Option<Block>,
}

impl Writer<'_> {
    fn inst(&mut self, inst: &Inst) {
        match inst.op {
            Op::If { when, negated } => self.begin(when, negated, &inst.from),
            Op::Else => self.otherwise(inst.from[0]),
            Op::End(class) => self.end(class, inst),
            op => {
                let from: Vec<Value> = inst.from.iter().map(|v| self.value(*v)).collect();
                let made = match op.class() {
                    Some(Class::Vector | Class::Mask) => Some(self.vector(op, &from)),
                    _ => self.scalar(op, &from),
                };
                if let (Some(to), Some(made)) = (inst.to, made) {
                    self.values[to.0 as usize] = Some(made);
                }
            }
        }
    }

    fn value(&self, v: V) -> Value {
        self.values[v.0 as usize].expect("values are made before they are used")
    }

    /// Goes on in the body if this holds.
    fn begin(&mut self, when: When, negated: bool, from: &[V]) {
        let from: Vec<Value> = from.iter().map(|v| self.value(*v)).collect();
        let holds = match when {
            When::Set => self.compared(IntCC::NotEqual, from[0], 0),
            When::Compare(how) => {
                self.builder.ins().icmp(scalars::condition(how), from[0], from[1])
            }
            When::Number(how, n) => self.compared(scalars::condition(how), from[0], n.into()),
            When::Test(bits) => self.tested(from[0], bits),
            // Turned round, it asks whether all are set.
            When::Any if negated => self.builder.ins().vall_true(from[0]),
            When::Any => self.builder.ins().vany_true(from[0]),
        };
        let (body, over) = (self.builder.create_block(), self.builder.create_block());
        let (set, clear) = if negated { (over, body) } else { (body, over) };
        self.builder.ins().brif(holds, set, &[], clear, &[]);
        self.builder.switch_to_block(body);
        self.bodies.push(Body { over, end: None });
    }

    /// The first of two bodies ends with its result.
    fn otherwise(&mut self, result: V) {
        let result = self.value(result);
        let end = self.builder.create_block();
        let class = self.builder.func.dfg.value_type(result);
        self.builder.append_block_param(end, class);
        self.builder.ins().jump(end, &[result.into()]);
        let body = self.bodies.last_mut().expect("a body has begun");
        body.end = Some(end);
        let over = body.over;
        self.builder.switch_to_block(over);
    }

    /// A body ends, or both of two.
    fn end(&mut self, class: Option<Class>, inst: &Inst) {
        let body = self.bodies.pop().expect("a body has begun");
        let Some(end) = body.end else {
            debug_assert!(class.is_none(), "one body alone has no result");
            self.builder.ins().jump(body.over, &[]);
            return self.builder.switch_to_block(body.over);
        };
        let result = self.value(inst.from[0]);
        self.builder.ins().jump(end, &[result.into()]);
        self.builder.switch_to_block(end);
        let to = inst.to.expect("two bodies have a result");
        self.values[to.0 as usize] = Some(self.builder.block_params(end)[0]);
    }

    /// A vector's bits as lanes of another form.
    fn lanes(&mut self, form: Type, v: Value) -> Value {
        let flags = MemFlagsData::new().with_endianness(cranelift_codegen::ir::Endianness::Little);
        if self.builder.func.dfg.value_type(v) == form {
            return v;
        }
        self.builder.ins().bitcast(form, flags, v)
    }
}
