use std::collections::HashMap;

use gc_core::Trace;

struct Socket;

#[derive(Trace)]
struct Sessions {
    sockets: HashMap<String, Vec<Option<Socket>>>,
    count: u32,
}

fn main() {}
