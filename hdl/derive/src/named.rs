//! `#[named]`.
//!
//! After each `let x = …;` comes a statement that offers the name to what was bound; patterns
//! that take tuples, arrays and structs apart bind several. The binding itself is untouched, so
//! that types, temporaries and borrows stay as they were.

use crate::language;
use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, FnArg, Ident, ItemFn, Pat, Stmt, parse_quote};

pub fn wrap(mut function: ItemFn) -> TokenStream {
    let lang = language::path();
    name_bindings(&mut function.block);
    let is_body = function.sig.ident == "build"
        && matches!(function.sig.inputs.first(), Some(FnArg::Receiver(_)));
    if is_body {
        let span = function.sig.fn_token.span;
        let body = quote::quote_spanned!(span=> #lang::named::body(););
        let statement: Stmt = parse_quote!(#body);
        function.block.stmts.insert(0, statement);
    }
    quote!(#function)
}

/// Offers their names to what the bindings in `block` hold.
pub fn name_bindings(block: &mut Block) {
    Naming { lang: language::path() }.visit_block_mut(block);
}

struct Naming {
    lang: TokenStream,
}

impl Naming {
    /// The statement that offers its name to what a binding holds.
    fn offer(&self, name: &Ident) -> Stmt {
        let lang = &self.lang;
        let text = name.to_string();
        parse_quote! {
            {
                #[allow(unused_imports)]
                use #lang::named::{No as _, Yes as _};
                (&#lang::named::Binding(&#name)).bind(#text);
            }
        }
    }
}

impl VisitMut for Naming {
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        let statements = std::mem::take(&mut block.stmts);
        for statement in statements {
            let names = bound_names(&statement);
            block.stmts.push(statement);
            block.stmts.extend(names.iter().map(|name| self.offer(name)));
        }
    }

    /// Functions inside mind their own bindings.
    fn visit_item_mut(&mut self, _item: &mut syn::Item) {}
}

/// The names that a statement binds, if it gives them values at once.
fn bound_names(statement: &Stmt) -> Vec<Ident> {
    let mut names = Vec::new();
    if let Stmt::Local(local) = statement
        && local.init.is_some()
    {
        collect(&local.pat, &mut names);
    }
    names
}

fn collect(pattern: &Pat, names: &mut Vec<Ident>) {
    match pattern {
        Pat::Ident(one)
            if one.subpat.is_none()
                && one.by_ref.is_none()
                && !one.ident.to_string().starts_with('_') =>
        {
            names.push(one.ident.clone());
        }
        Pat::Type(typed) => collect(&typed.pat, names),
        Pat::Tuple(tuple) => tuple.elems.iter().for_each(|p| collect(p, names)),
        Pat::Slice(slice) => slice.elems.iter().for_each(|p| collect(p, names)),
        Pat::Struct(record) => record.fields.iter().for_each(|f| collect(&f.pat, names)),
        _ => {}
    }
}
