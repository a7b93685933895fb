//! Values without a fixed size: slices, strings, trait objects; moved in, or unsized in place.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt::Debug;
use std::rc::Rc;

use gc_core::{Finalize, Gc, Leaf, Trace, Weak, coerce, gc};
use gc_tests::{Counted, Node, dropped, link, log, node, take_log};

trait Shape: Trace {
    fn link(&self, to: &Gc<dyn Shape>);
}

#[derive(Trace)]
struct Circle {
    next: RefCell<Option<Gc<dyn Shape>>>,
    counted: Leaf<Counted>,
}

impl Shape for Circle {
    fn link(&self, to: &Gc<dyn Shape>) {
        *self.next.borrow_mut() = Some(to.clone());
    }
}

fn circle() -> Circle {
    Circle { next: RefCell::new(None), counted: Leaf(Counted) }
}

#[test]
fn a_ring_of_trait_objects_is_reclaimed_however_they_were_made() {
    let moved: Gc<dyn Shape> = Gc::from(Box::new(circle()) as Box<dyn Shape>);
    let coerced: Gc<dyn Shape> = coerce!(Gc::new(circle()) => dyn Shape);
    moved.link(&coerced);
    coerced.link(&moved);
    assert!(Gc::is_tracked(&moved) && Gc::is_tracked(&coerced));
    let weak = [Gc::downgrade(&moved), Gc::downgrade(&coerced)];
    assert_eq!(Gc::referents(&moved).len(), 1);
    drop((moved, coerced));
    assert!(weak.iter().all(|weak| weak.upgrade().is_some()));
    assert_eq!((gc::collect(), dropped()), (2, 2));
    assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
}

#[test]
fn a_trait_that_does_not_know_trace_can_be_coerced_to_and_is_traced() {
    trait Plain {
        fn put(&self, to: Gc<dyn Plain>);
    }
    #[derive(Trace)]
    struct It(RefCell<Option<Gc<dyn Plain>>>, Leaf<Counted>);
    impl Plain for It {
        fn put(&self, to: Gc<dyn Plain>) {
            *self.0.borrow_mut() = Some(to);
        }
    }
    let it = coerce!(Gc::new(It(RefCell::new(None), Leaf(Counted))) => dyn Plain);
    it.put(it.clone());
    drop(it);
    assert_eq!((gc::collect(), dropped()), (1, 1));
}

#[test]
fn a_ring_through_a_slice_is_reclaimed() {
    let nodes: Gc<[Gc<Node>]> = (0..3).map(|_| node()).collect();
    #[derive(Trace)]
    struct Owner(RefCell<Option<Gc<[Gc<Node>]>>>, RefCell<Option<Gc<Owner>>>);
    let owner = Gc::new(Owner(RefCell::new(Some(nodes.clone())), RefCell::new(None)));
    *owner.1.borrow_mut() = Some(owner.clone());
    link(&nodes[0], &nodes[1]);
    link(&nodes[1], &nodes[0]);
    assert_eq!(Gc::referents(&nodes).len(), 3);
    drop((nodes, owner));
    gc::collect();
    assert_eq!((dropped(), gc::stats().live_objects), (3, 0));
}

#[test]
fn slices_of_leaves_and_texts_are_untracked() {
    assert!(!Gc::is_tracked(&Gc::<[i32]>::from(vec![1, 2])));
    assert!(!Gc::is_tracked(&Gc::<str>::from("x")));
    assert!(Gc::is_tracked(&Gc::<[Gc<i32>]>::from(vec![Gc::new(1)])));
}

#[test]
fn empty_and_large_slices_have_their_elements() {
    for len in [0, 1, 7, 60, 500, 100_000] {
        let slice: Gc<[usize]> = (0..len).collect();
        assert_eq!(slice.len(), len);
        assert!(slice.iter().enumerate().all(|(index, &value)| index == value));
        let weak = Gc::downgrade(&slice);
        drop(slice);
        assert!(weak.upgrade().is_none());
    }
    assert_eq!((gc::stats().live_objects, gc::stats().live_bytes), (0, 0));
}

#[test]
fn zero_sized_elements_are_dropped_once_each() {
    let slice: Gc<[Leaf<Counted>]> = (0..10).map(|_| Leaf(Counted)).collect();
    assert_eq!((slice.len(), dropped()), (10, 0));
    drop(slice);
    assert_eq!(dropped(), 10);
}

