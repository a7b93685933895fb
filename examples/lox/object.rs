//! The objects behind the values.
//!
//! A class numbers the fields of its instances in the order in which they first appear, and an instance keeps its fields by
//! that number. So a property name means the same for all instances of a class, and a place in the program that names one
//! remembers what it meant ([`Site`](crate::code::Site)).
//!
//! # Invariants
//! - **O1** Fields and methods of a class keep their numbers.
//! - **O2** When a field takes a name from a method, the class gets a new number, so what was remembered about it is void.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::code::{self, Property};
use crate::environment::Environment;
use crate::heap::{Gc, Trace};
use crate::symbol::{Symbol, SymbolMap};
use crate::value::Value;

/// A string.
#[derive(Trace)]
pub(crate) struct LoxString {
    text: String,
}

impl LoxString {
    /// A string with this text.
    pub(crate) fn new(text: String) -> Self {
        Self { text }
    }

    /// Its text.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// `left` with `right` behind it. A `left` that nobody else holds is lengthened where it is.
    pub(crate) fn concatenate(mut left: Gc<Self>, right: &Self) -> Gc<Self> {
        if let Some(owned) = Gc::get_mut(&mut left) {
            owned.text.push_str(&right.text);
            return left;
        }
        let mut text = String::with_capacity(left.text.len() + right.text.len());
        text.push_str(&left.text);
        text.push_str(&right.text);
        Gc::leaf(Self { text })
    }
}

/// A function with the variables around it.
#[derive(Trace)]
pub(crate) struct Function {
    /// What it does.
    pub(crate) code: Rc<code::Function>,
    /// The environment it was made in.
    pub(crate) environment: Option<Gc<Environment>>,
}

/// A function of the interpreter.
#[derive(Trace)]
pub(crate) struct Native {
    /// How many arguments it takes.
    pub(crate) arity: usize,
    /// What it does with them.
    pub(crate) function: fn(&[Value]) -> Value,
}

/// A method with its instance.
#[derive(Trace)]
pub(crate) struct BoundMethod {
    /// What `this` is.
    pub(crate) receiver: Gc<Instance>,
    /// The method.
    pub(crate) method: Gc<Function>,
}

/// The methods of a class by number, with the inherited ones.
#[derive(Clone, Default, Trace)]
pub(crate) struct Methods {
    #[trace(skip)]
    numbers: SymbolMap,
    functions: Vec<Gc<Function>>,
}

impl Methods {
    /// Adds a method; it replaces an inherited one of the same name.
    pub(crate) fn insert(&mut self, name: Symbol, function: Gc<Function>) {
        let next = number(self.functions.len());
        let found = *self.numbers.entry(name).or_insert(next);
        match self.functions.get_mut(found as usize) {
            Some(slot) => *slot = function,
            None => self.functions.push(function),
        }
    }

    fn get(&self, name: Symbol) -> Option<&Gc<Function>> {
        self.numbers.get(&name).map(|&found| &self.functions[found as usize])
    }
}

/// A class.
#[derive(Trace)]
pub(crate) struct Class {
    /// Its name.
    pub(crate) name: Rc<str>,
    /// Its number, which no other class has had.
    pub(crate) id: Cell<u64>,
    /// Its methods.
    pub(crate) methods: Methods,
    /// The method `init`, if it has one.
    pub(crate) initializer: Option<Gc<Function>>,
    /// The numbers of its instances' fields.
    #[trace(skip)]
    fields: RefCell<SymbolMap>,
}

impl Class {
    /// A class with these methods, among which `init` is the initializer.
    pub(crate) fn new(name: Rc<str>, id: u64, methods: Methods, init: Symbol) -> Self {
        let initializer = methods.get(init).cloned();
        Self { name, id: Cell::new(id), methods, initializer, fields: RefCell::default() }
    }

    /// What a name means for the instances.
    pub(crate) fn property(&self, name: Symbol) -> Property {
        if let Some(&slot) = self.fields.borrow().get(&name) {
            return Property::Field(slot);
        }
        self.methods.numbers.get(&name).map_or(Property::Unknown, |&found| Property::Method(found))
    }

    /// The method of this name.
    pub(crate) fn method(&self, name: Symbol) -> Option<&Gc<Function>> {
        self.methods.get(name)
    }

    /// The method with this number.
    pub(crate) fn numbered_method(&self, number: u32) -> &Gc<Function> {
        &self.methods.functions[number as usize]
    }

    /// The number of the field `name`, given now if it has none yet. The class's own number is then taken from `ids` if a
    /// method has that name (O2).
    pub(crate) fn field_slot(&self, name: Symbol, ids: &mut u64) -> u32 {
        let mut fields = self.fields.borrow_mut();
        let next = number(fields.len());
        *fields.entry(name).or_insert_with(|| {
            if self.methods.numbers.contains_key(&name) {
                *ids += 1;
                self.id.set(*ids);
            }
            next
        })
    }
}

/// An instance of a class.
#[derive(Trace)]
pub(crate) struct Instance {
    /// Its class.
    pub(crate) class: Gc<Class>,
    /// Its fields by number; a field it does not have is `None` or beyond the end.
    fields: RefCell<Vec<Option<Value>>>,
}

impl Instance {
    /// An instance without fields.
    pub(crate) fn new(class: Gc<Class>) -> Self {
        Self { class, fields: RefCell::default() }
    }

    /// The value of a field.
    pub(crate) fn field(&self, slot: u32) -> Option<Value> {
        self.fields.borrow().get(slot as usize)?.clone()
    }

    /// Changes or adds a field.
    pub(crate) fn set_field(&self, slot: u32, value: Value) {
        let slot = slot as usize;
        let mut fields = self.fields.borrow_mut();
        let Some(field) = fields.get_mut(slot) else {
            fields.resize(slot, None);
            fields.push(Some(value));
            return;
        };
        let old = field.replace(value);
        // The old value may take other objects with it, this one among them.
        drop(fields);
        drop(old);
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).expect("a class has fewer than 2^32 members")
}
