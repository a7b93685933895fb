//! The algorithms of `digraph` and those of `petgraph`, on the same random graphs.

use petgraph::algo::{dijkstra, tarjan_scc};
use petgraph::graph::{DiGraph, NodeIndex};

use super::*;

/// The same random graph twice.
fn twins(mut random: u64, size: usize, edges: usize) -> (Vec<Gc<Node>>, DiGraph<(), u64>) {
    let mut below = |bound: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % bound
    };
    let ours: Vec<_> = (0..size).map(|number| Node::new(number.to_string())).collect();
    let mut theirs = DiGraph::new();
    for _ in &ours {
        theirs.add_node(());
    }
    for _ in 0..edges {
        let (from, to, length) = (below(size), below(size), below(9) as u64);
        ours[from].connect(length, &ours[to]);
        theirs.add_edge(NodeIndex::new(from), NodeIndex::new(to), length);
    }
    (ours, theirs)
}

fn sorted(components: impl Iterator<Item = Vec<usize>>) -> Vec<Vec<usize>> {
    let mut components: Vec<_> = components.collect();
    components.iter_mut().for_each(|component| component.sort_unstable());
    components.sort_unstable();
    components
}

fn number(node: &Gc<Node>) -> usize {
    node.name.parse().expect("nodes are named by number")
}

#[test]
fn components_and_distances_are_those_of_petgraph() {
    for seed in 0..200 {
        let size = 1 + seed as usize % 40;
        let (ours, theirs) = twins(seed, size, size * (seed as usize % 4) / 2 + 1);
        let found = components(&ours).into_iter().map(|nodes| nodes.iter().map(number).collect());
        let expected = tarjan_scc(&theirs).into_iter().map(|nodes| nodes.iter().map(|node| node.index()).collect());
        assert_eq!(sorted(found), sorted(expected), "seed {seed}");
        let expected = dijkstra(&theirs, NodeIndex::new(0), None, |edge| *edge.weight());
        let found = distances(&ours[0]);
        assert_eq!(found.len(), expected.len(), "seed {seed}");
        ours.iter().for_each(|node| {
            assert_eq!(found.get(node).as_ref(), expected.get(&NodeIndex::new(number(node))), "seed {seed}");
        });
    }
    gc::collect();
    assert_eq!(gc::stats().live_objects, 0);
}
