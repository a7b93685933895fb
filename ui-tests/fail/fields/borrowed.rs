use gc_core::Trace;

#[derive(Trace)]
struct Token<'a> {
    text: &'a str,
    name: &'static str,
}

fn main() {}
