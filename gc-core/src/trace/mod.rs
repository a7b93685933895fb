//! How the collector sees the edges of a value: the [`Trace`] contract and its implementations for std types.

mod cell;
mod collection;
mod dyn_leaf;
mod error;
mod fn_ptr;
mod io;
mod iter;
mod leaf;
mod named;
mod opaque;
mod scalar;
mod smart_ptr;
mod sync;
mod text;
mod third_party;
mod tuple;
mod wrapper;

pub use leaf::Leaf;

use crate::object::tracer::Tracer;

/// How many derived types may nest inside one another before [`Trace::has_edges_within`] answers "yes" unseen.
///
/// It ends the recursion of types that contain themselves without a `Gc` between, such as
/// `struct Tree { kids: Vec<Tree> }`.
const MAX_NESTING: u32 = 16;

/// A type whose owned [`Gc`](crate::Gc)s the collector can see.
///
/// Derive it: `#[derive(Trace)]` writes a traversal that keeps the contract below. A type without edges can be wrapped
/// in [`Leaf`], declared by [`impl_trace_leaf!`](crate::impl_trace_leaf), or allocated with
/// [`Gc::leaf`](crate::Gc::leaf).
///
/// # Safety
/// For one call of [`trace`](Self::trace):
/// - **T1** every reported `Gc` is owned by this value, and nobody else releases it;
/// - **T2** each is reported at most once;
/// - **T3** the call uses no `Gc` or `Weak` operation, runs no code supplied by a caller and changes nothing; as long
///   as the value is unchanged it reports the same edges;
/// - **T4** a `Drop` implementation beside it touches no `Gc` that `trace` reports.
///
/// Panicking is allowed, if the panic is let out: a panic hook has run by then, which may do anything. Missing an edge only leaks
/// the cycles through it. Reporting too many would free live memory.
///
/// # Examples
/// ```
/// use gc_core::{Gc, Trace, Tracer};
///
/// struct Pair<T>(Option<Gc<T>>, Option<Gc<T>>);
///
/// // SAFETY: both fields are reported once, and there is no `Drop` (T1 to T4).
/// unsafe impl<T> Trace for Pair<T> {
///     fn trace(&self, tracer: &mut Tracer<'_>) {
///         self.0.trace(tracer);
///         self.1.trace(tracer);
///     }
/// }
///
/// let pair = Gc::new(Pair(Some(Gc::new(1)), None));
/// assert_eq!(Gc::referents(&pair).len(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored in a `Gc`: the collector does not know how to trace it",
    label = "not traceable",
    note = "add `#[derive(Trace)]` to `{Self}`, or mark the field `#[trace(skip)]` if it owns no `Gc`",
    note = "a trait object is traced by `trait Tr: Trace`, a closure as `Closure`; a value without edges fits `Leaf` or `Gc::leaf`"
)]
pub unsafe trait Trace {
    /// Reports every `Gc` this value owns, each at most once.
    fn trace(&self, tracer: &mut Tracer<'_>);

    /// Whether a value of this type can own a `Gc`.
    ///
    /// Where it is `false`, a box of this type is a plain counted box: never tracked, never a candidate.
    #[inline]
    fn has_edges() -> bool
    where
        Self: Sized,
    {
        Self::derived_edges(MAX_NESTING).unwrap_or(true)
    }

    /// [`has_edges`](Self::has_edges), answering `true` below `nesting` derived types.
    #[doc(hidden)]
    #[inline]
    fn has_edges_within(nesting: u32) -> bool
    where
        Self: Sized,
    {
        Self::derived_edges(nesting).unwrap_or_else(Self::has_edges)
    }

    /// What the derive says in place of both. It is one method because a derived `impl` cannot call another of them:
    /// where a type may be without a size, they are not there.
    #[doc(hidden)]
    #[inline]
    fn derived_edges(nesting: u32) -> Option<bool>
    where
        Self: Sized,
    {
        let _ = nesting;
        None
    }

    /// [`trace`](Self::trace) of a field of this name whose written type is `Self`.
    ///
    /// It takes a pointer because a reference to another type would be coerced to one to `Self`, through `Deref`.
    ///
    /// # Safety
    /// As for a reference to `field`.
    #[doc(hidden)]
    #[inline(always)]
    unsafe fn __gc_trace(field: *const Self, name: &'static str, tracer: &mut Tracer<'_>)
    where
        Self: Sized,
    {
        // SAFETY: the caller's promise.
        tracer.field(name, unsafe { &*field });
    }

    /// Whether a box with this value is to be finalized; `#[trace(finalize)]` on the type says so.
    #[doc(hidden)]
    #[inline]
    fn has_finalizer(&self) -> bool {
        false
    }

    /// Finalizes the value, if it has a finalizer.
    #[doc(hidden)]
    #[inline]
    fn run_finalizer(&self) {}
}

/// Whether a container of `T`s has anything to report. Weak pointers are no edges, but some passes ask for them; what takes no
/// place is none either, and there may be any number of it.
#[inline]
pub(crate) fn worth_tracing<T: Trace>(tracer: &Tracer<'_>) -> bool {
    T::has_edges() || size_of::<T>() > 0 && tracer.seeks_observers()
}

/// Writes `has_edges` for a wrapper: it has edges where one of the types inside has.
macro_rules! edges_of {
    ($($inner:ty),+) => {
        #[inline]
        fn has_edges() -> bool {
            $(<$inner as $crate::Trace>::has_edges())||+
        }

        #[inline]
        fn has_edges_within(nesting: u32) -> bool {
            $(<$inner as $crate::Trace>::has_edges_within(nesting))||+
        }
    };
}
pub(crate) use edges_of;

/// Implements [`Trace`] for types that own no `Gc`: nothing is reported.
///
/// Always sound: an edge that is not reported keeps its target alive, so a `Gc` inside such a type makes cycles
/// through it leak, never dangle. Generic types take a list of parameters first.
///
/// # Examples
/// ```
/// use gc_core::{Gc, impl_trace_leaf};
///
/// struct Socket(u32);
/// struct Tagged<T>(T);
/// impl_trace_leaf!(Socket, <T> Tagged<T>);
///
/// assert!(!Gc::is_tracked(&Gc::new(Socket(7))));
/// assert!(!Gc::is_tracked(&Gc::new(Tagged("x"))));
/// ```
#[macro_export]
macro_rules! impl_trace_leaf {
    () => {};
    (<$($param:ident $(: ?$maybe:ident)?),+> $ty:ty $(, $($rest:tt)*)?) => {
        $crate::impl_trace_leaf!(@impl [$($param $(: ?$maybe)?),+] $ty);
        $crate::impl_trace_leaf!($($($rest)*)?);
    };
    // Anybody can call this arm: it takes no loose tokens, which could make the `unsafe impl` one of another trait.
    (@impl [$($param:ident $(: ?$maybe:ident)?),*] $ty:ty) => {
        // An error about another type gains nothing by listing leaves.
        #[diagnostic::do_not_recommend]
        // SAFETY: nothing is reported, so nothing is reported twice or for somebody else (T1 to T4).
        unsafe impl<$($param $(: ?$maybe)?),*> $crate::Trace for $ty {
            #[inline]
            fn trace(&self, _: &mut $crate::Tracer<'_>) {}

            #[allow(dead_code, reason = "it cannot be called for a type without a size")]
            #[inline]
            fn has_edges() -> bool {
                false
            }
        }
    };
    ($ty:ty $(, $($rest:tt)*)?) => {
        $crate::impl_trace_leaf!(@impl [] $ty);
        $crate::impl_trace_leaf!($($($rest)*)?);
    };
}
