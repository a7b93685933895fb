//! What the collector can do with a box whose type it does not know.

use std::alloc::Layout;
use std::any::TypeId;
use std::ptr::NonNull;

use crate::object::header::Header;
use crate::object::tracer::Tracer;

/// The functions of one boxed type; `gc_box` makes them.
///
/// # Invariants
/// - **V1** each function takes the header of a box whose `vtable` is this one; its pointer has the provenance of the
///   whole allocation.
/// - **V2** `trace`, `finalize` and `has_finalizer` need a value that is whole; `drop_value` leaves one that is not.
pub(crate) struct VTable {
    /// Reports the value's edges.
    pub(crate) trace: unsafe fn(NonNull<Header>, &mut Tracer<'_>),
    /// Calls the value's finalizer, where it has one.
    pub(crate) finalize: unsafe fn(NonNull<Header>),
    /// Whether the value has a finalizer.
    pub(crate) has_finalizer: unsafe fn(NonNull<Header>) -> bool,
    /// Drops the value in place; `None` where that would do nothing.
    pub(crate) drop_value: Option<unsafe fn(NonNull<Header>)>,
    /// Ends a box whose strong count has become zero.
    pub(crate) end: unsafe fn(NonNull<Header>),
    /// Of the whole box; of size 0 if boxes of this table differ in size.
    pub(crate) layout: Layout,
    /// Its boxes take what `layout` says, and lie in slots of the pool.
    pub(crate) pooled: bool,
    /// What a box takes whose `layout` does not say.
    pub(crate) measure: unsafe fn(NonNull<Header>) -> Allocation,
    /// Its value may be dropped later than its last pointer, which a value that borrows may not outlive.
    pub(crate) may_wait: bool,
    /// The collector considers boxes of this kind.
    pub(crate) tracked: bool,
    /// The same table, but tracked, and for a type that is known to be `'static`: for boxes that the key of a weak table
    /// makes part of a cycle, though they have no edges. `None` for a table that is tracked.
    pub(crate) twin: Option<&'static VTable>,
    /// As `std::any::type_name` gives it.
    pub(crate) type_name: fn() -> &'static str,
    /// `None` for a type that is not known to be `'static`.
    pub(crate) type_id: Option<fn() -> TypeId>,
}

/// The memory of one box.
#[derive(Clone, Copy)]
pub(crate) struct Allocation {
    pub(crate) layout: Layout,
    /// How far behind its beginning the header lies.
    pub(crate) prefix: usize,
}

impl VTable {
    /// # Safety
    /// `header` is that of a box whose table this is (V1).
    #[inline(always)]
    pub(crate) unsafe fn allocation(&self, header: NonNull<Header>) -> Allocation {
        if self.layout.size() > 0 {
            return Allocation { layout: self.layout, prefix: 0 };
        }
        // SAFETY: the caller's promise.
        unsafe { self.measured(header) }
    }

    /// # Safety
    /// As for `allocation`.
    #[cold]
    #[inline(never)]
    unsafe fn measured(&self, header: NonNull<Header>) -> Allocation {
        // SAFETY: the caller's promise.
        unsafe { (self.measure)(header) }
    }
}
