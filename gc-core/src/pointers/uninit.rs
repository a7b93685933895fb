//! Boxes whose value comes later.

use std::alloc::Layout;
use std::any::TypeId;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ptr::{self, NonNull};

use crate::gc_box::{self, dst};
use crate::heap::Heap;
use crate::object::header::{Birth, Header};
use crate::pointers::Gc;
use crate::trace::Trace;

impl<T: Trace + 'static> Gc<T> {
    /// Allocates a box without a value. Nothing is moved through the stack, so `T` may be larger than that.
    ///
    /// # Panics
    /// As [`Gc::new`].
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let mut five = Gc::<u32>::new_uninit();
    /// Gc::get_mut(&mut five).unwrap().write(5);
    /// // SAFETY: the value is there.
    /// let five = unsafe { five.assume_init() };
    /// assert_eq!(*five, 5);
    /// ```
    #[must_use]
    pub fn new_uninit() -> Gc<MaybeUninit<T>> {
        let (birth, allocation) = (gc_box::leaf::<MaybeUninit<T>>(), gc_box::fixed::<MaybeUninit<T>>());
        let header = Heap::with(|heap| heap.allocate(birth, allocation));
        // SAFETY: the box was made for a place that need not hold anything, and its count of 1 is ours (G3).
        unsafe { Gc::from_box(header.cast()) }
    }

    /// Allocates a box whose value is all zero bytes.
    ///
    /// # Panics
    /// As [`Gc::new`].
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// // SAFETY: zero bytes are a `u32`.
    /// let zero = unsafe { Gc::<u32>::new_zeroed().assume_init() };
    /// assert_eq!(*zero, 0);
    /// ```
    #[must_use]
    pub fn new_zeroed() -> Gc<MaybeUninit<T>> {
        let empty = Self::new_uninit();
        let place = Gc::as_ptr(&empty).cast_mut();
        // SAFETY: the box is ours alone (G3).
        unsafe { place.write_bytes(0, 1) };
        empty
    }
}

impl<T: Trace + 'static> Gc<[T]> {
    /// Allocates a box for `len` elements, without them.
    ///
    /// # Panics
    /// As [`Gc::new`], and if the elements would not fit into the address space.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let mut numbers = Gc::<[usize]>::new_uninit_slice(3);
    /// for (index, place) in Gc::get_mut(&mut numbers).unwrap().iter_mut().enumerate() {
    ///     place.write(index);
    /// }
    /// // SAFETY: all elements are there.
    /// let numbers = unsafe { numbers.assume_init() };
    /// assert_eq!(*numbers, [0, 1, 2]);
    /// ```
    #[must_use]
    pub fn new_uninit_slice(len: usize) -> Gc<[MaybeUninit<T>]> {
        let elements = Layout::array::<T>(len).expect("capacity overflow");
        let pattern = ptr::slice_from_raw_parts(ptr::null::<MaybeUninit<T>>(), len);
        // SAFETY: the metadata is the length, and the layout that of as many elements (Z1).
        let boxed = unsafe {
            dst::prepare(pattern, elements, dst::leaf::<[MaybeUninit<T>]>(), |birth, allocation| {
                Heap::with(|heap| heap.allocate(birth, allocation))
            })
        };
        // SAFETY: the box was made for places that need not hold anything, and its count of 1 is ours (G3).
        unsafe { Gc::from_box(boxed) }
    }

    /// Allocates a box for `len` elements that are all zero bytes.
    ///
    /// # Panics
    /// As [`Gc::new_uninit_slice`].
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// // SAFETY: zero bytes are a `u8`.
    /// let zeros = unsafe { Gc::<[u8]>::new_zeroed_slice(2).assume_init() };
    /// assert_eq!(*zeros, [0, 0]);
    /// ```
    #[must_use]
    pub fn new_zeroed_slice(len: usize) -> Gc<[MaybeUninit<T>]> {
        let empty = Self::new_uninit_slice(len);
        let places = Gc::as_ptr(&empty).cast_mut().cast::<MaybeUninit<T>>();
        // SAFETY: the box is ours alone, and has room for as many elements (G3).
        unsafe { places.write_bytes(0, len) };
        empty
    }
}

/// Makes a box of places one of a `T`, unless another pointer to it said so before.
///
/// # Safety
/// As for `Heap::retype`; `birth` is for a `T`.
unsafe fn retype<T: ?Sized + Trace + 'static>(boxed: NonNull<Header>, birth: Birth) {
    // SAFETY: the caller holds the box.
    let header = unsafe { boxed.as_ref() };
    if header.vtable().type_id.is_some_and(|id| id() == TypeId::of::<T>()) {
        return;
    }
    // SAFETY: the caller's promise.
    Heap::with(|heap| unsafe { heap.retype(boxed, birth) });
}

