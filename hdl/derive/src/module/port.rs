//! A port: `let NAME: In<T> = SHAPE;`.

use super::signature::is_doc;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{
    Attribute, Error, Expr, ExprCall, GenericArgument, Local, Pat, PathArguments, Type, TypeArray,
};

pub struct Port {
    docs: Vec<Attribute>,
    /// One, or those of an array that is taken apart.
    names: Vec<Ident>,
    /// Whether it is an array that is taken apart.
    apart: bool,
    pub ty: Type,
    shape: Expr,
    /// What the author says of an output besides its shape, and where in that its signal stands.
    said: Option<Said>,
}

/// Which signal an output is.
enum Said {
    /// `reg(SHAPE)` and calls on it: the output is that register.
    Register { function: Expr, calls: Vec<Call> },
    /// `SHAPE.otherwise(VALUE)`: it carries the value where nothing else is driven.
    Otherwise(Call),
}

/// A method that is called.
struct Call {
    method: Ident,
    arguments: Vec<Expr>,
}

/// The types that make a `let` a port, by their last name.
const MARKS: [&str; 6] = ["In", "Out", "Sink", "Source", "Flipped", "Port"];

/// The type of a `let`, if it is that of a port: one of [`MARKS`], or vectors, arrays and options
/// of such.
pub fn type_of(local: &Local) -> Option<&Type> {
    let Pat::Type(typed) = &local.pat else { return None };
    mark(&typed.ty).map(|_| &*typed.ty)
}

fn mark(ty: &Type) -> Option<String> {
    match ty {
        Type::Array(array) => mark(&array.elem),
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            let name = last.ident.to_string();
            let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
            if MARKS.contains(&name.as_str()) {
                return Some(name);
            }
            let holds = name == "Vec" || name == "Option";
            arguments.args.iter().find_map(|a| match a {
                GenericArgument::Type(inner) if holds => mark(inner),
                _ => None,
            })
        }
        _ => None,
    }
}

impl Port {
    pub fn read(local: &Local, ty: &Type) -> syn::Result<Self> {
        let Pat::Type(typed) = &local.pat else { unreachable!("it has a type") };
        let (names, apart) = names(&typed.pat)?;
        if apart && !matches!(ty, Type::Array(_)) {
            return Err(Error::new(ty.span(), "ports of one pattern are an array: `[In<..>; 2]`"));
        }
        let Some(init) = &local.init else {
            let name = &names[0];
            let message = format!("a port needs its shape: `let {name}: .. = unsigned(8);`");
            return Err(Error::new(local.span(), message));
        };
        if let Some((token, _)) = &init.diverge {
            return Err(Error::new(token.span, "a port has no `else`"));
        }
        let docs = local.attrs.iter().filter(|a| is_doc(a)).cloned().collect();
        let (shape, said) = said(&init.expr);
        if said.is_some() && mark(ty).as_deref() != Some("Out") {
            let message = "only an `Out<..>` can be a register or have a value of its own";
            return Err(Error::new(init.expr.span(), message));
        }
        Ok(Self { docs, names, apart, ty: ty.clone(), shape, said })
    }

    /// The fields of the record: documentation, name, type.
    pub fn fields(&self) -> impl Iterator<Item = (&[Attribute], &Ident, &Type)> {
        let ty = match &self.ty {
            Type::Array(TypeArray { elem, .. }) if self.apart => elem,
            ty => ty,
        };
        self.names.iter().map(move |name| (&self.docs[..], name, ty))
    }

    fn pattern(&self) -> TokenStream {
        let names = &self.names;
        if self.apart { quote!([#(#names),*]) } else { quote!(#(#names)*) }
    }

    /// The statement that binds the shape.
    pub fn shape(&self) -> TokenStream {
        let (pattern, ty, shape) = (self.pattern(), &self.ty, &self.shape);
        quote!(#[allow(unused_variables)] let #pattern: #ty = #shape;)
    }

    /// The statement that binds the signal.
    pub fn signal(&self, lang: &TokenStream, ports: &Ident) -> TokenStream {
        let (pattern, names) = (self.pattern(), &self.names);
        let span = self.names[0].span();
        let own = quote!(#(#ports.#names),*);
        let own = if self.apart { quote!([#own]) } else { own };
        let port = Ident::new("port", Span::mixed_site());
        let value = match &self.said {
            None => own,
            Some(Said::Otherwise(Call { method, arguments })) => {
                quote!(#lang::Signal::#method(#own #(, #arguments)*))
            }
            Some(Said::Register { function, calls }) => {
                let shape = quote_spanned!(span=> #lang::Signal::shape(&#port));
                let calls = calls
                    .iter()
                    .map(|Call { method, arguments }| quote!(.#method(#(#arguments),*)));
                let value = quote!(#function(#shape) #(#calls)*);
                let register = Ident::new("register", Span::mixed_site());
                let drive = quote_spanned!(span=> #lang::Signal::drive(&#port, &#register););
                quote!({ let #port = #own; let #register = #value; #drive #register })
            }
        };
        quote!(let #pattern = #value;)
    }
}

fn names(pattern: &Pat) -> syn::Result<(Vec<Ident>, bool)> {
    let one = |pattern: &Pat| match pattern {
        Pat::Ident(one) if one.by_ref.is_none() && one.mutability.is_none() => {
            Ok(one.ident.clone())
        }
        _ => Err(Error::new(pattern.span(), "a port is a name, or an array of names")),
    };
    match pattern {
        Pat::Slice(slice) if !slice.elems.is_empty() => {
            Ok((slice.elems.iter().map(one).collect::<syn::Result<_>>()?, true))
        }
        _ => Ok((vec![one(pattern)?], false)),
    }
}

/// The shape in what the author wrote, and what is said besides.
fn said(written: &Expr) -> (Expr, Option<Said>) {
    if let Expr::MethodCall(call) = written
        && call.method == "otherwise"
    {
        let arguments = call.args.iter().cloned().collect();
        let otherwise = Said::Otherwise(Call { method: call.method.clone(), arguments });
        return ((*call.receiver).clone(), Some(otherwise));
    }
    let (mut inner, mut calls) = (written, Vec::new());
    while let Expr::MethodCall(call) = inner {
        let arguments = call.args.iter().cloned().collect();
        calls.push(Call { method: call.method.clone(), arguments });
        inner = &call.receiver;
    }
    calls.reverse();
    match inner {
        Expr::Call(ExprCall { func, args, .. }) if args.len() == 1 && is_reg(func) => {
            let register = Said::Register { function: (**func).clone(), calls };
            (args[0].clone(), Some(register))
        }
        _ => (written.clone(), None),
    }
}

fn is_reg(function: &Expr) -> bool {
    matches!(function, Expr::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "reg"))
}
