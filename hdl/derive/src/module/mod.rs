//! `#[module]`: a module written as a function of its parameters.
//!
//! The function becomes a struct of its parameters, a record of the ports that its leading `let`s
//! declare, and an implementation of the language's trait. All that the author wrote keeps its
//! place, so that rustc speaks of the author's lines.

mod head;
mod port;
mod signature;

use crate::language;
use crate::named;
use head::{Head, Line};
use port::Port;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use signature::Signature;
use syn::{Generics, ItemFn};

pub fn expand(arguments: &TokenStream, function: ItemFn) -> syn::Result<TokenStream> {
    if let Some(first) = arguments.clone().into_iter().next() {
        return Err(syn::Error::new(first.span(), "`#[module]` takes no arguments"));
    }
    let signature = Signature::read(&function)?;
    let head = Head::read(&function.block)?;
    let written = Written { lang: language::path(), signature, head };
    Ok(written.all(function))
}

/// A module as its author wrote it.
struct Written {
    lang: TokenStream,
    signature: Signature,
    head: Head,
}

impl Written {
    fn all(&self, function: ItemFn) -> TokenStream {
        let (lang, name, attributes) =
            (&self.lang, &self.signature.name, &self.signature.attributes);
        let (generics, arguments, bounds) = self.signature.generics.split_for_impl();
        let (ports, record) = (self.ports_name(), self.record_generics());
        let (_, of, _) = record.split_for_impl();
        let (config, structure) = (self.config(), self.record());
        let (check, shapes, build) = (self.check(), self.shapes(), self.build(function));
        quote! {
            #config
            #structure
            #(#attributes)*
            impl #generics #lang::Module for #name #arguments #bounds {
                type Ports = #ports #of;
                #check
                #shapes
                #build
            }
        }
    }

    /// The struct of the parameters.
    fn config(&self) -> TokenStream {
        let Signature { docs, attributes, visibility, name, generics, parameters, .. } =
            &self.signature;
        let fields = parameters.iter().map(|p| {
            let (docs, name, ty) = (&p.docs, &p.name, &p.ty);
            let visibility = self.signature.visibility_at(name.span());
            quote!(#(#docs)* #visibility #name: #ty)
        });
        let bounds = &generics.where_clause;
        let body =
            if parameters.is_empty() { quote!(#bounds;) } else { quote!(#bounds { #(#fields),* }) };
        quote! {
            #(#docs)*
            #(#attributes)*
            #[derive(
                ::core::clone::Clone, ::core::fmt::Debug, ::core::hash::Hash,
                ::core::cmp::PartialEq, ::core::cmp::Eq
            )]
            #visibility struct #name #generics #body
        }
    }

    /// The record of the ports.
    fn record(&self) -> TokenStream {
        let (lang, visibility) = (&self.lang, &self.signature.visibility);
        let attributes = &self.signature.attributes;
        let fields = self.head.ports().flat_map(Port::fields).map(|(docs, name, ty)| {
            let visibility = self.signature.visibility_at(name.span());
            quote!(#(#docs)* #visibility #name: #ty)
        });
        let doc = format!("The ports of [`{}`].", self.signature.name);
        let (name, generics) = (self.ports_name(), self.record_generics());
        let bounds = &generics.where_clause;
        quote! {
            #[doc = #doc]
            #(#attributes)*
            #[derive(#lang::Ports)]
            #visibility struct #name #generics #bounds { #(#fields),* }
        }
    }

    fn ports_name(&self) -> Ident {
        format_ident!("{}Ports", self.signature.name)
    }

    /// Of the parameters of types those that ports mention.
    fn record_generics(&self) -> Generics {
        let types = self.head.ports().map(|p| p.ty.to_token_stream()).collect::<TokenStream>();
        signature::mentioned(&self.signature.generics, &types)
    }

    /// Brings the parameters into scope.
    fn parameters(&self) -> TokenStream {
        let names: Vec<_> = self.signature.parameters.iter().map(|p| &p.name).collect();
        if names.is_empty() {
            return TokenStream::new();
        }
        quote! {
            #[allow(unused_variables)]
            let Self { #(#names),* } = ::core::clone::Clone::clone(self);
        }
    }

    fn check(&self) -> TokenStream {
        if !self.head.lines.iter().any(|line| matches!(line, Line::Assert(_))) {
            return TokenStream::new();
        }
        let parameters = self.parameters();
        let lines = self.head.lines.iter().map(|line| match line {
            Line::Assert(assert) => assert.check(),
            Line::Port(port) => port.shape(),
            Line::Let(local) => quote!(#[allow(unused_variables)] #local),
        });
        quote! {
            fn check(&self) -> ::core::result::Result<(), ::std::string::String> {
                #parameters
                #(#lines)*
                ::core::result::Result::Ok(())
            }
        }
    }

    fn shapes(&self) -> TokenStream {
        let parameters = self.parameters();
        let lines = self.head.lines.iter().map(|line| match line {
            Line::Assert(_) => TokenStream::new(),
            Line::Port(port) => port.shape(),
            Line::Let(local) => quote!(#[allow(unused_variables)] #local),
        });
        let fields = self.head.ports().flat_map(Port::fields).map(|(_, name, _)| name);
        let name = self.ports_name();
        quote! {
            fn ports(&self) -> Self::Ports {
                #parameters
                #(#lines)*
                #name { #(#fields),* }
            }
        }
    }

    fn build(&self, mut function: ItemFn) -> TokenStream {
        let lang = &self.lang;
        function.block.stmts.drain(..self.head.statements);
        named::name_bindings(&mut function.block);
        let parameters = self.parameters();
        let ports = Ident::new("ports", Span::mixed_site());
        let lines = self.head.lines.iter().map(|line| match line {
            Line::Assert(_) => TokenStream::new(),
            Line::Port(port) => port.signal(lang, &ports),
            Line::Let(local) => quote!(#[allow(unused_variables)] #local),
        });
        let body = quote_spanned!(self.signature.span=> #lang::named::body(););
        let statements = &function.block.stmts;
        quote! {
            fn build(&self, #ports: Self::Ports) {
                #body
                #parameters
                #(#lines)*
                #(#statements)*
            }
        }
    }
}
