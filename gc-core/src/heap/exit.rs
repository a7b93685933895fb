//! The end of the thread: farewells are said, cyclic garbage is collected, memory goes back.

use super::Heap;
use crate::generation::Generation;
use crate::panics::FirstPanic;

/// Finalizers may make new garbage; this many rounds of it are collected.
const ROUNDS: usize = 16;

/// Its destructor tells the heap that the thread ends.
struct Exit;

impl Drop for Exit {
    fn drop(&mut self) {
        Heap::with(Heap::exit);
    }
}

/// Thread-locals are destroyed one after the other, and one that is first touched meanwhile comes next. So each of these
/// makes the heap hear of the end of whatever is being destroyed, once.
macro_rules! exits {
    ($($exit:ident)+) => {
        thread_local! {
            $(static $exit: Exit = const { Exit };)+
        }
        const EXITS: &[fn() -> bool] = &[$(|| $exit.try_with(|_| ()).is_ok()),+];
    };
}
exits!(E0 E1 E2 E3 E4 E5 E6 E7 E8 E9 E10 E11 E12 E13 E14 E15);

impl Heap {
    /// Makes sure that the heap will be told of the thread's exit; `false` if it was told too often already.
    pub(super) fn announce_exit(&self) -> bool {
        if self.exit_announced.get() {
            return true;
        }
        let next = self.exits.get();
        let Some(touch) = EXITS.get(next) else { return false };
        self.exits.set(next + 1);
        self.exit_announced.set(touch());
        self.exit_announced.get()
    }

    /// From now on the heap keeps nothing: other thread-locals may still hold boxes, and drop them later.
    fn exit(&self) {
        // Before the next exit can be announced: what is promised meanwhile is said now.
        self.say_farewells();
        self.exit_announced.set(false);
        self.exiting.set(true);
        self.drop_queue.set_clean_up(true);
        self.give_up_saved();
        self.settle();
        self.pool.retire();
        #[cfg(gc_verify)]
        self.verify_exit();
    }

    /// During the thread's exit: collects what candidates there are, unless that is sure to happen later.
    #[cold]
    #[inline(never)]
    pub(super) fn settle_if_nobody_will(&self) {
        if self.exiting.get() && !self.announce_exit() {
            self.settle();
        }
    }

    /// Collects what candidates there are, if nothing is under way, and gives memory back. Nobody can hear of a panic any
    /// more.
    fn settle(&self) {
        if !self.is_idle() {
            return;
        }
        let mut panics = FirstPanic::default();
        for _ in 0..ROUNDS {
            // Nobody can do it later.
            self.abandon_slices();
            self.unfreeze();
            if self.candidates.len() > 0 {
                panics.catch(|| self.collect(Generation::Old));
            }
        }
        panics.forget();
        self.give_back();
    }

    pub(super) fn give_back(&self) {
        self.candidates.shrink();
        self.drop_queue.shrink();
    }
}
