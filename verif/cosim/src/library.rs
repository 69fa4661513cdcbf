//! [`Library`] and [`Instance`]: the safe face of a model's shared library.

use crate::BuildError;
use olivine_emit::PublicRegister;
use std::ffi::{CString, c_char, c_uint, c_ulonglong, c_void};
use std::path::Path;
use std::ptr::{self, NonNull};
use std::sync::Arc;

type New = unsafe extern "C" fn() -> *mut c_void;
type OnHandle = unsafe extern "C" fn(*mut c_void);
type Addresses = unsafe extern "C" fn(*mut c_void, *mut *mut c_void);
type Find = unsafe extern "C" fn(*mut c_void, *const c_char, *const c_char) -> *mut c_void;
type Step = unsafe extern "C" fn(*mut c_void, c_uint, c_ulonglong);

/// A loaded model: the functions of its shim.
pub(crate) struct Library {
    new: New,
    delete: OnHandle,
    addresses: Addresses,
    find: Find,
    eval: OnHandle,
    step: Step,
    /// How many addresses the model gives.
    pins: usize,
    /// Scope and name of the registers that are read.
    registers: Vec<[CString; 2]>,
    /// Keeps the functions in memory.
    _library: libloading::Library,
}

impl Library {
    /// Loads a library that this crate has built, whose shim gives `pins` addresses, and whose
    /// model has these `registers`.
    pub(crate) fn load(
        path: &Path,
        pins: usize,
        registers: &[&PublicRegister],
    ) -> Result<Self, BuildError> {
        let failed = BuildError::load(path);
        // SAFETY: the library is one that this crate's own shim and Verilator's runtime make up;
        // its initializers only set up C++ statics.
        let library = unsafe { libloading::Library::new(path) }.map_err(&failed)?;
        // SAFETY: the names and types are those of the shim (`shim.rs`).
        let functions = unsafe {
            (
                *library.get::<New>(b"olivine_new\0").map_err(&failed)?,
                *library.get::<OnHandle>(b"olivine_delete\0").map_err(&failed)?,
                *library.get::<Addresses>(b"olivine_addresses\0").map_err(&failed)?,
                *library.get::<Find>(b"olivine_find\0").map_err(&failed)?,
                *library.get::<OnHandle>(b"olivine_eval\0").map_err(&failed)?,
                *library.get::<Step>(b"olivine_step\0").map_err(&failed)?,
            )
        };
        let (new, delete, addresses, find, eval, step) = functions;
        let name = |text: String| CString::new(text).expect("Verilog names have no zeros");
        let names = |r: &&PublicRegister| [name(format!("top.{}", r.scope)), name(r.name.clone())];
        let registers = registers.iter().map(names).collect();
        let _library = library;
        Ok(Self { new, delete, addresses, find, eval, step, pins, registers, _library })
    }
}

/// A running model. Its pins are numbered: ports, clocks, resets, registers.
pub(crate) struct Instance {
    handle: NonNull<c_void>,
    pins: Vec<NonNull<c_void>>,
    library: Arc<Library>,
}

// SAFETY: an instance owns its model alone, and a Verilator model without threads, tracing and
// VPI is bound to no thread: it keeps its state in itself and in its own context.
unsafe impl Send for Instance {}

impl Instance {
    pub(crate) fn new(library: &Arc<Library>) -> Self {
        // SAFETY: the function belongs to a library that is loaded; it takes nothing.
        let handle = unsafe { (library.new)() };
        let handle = NonNull::new(handle).expect("C++ `new` throws rather than give null");
        let mut pins = vec![ptr::null_mut(); library.pins];
        // SAFETY: the handle is a live model of this library, whose shim writes `pins` addresses.
        unsafe { (library.addresses)(handle.as_ptr(), pins.as_mut_ptr()) };
        let find = |[scope, name]: &[CString; 2]| {
            // SAFETY: the handle is a live model of this library; the names end in zero and live
            // through the call.
            unsafe { (library.find)(handle.as_ptr(), scope.as_ptr(), name.as_ptr()) }
        };
        let all = pins.into_iter().chain(library.registers.iter().map(find));
        let pins = all.map(|p| NonNull::new(p).expect("the model has what was emitted for it"));
        Self { handle, pins: pins.collect(), library: Arc::clone(library) }
    }

    /// Lets combinational values settle.
    pub(crate) fn eval(&mut self) {
        // SAFETY: the handle is a live model of this library, and `&mut` makes the call the only
        // one.
        unsafe { (self.library.eval)(self.handle.as_ptr()) }
    }

    /// `count` acting edges of a clock, with values settled after each.
    pub(crate) fn step(&mut self, domain: u32, count: u64) {
        // SAFETY: as in `eval`; the shim ignores a domain that it does not have.
        unsafe { (self.library.step)(self.handle.as_ptr(), domain, count) }
    }

    /// The value of pin `pin`, which must be `width` bits wide and at most 64.
    pub(crate) fn narrow(&self, pin: usize, width: u32) -> u64 {
        let address = self.pins[pin];
        // SAFETY: Verilator stores a port of at most 8, 16, 32 or 64 bits in an unsigned integer
        // of just that size, which lives as long as the model; nobody else accesses it now.
        unsafe {
            match width {
                0..=8 => u64::from(address.cast::<u8>().read()),
                9..=16 => u64::from(address.cast::<u16>().read()),
                17..=32 => u64::from(address.cast::<u32>().read()),
                _ => address.cast::<u64>().read(),
            }
        }
    }

    /// Sets pin `pin`, `width` bits wide and at most 64, to a value that fits.
    pub(crate) fn set_narrow(&mut self, pin: usize, width: u32, value: u64) {
        let address = self.pins[pin];
        // SAFETY: as in `narrow`; the shift of types loses no bit of a value that fits.
        unsafe {
            match width {
                0..=8 => address.cast::<u8>().write(value as u8),
                9..=16 => address.cast::<u16>().write(value as u16),
                17..=32 => address.cast::<u32>().write(value as u32),
                _ => address.cast::<u64>().write(value),
            }
        }
    }

    /// The 64-bit words of pin `pin`, which must be `width` bits wide and more than 64.
    pub(crate) fn wide(&self, pin: usize, width: u32) -> Vec<u64> {
        let address = self.pins[pin].cast::<u32>();
        let count = width.div_ceil(32) as usize;
        // SAFETY: Verilator stores a wide port as an array of `count` 32-bit words, the lowest
        // first, which lives as long as the model; nobody else accesses it now.
        let word = |i: usize| match i < count {
            true => u64::from(unsafe { address.add(i).read() }),
            false => 0,
        };
        (0..count.div_ceil(2)).map(|i| word(2 * i) | word(2 * i + 1) << 32).collect()
    }

    /// Sets pin `pin`, `width` bits wide and more than 64, to the value of these 64-bit words.
    pub(crate) fn set_wide(&mut self, pin: usize, width: u32, words: &[u64]) {
        let address = self.pins[pin].cast::<u32>();
        let halves = words.iter().flat_map(|&word| [word as u32, (word >> 32) as u32]);
        for (i, half) in halves.take(width.div_ceil(32) as usize).enumerate() {
            // SAFETY: as in `wide`, and `i` is below the number of words.
            unsafe { address.add(i).write(half) }
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // SAFETY: the handle is a live model of this library; nothing uses it after this.
        unsafe { (self.library.delete)(self.handle.as_ptr()) }
    }
}
