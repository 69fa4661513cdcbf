//! `#[named]`.
//!
//! After each `let x = …;` comes a statement that offers the name to what was bound. The binding
//! itself is untouched, so that types, temporaries and borrows stay as they were.

use crate::language;
use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, FnArg, ItemFn, Pat, Stmt, parse_quote};

pub fn wrap(mut function: ItemFn) -> TokenStream {
    let lang = language::path();
    let mut naming = Naming { lang: lang.clone() };
    naming.visit_block_mut(&mut function.block);
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

struct Naming {
    lang: TokenStream,
}

impl VisitMut for Naming {
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        let statements = std::mem::take(&mut block.stmts);
        for statement in statements {
            let name = bound_name(&statement);
            block.stmts.push(statement);
            if let Some(name) = name {
                let lang = &self.lang;
                let text = name.to_string();
                block.stmts.push(parse_quote! {
                    {
                        #[allow(unused_imports)]
                        use #lang::named::{No as _, Yes as _};
                        (&#lang::named::Binding(&#name)).bind(#text);
                    }
                });
            }
        }
    }

    /// Functions inside have bindings of their own business.
    fn visit_item_mut(&mut self, _item: &mut syn::Item) {}
}

/// The name that a statement binds, if it binds one and gives it a value at once.
fn bound_name(statement: &Stmt) -> Option<syn::Ident> {
    let Stmt::Local(local) = statement else { return None };
    local.init.as_ref()?;
    let pattern = match &local.pat {
        Pat::Type(typed) => &*typed.pat,
        pattern => pattern,
    };
    match pattern {
        Pat::Ident(one) if one.subpat.is_none() && one.by_ref.is_none() => {
            (!one.ident.to_string().starts_with('_')).then(|| one.ident.clone())
        }
        _ => None,
    }
}
