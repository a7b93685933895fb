//! `#[derive(Trace)]` for the interpreter's types, where the column has none that understands them. It makes impls of
//! `crate::heap::Trace` and knows `#[trace(skip)]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Field, Fields, Ident, Path, parse_macro_input, parse_quote};

#[proc_macro_derive(Trace, attributes(trace))]
pub fn derive_trace(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let mut input = parse_macro_input!(input as DeriveInput);
    for parameter in input.generics.type_params_mut() {
        parameter.bounds.push(parse_quote!(crate::heap::Trace));
    }
    let variants = variants(&input.data);
    let types = variants.iter().flat_map(|(_, fields)| fields.iter()).filter(|field| !is_skipped(field));
    let types = types.map(|field| &field.ty);
    let arms = variants.iter().map(|(path, fields)| arm(path, fields));
    let name = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    quote! {
        impl #impl_generics crate::heap::Trace for #name #type_generics #where_clause {
            const HAS_EDGES: bool = false #(|| <#types as crate::heap::Trace>::HAS_EDGES)*;

            #[inline]
            fn trace(&self, tracer: &mut crate::heap::Tracer<'_>) {
                let _ = &tracer;
                match self { #(#arms)* }
            }
        }
    }
    .into()
}

fn variants(data: &Data) -> Vec<(Path, &Fields)> {
    let path = |name: &Ident| parse_quote!(Self::#name);
    match data {
        Data::Struct(data) => vec![(parse_quote!(Self), &data.fields)],
        Data::Enum(data) => data.variants.iter().map(|variant| (path(&variant.ident), &variant.fields)).collect(),
        Data::Union(_) => unimplemented!("the interpreter has no unions"),
    }
}

/// Takes a variant apart and traces its fields.
fn arm(path: &Path, fields: &Fields) -> TokenStream {
    let traced = fields.members().zip(fields).filter(|(_, field)| !is_skipped(field));
    let members: Vec<_> = traced.map(|(member, _)| member).collect();
    let names: Vec<Ident> = (0..members.len()).map(|index| format_ident!("field_{index}")).collect();
    quote! {
        #path { #(#members: #names,)* .. } => { #(crate::heap::Trace::trace(#names, tracer);)* }
    }
}

fn is_skipped(field: &Field) -> bool {
    field.attrs.iter().any(|attribute| attribute.path().is_ident("trace"))
}
