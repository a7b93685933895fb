//! The end of the thread: cyclic garbage is collected, memory goes back.

use super::Heap;
use crate::generation::Generation;
use crate::panics::FirstPanic;

/// Finalizers may make new garbage; this many rounds of it are collected.
const ROUNDS: usize = 8;

/// Its destructor tells the heap that the thread ends.
struct Exit;

impl Drop for Exit {
    fn drop(&mut self) {
        Heap::with(Heap::exit);
    }
}

thread_local!(static EXIT: Exit = const { Exit });

/// Makes sure that the heap is told of the thread's exit. Too late during teardown, when it has been.
pub(super) fn announce() {
    let _ = EXIT.try_with(|_| ());
}

impl Heap {
    /// From now on the heap keeps nothing: other thread-locals may still hold boxes, and drop them later.
    fn exit(&self) {
        self.exiting.set(true);
        for _ in 0..ROUNDS {
            self.settle();
        }
        self.pool.retire();
    }

    /// During the thread's exit: collects what candidates there are, if nothing is under way, and gives memory back.
    ///
    /// Nobody can hear of a panic any more.
    pub(super) fn settle(&self) {
        if !self.is_idle() {
            return;
        }
        if self.candidates.len() > 0 {
            let mut panics = FirstPanic::default();
            panics.catch(|| self.collect(Generation::Old));
            panics.forget();
        }
        self.give_back();
    }

    pub(super) fn give_back(&self) {
        self.candidates.shrink();
        self.drop_queue.shrink();
    }
}
