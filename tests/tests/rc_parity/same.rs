//! The same code, the same outcome: each test runs on `Rc` and on `Gc`.

use std::any::Any;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::ffi::{CStr, CString, OsStr, OsString};
use std::fmt::Debug;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::pin::Pin;

use gc_core::{Leaf, Trace};
use gc_tests::{Counted, dropped};

use super::panic_of;

/// Tests of `Gc` and `Weak`, which stand for `Rc`'s in the first run.
macro_rules! both {
    ($(fn $name:ident() $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports, reason = "not every test needs all")]
            use super::*;

            #[test]
            fn of_rc() {
                #[allow(unused_imports, reason = "not every test needs both")]
                use std::rc::{Rc as Gc, Weak};
                $body
            }

            #[test]
            fn of_gc() {
                #[allow(unused_imports, reason = "not every test needs both")]
                use gc_core::{Gc, Weak};
                $body
            }
        }
    )+};
}

/// Compares by the first field only.
#[derive(Trace, Clone, Debug)]
struct Keyed(u32, &'static str);

impl PartialEq for Keyed {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

/// What `Rc` does by itself, and `Gc` by `coerce!`.
trait ToAny {
    type Any;
    fn to_any(self) -> Self::Any;
}

impl<T: Any> ToAny for std::rc::Rc<T> {
    type Any = std::rc::Rc<dyn Any>;

    fn to_any(self) -> Self::Any {
        self
    }
}

impl<T: Any> ToAny for gc_core::Gc<T> {
    type Any = gc_core::Gc<dyn Any>;

    fn to_any(self) -> Self::Any {
        gc_core::coerce!(self => dyn Any)
    }
}

/// What is printed, without a type; traceable.
trait Printed: Trace + Debug {}
impl<T: Trace + Debug> Printed for T {}

/// Neither comparable nor printable nor clonable.
struct Opaque;

both! {
    fn counts_follow_clones_and_weak_pointers() {
        let one = Gc::new(5);
        assert_eq!((Gc::strong_count(&one), Gc::weak_count(&one)), (1, 0));
        let two = one.clone();
        let weak = Gc::downgrade(&one);
        let other = weak.clone();
        assert_eq!((Gc::strong_count(&two), Gc::weak_count(&two)), (2, 2));
        assert_eq!((weak.strong_count(), weak.weak_count()), (2, 2));
        drop(one);
        assert_eq!((weak.strong_count(), other.weak_count()), (1, 2));
        drop(two);
        assert_eq!((weak.strong_count(), other.weak_count()), (0, 0));
    }

    fn a_value_is_unwrapped_by_its_last_pointer_only() {
        let one = Gc::new(Leaf(Counted));
        let two = one.clone();
        let one = Gc::try_unwrap(one).map(drop).expect_err("shared");
        assert!(Gc::into_inner(one).is_none());
        let weak = Gc::downgrade(&two);
        let value = Gc::try_unwrap(two).expect("the last");
        assert_eq!((dropped(), weak.strong_count(), weak.weak_count()), (0, 0, 0));
        assert!(weak.upgrade().is_none());
        drop(value);
        assert_eq!(dropped(), 1);
    }

    fn a_value_is_mutable_for_its_only_pointer_of_any_kind() {
        let mut one = Gc::new(5);
        *Gc::get_mut(&mut one).expect("the only one") += 1;
        let two = one.clone();
        assert!(Gc::get_mut(&mut one).is_none());
        drop(two);
        let weak = Gc::downgrade(&one);
        assert!(Gc::get_mut(&mut one).is_none());
        drop(weak);
        assert_eq!(Gc::get_mut(&mut one), Some(&mut 6));
        let mut slice: Gc<[u8]> = Gc::from([1, 2]);
        Gc::get_mut(&mut slice).expect("the only one")[0] = 7;
        assert_eq!(*slice, [7, 2]);
    }

    fn make_mut_clones_a_shared_value_and_moves_one_that_is_only_watched() {
        let mut one = Gc::new(vec![1]);
        let place = Gc::as_ptr(&one);
        Gc::make_mut(&mut one).push(2);
        assert_eq!(Gc::as_ptr(&one), place);
        let two = one.clone();
        Gc::make_mut(&mut one).push(3);
        assert_eq!((&*one, &*two), (&vec![1, 2, 3], &vec![1, 2]));
        let weak = Gc::downgrade(&one);
        let elements = one.as_ptr();
        Gc::make_mut(&mut one).push(4);
        assert_eq!((weak.upgrade(), Gc::weak_count(&one)), (None, 0));
        assert_eq!((one[..3].as_ptr(), &**one), (elements, &[1, 2, 3, 4][..]));
    }

    fn make_mut_takes_what_has_no_size() {
        fn check<T: ?Sized + PartialEq + Debug>(first: &Gc<T>, second: &Gc<T>) {
            assert!(!Gc::ptr_eq(first, second) && **first != **second, "{first:?} and {second:?}");
        }
        let mut text: Gc<str> = "abc".into();
        let other = text.clone();
        Gc::make_mut(&mut text).make_ascii_uppercase();
        check(&text, &other);
        let weak = Gc::downgrade(&text);
        Gc::make_mut(&mut text).make_ascii_lowercase();
        assert_eq!((&*text, weak.upgrade()), ("abc", None));
        let mut slice: Gc<[String]> = [String::from("a"), String::from("b")].into();
        let other = slice.clone();
        Gc::make_mut(&mut slice)[1].push('c');
        check(&slice, &other);
        let weak = Gc::downgrade(&slice);
        Gc::make_mut(&mut slice)[0].clear();
        assert_eq!((&*slice, weak.upgrade()), (&[String::new(), String::from("bc")][..], None));
        let mut os: Gc<OsStr> = OsStr::new("abc").into();
        let other = os.clone();
        Gc::make_mut(&mut os).make_ascii_uppercase();
        check(&os, &other);
        let mut path: Gc<Path> = Path::new("abc").into();
        let other = path.clone();
        assert!(std::ptr::eq(Gc::make_mut(&mut path), &raw const *path) && !Gc::ptr_eq(&path, &other));
        let mut text: Gc<CStr> = c"abc".into();
        let other = text.clone();
        assert!(std::ptr::eq(Gc::make_mut(&mut text), &raw const *text) && !Gc::ptr_eq(&text, &other));
    }

    fn unwrap_or_clone_clones_only_what_is_shared() {
        let one = Gc::new(String::from("x"));
        let place = one.as_ptr();
        let two = one.clone();
        let values = [Gc::unwrap_or_clone(one), Gc::unwrap_or_clone(two)];
        assert_eq!(values.map(|value| value.as_ptr() == place), [false, true]);
    }

    fn pointers_are_compared_by_address() {
        let one = Gc::new(());
        assert!(Gc::ptr_eq(&one, &one.clone()) && !Gc::ptr_eq(&one, &Gc::new(())));
        let weak = Gc::downgrade(&one);
        assert!(weak.ptr_eq(&Gc::downgrade(&one)) && !weak.ptr_eq(&Weak::new()));
        assert!(Weak::<u8>::new().ptr_eq(&Weak::new()));
        drop(one);
        assert!(weak.ptr_eq(&weak.clone()));
    }

    fn a_cyclic_value_finds_nothing_until_it_is_there() {
        struct Gadget(Weak<Gadget>, Counted);
        gc_core::impl_trace_leaf!(Gadget);
        let gadget = Gc::new_cyclic(|me| {
            assert_eq!((me.strong_count(), me.weak_count(), me.upgrade().is_none()), (0, 0, true));
            Gadget(me.clone(), Counted)
        });
        assert_eq!((Gc::strong_count(&gadget), Gc::weak_count(&gadget)), (1, 1));
        assert!(Gc::ptr_eq(&gadget, &gadget.0.upgrade().expect("alive")));
        let _ = &gadget.1;
        drop(gadget);
        assert_eq!(dropped(), 1);
    }

    fn a_cyclic_value_that_does_not_come_leaves_dead_weak_pointers() {
        let kept = RefCell::new(Weak::<Leaf<Counted>>::new());
        let message = panic_of(|| {
            Gc::new_cyclic(|me| -> Leaf<Counted> {
                *kept.borrow_mut() = me.clone();
                panic!("no value")
            })
        });
        assert_eq!((message.as_str(), dropped()), ("no value", 0));
        assert_eq!((kept.borrow().upgrade().is_none(), kept.borrow().strong_count()), (true, 0));
    }

    fn raw_pointers_own_a_count() {
        let one = Gc::new(String::from("x"));
        let raw = Gc::into_raw(one.clone());
        assert_eq!((Gc::strong_count(&one), raw), (2, Gc::as_ptr(&one)));
        // SAFETY: `raw` came from `into_raw`, and each count is turned back once.
        unsafe { Gc::increment_strong_count(raw) };
        assert_eq!(Gc::strong_count(&one), 3);
        // SAFETY: as above.
        unsafe { Gc::decrement_strong_count(raw) };
        // SAFETY: as above.
        let back = unsafe { Gc::from_raw(raw) };
        assert_eq!((Gc::strong_count(&one), Gc::ptr_eq(&one, &back)), (2, true));
        let raw = Gc::downgrade(&one).into_raw();
        assert_eq!((Gc::weak_count(&one), raw), (1, Gc::as_ptr(&one)));
        // SAFETY: as above.
        drop(unsafe { Weak::from_raw(raw) });
        assert_eq!(Gc::weak_count(&one), 0);
    }

    fn a_place_is_filled_and_assumed_to_be() {
        let mut empty = Gc::<String>::new_uninit();
        Gc::get_mut(&mut empty).expect("the only one").write("x".into());
        // SAFETY: the value is there.
        assert_eq!(*unsafe { empty.assume_init() }, "x");
        let mut places = Gc::<[String]>::new_uninit_slice(3);
        Gc::get_mut(&mut places).expect("the only one").iter_mut().for_each(|place| _ = place.write("y".into()));
        // SAFETY: the values are there.
        assert_eq!(*unsafe { places.assume_init() }, ["y", "y", "y"]);
        // SAFETY: zeros are a number.
        assert_eq!(*unsafe { Gc::<u64>::new_zeroed().assume_init() }, 0);
        // SAFETY: as above.
        assert_eq!(*unsafe { Gc::<[u64]>::new_zeroed_slice(3).assume_init() }, [0; 3]);
        assert_eq!(Gc::<[u64]>::new_uninit_slice(0).len(), 0);
        assert_eq!(Gc::<[()]>::new_zeroed_slice(usize::MAX).len(), usize::MAX);
        assert!(!panic_of(|| Gc::<[u64]>::new_uninit_slice(usize::MAX)).is_empty());
    }

    fn any_is_downcast_to_what_it_is() {
        let any: Gc<dyn Any> = ToAny::to_any(Gc::new(5_u8));
        let any = any.downcast::<u16>().expect_err("another type");
        let five = any.clone().downcast::<u8>().expect("that type");
        assert_eq!((*five, Gc::strong_count(&five)), (5, 2));
    }

    fn pinned_values_stay_where_they_are() {
        let pinned: Pin<Gc<u32>> = Gc::pin(5);
        let place: *const u32 = &raw const *pinned;
        let moved = pinned.clone();
        drop(pinned);
        assert_eq!((&raw const *moved, *moved), (place, 5));
        assert_eq!((*Pin::<Gc<u8>>::default(), Pin::<Gc<str>>::default().len()), (0, 0));
        assert_eq!(Gc::strong_count(&Pin::into_inner(moved)), 1);
    }

    fn values_are_converted_as_they_are() {
        assert_eq!((*Gc::<u8>::from(5), *Gc::<u8>::from(Box::new(6))), (5, 6));
        assert_eq!(*Gc::<[String]>::from(vec![String::from("x")]), ["x"]);
        let slices: [Gc<[u8]>; 3] = [Gc::from([1, 2]), Gc::from(&[3][..]), Gc::from(&mut [4][..])];
        assert_eq!(slices.concat(), [1, 2, 3, 4]);
        assert_eq!(*Gc::<[u8]>::from(vec![1, 2].into_boxed_slice()), [1, 2]);
        assert_eq!((&*Gc::<str>::from("x"), &*Gc::<str>::from(String::from("y"))), ("x", "y"));
        assert_eq!(&*Gc::<str>::from(String::from("z").into_boxed_str()), "z");
        assert_eq!(&*Gc::<str>::from(String::from("u").as_mut_str()), "u");
        assert_eq!(&*Gc::<str>::from(Cow::Borrowed("v")), "v");
        assert_eq!(&*Gc::<str>::from(Cow::<str>::Owned("w".into())), "w");
        assert_eq!((&*Gc::<CStr>::from(c"x"), &*Gc::<CStr>::from(CString::from(c"y"))), (c"x", c"y"));
        assert_eq!(&*Gc::<OsStr>::from(OsString::from("x")), OsStr::new("x"));
        assert_eq!(&*Gc::<Path>::from(PathBuf::from("x")), Path::new("x"));
        assert_eq!(&*Gc::<Path>::from(Cow::Borrowed(Path::new("x"))), Path::new("x"));
        let bytes: Gc<[u8]> = Gc::<str>::from("hi").into();
        let array: Gc<[u8; 2]> = bytes.clone().try_into().expect("two");
        assert_eq!((&*bytes, &*array, Gc::strong_count(&array)), (&b"hi"[..], b"hi", 2));
        let refused = Gc::<[u8; 3]>::try_from(bytes.clone()).expect_err("not three");
        assert!(Gc::ptr_eq(&refused, &bytes));
        assert_eq!(*(0..4).filter(|n| n % 2 == 1).collect::<Gc<[_]>>(), [1, 3]);
    }

    fn values_moved_in_are_dropped_once() {
        let mut made: Vec<Gc<[Leaf<Counted>]>> = vec![
            Gc::from(vec![Leaf(Counted), Leaf(Counted)]),
            Gc::from([Leaf(Counted), Leaf(Counted)]),
            (0..2).map(|_| Leaf(Counted)).collect(),
        ];
        made.push(Gc::from(Box::from([Leaf(Counted), Leaf(Counted)]) as Box<[_]>));
        let one = Gc::<Leaf<Counted>>::from(Box::new(Leaf(Counted)));
        assert_eq!(dropped(), 0);
        drop((made, one));
        assert_eq!(dropped(), 9);
    }

    fn defaults_are_the_values() {
        assert_eq!((*Gc::<u8>::default(), Gc::<[Keyed]>::default().len(), &*Gc::<str>::default()), (0, 0, ""));
        assert_eq!(&*Gc::<CStr>::default(), c"");
        assert!(Weak::<Opaque>::default().upgrade().is_none());
    }

    fn values_are_compared_ordered_and_hashed() {
        let [one, same, two] = [Keyed(1, "a"), Keyed(1, "b"), Keyed(2, "a")].map(Gc::new);
        assert_eq!(one, same);
        assert_ne!(one, two);
        let [small, large] = [1, 2].map(Gc::new);
        assert_eq!([small < large, small <= large, small > large, small >= large], [true, true, false, false]);
        assert_eq!((small.cmp(&large), small.partial_cmp(&large)), (Ordering::Less, Some(Ordering::Less)));
        assert_eq!((Gc::new(1).max(Gc::new(2)), Gc::new(5).clamp(Gc::new(1), Gc::new(3))), (Gc::new(2), Gc::new(3)));
        let nan = Gc::new(f64::NAN);
        let same = nan.clone();
        assert_ne!(nan, same);
        assert_eq!(nan.partial_cmp(&same), None);
        assert_eq!([nan < same, nan > same, nan <= same, nan >= same], [false; 4]);
        let state = RandomState::new();
        assert_eq!(state.hash_one(Gc::<str>::from("x")), state.hash_one("x"));
    }

    fn maps_are_searched_by_the_value() {
        let map: HashMap<Gc<str>, u8> = [("a".into(), 1), ("b".into(), 2)].into();
        assert_eq!((map.get("a"), map.get("c"), map.get(&Gc::from("b"))), (Some(&1), None, Some(&2)));
        let map: BTreeMap<Gc<[u8]>, u8> = [(Gc::from([1, 2]), 1)].into();
        assert_eq!(map.get(&[1, 2][..]), Some(&1));
        let map: HashMap<Gc<String>, u8> = [(Gc::new("a".into()), 1)].into();
        assert_eq!(map.get(&String::from("a")), Some(&1));
    }

    fn pointers_print_as_their_values() {
        let text: Gc<str> = "a\n".into();
        assert_eq!(format!("{text:?} {text:>4} {text}"), "\"a\\n\"   a\n a\n");
        assert_eq!(text.to_string(), "a\n");
        assert_eq!(format!("{:#?} {:05.1}", Gc::new((1,)), Gc::new(1.25)), "(\n    1,\n) 001.2");
        let one = Gc::new(1);
        assert_eq!(format!("{one:p}"), format!("{:p}", Gc::as_ptr(&one)));
        assert_eq!(format!("{one:#20p}"), format!("{:#20p}", &raw const *one));
        let dynamic: Gc<dyn Printed> = Gc::from(Box::new(5) as Box<dyn Printed>);
        assert_eq!(format!("{dynamic:?}"), "5");
    }

    fn weak_pointers_print_without_asking_the_value() {
        assert_eq!(format!("{:?} {:?}", Weak::<Opaque>::new(), Gc::downgrade(&Gc::new(1))), "(Weak) (Weak)");
    }

    fn weak_pointers_know_where_the_value_is_and_was() {
        let one = Gc::new(5);
        let weak = Gc::downgrade(&one);
        assert_eq!(weak.as_ptr(), Gc::as_ptr(&one));
        let place = weak.as_ptr();
        drop(one);
        assert_eq!(weak.as_ptr(), place);
        let raw = Weak::<u8>::new().into_raw();
        // SAFETY: the pointer came from `into_raw`.
        assert!(unsafe { Weak::from_raw(raw) }.upgrade().is_none());
    }

    fn a_weak_pointer_to_nothing_can_be_a_constant() {
        thread_local!(static NOTHING: Weak<Cell<u8>> = const { Weak::new() });
        NOTHING.with(|nothing| assert_eq!((nothing.strong_count(), nothing.weak_count()), (0, 0)));
    }

    fn clone_from_replaces_the_pointer() {
        let (mut one, two) = (Gc::new(Leaf(Counted)), Gc::new(Leaf(Counted)));
        one.clone_from(&two);
        assert_eq!((dropped(), Gc::strong_count(&two)), (1, 2));
        let mut weak = Gc::downgrade(&one);
        weak.clone_from(&Weak::new());
        assert_eq!(Gc::weak_count(&one), 0);
    }

    fn an_iterator_that_panics_drops_what_it_gave() {
        let items = (0..5).map(|n| if n == 3 { panic!("at three") } else { Leaf(Counted) });
        assert_eq!(panic_of(|| items.collect::<Gc<[_]>>()), "at three");
        assert_eq!(dropped(), 3);
    }
}

#[cfg(unix)]
both! {
    fn files_lend_their_descriptor() {
        use std::os::fd::{AsFd, AsRawFd};
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("a socket");
        let raw = socket.as_raw_fd();
        let shared = Gc::<Leaf2>::from(Leaf2(socket));
        assert_eq!((shared.as_fd().as_raw_fd(), shared.as_raw_fd()), (raw, raw));
    }
}

/// A socket, whether or not its type is traceable.
#[cfg(unix)]
struct Leaf2(std::net::UdpSocket);

#[cfg(unix)]
gc_core::impl_trace_leaf!(Leaf2);

#[cfg(unix)]
impl std::os::fd::AsFd for Leaf2 {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.0.as_fd()
    }
}

#[cfg(unix)]
impl std::os::fd::AsRawFd for Leaf2 {
    fn as_raw_fd(&self) -> std::os::fd::RawFd {
        self.0.as_raw_fd()
    }
}
