//! Objects of every kind.

use std::any::Any;
use std::cell::Cell;
use std::path::Path;

use gc_core::{Gc, coerce, gc};
use gc_tests::{node, take_log};

use crate::note;

#[test]
fn values_without_a_size_are_watched() {
    let text: Gc<str> = "some text".into();
    let path: Gc<Path> = Path::new("/").into();
    let slice: Gc<[Gc<i32>]> = (0..3).map(Gc::new).collect();
    let object: Gc<dyn Any> = coerce!(node() => dyn Any);
    let boxed: Gc<dyn Fn()> = Gc::leaf_from_box(Box::new(|| ()));
    note(&text, "str");
    note(&path, "path");
    note(&slice, "slice");
    note(&object, "dyn");
    note(&boxed, "boxed");
    drop(text);
    drop(path);
    drop(slice);
    drop(object);
    drop(boxed);
    assert_eq!(take_log(), ["str", "path", "slice", "dyn", "boxed"]);
    assert_eq!((gc::stats().live_objects, gc::stats().live_bytes), (0, 0));
}

#[test]
fn leaves_are_watched_even_those_that_borrow() {
    let seen = Cell::new(0);
    let leaf = Gc::leaf(&seen);
    let finalizer = note(&leaf, "leaf");
    leaf.set(1);
    drop(leaf);
    assert!(!finalizer.is_alive());
    drop((Gc::new(()), { note(&Gc::new(()), "nothing") }));
    assert_eq!((take_log(), seen.get()), (vec!["leaf".into(), "nothing".into()], 1));
}

#[test]
fn a_pointer_of_another_type_watches_the_same_object() {
    let number = Gc::new(5);
    let any: Gc<dyn Any> = coerce!(number.clone() => dyn Any);
    note(&number, "1");
    note(&any, "2");
    drop(number);
    assert_eq!(take_log(), [""; 0]);
    drop(any);
    assert_eq!(take_log(), ["2", "1"]);
}

#[test]
fn a_box_that_is_filled_later_keeps_its_closure() {
    let empty = Gc::<i32>::new_uninit();
    note(&empty, "died");
    drop(empty);
    assert_eq!(take_log(), ["died"]);

    let mut empty = Gc::<Gc<i32>>::new_uninit();
    Gc::get_mut(&mut empty).expect("unique").write(Gc::new(1));
    note(&empty, "died");
    // SAFETY: written above.
    let full = unsafe { empty.assume_init() };
    assert_eq!((**full, take_log()), (1, vec![]));
    drop(full);
    assert_eq!((take_log(), gc::stats().live_objects), (vec!["died".into()], 0));
}