/// A value of some alignment, made a trait object both ways.
fn at_alignment<T: Debug + PartialEq + Copy + Trace + 'static>(value: T) {
    trait Get: Trace {
        fn get(&self) -> (usize, String);
    }
    #[derive(Trace)]
    struct Holder<T>(T);
    impl<T: Debug + Trace> Get for Holder<T> {
        fn get(&self) -> (usize, String) {
            ((&raw const self.0).addr() % align_of::<T>(), format!("{:?}", self.0))
        }
    }
    let expected = (0, format!("{value:?}"));
    let moved: Gc<dyn Get> = Gc::from(Box::new(Holder(value)) as Box<dyn Get>);
    let coerced = coerce!(Gc::new(Holder(value)) => dyn Get);
    let slice: Gc<[T]> = Gc::from(vec![value; 3]);
    assert_eq!((moved.get(), coerced.get()), (expected.clone(), expected));
    assert!(slice.iter().all(|element| *element == value && (&raw const *element).addr() % align_of::<T>() == 0));
    let any: Gc<dyn Any> = Gc::leaf_from_box(Box::new(value) as Box<dyn Any>);
    assert_eq!(*any.downcast::<T>().expect("a T"), value);
}

macro_rules! aligned {
    ($($name:ident $align:literal),+) => {$(
        #[derive(Debug, PartialEq, Clone, Copy, Trace)]
        #[repr(align($align))]
        struct $name(u8);
    )+};
}
aligned!(A1 1, A2 2, A8 8, A16 16, A32 32, A64 64, A512 512, A4096 4096);

#[test]
fn values_of_any_alignment_are_where_they_should_be() {
    at_alignment(A1(1));
    at_alignment(A2(2));
    at_alignment(A8(8));
    at_alignment(A16(16));
    at_alignment(A32(32));
    at_alignment(A64(64));
    at_alignment(A512(51));
    at_alignment(A4096(49));
    at_alignment(());
    assert_eq!((gc::stats().live_objects, gc::stats().live_bytes), (0, 0));
}

#[test]
fn weak_pointers_with_callbacks_are_coerced_with_them() {
    let called = Rc::new(Cell::new(0));
    let value = Gc::new(5);
    let count = called.clone();
    let weak = Gc::downgrade_with(&value, move || count.set(count.get() + 1));
    let weak: Weak<dyn Debug> = coerce!(weak => dyn Debug);
    assert_eq!(format!("{:?}", weak.upgrade().expect("alive")), "5");
    drop(value);
    assert!(weak.upgrade().is_none());
    assert_eq!(called.get(), 1);
    drop(weak);
    let nothing: Weak<dyn Debug> = coerce!(Weak::<i32>::new() => dyn Debug);
    assert!(nothing.upgrade().is_none());
}

#[test]
fn downcasts_find_the_type_and_nothing_else() {
    let any: Gc<dyn Any> = coerce!(Gc::new(String::from("x")) => dyn Any);
    let any = any.downcast::<i32>().expect_err("not a number");
    let text = any.downcast::<String>().expect("a string");
    assert_eq!(Gc::try_unwrap(text), Ok("x".into()));
}

#[test]
fn conversions_keep_one_box() {
    let text: Gc<str> = "text".into();
    let bytes: Gc<[u8]> = text.clone().into();
    assert_eq!((Gc::strong_count(&text), &*bytes), (2, &b"text"[..]));
    let slice: Gc<[String]> = Gc::from([String::from("a"), String::from("b")]);
    let array: Gc<[String; 2]> = slice.clone().try_into().expect("two");
    drop(slice);
    assert_eq!(Gc::try_unwrap(array), Ok([String::from("a"), String::from("b")]));
    drop((text, bytes));
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn finalizers_run_for_values_that_were_moved_in_from_a_box() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Noted(RefCell<Option<Gc<dyn Shape>>>);
    impl Finalize for Noted {
        fn finalize(&self) {
            log("finalized");
        }
    }
    impl Shape for Noted {
        fn link(&self, to: &Gc<dyn Shape>) {
            *self.0.borrow_mut() = Some(to.clone());
        }
    }
    let noted = || Noted(RefCell::new(None));

    drop(Gc::<Noted>::from(Box::new(noted())));
    drop(Gc::<dyn Shape>::from(Box::new(noted()) as Box<dyn Shape>));
    drop(Gc::new(Box::new(noted()) as Box<dyn Shape>));
    drop(Gc::new(RefCell::new(noted())));
    assert_eq!(take_log().len(), 4);
    let ring: Gc<dyn Shape> = Gc::from(Box::new(noted()) as Box<dyn Shape>);
    ring.link(&ring);
    assert!(!Gc::is_finalized(&ring));
    drop(ring);
    assert_eq!((gc::collect(), take_log().len()), (1, 1));
    drop(Gc::<[Noted]>::from([noted(), noted()]));
    assert_eq!((take_log().len(), gc::stats().live_objects), (0, 0));
}
