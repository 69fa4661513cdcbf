//! Derives and attributes of the language; used through `olivine::prelude` or `olivine_lang`.

mod bundle;
mod language;
mod module;
mod named;
mod ports;
mod state;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct of `In<T>`, `Out<T>`, `Source<T>`, `Sink<T>`, further records of ports
/// (`Flipped<P>` mirrored), and `Vec`, arrays and `Option` of these a record of ports.
#[proc_macro_derive(Ports)]
pub fn derive_ports(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    ports::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes a module of a function of its parameters.
///
/// ```ignore
/// /// Counts enabled cycles modulo `limit`.
/// #[module]
/// pub fn Counter(limit: u64) {
///     let enable: In<Bit> = bit();
///     let count: Out<Unsigned> = reg(unsigned(bits_for(limit - 1))).reset(0);
///     let wraps: Out<Bit> = bit();
///
///     let last = count.eq(limit - 1);
///     when(enable, || count.set(mux(last, 0, count.wrapping_add(1))));
///     wraps.drive(enable & last);
/// }
/// ```
///
/// What comes of it is what could be written by hand: the struct `Counter` with the parameters as
/// fields, the record `CounterPorts`, and an implementation of `Module`; visibility, documentation
/// and generic parameters carry over. Parameters are in scope by name, each use of the body owns
/// its clones.
///
/// - **Ports** are the leading `let`s whose type is `In<T>`, `Out<T>`, `Sink<T>`, `Source<T>`, a
///   record of ports as `Port<P>` or `Flipped<P>`, or a `Vec`, array or `Option` of these. What
///   they are given is their shape; shapes may use parameters and the ports before. An array may
///   be taken apart: `let [a, b]: [In<Bit>; 2] = [bit(); 2];`.
/// - **An output can be a register**: `let count: Out<Unsigned> = reg(unsigned(8)).reset(0);`, to
///   be `set`; or have a value where nothing else drives it:
///   `let done: Out<Bit> = bit().otherwise(false);`.
/// - **Between ports** other `let`s compute what shapes are made of, and `assert!`s say which
///   parameters there can be (`Module::check`): what is placed in spite of one is a fault.
/// - The `let`s of the body give signals their names, as with [`macro@named`].
#[proc_macro_attribute]
pub fn module(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let function = parse_macro_input!(item as syn::ItemFn);
    module::expand(&arguments.into(), function)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Makes a struct of signals a signal. It must be `Clone`; `Copy` too, to be used with ease.
#[proc_macro_derive(Bundle)]
pub fn derive_bundle(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    bundle::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes an enum the states of a machine, or the values of a signal. Variants may carry signals.
///
/// `#[encoding(one_hot)]` or `#[encoding(gray)]` on the enum chooses its bits; without it they are
/// binary: variant `i` is the number `i`.
#[proc_macro_derive(State, attributes(encoding))]
pub fn derive_state(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    state::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Gives the signals of a function's `let` bindings the bindings' names. Changes nothing else.
#[proc_macro_attribute]
pub fn named(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    let function = parse_macro_input!(item as syn::ItemFn);
    named::wrap(function).into()
}
