//! `Finalizer<R>`: a closure that runs when an object dies, kept by the heap.
//!
//! A weak pointer watches the object. Its callback owns the state, and the state owns the weak pointer: a ring of `Rc`s
//! that needs no handle to last, until the closure is taken out of it.

use std::cell::RefCell;
use std::fmt;
use std::mem::ManuallyDrop;
use std::rc::Rc;

use crate::heap::{Farewell, Heap};
use crate::impl_trace_leaf;
use crate::pointers::{Gc, Weak};

/// The closure that [`Gc::on_drop`] makes run when an object dies, to be run or forgotten before.
///
/// It is a handle and no more: dropping it changes nothing. An object may hold its own.
///
/// # Examples
/// ```
/// use std::cell::OnceCell;
/// use gc_core::{Finalizer, Gc, Trace};
///
/// #[derive(Trace, Default)]
/// struct Folder {
///     removal: OnceCell<Finalizer<&'static str>>,
/// }
///
/// let folder = Gc::new(Folder::default());
/// folder.removal.set(Gc::on_drop(&folder, || "removed")).unwrap();
///
/// // By hand, before the folder dies.
/// assert_eq!(folder.removal.get().unwrap().run(), Some("removed"));
/// ```
pub struct Finalizer<R> {
    state: Rc<State<R>>,
}

struct State<R> {
    /// Its place among the heap's farewells.
    number: u64,
    pending: RefCell<Option<Pending<R>>>,
}

struct Pending<R> {
    closure: Box<dyn FnOnce() -> R>,
    /// Its callback runs the closure.
    watch: Weak<()>,
}

impl<T: ?Sized> Gc<T> {
    /// Has `closure` run once, when the value dies, be it by count or by collection. Its result is dropped then.
    ///
    /// It runs as the callbacks of [`downgrade_with`](Gc::downgrade_with) do, and among them, newest first for one value: after the
    /// value's own finalizer, when no weak pointer upgrades any more, before the value is dropped. A value that is moved
    /// out ([`try_unwrap`](Gc::try_unwrap), [`make_mut`](Gc::make_mut)) dies in this sense too. The heap keeps the
    /// closure; the handle may be dropped. As long as the closure is pending it counts as a weak pointer.
    ///
    /// What it captures counts as held from outside. If that keeps the object itself alive, the object does not die until
    /// the closure is run or detached, or the thread ends.
    ///
    /// When the thread ends, what is still pending runs, newest first over all objects, before the last collections;
    /// [`Finalizer::set_at_exit`] says otherwise. What is registered meanwhile runs next, unless that goes on without end.
    ///
    /// # Panics
    /// Not by itself. A panic of the closure continues out of the operation that ended the object, once everything else
    /// is done. At the end of the thread it is lost, and the other closures run.
    ///
    /// # Examples
    /// ```
    /// use std::{cell::Cell, rc::Rc};
    /// use gc_core::Gc;
    ///
    /// let closed = Rc::new(Cell::new(false));
    /// let flag = closed.clone();
    /// let gc = Gc::new(1);
    /// Gc::on_drop(&gc, move || flag.set(true));
    /// drop(gc);
    /// assert!(closed.get());
    /// ```
    pub fn on_drop<R: 'static>(this: &Self, closure: impl FnOnce() -> R + 'static) -> Finalizer<R> {
        let number = Heap::with(|heap| heap.farewells.number());
        let state = Rc::new(State { number, pending: None.into() });
        let told = state.clone();
        let watch = Weak::with_callback(erase(Self::downgrade(this)), Box::new(move || told.say()));
        state.pending.replace(Some(Pending { closure: Box::new(closure), watch }));
        let finalizer = Finalizer { state };
        finalizer.set_at_exit(true);
        finalizer
    }
}

