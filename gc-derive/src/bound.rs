//! Which types must implement `Trace` for the derived `impl` to hold.
//!
//! A bound on a field's type would show private types and send the trait solver in circles around recursive types, so
//! the bounds are on type parameters, and on what is projected from them (`T::Item`).

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Type, TypePath};

use crate::ast::{Input, Role};
use crate::ty;

/// The types that need a bound, each once, in the order in which the fields mention them.
pub(crate) fn bounded_types(input: &Input) -> Vec<Type> {
    let params: Vec<_> = input.generics.type_params().map(|param| &param.ident).collect();
    if params.is_empty() {
        return Vec::new();
    }
    let mut bounded = Bounded { input, params, types: Vec::new() };
    for field in input.fields() {
        if matches!(field.role, Role::Traced | Role::Tail) {
            bounded.visit(&field.ty);
        }
    }
    bounded.types
}

struct Bounded<'a> {
    input: &'a Input,
    params: Vec<&'a Ident>,
    types: Vec<Type>,
}

impl Bounded<'_> {
    fn add(&mut self, ty: Type) {
        let text = |ty: &Type| ty.to_token_stream().to_string();
        if self.types.iter().all(|known| text(known) != text(&ty)) {
            self.types.push(ty);
        }
    }

    /// Adds what must implement `Trace` for `ty` to implement it.
    fn visit(&mut self, ty: &Type) {
        match ty {
            Type::Path(path) if self.is_param(path) || self.is_projection(path) => self.add(ty.clone()),
            Type::Path(path) if self.is_input(path) => {}
            Type::Macro(unknown) => self.visit_tokens(&unknown.mac.tokens),
            Type::Verbatim(unknown) => self.visit_tokens(unknown),
            _ => ty::traced_parts(ty).into_iter().for_each(|part| self.visit(part)),
        }
    }

    /// The type itself with its own parameters, which asks for no more than its other fields do.
    fn is_input(&self, path: &TypePath) -> bool {
        let (_, arguments, _) = self.input.generics.split_for_impl();
        let text = |tokens: &dyn ToTokens| tokens.to_token_stream().to_string().replace(',', "");
        path.path
            .segments
            .last()
            .is_some_and(|last| last.ident == self.input.ident && text(&last.arguments) == text(&arguments))
    }

    /// `T`
    fn is_param(&self, path: &TypePath) -> bool {
        let ident = path.path.get_ident().filter(|_| path.qself.is_none());
        ident.is_some_and(|ident| self.params.contains(&ident))
    }

    /// `T::Item`, `<T as Trait>::Item`, `<Vec<T> as Trait>::Item`
    fn is_projection(&self, path: &TypePath) -> bool {
        let is_param = |word: &Ident| self.params.contains(&word);
        match &path.qself {
            Some(_) => ty::find_word(path.to_token_stream(), &is_param).is_some(),
            None => {
                let segments = &path.path.segments;
                path.path.leading_colon.is_none()
                    && segments.len() > 1
                    && segments[0].arguments.is_none()
                    && is_param(&segments[0].ident)
            }
        }
    }

    /// Of tokens whose meaning is not known, every parameter among them.
    fn visit_tokens(&mut self, tokens: &TokenStream) {
        for param in self.params.clone() {
            if let Some(found) = ty::find_word(tokens.clone(), &|word| word == param) {
                self.add(Type::Path(TypePath { attrs: Vec::new(), qself: None, path: found.into() }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Errors;

    /// The bounds of a struct with parameters `T` and `U` and these fields.
    fn bounds_of(fields: &str) -> Vec<String> {
        let item = format!("struct S<'a, T, U, const N: usize> {{ {fields} }}");
        let mut errors = Errors::default();
        let input = Input::parse(syn::parse_str(&item).expect("a struct"), &mut errors);
        bounded_types(&input).iter().map(|ty| ty.to_token_stream().to_string().replace(' ', "")).collect()
    }

    #[track_caller]
    fn assert_bounds(fields: &str, bounds: &[&str]) {
        assert_eq!(bounds_of(fields), bounds, "{fields}");
    }

    #[test]
    fn a_parameter_in_a_field_is_bounded_once() {
        assert_bounds("a: T, b: Vec<T>, c: U", &["T", "U"]);
        assert_bounds("a: HashMap<U, [Option<(T, u8)>; N]>", &["U", "T"]);
        assert_bounds("a: (T), b: std::collections::VecDeque<U>", &["T", "U"]);
    }

    #[test]
    fn a_parameter_of_a_pointer_or_a_leaf_is_not() {
        for ty in [
            "Gc<T>",
            "Option<Gc<T>>",
            "gc_core::Weak<T>",
            "PhantomData<T>",
            "Rc<T>",
            "Arc<Vec<T>>",
            "Leaf<T>",
            "&'a T",
            "&'static [T]",
            "fn(T) -> U",
            "Option<fn(&T)>",
            "Box<dyn Shape<T>>",
            "u8",
        ] {
            assert_bounds(&format!("a: {ty}"), &[]);
        }
    }

    #[test]
    fn a_hasher_is_not() {
        assert_bounds("a: HashMap<u8, Vec<T>, U>, b: std::collections::HashSet<u8, U>", &["T"]);
    }

    #[test]
    fn a_projection_is_bounded_in_place_of_its_parameter() {
        assert_bounds("a: T::Item", &["T::Item"]);
        assert_bounds("a: Vec<<T as Iterator>::Item>, b: T::Item", &["<TasIterator>::Item", "T::Item"]);
        assert_bounds("a: <Vec<U> as IntoIterator>::Item", &["<Vec<U>asIntoIterator>::Item"]);
        assert_bounds("a: Gc<T::Item>, b: <u8 as Add>::Output", &[]);
        assert_bounds("a: t::T", &[]);
    }

    #[test]
    fn a_type_inside_itself_asks_for_nothing_more() {
        assert_bounds("a: Vec<S<'a, T, U, N>>, b: T::Item", &["T::Item"]);
        assert_bounds("a: Option<Box<S<'a, Vec<U>, T, N>>>", &["U", "T"]);
    }

    #[test]
    fn a_field_that_is_not_traced_adds_no_bound() {
        assert_bounds("#[trace(skip)] a: T, #[trace(with = f)] b: U", &[]);
    }

    #[test]
    fn a_macro_in_a_type_may_use_every_parameter_it_is_given() {
        assert_bounds("a: list![U, (T)], b: list![x]", &["T", "U"]);
    }

    #[test]
    fn a_parameter_may_be_called_as_a_known_type() {
        let mut errors = Errors::default();
        let input = Input::parse(
            syn::parse_quote!(
                struct S<Gc, r#type> {
                    a: Gc,
                    b: Vec<r#type>,
                }
            ),
            &mut errors,
        );
        assert_eq!(bounded_types(&input).len(), 2);
    }
}
