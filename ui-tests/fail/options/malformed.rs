use gc_core::Trace;

#[derive(Trace)]
#[trace]
struct Word;

#[derive(Trace)]
#[trace = "leaf"]
struct Value;

#[derive(Trace)]
#[trace()]
struct Empty {
    #[trace]
    field: u8,
}

#[derive(Trace)]
enum Variants {
    #[trace()]
    One,
}

#[derive(Trace)]
#[trace("leaf")]
struct Literal;

#[derive(Trace)]
#[trace(leaf finalize)]
struct NoComma;

fn main() {}
