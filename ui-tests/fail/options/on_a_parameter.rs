use gc_core::Trace;

#[derive(Trace)]
struct Type<#[trace(skip)] T>(T);

fn main() {}
