use gc_core::Trace;

struct Socket;

#[derive(Trace)]
struct Pair<T>(T, T);

fn store<T: Trace>(_: T) {}

fn main() {
    store(Pair(Socket, Socket));
}
