//! The head of a module: the leading statements that declare its ports.

use super::port::{self, Port};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Block, Error, Expr, Local, Macro, Stmt, Token};

pub struct Head {
    pub lines: Vec<Line>,
    /// How many statements of the function they are.
    pub statements: usize,
}

/// A statement of the head.
pub enum Line {
    /// What must hold of the parameters.
    Assert(Assert),
    Port(Box<Port>),
    /// A value that shapes are made of.
    Let(Local),
}

impl Head {
    /// All leading `let`s and `assert!`s up to the last of them that is a port or an `assert!`.
    pub fn read(block: &Block) -> syn::Result<Self> {
        let leading = block.stmts.iter().take_while(|s| is_leading(s));
        let last = leading.enumerate().filter(|(_, s)| ends_head(s)).last();
        let statements = last.map_or(0, |(index, _)| index + 1);
        let (head, body) = block.stmts.split_at(statements);
        let late = body.iter().filter_map(|s| match s {
            Stmt::Local(local) => port::type_of(local).map(|_| local),
            _ => None,
        });
        if let Some(local) = late.into_iter().next() {
            let message = "a port stands before all other statements: among ports there are only \
                           `let`s of what their shapes are made of, and `assert!`s";
            return Err(Error::new(local.span(), message));
        }
        let lines = head.iter().map(Line::read).collect::<syn::Result<_>>()?;
        Ok(Self { lines, statements })
    }

    pub fn ports(&self) -> impl Iterator<Item = &Port> {
        self.lines.iter().filter_map(|line| match line {
            Line::Port(port) => Some(&**port),
            _ => None,
        })
    }
}

fn asserted(statement: &Stmt) -> Option<&Macro> {
    match statement {
        Stmt::Macro(one) if one.mac.path.is_ident("assert") => Some(&one.mac),
        _ => None,
    }
}

fn is_leading(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Local(_)) || asserted(statement).is_some()
}

fn ends_head(statement: &Stmt) -> bool {
    match statement {
        Stmt::Local(local) => port::type_of(local).is_some(),
        _ => asserted(statement).is_some(),
    }
}

impl Line {
    fn read(statement: &Stmt) -> syn::Result<Self> {
        match (statement, asserted(statement)) {
            (Stmt::Local(local), _) => match port::type_of(local) {
                Some(ty) => Port::read(local, ty).map(|port| Self::Port(Box::new(port))),
                None => Ok(Self::Let(local.clone())),
            },
            (_, Some(assert)) => Assert::read(assert).map(Line::Assert),
            _ => unreachable!("the head is of these"),
        }
    }
}

/// `assert!(condition, "message")`.
pub struct Assert {
    condition: Expr,
    message: Vec<Expr>,
}

impl Assert {
    fn read(assert: &Macro) -> syn::Result<Self> {
        let parse = Punctuated::<Expr, Token![,]>::parse_terminated;
        let mut arguments = parse.parse2(assert.tokens.clone())?.into_iter();
        let condition = arguments.next();
        let condition =
            condition.ok_or_else(|| Error::new(assert.span(), "`assert!` needs a condition"))?;
        Ok(Self { condition, message: arguments.collect() })
    }

    /// The statement that gives the message where the condition does not hold.
    pub fn check(&self) -> TokenStream {
        let Self { condition, message } = self;
        let message = if message.is_empty() {
            let text = format!("`{}` does not hold", quote!(#condition));
            quote!(::std::string::String::from(#text))
        } else {
            quote!(::std::format!(#(#message),*))
        };
        let holds = Ident::new("holds", Span::mixed_site());
        quote_spanned! { condition.span() =>
            let #holds: bool = #condition;
            if !#holds {
                return ::core::result::Result::Err(#message);
            }
        }
    }
}
