//! Lazy evaluation: thunks that are computed once, and may refer to themselves.
//!
//! A thunk is a `OnceCell` and the code that fills it. The code is a `Closure`, so what it captures is traced: a stream
//! that is defined by itself is a cycle, and is collected. Code that has run is let go, with what it captured.
//!
//! ```sh
//! cargo run --example lazy_thunks
//! ```

use std::cell::{Cell, OnceCell, RefCell};
use std::iter;

use gc_core::{Closure, Gc, Trace, TracedFn, coerce, gc};

thread_local!(static COMPUTED: Cell<usize> = const { Cell::new(0) });

#[derive(Trace)]
struct Thunk<T> {
    value: OnceCell<T>,
    code: RefCell<Option<Gc<dyn TracedFn<(), T>>>>,
}

impl<T> Thunk<T> {
    /// What `code` makes of the captures, when it is first asked for.
    fn new<C: Trace + 'static>(captures: C, code: impl Fn(&C, ()) -> T + 'static) -> Self {
        let code = coerce!(Gc::new(Closure::new(captures, code)) => dyn TracedFn<(), T>);
        Self { value: OnceCell::new(), code: RefCell::new(Some(code)) }
    }

    /// The value, computed now if it was not before.
    ///
    /// # Panics
    /// If the value is needed to compute it.
    fn get(&self) -> &T {
        self.value.get_or_init(|| {
            let code = self.code.take().expect("the value does not depend on itself");
            COMPUTED.set(COMPUTED.get() + 1);
            code.call(())
        })
    }
}

/// A number, and more numbers when somebody looks.
#[derive(Trace)]
struct Stream {
    head: u64,
    tail: Thunk<Gc<Stream>>,
}

impl Stream {
    fn new<C: Trace + 'static>(head: u64, captures: C, tail: impl Fn(&C, ()) -> Gc<Self> + 'static) -> Gc<Self> {
        Gc::new(Self { head, tail: Thunk::new(captures, tail) })
    }

    /// Element by element, the sum of two streams.
    fn sum(one: &Gc<Self>, other: &Gc<Self>) -> Gc<Self> {
        Self::new(one.head + other.head, (one.clone(), other.clone()), |(one, other), ()| {
            Self::sum(one.tail.get(), other.tail.get())
        })
    }

    fn iter(this: &Gc<Self>) -> impl Iterator<Item = u64> {
        iter::successors(Some(this.clone()), |stream| Some(stream.tail.get().clone())).map(|stream| stream.head)
    }
}

/// `fibonacci = 0 : 1 : sum(fibonacci, tail fibonacci)`, as it is written in a lazy language.
fn fibonacci() -> Gc<Stream> {
    Gc::new_cyclic(|this| Stream {
        head: 0,
        tail: Thunk::new(this.clone(), |this, ()| {
            Stream::new(1, this.clone(), |this, ()| {
                let start = this.upgrade().expect("the stream is being read");
                Stream::sum(&start, start.tail.get())
            })
        }),
    })
}

/// A stream without end in one box: its tail is itself.
fn repeat(number: u64) -> Gc<Stream> {
    let stream = Gc::new(Stream { head: number, tail: Thunk { value: OnceCell::new(), code: RefCell::new(None) } });
    stream.tail.value.set(stream.clone()).unwrap_or_else(|_| unreachable!("it was empty"));
    stream
}

fn main() {
    let numbers = fibonacci();
    println!("computed before anybody looked: {}", COMPUTED.get());
    let first: Vec<_> = Stream::iter(&numbers).take(10).collect();
    println!("{first:?}");
    println!("computed for 10: {}", COMPUTED.get());
    println!("the 91st: {:?}", Stream::iter(&numbers).nth(90));
    println!("computed for 91: {}", COMPUTED.get());
    drop(numbers);
    // The chain goes by counting, up to the last thunk: it has not run, and refers back to the elements before it.
    println!("collected: {}, alive: {}", gc::collect(), gc::stats().live_objects);

    let ones = repeat(1);
    let more = Stream::sum(&ones, &ones);
    println!("1 + 1, the 100,000th: {:?}", Stream::iter(&more).nth(99_999));
    drop((ones, more));
    println!("collected: {}, alive: {}", gc::collect(), gc::stats().live_objects);
}

#[test]
#[should_panic(expected = "the value does not depend on itself")]
fn a_value_that_needs_itself_is_an_error() {
    let stream = Gc::new_cyclic(|this: &gc_core::Weak<Stream>| Stream {
        head: 0,
        tail: Thunk::new(this.clone(), |this, ()| this.upgrade().expect("being read").tail.get().clone()),
    });
    stream.tail.get();
}
