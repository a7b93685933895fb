use gc_core::Trace;

#[derive(Trace)]
enum Tokens<'a> {
    None,
    Some(Vec<(u32, Option<&'a str>)>),
}

fn main() {}
