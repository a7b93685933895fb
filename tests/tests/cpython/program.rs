//! Programs: their steps, as text and at random.

use std::fmt::{self, Display, Formatter};

use crate::random::Random;

pub(crate) const ROOTS: usize = 6;
pub(crate) const SLOTS: usize = 4;
pub(crate) const WATCHES: usize = 6;

/// What a program is made of, and what of it can be compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// No automatic collections; the young count is exact: finalizers allocate nothing, and a weak pointer with a
    /// callback (a counted allocation of CPython) is never owned by an object.
    Counted,
    /// No automatic collections; everything but the young count.
    Free,
    /// As `Counted`, but no finalizer collects, and collections come by themselves.
    Automatic,
    /// No automatic collections; finalizers collect. No weak pointers, no resurrection.
    Nested,
}

/// What a finalizer does.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Puts its object into a root.
    Rescue(usize),
    /// Empties a slot of its object, or (a slot) of what is in a slot of it.
    Unlink(usize),
    UnlinkOf(usize, usize),
    /// Makes an object in a root or in a slot of its own.
    New(usize, usize),
    Adopt(usize, usize),
    /// Empties a root.
    Clear(usize),
    /// Puts what is in a slot into a root.
    Pick(usize, usize),
    Collect,
}

/// A step. Objects and weak pointers have numbers; what is done with an empty root, or with an empty watch, does nothing.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    New {
        number: usize,
        root: usize,
        acts: Option<Vec<Act>>,
    },
    Link {
        from: usize,
        slot: usize,
        to: usize,
    },
    /// As `Link`, but the root gives up what it holds, without dropping a pointer to it.
    Give {
        from: usize,
        slot: usize,
        to: usize,
    },
    Unlink {
        root: usize,
        slot: usize,
    },
    Move {
        from: usize,
        to: usize,
    },
    Copy {
        from: usize,
        to: usize,
    },
    Pick {
        root: usize,
        slot: usize,
        to: usize,
    },
    Drop {
        root: usize,
    },
    Watch {
        number: usize,
        watch: usize,
        root: usize,
        call: bool,
    },
    /// The weak pointer is owned by the object in `owner`.
    WatchIn {
        number: usize,
        owner: usize,
        root: usize,
        call: bool,
    },
    Unwatch {
        watch: usize,
    },
    Upgrade {
        watch: usize,
        root: usize,
    },
    Collect {
        generation: usize,
    },
    /// Objects `number..number + count`, each owned by the next.
    Chain {
        number: usize,
        count: usize,
        root: usize,
    },
    /// As many, each with an edge to the first and to the one before, and the first with one to the last.
    Fan {
        number: usize,
        count: usize,
        root: usize,
    },
}

impl Display for Act {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rescue(root) => write!(f, "R{root}"),
            Self::Unlink(slot) => write!(f, "U{slot}"),
            Self::UnlinkOf(via, slot) => write!(f, "X{via}.{slot}"),
            Self::New(number, root) => write!(f, "N{number}.{root}"),
            Self::Adopt(number, slot) => write!(f, "A{number}.{slot}"),
            Self::Clear(root) => write!(f, "D{root}"),
            Self::Pick(slot, root) => write!(f, "M{slot}.{root}"),
            Self::Collect => write!(f, "C"),
        }
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::New { number, root, acts: None } => write!(f, "n {number} {root}"),
            Self::New { number, root, acts: Some(acts) } => {
                write!(f, "n {number} {root} f")?;
                acts.iter().try_for_each(|act| write!(f, " {act}"))
            }
            Self::Link { from, slot, to } => write!(f, "l {from} {slot} {to}"),
            Self::Give { from, slot, to } => write!(f, "v {from} {slot} {to}"),
            Self::Unlink { root, slot } => write!(f, "u {root} {slot}"),
            Self::Move { from, to } => write!(f, "m {from} {to}"),
            Self::Copy { from, to } => write!(f, "y {from} {to}"),
            Self::Pick { root, slot, to } => write!(f, "p {root} {slot} {to}"),
            Self::Drop { root } => write!(f, "d {root}"),
            Self::Watch { number, watch, root, call } => write!(f, "w {number} {watch} {root} {}", u8::from(*call)),
            Self::WatchIn { number, owner, root, call } => write!(f, "W {number} {owner} {root} {}", u8::from(*call)),
            Self::Unwatch { watch } => write!(f, "x {watch}"),
            Self::Upgrade { watch, root } => write!(f, "g {watch} {root}"),
            Self::Collect { generation } => write!(f, "c {generation}"),
            Self::Chain { number, count, root } => write!(f, "h {number} {count} {root}"),
            Self::Fan { number, count, root } => write!(f, "i {number} {count} {root}"),
        }
    }
}

/// A program, with its thresholds (a young one of 0: no automatic collections).
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) kind: Kind,
    pub(crate) thresholds: [usize; 3],
    pub(crate) steps: Vec<Step>,
}

impl Display for Program {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let [young, middle, old] = self.thresholds;
        writeln!(f, "{young} {middle} {old}")?;
        self.steps.iter().try_for_each(|step| writeln!(f, "{step}"))
    }
}

