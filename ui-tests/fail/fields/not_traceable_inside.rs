use std::collections::HashMap;

use gc_core::Trace;

struct Socket;

#[derive(Trace)]
struct Nested {
    sockets: HashMap<String, Vec<Option<Socket>>>,
    number: u8,
}

#[derive(Trace)]
struct Last(u8, Box<Socket>);

fn main() {}
