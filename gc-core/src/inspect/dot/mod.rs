//! The heap as a graph in the language of Graphviz.

mod select;
mod text;

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use select::Selection;
use text::{Escaped, Grouped, shortened};

use super::{Edge, EdgeKind, Object, Snapshot};

/// How many objects a graph shows if nothing else is said: more than a few hundred nobody can read.
const LIMIT: usize = 200;
/// How many characters of a type's name, and of an edge's.
const LONGEST_TYPE: usize = 60;
const LONGEST_LABEL: usize = 30;
/// Graphs of more arrows than this are placed by Graphviz with less care: what is dense takes it minutes otherwise.
const CAREFULLY_PLACED: usize = 250;
/// How many edges between the same two objects are named.
const NAMED: usize = 3;

/// A graph of a [`Snapshot`], to be written in the language of [Graphviz]. Made by [`Snapshot::dot`].
///
/// A box of the heap is a rectangle with its type, its size, and what would be freed with it. An arrow is an edge, with its
/// name; several between the same two objects are one arrow. A dashed arrow is a [`Weak`](crate::Weak), a dotted one leads from the
/// key of an entry of a weak collection to what the value refers to. An arrow out of a dot
/// stands for the strong pointers from outside the heap: the stack, statics, untraced owners. What only garbage holds is grey; what
/// was borrowed during the capture, so that edges may be missing, has a dashed outline.
///
/// A large heap is not shown as a whole: of the objects left out the graph's title says how many they are and how large, and each
/// object how many edges lead to them and come from them. Where more than 250 arrows are shown, the graph tells `dot` to place objects
/// with less care, since that grows steeply; of a dense heap show [fewer objects](Self::limit), or let `sfdp` place them.
///
/// # Examples
/// ```
/// use gc_core::{Gc, inspect::Snapshot};
///
/// let pair = Gc::new((Gc::new(1), Gc::new("two")));
/// let mut graph = Vec::new();
/// Snapshot::capture().dot().write(&mut graph)?;
/// let graph = String::from_utf8(graph).expect("DOT files are UTF-8");
/// assert!(graph.starts_with("digraph heap {"));
/// # drop(pair);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// [Graphviz]: https://graphviz.org/doc/info/lang.html
#[derive(Clone, Copy, Debug)]
#[must_use = "a graph does nothing until it is written"]
pub struct Dot<'s> {
    snapshot: &'s Snapshot,
    limit: usize,
    near: Option<usize>,
}

impl<'s> Dot<'s> {
    /// Shows this many objects at most, 200 if nothing is said: those that retain most, or those nearest to the one named by
    /// [`near`](Self::near).
    pub fn limit(self, objects: usize) -> Self {
        Self { limit: objects, ..self }
    }

    /// Shows the objects that the fewest edges lie between `object` and, in whatever direction, rather than the largest. `object`
    /// itself is drawn in bold.
    ///
    /// # Panics
    /// If `object` is of another snapshot.
    pub fn near(self, object: Object<'s>) -> Self {
        assert!(self.snapshot.object(object.index()) == Some(object), "the object is of another snapshot");
        Self { near: Some(object.index()), ..self }
    }

    /// Writes the graph. `output` need not be buffered.
    ///
    /// # Errors
    /// As `output`.
    pub fn write(&self, output: impl Write) -> io::Result<()> {
        let selection = match self.near.and_then(|index| self.snapshot.object(index)) {
            Some(object) => Selection::nearest(object, self.limit),
            None => Selection::largest(self.snapshot, self.limit),
        };
        Graph { dot: self, selection, output: BufWriter::new(output), edges: 0, arrows: 0, bytes: 0 }.write()
    }
}

impl Snapshot {
    /// The snapshot as a graph for Graphviz, to be written.
    pub fn dot(&self) -> Dot<'_> {
        Dot { snapshot: self, limit: LIMIT, near: None }
    }
}

/// A graph that is being written.
struct Graph<'d, 's, W: Write> {
    dot: &'d Dot<'s>,
    selection: Selection,
    output: BufWriter<W>,
    /// How many edges were shown so far.
    edges: usize,
    /// As how many arrows.
    arrows: usize,
    /// How large the objects are that were shown so far.
    bytes: usize,
}

