//! `#[derive(Ports)]`.

use crate::language;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Field, Fields, GenericArgument, PathArguments, Type};

pub fn derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let lang = language::path();
    let fields = named_fields(input, "Ports")?;
    let each = fields.iter().map(|f| field(&lang, f));
    let name = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #generics #lang::Ports for #name #arguments #bounds {
            fn walk_ports(&self, walk: &mut #lang::Walk<'_>) -> Self {
                Self { #(#each),* }
            }
        }
    })
}

/// The fields of a struct with named fields.
pub fn named_fields<'a>(
    input: &'a DeriveInput,
    what: &str,
) -> syn::Result<&'a syn::punctuated::Punctuated<Field, syn::Token![,]>> {
    if let Data::Struct(data) = &input.data
        && let Fields::Named(fields) = &data.fields
    {
        return Ok(&fields.named);
    }
    let message = format!("`{what}` is derived for structs with named fields");
    Err(Error::new(input.ident.span(), message))
}

fn field(lang: &TokenStream, field: &Field) -> TokenStream {
    let ident = field.ident.as_ref().expect("a named field");
    let text = ident.to_string();
    let inside = visit(lang, &field.ty, &quote!(&self.#ident));
    // The call has the field's span, which makes the field its place.
    quote_spanned! { ident.span() => #ident: walk.field(#text, |walk| #inside) }
}

/// The expression that visits `value`, a reference to something of type `ty`.
fn visit(lang: &TokenStream, ty: &Type, value: &TokenStream) -> TokenStream {
    let span = ty.span();
    if let Type::Array(array) = ty {
        let one = visit(lang, &array.elem, &quote!(item));
        return quote!(walk.array(#value, |walk, item| #one));
    }
    match named_type(ty) {
        Some((name, inner)) if name == "Vec" && inner.is_some() => {
            let one = visit(lang, inner.expect("checked"), &quote!(item));
            quote!(walk.vec(#value, |walk, item| #one))
        }
        Some((name, inner)) if name == "Option" && inner.is_some() => {
            let one = visit(lang, inner.expect("checked"), &quote!(item));
            quote!(walk.option(#value, |walk, item| #one))
        }
        Some((name, _)) if name == "In" => quote!(walk.input(#value)),
        Some((name, _)) if name == "Out" => quote!(walk.output(#value)),
        Some((name, _)) if name == "Sink" || name == "Flipped" => quote!(walk.flipped(#value)),
        _ => quote_spanned!(span=> #lang::Ports::walk_ports(#value, walk)),
    }
}

/// The last name of a path type and its first type argument.
fn named_type(ty: &Type) -> Option<(String, Option<&Type>)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let inner = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|a| match a {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        }),
        _ => None,
    };
    Some((last.ident.to_string(), inner))
}
