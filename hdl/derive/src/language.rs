//! The path under which the language is known to the crate that uses a macro.

use proc_macro_crate::{FoundCrate, crate_name};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// `::olivine_lang`, or `::olivine::lang` where only the facade is a dependency.
///
/// Both crates know themselves by their own name (`extern crate self as …`), so that the path
/// also holds within them.
pub fn path() -> TokenStream {
    match (crate_name("olivine-lang"), crate_name("olivine")) {
        (Ok(FoundCrate::Name(name)), _) => {
            let name = Ident::new(&name, Span::call_site());
            quote!(::#name)
        }
        (Err(_), Ok(FoundCrate::Name(name))) => {
            let name = Ident::new(&name, Span::call_site());
            quote!(::#name::lang)
        }
        (Err(_), Ok(FoundCrate::Itself)) => quote!(::olivine::lang),
        _ => quote!(::olivine_lang),
    }
}