impl Program {
    pub(crate) fn random(kind: Kind, random: &mut Random) -> Self {
        let mut maker = Maker { kind, random, objects: 0, watches: 0, final_percent: 0 };
        maker.final_percent = [0, 15, 30, 60][maker.random.below(4)];
        let mut steps = Vec::new();
        while steps.len() < 55 {
            if maker.random.below(15) == 0 { maker.ring(&mut steps) } else { steps.push(maker.step()) }
        }
        let thresholds = match kind {
            Kind::Automatic => [1 + maker.random.below(8), maker.random.below(4), 1 << 30],
            _ => [0; 3],
        };
        Self { kind, thresholds, steps }
    }
}

struct Maker<'a> {
    kind: Kind,
    random: &'a mut Random,
    objects: usize,
    watches: usize,
    final_percent: usize,
}

impl Maker<'_> {
    fn root(&mut self) -> usize {
        self.random.below(ROOTS)
    }

    fn slot(&mut self) -> usize {
        self.random.below(SLOTS)
    }

    fn objects(&mut self, count: usize) -> usize {
        self.objects += count;
        self.objects - count
    }

    fn step(&mut self) -> Step {
        let [from, to, slot] = [self.root(), self.root(), self.slot()];
        match self.random.below(100) {
            0..24 => self.new_object(from),
            24..44 => Step::Link { from, slot, to },
            44..52 => Step::Give { from, slot, to },
            52..56 => Step::Unlink { root: from, slot },
            56..61 => Step::Move { from, to },
            61..63 => Step::Copy { from, to },
            63..70 => Step::Pick { root: from, slot, to },
            70..77 => Step::Drop { root: from },
            77..88 if self.kind == Kind::Nested => Step::Link { from, slot, to },
            77..88 => self.weak_step(from, to),
            88..98 => Step::Collect { generation: self.random.below(3) },
            _ => self.shape(from),
        }
    }

    /// A watched ring of two or three, given up after a while. All of it is suspected, or the first of it alone.
    fn ring(&mut self, steps: &mut Vec<Step>) {
        let first = self.root();
        let count = 2 + self.random.below(2);
        let root = |index: usize| (first + index % count) % ROOTS;
        for index in (0..count).rev() {
            if index == 0 && self.random.below(3) == 0 {
                // The first, which may be the only one suspected, is younger.
                steps.push(Step::Collect { generation: self.random.below(3) });
            }
            steps.push(self.new_object(root(index)));
        }
        if self.kind != Kind::Nested {
            for _ in 0..3 {
                let [at, owner] = [self.random.below(count), self.random.below(count)];
                steps.push(self.weak_step(root(at), root(owner)));
            }
        }
        steps.push(Step::Link { from: root(count - 1), slot: 0, to: first });
        let is_given = self.random.below(2) == 0;
        for index in (0..count - 1).rev() {
            let [from, slot, to] = [root(index), 0, root(index + 1)];
            steps.push(if is_given { Step::Give { from, slot, to } } else { Step::Link { from, slot, to } });
        }
        if self.random.below(2) == 0 {
            let generation = self.random.below(3);
            steps.extend([Step::Collect { generation }, self.step(), self.step()]);
        }
        if self.random.below(2) == 0 {
            // Something older that may then belong to nobody else, and that its owner may watch.
            let to = self.root();
            if self.kind == Kind::Free && self.random.below(2) == 0 {
                self.watches += 1;
                steps.push(Step::WatchIn { number: self.watches, owner: first, root: to, call: true });
            }
            steps.push(Step::Give { from: first, slot: 1 + self.random.below(SLOTS - 1), to });
        }
        steps.extend((0..count).map(|index| Step::Drop { root: root(index) }));
        while self.random.below(2) == 0 {
            steps.push(Step::Collect { generation: self.random.below(3) });
        }
    }

    fn new_object(&mut self, root: usize) -> Step {
        let number = self.objects(1);
        let is_final = self.random.below(100) < self.final_percent;
        let acts = is_final.then(|| (0..self.random.below(4) / 2).map(|_| self.act()).collect());
        Step::New { number, root, acts }
    }

    fn act(&mut self) -> Act {
        let [root, slot, via] = [self.root(), self.slot(), self.slot()];
        match (self.random.below(10), self.kind) {
            (0..3, Kind::Nested) => Act::Collect,
            (0..3, _) => Act::Rescue(root),
            (3, _) => Act::Unlink(slot),
            (4..6, _) => Act::UnlinkOf(via, slot),
            (6, Kind::Free) => Act::New(self.objects(1), root),
            (7, Kind::Free) => Act::Adopt(self.objects(1), slot),
            (8, kind) if kind != Kind::Nested => Act::Pick(slot, root),
            _ => Act::Clear(root),
        }
    }

    fn weak_step(&mut self, root: usize, owner: usize) -> Step {
        let watch = self.random.below(WATCHES);
        let call = self.random.below(2) == 0;
        self.watches += 1;
        let number = self.watches;
        match self.random.below(10) {
            0..5 => Step::Watch { number, watch, root, call },
            5..7 => Step::WatchIn { number, owner, root, call: call && self.kind == Kind::Free },
            7 => Step::Unwatch { watch },
            _ => Step::Upgrade { watch, root },
        }
    }

    /// Deep or wide: now and then, and not where the moment of each allocation matters.
    fn shape(&mut self, root: usize) -> Step {
        if self.kind == Kind::Automatic || self.random.below(5) > 0 {
            return Step::Drop { root };
        }
        let count = 2 + self.random.below(200);
        let number = self.objects(count);
        if self.random.below(2) == 0 { Step::Chain { number, count, root } } else { Step::Fan { number, count, root } }
    }
}
