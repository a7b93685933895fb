use gc_core::Trace;

#[derive(Trace)]
#[trace(bound = "T Trace")]
struct NoColon<T>(T);

#[derive(Trace)]
#[trace(bound = "where T: Trace")]
struct Where<T>(T);

fn main() {}
