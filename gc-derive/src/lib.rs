//! `#[derive(Trace)]` for `gc_core`.

#![forbid(unsafe_code)]

mod ast;
mod attr;
mod bound;
mod check;
mod error;
mod expand;
mod ty;

use proc_macro::TokenStream;

#[doc = include_str!("trace.md")]
#[proc_macro_derive(Trace, attributes(trace))]
pub fn derive_trace(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    expand::expand(input).into()
}
