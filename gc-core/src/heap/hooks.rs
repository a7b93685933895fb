//! Who hears of collections: hooks in order of registration, each called at the start and at the end of a pass.
//!
//! A pass tells the hooks that were there when it began. A hook that runs is lent out by its `action` cell, so that no
//! borrow is held meanwhile, and whoever unregisters it leaves the closure to the caller to drop.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use super::Heap;
use crate::panics::FirstPanic;
use crate::report::CollectEvent;

type Action = Box<dyn FnMut(&CollectEvent)>;

struct Hook {
    registered: Cell<bool>,
    /// `None` while it runs, and once it is unregistered: dropping a `Hook` then runs no user code.
    action: Cell<Option<Action>>,
}

impl Hook {
    fn call(&self, event: &CollectEvent, panics: &mut FirstPanic) {
        let Some(mut action) = self.action.take() else { return };
        panics.catch(|| action(event));
        if self.registered.get() {
            self.action.set(Some(action));
        } else {
            panics.catch(|| drop(action));
        }
    }
}

/// The hooks of one thread.
pub(super) struct Hooks {
    registered: RefCell<Vec<Rc<Hook>>>,
}

impl Hooks {
    pub(super) const fn new() -> Self {
        Self { registered: RefCell::new(Vec::new()) }
    }

    /// Those who hear of a pass that begins now. Without hooks this allocates nothing.
    pub(super) fn audience(&self) -> Audience {
        Audience(self.registered.borrow().clone())
    }

    fn add(&self, action: Action) -> HookGuard {
        let hook = Rc::new(Hook { registered: Cell::new(true), action: Cell::new(Some(action)) });
        self.registered.borrow_mut().push(hook.clone());
        HookGuard { hook }
    }

    /// The guard still holds the hook, so no user code runs here.
    fn remove(&self, hook: &Rc<Hook>) {
        let mut registered = self.registered.borrow_mut();
        registered.retain(|it| !Rc::ptr_eq(it, hook));
        if registered.capacity() / 4 >= registered.len() {
            // What an emptied vector keeps, the end of the thread would leak.
            let needed = 2 * registered.len();
            registered.shrink_to(needed);
        }
    }
}

/// Those who hear of one pass.
pub(super) struct Audience(Vec<Rc<Hook>>);

impl Audience {
    /// Calls those who are still registered.
    pub(super) fn tell(&self, event: CollectEvent, panics: &mut FirstPanic) {
        for hook in &self.0 {
            hook.call(&event, panics);
        }
    }
}

impl Heap {
    /// Calls `action` at the start and at the end of each pass from the next one on, as long as the guard lives.
    pub(crate) fn on_collect(action: Action) -> HookGuard {
        Self::with(|heap| heap.hooks.add(action))
    }
}

/// Keeps a hook registered; dropping it unregisters the hook, which is not called any more, and drops its closure (once
/// it has returned, if it is running).
///
/// After `std::mem::forget` of the guard the hook stays for the rest of the thread's life, and its closure is leaked.
///
/// # Panics
/// Dropping it panics if dropping the closure does. If the closure is running, the panic continues out of the collection.
#[must_use = "the hook is unregistered when the guard is dropped"]
pub struct HookGuard {
    /// Belongs to the heap of the thread that registered it; `Rc` keeps it there.
    hook: Rc<Hook>,
}

impl Drop for HookGuard {
    fn drop(&mut self) {
        self.hook.registered.set(false);
        Heap::with(|heap| heap.hooks.remove(&self.hook));
        let mut panics = FirstPanic::default();
        panics.catch(|| drop(self.hook.action.take()));
        panics.resume();
    }
}

impl fmt::Debug for HookGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HookGuard").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emptied_registry_holds_no_memory() {
        let guards: Vec<_> = (0..10).map(|_| Heap::on_collect(Box::new(|_| ()))).collect();
        Heap::with(|heap| assert_eq!(heap.hooks.registered.borrow().len(), 10));
        drop(guards);
        Heap::with(|heap| assert_eq!(heap.hooks.registered.borrow().capacity(), 0));
    }

    #[test]
    fn without_hooks_an_audience_takes_no_memory() {
        assert_eq!(Hooks::new().audience().0.capacity(), 0);
    }
}
