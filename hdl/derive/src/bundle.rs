//! `#[derive(Bundle)]`.

use crate::language;
use crate::ports::named_fields;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Field, parse_quote};

pub fn derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let lang = language::path();
    let fields = named_fields(input, "Bundle")?;
    let each = fields.iter().map(|f| field(&lang, f));
    let name = &input.ident;
    let mut generics = input.generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(parse_quote!(#lang::Signal));
    }
    let (generics, arguments, bounds) = generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #generics #lang::Signal for #name #arguments #bounds {
            fn walk(&self, walk: &mut #lang::Walk<'_>) -> Self {
                Self { #(#each),* }
            }
        }

        #[automatically_derived]
        impl #generics #lang::named::Nameable for #name #arguments #bounds {
            fn take_name(&self, name: &str) {
                #lang::named::name_signal(self, name);
            }
        }
    })
}

fn field(lang: &TokenStream, field: &Field) -> TokenStream {
    let ident = field.ident.as_ref().expect("a named field");
    let text = ident.to_string();
    let inside = quote_spanned! { ident.span() => #lang::Signal::walk(&self.#ident, walk) };
    quote_spanned! { ident.span() => #ident: walk.field(#text, |walk| #inside) }
}
