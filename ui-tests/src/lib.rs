//! What `#[derive(Trace)]` accepts (`pass/`), and what it refuses with which words (`fail/`).
//!
//! The expected messages are the pinned toolchain's, without its optional `rust-src` component. After a change, write
//! them anew by `TRYBUILD=overwrite cargo test -p gc-ui-tests` and read the difference; they are never edited by hand.
