//! What a snapshot says of itself in figures, and how its parts are printed to whoever debugs.

use gc_core::Gc;
use gc_core::inspect::{LeakScope, Snapshot};

#[test]
fn the_parts_of_a_snapshot_are_printed_in_few_words() {
    let scope = LeakScope::new();
    let outer = Gc::new(Some(Gc::new("inner")));
    let snapshot = Snapshot::capture();
    let inner = snapshot.find(outer.as_ref().as_ref().expect("it is there")).expect("it was captured");
    assert_eq!(format!("{snapshot:?}"), "Snapshot { objects: 2, edges: 1, .. }");
    assert_eq!(format!("{:?}", snapshot.components()), "Components { len: 2, .. }");
    assert_eq!(format!("{:?}", snapshot.dominators()), "DominatorTree { objects: 2, .. }");
    for component in snapshot.components().iter() {
        assert_eq!(format!("{component:?}"), format!("{:?}", component.objects().collect::<Vec<_>>()));
    }
    let path = inner.why_alive().expect("it is alive");
    assert_eq!(format!("{path:?}"), path.to_string());
    let edge = inner.referrers().next().expect("the other one refers to it");
    assert_eq!(format!("{:?}", edge.label()), edge.label().to_string());
    let survivors = scope.survivors();
    assert_eq!(format!("{survivors:?}"), survivors.to_string());
}

#[test]
fn labels_and_types_are_numbered() {
    let outer = Gc::new(Some(Gc::new("inner")));
    let snapshot = Snapshot::capture();
    let edge = snapshot.objects().flat_map(|object| object.edges()).next().expect("there is one");
    assert!(edge.label().index() < snapshot.label_count());
    assert_eq!(edge.index(), 0);
    assert_eq!(snapshot.labels().len(), snapshot.label_count());
    let names: Vec<_> = snapshot.short_type_names().map(|name| name.to_string()).collect();
    for object in snapshot.objects() {
        assert_eq!(names[object.type_index()], object.short_type_name().to_string());
    }
    drop(outer);
}