impl<T: Trace + 'static> Gc<MaybeUninit<T>> {
    /// The same box, now with a value.
    ///
    /// Unlike with `Rc`, it is the box that drops the value from now on, whichever pointer is the last.
    ///
    /// # Safety
    /// The value is initialized, and stays so: a `Gc<MaybeUninit<T>>` or `Weak<MaybeUninit<T>>` to the same box, which
    /// sees the value from now on, is not used to take it out, drop it in place or overwrite it by no value.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let mut text = Gc::<String>::new_uninit();
    /// Gc::get_mut(&mut text).unwrap().write("x".into());
    /// // SAFETY: the value is there.
    /// assert_eq!(*unsafe { text.assume_init() }, "x");
    /// ```
    pub unsafe fn assume_init(self) -> Gc<T> {
        // One that was moved in from a `Box` has its memory measured (Z1), and goes on having it measured.
        let birth = if self.has_fixed_layout() { gc_box::traced::<T>() } else { dst::traced::<T>(T::has_edges()) };
        // SAFETY: the caller's promise: the value is there.
        let finalizes = unsafe { (*self).assume_init_ref() }.has_finalizer();
        let birth = birth.finalizing(finalizes);
        let boxed = ManuallyDrop::new(self).as_box();
        // SAFETY: the box is as large as a `T` asks for, and its value is one, as the caller promises.
        unsafe { retype::<T>(boxed.cast(), birth) };
        // SAFETY: the count goes with the pointer (G3).
        unsafe { Gc::from_box(boxed.cast()) }
    }

    /// The same box, now with `value`, of which the caller keeps no other copy.
    ///
    /// # Safety
    /// This is the only pointer to the box; the caller does not use or drop `value` any more.
    pub(super) unsafe fn fill_with(self, value: &T) -> Gc<T> {
        let place = Self::as_ptr(&self).cast_mut().cast::<T>();
        // SAFETY: the box is ours alone, and has room for a `T` (G3).
        unsafe { place.copy_from_nonoverlapping(value, 1) };
        // SAFETY: the value is there (G3).
        unsafe { self.assume_init() }
    }
}

impl<T: Trace + 'static> Gc<[MaybeUninit<T>]> {
    /// The same box, now with elements.
    ///
    /// A slice that was made from an array by `coerce!` moves to a box of its own.
    ///
    /// Unlike with `Rc`, it is the box that drops the elements from now on, whichever pointer is the last.
    ///
    /// # Safety
    /// All elements are initialized, and stay so: other pointers to the same box, which see them from now on, are not
    /// used to take them out, drop them in place or overwrite them by no value; nor to look at them, if the slice was
    /// made from an array.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let mut texts = Gc::<[String]>::new_uninit_slice(2);
    /// for place in Gc::get_mut(&mut texts).unwrap() {
    ///     place.write("x".into());
    /// }
    /// // SAFETY: all elements are there.
    /// assert_eq!(*unsafe { texts.assume_init() }, ["x", "x"]);
    /// ```
    pub unsafe fn assume_init(self) -> Gc<[T]> {
        let elements = Self::as_ptr(&self) as *const [T];
        if !Self::was_made_as_slice(&self) {
            // SAFETY: the elements are there, and what stays behind is not dropped (U1).
            return unsafe { Gc::move_slice(elements) };
        }
        let boxed = ManuallyDrop::new(self).as_box();
        // SAFETY: the box was made for a slice of places for a `T`, of the same length and layout, which hold elements
        // (G3).
        unsafe { retype::<[T]>(boxed.cast(), dst::traced::<[T]>(T::has_edges())) };
        // SAFETY: as above; the count goes with the pointer.
        unsafe { Gc::from_raw(elements) }
    }

    /// Whether the word in front of the box (Z1) is the length. A box that was made for an array has no such word; one
    /// to which an array was moved from a `Box`, perhaps as a trait object, has another word there.
    fn was_made_as_slice(this: &Self) -> bool {
        if this.has_fixed_layout() {
            return false;
        }
        // SAFETY: the type of the box gives no size, so there is such a word (Z1).
        let metadata = unsafe { this.as_box().cast::<*const ()>().sub(1) };
        // SAFETY: the word was written when the box was made (Z1).
        unsafe { metadata.read() }.addr() == this.len()
    }
}
