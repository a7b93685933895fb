//! Graphs for Graphviz.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use gc_core::inspect::{Dot, Snapshot};
use gc_core::weak::WeakMap;
use gc_core::{Gc, gc};

use crate::heaps::{self, HOSTILE, Node, Random, Strange, chain, garbage, node};

fn text(dot: Dot<'_>) -> String {
    let mut text = Vec::new();
    dot.write(&mut text).expect("a vector takes all");
    String::from_utf8(text).expect("DOT is UTF-8")
}

fn graph() -> String {
    text(Snapshot::capture().dot())
}

/// How many lines have this in them.
fn lines_with(text: &str, part: &str) -> usize {
    text.lines().filter(|line| line.contains(part)).count()
}

#[test]
fn an_object_is_a_box_with_its_type_and_sizes() {
    let gc = chain(2);
    let graph = graph();
    let size = Snapshot::capture().find(&gc).expect("it is there").size();
    assert!(graph.contains(&format!("label=\"Node\\n{size} bytes, retains {}\"", 2 * size)), "{graph}");
    assert!(graph.contains(&format!("label=\"Node\\n{size} bytes, retains {size}\"")), "{graph}");
    assert!(graph.contains("tooltip=\"inspect_files::heaps::Node\""), "{graph}");
    assert!(graph.contains("label=\"2 objects\""), "{graph}");
}

#[test]
fn an_edge_is_an_arrow_with_its_name_and_a_weak_one_is_dashed() {
    let gc = chain(2);
    gc.seen.borrow_mut().push(Gc::downgrade(&gc));
    let graph = graph();
    assert_eq!(lines_with(&graph, "[label=\"next\"];"), 1, "{graph}");
    assert_eq!(lines_with(&graph, "[label=\"seen[0]\", style=dashed"), 1, "{graph}");
}

#[test]
fn an_edge_of_an_entry_of_a_weak_map_is_dotted() {
    let (key, map) = (node(), WeakMap::new());
    map.insert(&key, node());
    let graph = graph();
    assert_eq!(lines_with(&graph, "style=dotted"), 1, "{graph}");
}

#[test]
fn edges_between_the_same_two_are_one_arrow() {
    let (from, to) = (node(), node());
    from.others.borrow_mut().extend((0..1_203).map(|_| to.clone()));
    let graph = graph();
    assert_eq!(lines_with(&graph, "[label=\"others[0], others[1], others[2], and 1,200 more\"]"), 1, "{graph}");
}

#[test]
fn a_dense_graph_asks_for_less_care_in_placing() {
    let nodes: Vec<_> = (0..20).map(|_| node()).collect();
    nodes[0].others.borrow_mut().extend((0..1_000).map(|_| nodes[1].clone()));
    assert_eq!(lines_with(&graph(), "nslimit"), 0);
    for node in &nodes {
        node.others.borrow_mut().extend(nodes.iter().cloned());
    }
    assert_eq!(lines_with(&graph(), "nslimit=2; nslimit1=2;"), 1);
    nodes.iter().for_each(|node| node.others.borrow_mut().clear());
}

#[test]
fn what_is_held_from_outside_is_marked_with_the_number_of_pointers() {
    let once = chain(3);
    let often = vec![node(); 4];
    let graph = graph();
    assert_eq!(lines_with(&graph, "shape=point"), 2, "{graph}");
    assert_eq!(lines_with(&graph, "label=\" × 4\""), 1, "{graph}");
    drop((once, often));
}

#[test]
fn garbage_is_grey_and_what_could_not_be_read_has_a_dashed_outline() {
    let _paused = gc::pause();
    garbage(2);
    let gc = node();
    let _borrowed = gc.others.borrow_mut();
    let graph = graph();
    assert_eq!(lines_with(&graph, "style=\"filled\""), 2, "{graph}");
    assert_eq!(lines_with(&graph, "style=\"dashed\""), 1, "{graph}");
}

#[test]
fn of_a_large_heap_those_that_retain_most_are_shown_and_the_rest_is_counted() {
    let (long, short) = (chain(1_000), chain(500));
    let snapshot = Snapshot::capture();
    let graph = text(snapshot.dot().limit(10));
    let size = snapshot.find(&long).expect("it is there").size();
    for retained in 991..=1_000 {
        let retained = retained * size;
        let label = format!("retains {},{:03}", retained / 1_000, retained % 1_000);
        assert_eq!(lines_with(&graph, &label), 1, "{graph}");
    }
    assert_eq!(lines_with(&graph, "next"), 9, "{graph}");
    let bytes = 1_490 * size;
    let title = format!(
        "label=\"1,500 objects; shown are the 10 that retain most\\nleft out: 1,490 objects, {},{:03} bytes, 1,489 edges\"",
        bytes / 1_000,
        bytes % 1_000
    );
    assert!(graph.contains(&title), "{title} is not in {graph}");
    assert_eq!(lines_with(&graph, "edges to what is left out: 1\""), 1, "{graph}");
    drop((long, short));
}

