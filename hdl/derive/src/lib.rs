//! Derives and attributes of the language; used through `olivine::prelude` or `olivine_lang`.

mod bundle;
mod language;
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

/// Makes a struct of signals a signal. It must be `Clone`; `Copy` too, to be used with ease.
#[proc_macro_derive(Bundle)]
pub fn derive_bundle(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    bundle::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes an enum the states of a machine, or the values of a signal. Variants may carry signals.
#[proc_macro_derive(State)]
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
