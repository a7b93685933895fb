//! Files for the memory panel of DevTools.

use std::cell::RefCell;
use std::io::{self, Write};

use gc_core::inspect::{EdgeKind, Object, Snapshot};
use gc_core::weak::WeakMap;
use gc_core::{Gc, Trace, gc};

use crate::heaps::{self, HOSTILE, Node, Random, Strange, chain, garbage, node};
use crate::panel::{FIRST, File};

/// The keys of the outermost object, in the order in which the panel's scanner expects them.
const KEYS: [&str; 8] =
    ["snapshot", "nodes", "edges", "trace_function_infos", "trace_tree", "samples", "locations", "strings"];

#[test]
fn an_empty_heap_is_a_file_with_the_nodes_that_are_no_objects() {
    let file = File::of(&Snapshot::capture());
    let names: Vec<_> = file.nodes.iter().map(|node| (&*node.kind, &*node.name)).collect();
    assert_eq!(names, [("synthetic", ""), ("synthetic", "(GC roots)"), ("synthetic", "(held outside the heap)")]);
    assert_eq!(file.distances(None), [Some(0), Some(1), Some(2)]);
}

#[test]
fn keys_come_in_the_order_that_the_scanner_expects() {
    let _chain = chain(3);
    let text = File::of(&Snapshot::capture()).text;
    let places: Vec<_> =
        KEYS.iter().map(|key| text.find(&format!("\"{key}\":")).expect("every key is there")).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn objects_are_nodes_in_order_and_edges_have_their_names() {
    let root = chain(2);
    root.others.borrow_mut().extend([node(), node()]);
    root.seen.borrow_mut().push(Gc::downgrade(&root.others.borrow()[1]));
    let snapshot = Snapshot::capture();
    let file = File::of(&snapshot);
    assert_eq!(file.nodes.len(), FIRST + snapshot.len());
    for object in snapshot.objects() {
        let node = file.object(object.index());
        assert_eq!((&*node.kind, &*node.name), ("object", object.type_name()));
        assert_eq!(node.size, object.size() as u64);
        let edges: Vec<_> = node.edges.iter().map(|edge| (edge.name.clone(), edge.to)).collect();
        let expected: Vec<_> =
            object.edges().map(|edge| (edge.label().to_string(), FIRST + edge.to().index())).collect();
        assert_eq!(edges, expected);
    }
    let root = file.object(snapshot.find(&root).expect("it is there").index());
    let edges: Vec<_> = root.edges.iter().map(|edge| (&*edge.kind, &*edge.name)).collect();
    assert_eq!(
        edges,
        [("property", "next"), ("property", "others[0]"), ("property", "others[1]"), ("weak", "seen[0]")]
    );
}

#[test]
fn whatever_is_held_from_outside_hangs_on_one_node() {
    let held = [chain(3), node()];
    let snapshot = Snapshot::capture();
    let file = File::of(&snapshot);
    let mut expected: Vec<_> = held.iter().map(|gc| FIRST + snapshot.find(gc).expect("it is there").index()).collect();
    expected.sort_unstable();
    assert_eq!(file.nodes[FIRST - 1].edges.iter().map(|edge| edge.to).collect::<Vec<_>>(), expected);
}

/// Compares what the panel computes with what the crate says of each object.
#[track_caller]
fn check_figures(snapshot: &Snapshot) {
    let file = File::of(snapshot);
    let far = file.distances(None);
    for (object, distance) in snapshot.objects().zip(snapshot.distances()) {
        let index = FIRST + object.index();
        assert_eq!(far[index], distance.map(|distance| distance as usize + FIRST), "{object:?}");
        assert_eq!(file.retained(index), object.retained_size() as u64, "{object:?}");
        assert_eq!(distance.is_none(), object.is_garbage(), "{object:?}");
        assert_eq!(object.why_alive().map(|path| path.len() as u32), distance, "{object:?}");
    }
}

#[test]
fn distances_and_retained_sizes_are_those_of_the_crate() {
    let mut numbers = Random(0x2545_f491_4f6c_dd1d);
    let _paused = gc::pause();
    for _ in 0..150 {
        let held = heaps::random(&mut numbers);
        check_figures(&Snapshot::capture());
        drop(held);
        gc::collect();
    }
}

#[test]
fn a_ring_that_is_garbage_is_listed_and_not_reached() {
    let _paused = gc::pause();
    garbage(3);
    let _held = node();
    let snapshot = Snapshot::capture();
    let file = File::of(&snapshot);
    assert_eq!(file.nodes.len(), FIRST + 4);
    assert_eq!(file.distances(None).iter().filter(|distance| distance.is_none()).count(), 3);
    check_figures(&snapshot);
}

#[test]
fn what_an_entry_of_a_weak_map_owns_hangs_on_its_key() {
    #[derive(Trace)]
    struct Owner(WeakMap<Node, Gc<Node>>);

    let (key, owner) = (node(), Gc::new(Owner(WeakMap::new())));
    owner.0.insert(&key, chain(2));
    let snapshot = Snapshot::capture();
    let kinds =
        |gc: Object<'_>| File::of(&snapshot).object(gc.index()).edges.iter().map(|edge| edge.kind.clone()).collect();
    let kinds_of_key: Vec<_> = kinds(snapshot.find(&key).expect("it is there"));
    assert_eq!(kinds_of_key, ["internal"]);
    let kinds_of_owner: Vec<_> = kinds(snapshot.find(&owner).expect("it is there"));
    assert_eq!(kinds_of_owner, ["weak"]);
    check_figures(&snapshot);
}

#[test]
fn an_entry_of_a_weak_map_that_is_garbage_keeps_nothing_alive() {
    #[derive(Trace)]
    struct Owner {
        map: WeakMap<Node, Gc<Node>>,
        itself: RefCell<Option<Gc<Owner>>>,
    }

    let _paused = gc::pause();
    let key = node();
    let owner = Gc::new(Owner { map: WeakMap::new(), itself: RefCell::default() });
    owner.map.insert(&key, node());
    *owner.itself.borrow_mut() = Some(owner.clone());
    drop(owner);
    let snapshot = Snapshot::capture();
    let key = snapshot.find(&key).expect("it is there");
    let [edge] = key.edges().collect::<Vec<_>>()[..] else { panic!("the key has one edge") };
    assert_eq!((edge.kind(), edge.to().is_garbage()), (EdgeKind::Ephemeron, true));
    assert_eq!(File::of(&snapshot).object(key.index()).edges[0].kind, "weak");
    check_figures(&snapshot);
}

#[test]
fn names_stay_what_they_are_however_strange() {
    let strange = Gc::new(Strange::<'"', '\\'>(node()));
    let others = (Gc::new(Strange::<'\n', '\u{2028}'>(node())), Gc::new(Strange::<'<', 'é'>(node())));
    let snapshot = Snapshot::capture();
    let file = File::of(&snapshot);
    for object in snapshot.objects() {
        assert_eq!(file.object(object.index()).name, object.type_name());
    }
    let node = file.object(snapshot.find(&strange).expect("it is there").index());
    assert!(node.name.contains("'\"', '\\\\'"), "{}", node.name);
    assert_eq!(node.edges[0].name, HOSTILE);
    drop(others);
}

#[test]
fn a_name_that_begins_as_a_tag_gets_a_blank_so_that_the_panel_shows_all_of_it() {
    let _local = heaps::declared_in_a_method();
    let snapshot = Snapshot::capture();
    let name = snapshot.objects().next().expect("it is there").type_name();
    assert!(name.starts_with('<'), "{name}");
    assert_eq!(File::of(&snapshot).object(0).name, format!(" {name}"));
}

#[test]
fn objects_have_the_same_ids_in_the_next_file_and_new_ones_others() {
    let kept = chain(50);
    let ids_of = |snapshot: &Snapshot| {
        let file = File::of(snapshot);
        file.nodes[FIRST..].iter().map(|node| node.id).collect::<Vec<_>>()
    };
    let gone = chain(20);
    let first = Snapshot::capture();
    drop(gone);
    // They lie where the others lay.
    let _new = chain(20);
    let second = Snapshot::capture();
    let (first_ids, second_ids) = (ids_of(&first), ids_of(&second));
    let common = second_ids.iter().filter(|id| first_ids.contains(id)).count();
    assert_eq!(common, 50);
    let id_in = |snapshot: &Snapshot| snapshot.devtools_ids().of(snapshot.find(&kept).expect("it is there"));
    assert_eq!(id_in(&first), id_in(&second));
    assert!(first_ids.contains(&u64::from(id_in(&first))));
}

#[test]
fn an_output_that_fails_is_an_error() {
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let _chain = chain(10_000);
    let snapshot = Snapshot::capture();
    for room in [0, 100_000] {
        let error = snapshot.write_heapsnapshot(Full(room)).expect_err("there is not enough room");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