/// `weak`, its type forgotten.
fn erase<T: ?Sized>(weak: Weak<T>) -> Weak<()> {
    let weak = ManuallyDrop::new(weak);
    // SAFETY: the weak count goes with the pointer (W1). It is given up by way of the box's own function table (V1),
    // whatever type is named here, and nobody upgrades the pointer.
    unsafe { Weak::from_box(weak.tagged().cast()) }
}

impl<R: 'static> Finalizer<R> {
    /// Runs the closure now, and returns its result: the death of the object does not run it any more. `None` if it ran
    /// before, was detached, or is running.
    ///
    /// # Panics
    /// If the closure does; it counts as run.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let gc = Gc::new(1);
    /// let finalizer = Gc::on_drop(&gc, || "closed");
    /// assert_eq!(finalizer.run(), Some("closed"));
    /// assert_eq!(finalizer.run(), None);
    /// ```
    pub fn run(&self) -> Option<R> {
        self.state.run()
    }

    /// Drops the closure, which nobody runs any more; `true` if it was still to run.
    ///
    /// # Panics
    /// If dropping what the closure captured does.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let gc = Gc::new(1);
    /// let finalizer = Gc::on_drop(&gc, || unreachable!());
    /// assert!(finalizer.detach());
    /// assert!(!finalizer.detach());
    /// ```
    pub fn detach(&self) -> bool {
        self.state.take().is_some()
    }

    /// Whether the closure is still to run: it did not begin to, and was not detached.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let gc = Gc::new(1);
    /// let finalizer = Gc::on_drop(&gc, || ());
    /// assert!(finalizer.is_alive());
    /// drop(gc);
    /// assert!(!finalizer.is_alive());
    /// ```
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.state.pending.borrow().is_some()
    }

    /// Whether the end of the thread is to run the closure if the object is alive then, as it is at first.
    ///
    /// If not, the closure still runs if the object dies, be it while the thread ends. Of a closure that is not alive
    /// nothing changes.
    ///
    /// The end of the main thread comes when its thread-locals are destroyed, which not every platform does.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let gc = Gc::new(1);
    /// let finalizer = Gc::on_drop(&gc, || ());
    /// finalizer.set_at_exit(false);
    /// assert!(!finalizer.at_exit() && finalizer.is_alive());
    /// ```
    pub fn set_at_exit(&self, at_exit: bool) {
        let number = self.state.number;
        if !at_exit {
            Heap::with(|heap| heap.farewells.call_off(number));
        } else if self.is_alive() {
            Heap::with(|heap| heap.promise(number, self.state.clone()));
        }
    }

    /// Whether the end of the thread will run the closure if the object is alive then; `false` once it is not alive, and
    /// where the thread has all but ended.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let gc = Gc::new(1);
    /// let finalizer = Gc::on_drop(&gc, || ());
    /// assert!(finalizer.at_exit());
    /// drop(gc);
    /// assert!(!finalizer.at_exit());
    /// ```
    #[must_use]
    pub fn at_exit(&self) -> bool {
        Heap::with(|heap| heap.farewells.is_promised(self.state.number))
    }
}

impl<R> State<R> {
    /// The closure, if it is still to run. From now on only the caller knows it.
    fn take(&self) -> Option<Box<dyn FnOnce() -> R>> {
        let Pending { closure, watch } = self.pending.take()?;
        Heap::with(|heap| heap.farewells.call_off(self.number));
        // Its callback, if it was not called, owns a pointer to this state: not the last one, which our caller has.
        drop(watch);
        Some(closure)
    }

    fn run(&self) -> Option<R> {
        self.take().map(|closure| closure())
    }
}

impl<R> Farewell for State<R> {
    fn say(&self) {
        drop(self.run());
    }
}

impl<R: 'static> fmt::Debug for Finalizer<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finalizer").field("alive", &self.is_alive()).field("at_exit", &self.at_exit()).finish()
    }
}

// What the closure captures is not the handle's.
impl_trace_leaf!(<R> Finalizer<R>);
