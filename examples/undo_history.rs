//! Undo by keeping every version: `Gc::make_mut` copies what is shared, and only that.
//!
//! A version of the document is a clone of a pointer. The next edit finds it shared and copies what it changes: the list
//! of lines, which is one pointer for each, and one line. An edit of what nobody else has copies nothing.
//!
//! ```sh
//! cargo run --example undo_history
//! ```

use gc_core::{Gc, Trace, gc};

/// Lines, each of which any number of versions may share.
#[derive(Clone, Trace, Default)]
struct Document {
    lines: Vec<Gc<String>>,
}

#[derive(Trace, Default)]
struct Editor {
    now: Gc<Document>,
    undone: Vec<Gc<Document>>,
    done: Vec<Gc<Document>>,
}

impl Editor {
    /// Remembers what is there; the next edit is one that can be undone.
    fn mark(&mut self) {
        self.done.push(self.now.clone());
        self.undone.clear();
    }

    fn push_line(&mut self, text: &str) {
        Gc::make_mut(&mut self.now).lines.push(Gc::new(text.to_owned()));
    }

    fn append(&mut self, line: usize, text: &str) {
        let line = &mut Gc::make_mut(&mut self.now).lines[line];
        Gc::make_mut(line).push_str(text);
    }

    fn undo(&mut self) {
        if let Some(former) = self.done.pop() {
            self.undone.push(std::mem::replace(&mut self.now, former));
        }
    }

    fn redo(&mut self) {
        if let Some(later) = self.undone.pop() {
            self.done.push(std::mem::replace(&mut self.now, later));
        }
    }

    fn text(&self) -> String {
        self.now.lines.iter().map(|line| line.as_str()).collect::<Vec<_>>().join(" / ")
    }
}

/// How many lines two versions share.
fn shared(one: &Document, other: &Document) -> usize {
    one.lines.iter().zip(&other.lines).filter(|(one, other)| Gc::ptr_eq(one, other)).count()
}

fn main() {
    let mut editor = Editor::default();
    for number in 1..=1_000 {
        editor.push_line(&format!("line {number}"));
    }
    // The document, its lines, and nothing else: nobody shared it, so nothing was copied.
    println!("boxes: {}", gc::stats().live_objects);

    editor.mark();
    editor.append(1, ", changed");
    println!("boxes after an edit: {}", gc::stats().live_objects);
    println!("lines shared with the former version: {}", shared(&editor.now, &editor.done[0]));
    // The same line again: it is this version's own by now.
    editor.append(1, " twice");
    println!("boxes after another: {}", gc::stats().live_objects);

    Gc::make_mut(&mut editor.now).lines.truncate(2);
    println!("now:    {}", editor.text());
    editor.undo();
    println!("undone: {} lines, the second: {}", editor.now.lines.len(), editor.now.lines[1]);
    editor.redo();
    println!("redone: {}", editor.text());

    drop(editor);
    println!("boxes in the end: {}", gc::stats().live_objects);
}

#[test]
fn what_was_undone_can_be_redone_until_something_else_is_done() {
    let mut editor = Editor::default();
    for text in ["a", "b", "c"] {
        editor.mark();
        editor.push_line(text);
    }
    editor.undo();
    editor.undo();
    assert_eq!(editor.text(), "a");
    editor.redo();
    assert_eq!(editor.text(), "a / b");
    editor.mark();
    editor.append(0, "!");
    editor.redo();
    assert_eq!(editor.text(), "a! / b");
    editor.undo();
    assert_eq!(editor.text(), "a / b");
}
