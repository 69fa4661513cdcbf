//! `#[derive(State)]`.

use crate::language;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, Ident, Variant};

pub fn derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let lang = language::path();
    let Data::Enum(data) = &input.data else {
        return Err(Error::new(input.ident.span(), "`State` is derived for enums"));
    };
    if data.variants.is_empty() {
        return Err(Error::new(input.ident.span(), "an enum without variants has no states"));
    }
    let variants: Vec<&Variant> = data.variants.iter().collect();
    let encoding = encoding(&lang, input, variants.len())?;
    let tags = variants.iter().enumerate().map(|(i, v)| {
        let name = &v.ident;
        quote!(Self::#name { .. } => #i)
    });
    let units = variants.iter().enumerate().filter(|(_, v)| v.fields.is_empty()).map(|(i, v)| {
        let name = &v.ident;
        quote!(#i => Some(Self::#name {}))
    });
    let payloads = variants.iter().map(|v| payload(&lang, v));
    let names = variants.iter().map(|v| v.ident.to_string());
    let name = &input.ident;
    let text = name.to_string();
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #generics #lang::State for #name #arguments #bounds {
            const INFO: &'static #lang::EnumInfo =
                &#lang::EnumInfo { name: #text, variants: &[#(#names),*], encoding: #encoding };

            fn tag(&self) -> usize {
                match self { #(#tags),* }
            }

            fn unit(tag: usize) -> Option<Self> {
                match tag {
                    #(#units,)*
                    _ => None,
                }
            }

            #[allow(unused_variables)]
            fn walk_payload(&self, walk: &mut #lang::Walk<'_>) -> Self {
                match self { #(#payloads),* }
            }
        }
    })
}

/// The encoding that `#[encoding(..)]` asks for; binary without it.
fn encoding(lang: &TokenStream, input: &DeriveInput, variants: usize) -> syn::Result<TokenStream> {
    let Some(asked) = input.attrs.iter().find(|a| a.path().is_ident("encoding")) else {
        return Ok(quote!(#lang::Encoding::Binary));
    };
    let name: Ident = asked.parse_args().map_err(|_| Error::new(asked.span(), CHOICE))?;
    match name.to_string().as_str() {
        "binary" => Ok(quote!(#lang::Encoding::Binary)),
        "gray" => Ok(quote!(#lang::Encoding::Gray)),
        "one_hot" if variants > 64 => {
            Err(Error::new(name.span(), "a one-hot encoding has at most 64 variants"))
        }
        "one_hot" => Ok(quote!(#lang::Encoding::OneHot)),
        _ => Err(Error::new(name.span(), CHOICE)),
    }
}

/// What `#[encoding(..)]` takes.
const CHOICE: &str = "say `#[encoding(binary)]`, `#[encoding(one_hot)]` or `#[encoding(gray)]`";

/// The arm that visits the payload of one variant.
fn payload(lang: &TokenStream, variant: &Variant) -> TokenStream {
    let name = &variant.ident;
    let visit = |field: &str, value: &syn::Ident| quote!(walk.field(#field, |walk| #lang::Signal::walk(#value, walk)));
    match &variant.fields {
        Fields::Unit => quote!(Self::#name => Self::#name),
        Fields::Named(fields) => {
            let names: Vec<_> = fields.named.iter().filter_map(|f| f.ident.clone()).collect();
            let each = names.iter().map(|n| {
                let visited = visit(&n.to_string(), n);
                quote!(#n: #visited)
            });
            quote!(Self::#name { #(#names),* } => Self::#name { #(#each),* })
        }
        Fields::Unnamed(fields) => {
            let names: Vec<_> =
                (0..fields.unnamed.len()).map(|i| format_ident!("part{i}")).collect();
            let each = names.iter().map(|n| visit(&n.to_string(), n));
            quote!(Self::#name(#(#names),*) => Self::#name(#(#each),*))
        }
    }
}
