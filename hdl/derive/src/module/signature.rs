//! What a function says of the module: its name and its parameters.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::HashSet;
use syn::spanned::Spanned;
use syn::{
    Attribute, Error, FnArg, GenericParam, Generics, ItemFn, Pat, ReturnType, Type, Visibility,
    WherePredicate,
};

pub struct Signature {
    pub docs: Vec<Attribute>,
    /// Those that are no documentation; said of all that is made.
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub name: Ident,
    /// Where the module is said to begin.
    pub span: Span,
    pub generics: Generics,
    pub parameters: Vec<Parameter>,
}

pub struct Parameter {
    pub docs: Vec<Attribute>,
    pub name: Ident,
    pub ty: Type,
}

impl Signature {
    pub fn read(function: &ItemFn) -> syn::Result<Self> {
        let signature = &function.sig;
        let unusual = [
            signature.constness.map(|t| t.span),
            signature.asyncness.map(|t| t.span),
            signature.unsafety.map(|t| t.span),
            signature.abi.as_ref().map(Spanned::span),
            signature.variadic.as_ref().map(Spanned::span),
        ];
        if let Some(span) = unusual.into_iter().flatten().next() {
            return Err(Error::new(span, "a module is a plain `fn`"));
        }
        if let ReturnType::Type(_, ty) = &signature.output {
            let message = "a module returns nothing: its outputs are ports, \
                           `let NAME: Out<..> = SHAPE;`";
            return Err(Error::new(ty.span(), message));
        }
        if let Some(lifetime) = signature.generics.lifetimes().next() {
            return Err(Error::new(lifetime.span(), "what a module has of parameters, it owns"));
        }
        let parameters = signature.inputs.iter().map(Parameter::read);
        let (docs, attributes) = function.attrs.iter().cloned().partition(is_doc);
        Ok(Self {
            docs,
            attributes,
            visibility: function.vis.clone(),
            name: signature.ident.clone(),
            span: signature.fn_token.span,
            generics: signature.generics.clone(),
            parameters: parameters.collect::<syn::Result<_>>()?,
        })
    }
}

impl Signature {
    /// The visibility, written at this place: so that what rustc says of a field stands there.
    pub fn visibility_at(&self, span: Span) -> TokenStream {
        let tokens = self.visibility.to_token_stream().into_iter();
        let moved = tokens.map(|mut token| {
            token.set_span(token.span().located_at(span));
            token
        });
        moved.collect()
    }
}

pub fn is_doc(attribute: &Attribute) -> bool {
    attribute.path().is_ident("doc")
}

impl Parameter {
    fn read(input: &FnArg) -> syn::Result<Self> {
        let FnArg::Typed(typed) = input else {
            let message = "a module is a function of its parameters, without `self`";
            return Err(Error::new(input.span(), message));
        };
        let Pat::Ident(pattern) = &*typed.pat else {
            return Err(Error::new(typed.pat.span(), "a parameter of a module is a name"));
        };
        if pattern.by_ref.is_some() || pattern.mutability.is_some() || pattern.subpat.is_some() {
            return Err(Error::new(pattern.span(), "a parameter of a module is a name"));
        }
        match &*typed.ty {
            Type::Reference(reference) => {
                let message = "a module owns its parameters: `Vec<..>`, `String`, not a reference";
                return Err(Error::new(reference.span(), message));
            }
            Type::ImplTrait(ty) => {
                let message = "the type of a parameter has a name: `fn M<T: Shape>(of: T)`";
                return Err(Error::new(ty.span(), message));
            }
            _ => {}
        }
        let docs = typed.attrs.iter().filter(|a| is_doc(a)).cloned().collect();
        Ok(Self { docs, name: pattern.ident.clone(), ty: (*typed.ty).clone() })
    }
}

/// Of `generics` what `types` mention, and the bounds on that.
pub fn mentioned(generics: &Generics, types: &TokenStream) -> Generics {
    let mut names = HashSet::new();
    collect(types.clone(), &mut names);
    let is_mentioned = |parameter: &GenericParam| match parameter {
        GenericParam::Type(ty) => names.contains(&ty.ident.to_string()),
        GenericParam::Const(value) => names.contains(&value.ident.to_string()),
        GenericParam::Lifetime(_) => false,
    };
    let mut own = generics.clone();
    own.params = generics.params.iter().filter(|p| is_mentioned(p)).cloned().collect();
    if let Some(bounds) = &mut own.where_clause {
        let kept = bounds.predicates.iter().filter(|p| {
            matches!(p, WherePredicate::Type(ty) if {
                let mut found = HashSet::new();
                collect(ty.bounded_ty.to_token_stream(), &mut found);
                !found.is_disjoint(&names)
            })
        });
        bounds.predicates = kept.cloned().collect();
    }
    own
}

/// Every identifier.
fn collect(tokens: TokenStream, names: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                names.insert(ident.to_string());
            }
            TokenTree::Group(group) => collect(group.stream(), names),
            _ => {}
        }
    }
}
