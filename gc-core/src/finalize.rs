//! The user's hook before death.

/// What a value does once, just before its box dies, while everything it points to is still alive.
///
/// A type with edges does not implement `Drop`: the members of a dead cycle have no order in which each could still
/// look at the others. It implements `Finalize` and says so with `#[trace(finalize)]`; the finalizer runs once per
/// box, whether the strong count reached zero or a collection found the box unreachable.
///
/// The finalizer may read and change the graph, allocate, collect, and store a `Gc` to its own value somewhere:
/// the value is then resurrected, and lives on until it becomes unreachable again, without a second finalizer
/// (as in CPython, PEP 442). Weak pointers to the value still upgrade while it runs.
///
/// # Panics
/// A panic in a finalizer continues out of the operation that ended the box (`drop`, `collect`, an automatic
/// collection in `Gc::new`) after everything else that was to be reclaimed has been.
///
/// # Examples
/// ```
/// use std::cell::Cell;
/// use gc_core::{Finalize, Gc, Trace};
///
/// thread_local!(static CLOSED: Cell<u32> = const { Cell::new(0) });
///
/// #[derive(Trace)]
/// #[trace(finalize)]
/// struct Session {
///     peer: Option<Gc<Session>>,
/// }
///
/// impl Finalize for Session {
///     fn finalize(&self) {
///         CLOSED.set(CLOSED.get() + 1);
///     }
/// }
///
/// drop(Gc::new(Session { peer: Some(Gc::new(Session { peer: None })) }));
/// assert_eq!(CLOSED.get(), 2);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is marked `#[trace(finalize)]` but has no finalizer",
    label = "`Finalize` is not implemented",
    note = "write `impl Finalize for {Self} {{ fn finalize(&self) {{ .. }} }}`, or remove `finalize` from `#[trace(..)]`"
)]
pub trait Finalize {
    /// Runs once, before the box dies, with the graph intact.
    fn finalize(&self);
}
