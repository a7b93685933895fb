//! Files, sockets, processes, and readers and writers on them.
//!
//! A reader is looked through if its own `Drop` does nothing but drop what it reads from. A buffered writer is not: it
//! is flushed when it is dropped, which runs the code of what it writes to.

use std::io::{self, BufReader, Cursor, Take};
use std::{env, fs, net, process};

use super::{Trace, edges_of};
use crate::impl_trace_leaf;
use crate::object::tracer::Tracer;

impl_trace_leaf!(
    fs::DirBuilder,
    fs::DirEntry,
    fs::File,
    fs::FileTimes,
    fs::FileType,
    fs::Metadata,
    fs::OpenOptions,
    fs::Permissions,
    fs::ReadDir,
    net::Shutdown,
    net::TcpListener,
    net::TcpStream,
    net::UdpSocket,
    process::Child,
    process::ChildStderr,
    process::ChildStdin,
    process::ChildStdout,
    process::Command,
    process::ExitCode,
    process::ExitStatus,
    process::Output,
    process::Stdio,
    env::Args,
    env::ArgsOs,
    env::Vars,
    env::VarsOs,
    io::Empty,
    io::PipeReader,
    io::PipeWriter,
    io::Repeat,
    io::SeekFrom,
    io::Sink,
    io::Stderr,
    io::Stdin,
    io::Stdout
);

#[cfg(unix)]
impl_trace_leaf!(
    std::os::fd::BorrowedFd<'_>,
    std::os::fd::OwnedFd,
    std::os::unix::net::SocketAddr,
    std::os::unix::net::UnixDatagram,
    std::os::unix::net::UnixListener,
    std::os::unix::net::UnixStream
);

#[cfg(windows)]
impl_trace_leaf!(
    std::os::windows::io::BorrowedHandle<'_>,
    std::os::windows::io::BorrowedSocket<'_>,
    std::os::windows::io::OwnedHandle,
    std::os::windows::io::OwnedSocket
);

// Leaves whatever they own: these show nothing of it.
impl_trace_leaf!(<R> io::Bytes<R>, <R> io::Lines<R>, <R> io::Split<R>);

/// Implements `Trace` for writers that are flushed when they are dropped.
macro_rules! flushed_on_drop {
    ($($writer:ident)+) => {$(
        /// A leaf: what it writes to is used when it is dropped, so a `Gc` in there must be alive then, and is held
        /// from outside.
        // SAFETY: nothing is reported (T1 to T4).
        #[diagnostic::do_not_recommend]
        unsafe impl<W: io::Write> Trace for io::$writer<W> {
            #[inline]
            fn trace(&self, _: &mut Tracer<'_>) {}

            #[inline]
            fn has_edges() -> bool {
                false
            }
        }
    )+};
}

flushed_on_drop!(BufWriter LineWriter);

/// Implements `Trace` for readers that own one other value and show it.
macro_rules! readers {
    ($($reader:ident)+) => {$(
        // SAFETY: the reader owns the value, which `get_ref` shows without running any code of it (T3); its drop glue
        // only drops it, and it is reported once by an `R` that keeps the contract (T1 to T4).
        unsafe impl<R: Trace> Trace for $reader<R> {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                self.get_ref().trace(tracer);
            }

            edges_of!(R);
        }
    )+};
}

readers!(BufReader Cursor Take);

// SAFETY: the reader owns both values, which `get_ref` shows without running any code of theirs (T3); its drop glue
// only drops them, and each is reported once by a type that keeps the contract (T1 to T4).
unsafe impl<A: Trace, B: Trace> Trace for io::Chain<A, B> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        let (first, second) = self.get_ref();
        first.trace(tracer);
        second.trace(tracer);
    }

    edges_of!(A, B);
}
