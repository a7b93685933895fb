use gc_core::{Gc, Leaf, Trace};

#[derive(Trace)]
struct Token<'a> {
    text: Leaf<&'a str>,
}

fn main() {
    let source = String::from("x = 1");
    Gc::new(Token { text: Leaf(&source) });
}
