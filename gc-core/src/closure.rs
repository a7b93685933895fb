//! Callables whose captures are traced.

use std::fmt;

use crate::object::tracer::Tracer;
use crate::trace::Trace;

/// Something to call, as `Fn` is; to be held as `Gc<dyn TracedFn<Args, Output>>`, whatever it captures.
///
/// `Args` is one type; take a tuple for several arguments, `()` for none.
pub trait TracedFn<Args, Output = ()> {
    /// Calls it.
    fn call(&self, args: Args) -> Output;
}

/// Code and what it captures, which is traced: a callback that owns the object that owns it is reclaimed.
///
/// The compiler does not say what a closure captures, so a closure in a box is opaque, and every `Gc` that it captures
/// counts as held from outside. Here the captures are a value of their own, which the code gets by reference.
///
/// # Examples
/// ```
/// use std::cell::{Cell, RefCell};
/// use gc_core::{Closure, Gc, Trace, TracedFn, coerce};
///
/// #[derive(Trace, Default)]
/// struct Button {
///     clicks: Cell<u32>,
///     on_click: RefCell<Option<Gc<dyn TracedFn<u32>>>>,
/// }
///
/// let button = Gc::new(Button::default());
/// let closure = Closure::new(button.clone(), |button, times: u32| button.clicks.set(button.clicks.get() + times));
/// *button.on_click.borrow_mut() = Some(coerce!(Gc::new(closure) => dyn TracedFn<u32>));
///
/// button.on_click.borrow().as_ref().unwrap().call(2);
/// assert_eq!(button.clicks.get(), 2);
///
/// drop(button);
/// assert_eq!(gc_core::collect(), 2);
/// ```
///
/// Code that captures by itself does not compile:
/// ```compile_fail
/// let x = 1;
/// gc_core::Closure::new((), move |_, (): ()| x + 1);
/// ```
#[derive(Clone, Copy)]
pub struct Closure<C, F> {
    captures: C,
    code: F,
}

impl<C, F> Closure<C, F> {
    /// Code that is called with `captures` and its arguments, and captures nothing by itself.
    pub fn new<Args, Output>(captures: C, code: F) -> Self
    where
        F: Fn(&C, Args) -> Output,
    {
        const {
            assert!(size_of::<F>() == 0, "the code of a `Closure` captures nothing; put what it needs into `captures`");
        }
        Self { captures, code }
    }

    /// What it captures.
    pub fn captures(&self) -> &C {
        &self.captures
    }
}

impl<C, F, Args, Output> TracedFn<Args, Output> for Closure<C, F>
where
    F: Fn(&C, Args) -> Output,
{
    fn call(&self, args: Args) -> Output {
        (self.code)(&self.captures, args)
    }
}

impl<C: fmt::Debug, F> fmt::Debug for Closure<C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closure").field("captures", &self.captures).finish_non_exhaustive()
    }
}

// SAFETY: the captures report their own edges, once (T1, T2); the code, without size, owns nothing. No `Drop` (T4).
unsafe impl<C: Trace, F> Trace for Closure<C, F> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.captures.trace(tracer);
    }

    #[inline]
    fn has_edges() -> bool {
        C::has_edges()
    }

    #[inline]
    fn has_edges_within(nesting: u32) -> bool {
        C::has_edges_within(nesting)
    }
}
