use gc_core::Trace;

#[derive(Trace)]
struct Token<'a> {
    text: &'a str,
    rest: Vec<(u8, Option<&'a mut Token<'a>>)>,
    name: &'static str,
}

fn main() {}
