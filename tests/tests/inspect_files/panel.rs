//! A `.heapsnapshot` read back, as the memory panel does: what is in it, and what the panel computes from it.

use std::collections::VecDeque;

use gc_core::inspect::Snapshot;
use serde_json::Value;

/// A file, taken apart. Nodes and edges are numbered as they come.
pub(crate) struct File {
    pub(crate) text: String,
    pub(crate) nodes: Vec<Node>,
}

pub(crate) struct Node {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) id: u64,
    pub(crate) size: u64,
    pub(crate) edges: Vec<Edge>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) to: usize,
}

/// The number of the first node that is an object.
pub(crate) const FIRST: usize = 3;

/// What the panel keeps of numbers.
fn kept(value: &Value) -> usize {
    let number = value.as_u64().expect("a number");
    u32::try_from(number).expect("the panel keeps 32 bits") as usize
}

fn numbers(value: &Value) -> Vec<usize> {
    value.as_array().expect("a list").iter().map(kept).collect()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
}

impl File {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let mut text = Vec::new();
        snapshot.write_heapsnapshot(&mut text).expect("a vector takes all");
        Self::read(String::from_utf8(text).expect("JSON is UTF-8"))
    }

    /// Reads a file; fails if something in it does not fit together.
    fn read(text: String) -> Self {
        let json: Value = serde_json::from_str(&text).expect("the file is JSON");
        let meta = &json["snapshot"]["meta"];
        let (rows, links) = (numbers(&json["nodes"]), numbers(&json["edges"]));
        let fields = texts(&meta["node_fields"]).len();
        let (node_kinds, edge_kinds) = (texts(&meta["node_types"][0]), texts(&meta["edge_types"][0]));
        let strings = texts(&json["strings"]);
        assert_eq!((rows.len() % fields, links.len() % 3), (0, 0), "there is half a row");
        let mut links = links.chunks_exact(3).map(|row| {
            assert_eq!(row[2] % fields, 0, "an edge leads between two nodes");
            assert!(row[2] < rows.len(), "an edge leads beyond the end");
            Edge { kind: edge_kinds[row[0]].clone(), name: strings[row[1]].clone(), to: row[2] / fields }
        });
        let node = |row: &[usize]| Node {
            kind: node_kinds[row[0]].clone(),
            name: strings[row[1]].clone(),
            id: row[2] as u64,
            size: row[3] as u64,
            edges: links.by_ref().take(row[4]).collect(),
        };
        let nodes: Vec<_> = rows.chunks_exact(fields).map(node).collect();
        assert_eq!(links.count(), 0, "there are edges that belong to no node");
        assert_eq!(kept(&json["snapshot"]["node_count"]), nodes.len());
        let edges: usize = nodes.iter().map(|node| node.edges.len()).sum();
        assert_eq!(kept(&json["snapshot"]["edge_count"]), edges);
        let mut ids: Vec<_> = nodes.iter().map(|node| node.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), nodes.len(), "two nodes have one id");
        Self { text, nodes }
    }

    /// The shortest distance of each node from the root, over edges that are not weak; without `avoided`.
    pub(crate) fn distances(&self, avoided: Option<usize>) -> Vec<Option<usize>> {
        let mut distances = vec![None; self.nodes.len()];
        distances[0] = Some(0);
        let mut queue = VecDeque::from([0]);
        while let Some(node) = queue.pop_front() {
            for edge in self.nodes[node].edges.iter().filter(|edge| edge.kind != "weak") {
                if distances[edge.to].is_none() && avoided != Some(edge.to) {
                    distances[edge.to] = distances[node].map(|distance| distance + 1);
                    queue.push_back(edge.to);
                }
            }
        }
        distances
    }

    /// The bytes of all that the root does not reach without `node`, of what it reaches with it.
    pub(crate) fn retained(&self, node: usize) -> u64 {
        let (with, without) = (self.distances(None), self.distances(Some(node)));
        if with[node].is_none() {
            return self.nodes[node].size;
        }
        let lost = (0..self.nodes.len()).filter(|&other| with[other].is_some() && without[other].is_none());
        lost.map(|other| self.nodes[other].size).sum()
    }

    /// The node of an object.
    pub(crate) fn object(&self, index: usize) -> &Node {
        &self.nodes[FIRST + index]
    }
}