impl<'s, W: Write> Graph<'_, 's, W> {
    fn write(mut self) -> io::Result<()> {
        writeln!(self.output, "digraph heap {{")?;
        writeln!(self.output, "  graph [charset=\"UTF-8\", labelloc=t, fontname=\"sans-serif\", fontsize=12];")?;
        writeln!(self.output, "  node [shape=box, fontname=\"monospace\", fontsize=10];")?;
        writeln!(self.output, "  edge [fontname=\"monospace\", fontsize=9];")?;
        let objects: Vec<_> = self.selection.indices().filter_map(|index| self.dot.snapshot.object(index)).collect();
        for object in objects {
            self.object(object)?;
            self.outside(object)?;
            self.edges_of(object)?;
        }
        self.title()?;
        writeln!(self.output, "}}")?;
        self.output.flush()
    }

    fn object(&mut self, object: Object<'s>) -> io::Result<()> {
        self.bytes += object.size();
        let name = shortened(&object.short_type_name().to_string(), LONGEST_TYPE);
        write!(self.output, "  n{} [label=\"{}\\n", object.index(), Escaped(name))?;
        write!(self.output, "{} bytes, retains {}", Grouped(object.size()), Grouped(object.retained_size()))?;
        self.left_out_around(object)?;
        write!(self.output, "\", tooltip=\"{}\"", Escaped(object.type_name()))?;
        self.style(object)?;
        writeln!(self.output, "];")
    }

    /// How many edges of an object have their other end left out.
    fn left_out_around(&mut self, object: Object<'s>) -> io::Result<()> {
        if self.selection.len() == self.dot.snapshot.len() {
            return Ok(());
        }
        let to = object.edges().filter(|edge| !self.selection.contains(edge.to())).count();
        let from = object.referrers().filter(|edge| !self.selection.contains(edge.from())).count();
        if to > 0 {
            write!(self.output, "\\nedges to what is left out: {}", Grouped(to))?;
        }
        if from > 0 {
            write!(self.output, "\\nedges from what is left out: {}", Grouped(from))?;
        }
        Ok(())
    }

    fn style(&mut self, object: Object<'s>) -> io::Result<()> {
        let mut styles = Vec::new();
        if object.unread().is_some() {
            styles.push("dashed");
        }
        if object.is_garbage() {
            styles.push("filled");
        }
        if self.dot.near == Some(object.index()) {
            styles.push("bold");
        }
        if styles.is_empty() { Ok(()) } else { write!(self.output, ", style=\"{}\"", styles.join(",")) }
    }

    /// The strong pointers to an object from outside the heap.
    fn outside(&mut self, object: Object<'s>) -> io::Result<()> {
        let index = object.index();
        if object.outside() == 0 {
            return Ok(());
        }
        writeln!(self.output, "  o{index} [shape=point, width=0.12, color=firebrick, tooltip=\"outside the heap\"];")?;
        write!(self.output, "  o{index} -> n{index} [color=firebrick, fontcolor=firebrick")?;
        if object.outside() > 1 {
            write!(self.output, ", label=\" × {}\"", Grouped(object.outside()))?;
        }
        writeln!(self.output, "];")
    }

    /// The edges of an object to those that are shown, each pair of objects together.
    fn edges_of(&mut self, object: Object<'s>) -> io::Result<()> {
        let mut edges: Vec<_> = object.edges().filter(|edge| self.selection.contains(edge.to())).collect();
        self.edges += edges.len();
        let end = |edge: &Edge<'s>| (edge.to().index(), edge.kind());
        edges.sort_by_key(end);
        edges.chunk_by(|a, b| end(a) == end(b)).try_for_each(|same| self.arrow(object, same))
    }

    /// One arrow for edges between the same two objects.
    fn arrow(&mut self, object: Object<'s>, edges: &[Edge<'s>]) -> io::Result<()> {
        self.arrows += 1;
        let mut names = String::new();
        for (place, edge) in edges.iter().take(NAMED).enumerate() {
            let separator = if place > 0 { ", " } else { "" };
            let _ = write!(names, "{separator}{}", shortened(&edge.label().to_string(), LONGEST_LABEL));
        }
        if edges.len() > NAMED {
            let _ = write!(names, ", and {} more", Grouped(edges.len() - NAMED));
        }
        let (from, to) = (object.index(), edges[0].to().index());
        write!(self.output, "  n{from} -> n{to} [label=\"{}\"", Escaped(names))?;
        match edges[0].kind() {
            EdgeKind::Strong => {}
            EdgeKind::Weak => write!(self.output, ", style=dashed, color=gray50, fontcolor=gray50, constraint=false")?,
            EdgeKind::Ephemeron => write!(self.output, ", style=dotted")?,
        }
        writeln!(self.output, "];")
    }

    /// What the graph shows, and what was left out; and how it is to be placed, now that the arrows are known.
    fn title(&mut self) -> io::Result<()> {
        if self.arrows > CAREFULLY_PLACED {
            writeln!(self.output, "  nslimit=2; nslimit1=2;")?;
        }
        let snapshot = self.dot.snapshot;
        let (objects, shown) = (snapshot.len(), self.selection.len());
        write!(self.output, "  label=\"{} objects", Grouped(objects))?;
        if shown < objects {
            let bytes: usize = snapshot.objects().map(|object| object.size()).sum();
            let which = if self.dot.near.is_some() { "nearest to one" } else { "that retain most" };
            write!(
                self.output,
                "; shown are the {} {which}\\nleft out: {} objects, ",
                Grouped(shown),
                Grouped(objects - shown)
            )?;
            let edges = snapshot.edge_count() - self.edges;
            write!(self.output, "{} bytes, {} edges", Grouped(bytes - self.bytes), Grouped(edges))?;
        }
        writeln!(self.output, "\";")
    }
}