#[test]
fn the_nearest_to_an_object_are_shown_in_either_direction() {
    let _others = chain(100);
    let first = chain(21);
    let middle = (0..10).fold(first.clone(), |gc, _| {
        let next = gc.next.borrow().clone();
        next.expect("the chain goes on")
    });
    let snapshot = Snapshot::capture();
    let object = snapshot.find(&middle).expect("it is there");
    let graph = text(snapshot.dot().limit(5).near(object));
    let before = object.referrers().next().expect("it is referred to").from();
    let after = object.edges().next().expect("it refers to another").to();
    for shown in [object, before, after] {
        assert_eq!(lines_with(&graph, &format!("  n{} [label", shown.index())), 1, "{graph}");
    }
    assert_eq!(lines_with(&graph, &format!("  n{} [label", object.index())), lines_with(&graph, "style=\"bold\""));
    assert_eq!(lines_with(&graph, "bytes, retains"), 5, "{graph}");
    assert_eq!(lines_with(&graph, "what is left out: 1"), 2, "{graph}");
    assert!(graph.contains("shown are the 5 nearest to one\\nleft out: 116 objects"), "{graph}");
}

#[test]
#[should_panic(expected = "the object is of another snapshot")]
fn an_object_of_another_snapshot_is_refused() {
    let gc = node();
    let [one, other] = [(); 2].map(|()| Snapshot::capture());
    let _ = one.dot().near(other.find(&gc).expect("it is there"));
}

#[test]
fn an_empty_heap_and_a_limit_of_zero_are_graphs() {
    assert!(graph().ends_with("  label=\"0 objects\";\n}\n"));
    let _gc = chain(3);
    let graph = text(Snapshot::capture().dot().limit(0));
    assert!(graph.contains("3 objects; shown are the 0 that retain most\\nleft out: 3 objects"), "{graph}");
    assert_eq!(lines_with(&graph, "n0"), 0);
}

#[test]
fn names_cannot_end_the_line_or_the_text_they_are_in() {
    let strange = Gc::new(Strange::<'"', '\n'>(node()));
    let graph = graph();
    assert_eq!(graph.lines().count(), 4 + 5 + 2, "{graph}");
    // A quotation mark is escaped or delimits a text; so each line has an even number that are not escaped.
    for line in graph.lines() {
        let bare = line.replace("\\\\", "").replace("\\\"", "");
        assert_eq!(bare.matches('"').count() % 2, 0, "{line}");
        assert!(!bare.contains(char::is_control), "{line}");
    }
    drop(strange);
}

#[test]
fn names_of_any_length_are_shortened() {
    type Long = (Node, Node, Node, Node, Node, Node, Node, Node, Node, Node, Node, Node);
    let long = Gc::new(<Option<(Long, Long)>>::None);
    let graph = graph();
    let label = graph.lines().find(|line| line.contains("n0 [label=\"Option<((Node, Node")).expect("it is there");
    assert!(label.contains('…'), "{label}");
    drop(long);
}

/// What Graphviz makes of a graph, or `None` if there is no Graphviz.
fn rendered(graph: &str, format: &str) -> Option<String> {
    let mut command = Command::new("dot");
    command.arg(format!("-T{format}")).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut dot) = command.spawn() else {
        // Not `eprintln!`: what it writes is shown only if the test fails.
        let _ = writeln!(std::io::stderr(), "SKIPPED: Graphviz is not installed; no graph was rendered");
        return None;
    };
    dot.stdin.take().expect("it is piped").write_all(graph.as_bytes()).expect("Graphviz reads");
    let mut output = String::new();
    dot.stdout.take().expect("it is piped").read_to_string(&mut output).expect("a text");
    let ended = dot.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success() && said.is_empty(), "{said}\n{graph}");
    Some(output)
}

#[test]
fn graphviz_renders_strange_names_as_what_they_are() {
    let strange = Gc::new(Strange::<'"', '\\'>(node()));
    let Some(svg) = rendered(&graph(), "svg") else { return };
    assert_eq!(svg.matches("class=\"node\"").count(), 3, "{svg}");
    assert_eq!(svg.matches("class=\"edge\"").count(), 2, "{svg}");
    let shown = svg.replace("&#45;", "-").replace("&#160;", " ").replace("&lt;", "<").replace("&gt;", ">");
    let shown = shown.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    assert!(shown.contains("Strange<'\"', '\\\\'>"), "{svg}");
    assert!(HOSTILE.starts_with("\"];}\\\n\t\0\u{7f}</sc"));
    assert!(shown.contains(r#""];}\\n\t\u{0}\u{7f}</sc"#), "{svg}");
    drop(strange);
}

#[test]
fn graphviz_finds_the_objects_and_arrows_of_random_heaps() {
    let mut numbers = Random(0x9e37_79b9_7f4a_7c15);
    let _paused = gc::pause();
    for _ in 0..5 {
        let held = heaps::random(&mut numbers);
        let snapshot = Snapshot::capture();
        let Some(plain) = rendered(&text(snapshot.dot()), "plain") else { return };
        let outside = snapshot.objects().filter(|object| object.outside() > 0).count();
        assert_eq!(plain.lines().filter(|line| line.starts_with("node ")).count(), snapshot.len() + outside);
        let mut arrows: Vec<_> = snapshot
            .objects()
            .flat_map(|object| object.edges().map(|edge| (edge.from().index(), edge.to().index(), edge.kind())))
            .collect();
        arrows.sort_unstable();
        arrows.dedup();
        assert_eq!(plain.lines().filter(|line| line.starts_with("edge ")).count(), arrows.len() + outside);
        drop(held);
        gc::collect();
    }
}
