//! What the syntax of a field's type tells.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::{GenericArgument, PathArguments, PathSegment, Type, TypePath, TypePtr, TypeReference};

/// std types that hold values of their type arguments and nothing else.
const CONTAINERS: [&str; 12] = [
    "Option", "Result", "Box", "Vec", "VecDeque", "HashMap", "HashSet", "BTreeMap", "BTreeSet", "Cell", "RefCell",
    "OnceCell",
];

/// Types without edges that may stand beside a function pointer in such a container.
const PLAIN: [&str; 18] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128",
    "usize", "String", "str",
];

/// Types that implement `Trace` whatever their type arguments are.
const TRACED_FOR_ANY: [&str; 6] = ["Gc", "Weak", "Rc", "Arc", "PhantomData", "Leaf"];

/// Whether `ty` holds function pointers and otherwise only plain values.
///
/// No `impl` can cover pointers that are generic over a lifetime, such as `fn(&str)`, so these types are leaves.
pub(crate) fn is_fn_pointers(ty: &Type) -> bool {
    let mut pointers = false;
    is_plain(ty, &mut pointers) && pointers
}

/// Whether `ty` holds nothing but plain values and function pointers; `pointers` notes that there was one of these.
fn is_plain(ty: &Type, pointers: &mut bool) -> bool {
    match ty {
        Type::FnPtr(_) => {
            *pointers = true;
            true
        }
        Type::Array(array) => is_plain(&array.elem, pointers),
        Type::Slice(slice) => is_plain(&slice.elem, pointers),
        Type::Group(group) => is_plain(&group.elem, pointers),
        Type::Paren(paren) => is_plain(&paren.elem, pointers),
        Type::Reference(reference) => !is_borrow(reference) && is_plain(&reference.elem, pointers),
        Type::Tuple(tuple) => tuple.elems.iter().all(|elem| is_plain(elem, pointers)),
        Type::Path(path) => is_plain_path(path, pointers),
        _ => false,
    }
}

fn is_plain_path(path: &TypePath, pointers: &mut bool) -> bool {
    let Some(last) = path.path.segments.last().filter(|_| path.qself.is_none()) else {
        return false;
    };
    match &last.arguments {
        PathArguments::None => is_one_of(last, &PLAIN),
        PathArguments::AngleBracketed(_) if is_one_of(last, &CONTAINERS) => {
            type_arguments(last).all(|argument| is_plain(argument, pointers))
        }
        _ => false,
    }
}

fn is_one_of(segment: &PathSegment, names: &[&str]) -> bool {
    names.iter().any(|name| segment.ident == name)
}

