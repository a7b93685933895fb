//! Channels, threads, and what they wait with: leaves.
//!
//! A `Gc` stays on its thread, so what a thread is handed owns none. The two ends of a channel may well be on one
//! thread and carry `Gc`s, but they share the queue (T1), and it shows nothing before it is received: what is under way
//! is held from outside.

use std::sync::mpsc;
use std::thread;

use crate::impl_trace_leaf;

impl_trace_leaf!(
    <T> mpsc::Receiver<T>,
    <T> mpsc::Sender<T>,
    <T> mpsc::SyncSender<T>,
    <T> mpsc::IntoIter<T>
);

impl_trace_leaf!(
    thread::Builder,
    thread::Thread,
    thread::ThreadId,
    <T> thread::JoinHandle<T>,
    <T> thread::ScopedJoinHandle<'_, T>,
    <T> thread::LocalKey<T>
);

impl_trace_leaf!(
    std::sync::Barrier,
    std::sync::BarrierWaitResult,
    std::sync::Condvar,
    std::sync::Once,
    std::sync::WaitTimeoutResult
);
