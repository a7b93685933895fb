//! What pointers, leaves and weak collections pass on to the value inside, or offer because std's types do.

use std::error::Error;
use std::fmt;

use gc_core::weak::{WeakMap, WeakSet, WeakValueMap};
use gc_core::{Gc, Leaf, Referent};
use gc_tests::{link, node};

#[derive(Debug)]
struct Failed(fmt::Error);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failed")
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn a_leaf_is_used_as_the_value_inside() {
    let mut leaf = Leaf(String::from("leaf"));
    leaf.push('s');
    AsMut::<String>::as_mut(&mut leaf).push('!');
    assert_eq!(AsRef::<String>::as_ref(&leaf), "leafs!");
    assert_eq!(leaf.to_string(), "leafs!");
}

#[test]
fn a_pointer_to_an_error_is_one_and_has_its_source() {
    let error = Gc::leaf(Failed(fmt::Error));
    assert!(error.source().expect("a source").is::<fmt::Error>());
    assert_eq!(AsRef::<Failed>::as_ref(&error).to_string(), "failed");
}

#[test]
fn a_referent_is_a_pointer_that_tells_its_type() {
    let (from, to) = (node(), node());
    link(&from, &to);
    let referent: Referent = Gc::referents(&from).remove(0);
    let same = referent.clone();
    assert_eq!(Gc::strong_count(&to), 4);
    assert!(format!("{same:?}").starts_with("gc_tests::Node at 0x"));
    let refused = same.downcast::<String>().expect_err("no text");
    assert!(refused.is(&to) && Gc::ptr_eq(&refused.downcast().expect("a node"), &to));
    drop(referent);
    assert_eq!(Gc::strong_count(&to), 2);
}

#[test]
fn weak_collections_are_made_from_arrays() {
    let [one, two] = [Gc::new(1), Gc::new(2)];
    let map = WeakMap::from([(one.clone(), 'a'), (two.clone(), 'b')]);
    assert_eq!((map.get(&one), map.get(&two)), (Some('a'), Some('b')));
    assert_eq!(WeakSet::from([one, two]).len(), 0);
}

#[test]
fn a_vacant_entry_tells_the_key_that_was_asked_for() {
    use gc_core::weak::map::Entry;

    let (map, key) = (WeakMap::<i32, i32>::new(), Gc::new(1));
    let Entry::Vacant(entry) = map.entry(&key) else { panic!("nothing was inserted") };
    assert!(Gc::ptr_eq(entry.key(), &key));
}

#[test]
fn weak_value_maps_say_of_their_parts_what_they_are() {
    let (map, value) = (WeakValueMap::new(), Gc::new(1));
    assert_eq!(format!("{:?}", map.entry("key")), r#"Entry(VacantEntry("key"))"#);
    map.insert("key", &value);
    assert!(format!("{:?}", map.entry("key")).starts_with("Entry(OccupiedEntry"));
    assert_eq!(
        format!("{:?} {:?} {:?}", map.iter(), map.keys(), map.values()),
        "Iter { .. } Keys { .. } Values { .. }"
    );
    assert_eq!(format!("{:?}", map.into_iter()), "IntoIter { .. }");
}