/// Whether `ty` is a `Gc`, or a container, a tuple or an array of them, as far as its syntax tells.
///
/// A `Gc` or a container of the user's own of these names only makes this a needless "yes".
pub(crate) fn is_edge(ty: &Type) -> bool {
    match ty {
        Type::Array(array) => is_edge(&array.elem),
        Type::Slice(slice) => is_edge(&slice.elem),
        Type::Group(group) => is_edge(&group.elem),
        Type::Paren(paren) => is_edge(&paren.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(is_edge),
        Type::Path(path) if path.qself.is_none() => path.path.segments.last().is_some_and(|last| {
            let any_argument = || type_arguments(last).any(|_| true);
            last.ident == "Gc" && any_argument() || is_one_of(last, &CONTAINERS) && type_arguments(last).any(is_edge)
        }),
        _ => false,
    }
}

/// Whether `ty` has a size whatever its parameters are: a number, a `Gc`, a container of std by its name, or a cell, a
/// tuple or an array of such.
pub(crate) fn is_sized(ty: &Type) -> bool {
    match ty {
        Type::Array(_) | Type::FnPtr(_) | Type::Reference(_) => true,
        Type::Tuple(tuple) => tuple.elems.last().is_none_or(is_sized),
        Type::Path(path) if path.qself.is_none() => path.path.segments.last().is_some_and(is_sized_segment),
        _ => false,
    }
}

fn is_sized_segment(last: &PathSegment) -> bool {
    if last.arguments.is_none() {
        return is_one_of(last, &PLAIN) && last.ident != "str";
    }
    if is_one_of(last, &["Cell", "RefCell"]) {
        return type_arguments(last).all(is_sized);
    }
    is_one_of(last, &CONTAINERS) || last.ident == "Gc"
}

/// The parts that must implement `Trace` for `ty` to implement it, as far as its syntax tells.
///
/// References and function pointers are leaves, and a trait object does not ask its parameters.
pub(crate) fn traced_parts(ty: &Type) -> Vec<&Type> {
    match ty {
        Type::Array(array) => vec![&array.elem],
        Type::Slice(slice) => vec![&slice.elem],
        Type::Group(group) => vec![&group.elem],
        Type::Paren(paren) => vec![&paren.elem],
        Type::Tuple(tuple) => tuple.elems.iter().collect(),
        Type::Path(path) if path.qself.is_none() => match path.path.segments.last() {
            Some(last) if !is_one_of(last, &TRACED_FOR_ANY) => type_arguments(last).collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The first reference in what `ty` owns that is borrowed for less than `'static`.
pub(crate) fn find_borrow(ty: &Type) -> Option<&TypeReference> {
    match ty {
        Type::Reference(reference) => Some(reference).filter(|reference| is_borrow(reference)),
        _ => traced_parts(ty).into_iter().find_map(find_borrow),
    }
}

fn is_borrow(reference: &TypeReference) -> bool {
    reference.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident != "static")
}

/// The first raw pointer in what `ty` owns, seen through the containers of std.
pub(crate) fn find_raw_pointer(ty: &Type) -> Option<&TypePtr> {
    match ty {
        Type::Ptr(pointer) => Some(pointer),
        Type::Path(path) if !path.path.segments.last().is_some_and(|last| is_one_of(last, &CONTAINERS)) => None,
        _ => traced_parts(ty).into_iter().find_map(find_raw_pointer),
    }
}

/// Maps and sets by their names, with how many of their arguments are values. The next is the hasher, which is not
/// traced.
const HASHED: [(&str, usize); 4] = [("HashMap", 2), ("HashSet", 1), ("IndexMap", 2), ("IndexSet", 1)];

/// The types between the angle brackets of a path's segment, without the hasher of a map or set.
fn type_arguments(segment: &PathSegment) -> impl Iterator<Item = &Type> {
    let hashed = HASHED.iter().find(|(name, _)| segment.ident == name);
    let values = hashed.map_or(usize::MAX, |&(_, values)| values);
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(bracketed) => Some(&bracketed.args),
        _ => None,
    };
    let types = arguments.into_iter().flatten().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.take(values)
}

/// The first word in `tokens` that satisfies `is_wanted`.
pub(crate) fn find_word(tokens: TokenStream, is_wanted: &impl Fn(&Ident) -> bool) -> Option<Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) => Some(ident).filter(is_wanted),
        TokenTree::Group(group) => find_word(group.stream(), is_wanted),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ty(text: &str) -> Type {
        syn::parse_str(text).expect("a type")
    }

    #[test]
    fn types_that_hold_only_function_pointers_are_told_from_others() {
        for yes in [
            "fn(&str, &u32) -> u32",
            "for<'a> fn(&'a T) -> &'a T",
            "unsafe extern \"C\" fn(&u8)",
            "Option<fn(&str)>",
            "std::option::Option<fn(&str)>",
            "[fn(&str); 4]",
            "(u32, fn(&str))",
            "Vec<(String, fn(&str))>",
            "HashMap<&'static str, Box<fn(&str)>>",
            "HashMap<u8, fn(&str), Hasher<T>>",
        ] {
            assert!(is_fn_pointers(&ty(yes)), "{yes}");
        }
        for no in ["u32", "()", "Vec<u8>", "(fn(&str), Gc<u8>)", "Gc<fn(&str)>", "T", "Option<T>", "T::Item"] {
            assert!(!is_fn_pointers(&ty(no)), "{no}");
        }
    }

    #[test]
    fn an_owned_gc_is_found() {
        for yes in ["Gc<T>", "gc_core::Gc<u8>", "Option<Gc<T>>", "RefCell<Vec<(u8, Gc<T>)>>", "[HashMap<K, Gc<T>>; 2]"]
        {
            assert!(is_edge(&ty(yes)), "{yes}");
        }
        for no in ["Gc", "Weak<T>", "Rc<Gc<T>>", "PhantomData<Gc<T>>", "Foreign<Gc<T>>", "fn(Gc<T>)", "&'static Gc<T>"]
        {
            assert!(!is_edge(&ty(no)), "{no}");
        }
    }

    #[test]
    fn a_raw_pointer_is_found_in_containers_only() {
        for yes in ["*const u8", "*mut T", "Option<*const u8>", "[(u8, *mut u8); 2]", "Cell<Vec<*const u8>>"] {
            assert!(find_raw_pointer(&ty(yes)).is_some(), "{yes}");
        }
        for no in ["Gc<*const u8>", "PhantomData<*const u8>", "Foreign<*mut u8>", "fn(*const u8)", "&'static u8"] {
            assert!(find_raw_pointer(&ty(no)).is_none(), "{no}");
        }
    }

    #[test]
    fn a_type_with_a_size_is_told_from_those_that_may_have_none() {
        for yes in [
            "u32",
            "String",
            "Vec<T>",
            "Box<[T]>",
            "std::option::Option<T>",
            "HashMap<K, V>",
            "Gc<T>",
            "[T; 2]",
            "RefCell<Vec<T>>",
            "(T, u8)",
            "fn(T)",
        ] {
            assert!(is_sized(&ty(yes)), "{yes}");
        }
        for no in ["T", "str", "[T]", "dyn Shape", "RefCell<T>", "Cell<[T]>", "Inner<T>", "(u8, T)", "T::Item"] {
            assert!(!is_sized(&ty(no)), "{no}");
        }
    }

    #[test]
    fn a_borrow_is_found_in_what_a_type_owns() {
        for yes in ["&'a u8", "&'a mut u8", "Vec<(u8, Option<&'a str>)>", "[&'a u8; 2]", "&'a &'static u8"] {
            assert!(find_borrow(&ty(yes)).is_some(), "{yes}");
        }
        for no in ["&'static u8", "Gc<&'a u8>", "PhantomData<&'a u8>", "fn(&'a u8)", "Cow<'a, str>", "Box<dyn Fn(&u8)>"]
        {
            assert!(find_borrow(&ty(no)).is_none(), "{no}");
        }
    }
}
