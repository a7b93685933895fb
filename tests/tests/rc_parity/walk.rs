//! Random walks: the same operations on `Rc` and on `Gc`, which must tell the same story.

use gc_core::gc;
use gc_tests::{Counted, dropped};

use super::*;

/// Has edges, as far as `Gc` knows, and counts its ends.
#[derive(Trace, Default)]
struct Value {
    number: u32,
    edge: Option<Gc<u32>>,
    counted: Leaf<Counted>,
}

impl Clone for Value {
    fn clone(&self) -> Self {
        Self { number: self.number, edge: self.edge.clone(), ..Self::default() }
    }
}

/// Numbers that look random, the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

/// What happened in `$steps` random operations on some pointers, and what their counts were after each.
macro_rules! story {
    ($pointer:ident, $weak:ident, $seed:expr, $steps:expr) => {{
        let mut numbers = Numbers($seed);
        let mut strong: Vec<$pointer<Value>> = vec![$pointer::new(Value::default())];
        let mut weak: Vec<$weak<Value>> = vec![$weak::new()];
        let mut story = Vec::new();
        for step in 0..$steps {
            let one = numbers.below(strong.len());
            let other = numbers.below(weak.len());
            let event = match numbers.below(12) {
                0 | 1 => {
                    let edge = (step % 2 == 0).then(|| Gc::new(step));
                    strong.push($pointer::new(Value { number: step, edge, ..Value::default() }));
                    0
                }
                2 | 3 => {
                    strong.push(strong[one].clone());
                    0
                }
                4 => {
                    weak.push($pointer::downgrade(&strong[one]));
                    0
                }
                5 => {
                    weak.push(weak[other].clone());
                    0
                }
                6 => {
                    let upgraded = weak[other].upgrade();
                    let found = upgraded.as_ref().map_or(1, |value| value.number);
                    strong.extend(upgraded);
                    found
                }
                7 => $pointer::get_mut(&mut strong[one]).map_or(2, |value| std::mem::replace(&mut value.number, step)),
                8 => std::mem::replace(&mut $pointer::make_mut(&mut strong[one]).number, step),
                9 if strong.len() > 1 => match $pointer::try_unwrap(strong.swap_remove(one)) {
                    Ok(value) => value.number,
                    Err(shared) => {
                        strong.push(shared);
                        3
                    }
                },
                10 if strong.len() > 1 => $pointer::unwrap_or_clone(strong.swap_remove(one)).number,
                _ if strong.len() > 1 => {
                    strong.swap_remove(one);
                    4
                }
                _ => 5,
            };
            if weak.len() > 10 {
                weak.swap_remove(other);
            }
            let counts = strong.iter().map(|held| ($pointer::strong_count(held), $pointer::weak_count(held)));
            let others = weak.iter().map(|weak| (weak.strong_count(), weak.weak_count()));
            story.push((event, dropped(), counts.chain(others).collect::<Vec<_>>()));
        }
        drop((strong, weak));
        story.push((0, dropped(), Vec::new()));
        story
    }};
}

/// What `walk` has to tell on a thread of its own, where nothing was dropped yet.
fn alone<R: Send>(walk: impl FnOnce() -> R + Send) -> R {
    std::thread::scope(|scope| scope.spawn(walk).join().expect("no panic"))
}

#[test]
fn random_walks_tell_the_same_story() {
    for seed in 1..=40 {
        let of_rc = alone(|| {
            use std::rc::{Rc, Weak};
            story!(Rc, Weak, seed, 500)
        });
        for often in [false, true] {
            let of_gc = alone(|| {
                if often {
                    collect_always();
                }
                let story = story!(Gc, Weak, seed, 500);
                assert_eq!((gc::collect(), gc::stats().live_objects, gc::stats().candidates), (0, 0, 0));
                story
            });
            let differs = of_rc.iter().zip(&of_gc).position(|(rc, gc)| rc != gc);
            assert_eq!(differs.map(|step| (step, &of_rc[step], &of_gc[step])), None, "seed {seed}");
        }
    }
}
