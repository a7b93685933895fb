//! A world of entities that know one another, built under `gc::pause()` and frozen.
//!
//! While a large graph is loaded nothing of it is garbage, so collections would look at it in vain: the guard of `pause`
//! holds them back. What a program keeps until its end is `frozen` then, and no later collection looks at it, however much
//! of it the program touches.
//!
//! ```sh
//! cargo run --release --example entity_graph
//! ```

use std::cell::{Cell, RefCell};

use gc_core::{Gc, Trace, gc};

const ROOMS: usize = 20_000;

#[derive(Trace)]
struct Room {
    exits: RefCell<Vec<Gc<Room>>>,
    inside: RefCell<Vec<Gc<Entity>>>,
    visits: Cell<u32>,
}

#[derive(Trace)]
struct Entity {
    room: RefCell<Gc<Room>>,
    friends: RefCell<Vec<Gc<Entity>>>,
}

impl Entity {
    /// An entity, which its room knows.
    fn new(room: &Gc<Room>) -> Gc<Self> {
        let entity = Gc::new(Self { room: RefCell::new(room.clone()), friends: RefCell::default() });
        room.inside.borrow_mut().push(entity.clone());
        entity
    }

    /// Through the first exit.
    fn walk(this: &Gc<Self>) {
        let old = this.room.borrow().clone();
        let new = old.exits.borrow().first().unwrap_or(&old).clone();
        old.inside.borrow_mut().retain(|other| !Gc::ptr_eq(other, this));
        new.inside.borrow_mut().push(this.clone());
        new.visits.set(new.visits.get() + 1);
        *this.room.borrow_mut() = new;
    }

    /// Out of the world; friends who hold each other are garbage now, though no count is zero.
    fn leave(this: &Gc<Self>) {
        this.room.borrow().inside.borrow_mut().retain(|other| !Gc::ptr_eq(other, this));
    }
}

/// Rooms in a circle, with doors both ways, and somebody in each.
fn build() -> Vec<Gc<Room>> {
    let _nothing_is_garbage_yet = gc::pause();
    let room = |_| Gc::new(Room { exits: RefCell::default(), inside: RefCell::default(), visits: Cell::new(0) });
    let rooms: Vec<_> = (0..ROOMS).map(room).collect();
    for (number, room) in rooms.iter().enumerate() {
        let next = &rooms[(number + 1) % ROOMS];
        room.exits.borrow_mut().push(next.clone());
        next.exits.borrow_mut().push(room.clone());
        Entity::new(room);
    }
    rooms
}

/// Two friends come, walk about, and leave.
fn visit(rooms: &[Gc<Room>], start: usize) {
    let guests = [&rooms[start], &rooms[(start + 7) % ROOMS]].map(Entity::new);
    guests[0].friends.borrow_mut().push(guests[1].clone());
    guests[1].friends.borrow_mut().push(guests[0].clone());
    for guest in &guests {
        (0..3).for_each(|_| Entity::walk(guest));
        Entity::leave(guest);
    }
}

/// How many boxes all collections so far have looked at.
fn visited() -> u64 {
    gc::stats().generations.iter().map(|generation| generation.visited).sum()
}

fn main() {
    let rooms = build();
    println!("built: {} boxes, of which collections looked at {}", gc::stats().live_objects, visited());

    gc::freeze();
    println!("frozen: {}", gc::frozen_len());
    for number in 0..50_000 {
        visit(&rooms, number * 31 % ROOMS);
    }
    let walked: u32 = rooms.iter().map(|room| room.visits.get()).sum();
    gc::collect();
    println!("steps: {walked}; collected: {} guests", gc::stats().collected());
    println!("looked at for each guest: {:.1} boxes", visited() as f64 / 100_000.0);
    println!("alive: {}, frozen among them: {}", gc::stats().live_objects, gc::frozen_len());

    // In the end the world itself is garbage, and no longer set aside.
    drop(rooms);
    gc::unfreeze();
    println!("the world, collected: {}", gc::collect());
}
