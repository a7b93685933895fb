//! Properties of instances: fields, and methods behind them.

use super::{Done, Evaluated, Interpreter, Stop};
use crate::code::{Expr, Get, Invoke, Property, Set, Site};
use crate::environment::Frame;
use crate::heap::Gc;
use crate::object::{BoundMethod, Function, Instance};
use crate::symbol::Symbol;
use crate::value::Value;

/// What a property of an instance is.
enum Found {
    Field(Value),
    Method(Gc<Function>),
}

impl Interpreter {
    #[inline(never)]
    pub(super) fn get(&mut self, get: &Get, frame: Frame<'_>) -> Evaluated {
        if let Some(value) = self.field_of_local(get, frame) {
            return Ok(value);
        }
        let object = self.operand(&get.object, frame)?;
        let Value::Instance(receiver) = object else { return Err(self.not_an_instance(&get.site)) };
        match self.find(&receiver, &get.site)? {
            Found::Field(value) => Ok(value),
            Found::Method(method) => Ok(Value::BoundMethod(Gc::new(BoundMethod { receiver, method }))),
        }
    }

    /// The field of an instance in a local variable, such as `this`, which need not be held meanwhile.
    #[inline]
    fn field_of_local(&self, get: &Get, frame: Frame<'_>) -> Option<Value> {
        let Expr::Local(slot) = get.object else { return None };
        let Value::Instance(instance) = self.local(slot, frame) else { return None };
        let Property::Field(slot) = look_up(instance, &get.site) else { return None };
        instance.field(slot)
    }

    #[inline(never)]
    pub(super) fn invoke(&mut self, invoke: &Invoke, frame: Frame<'_>) -> Evaluated {
        let object = self.operand(&invoke.object, frame)?;
        let Value::Instance(receiver) = &object else { return Err(self.not_an_instance(&invoke.site)) };
        match self.find(receiver, &invoke.site)? {
            Found::Field(callee) => self.call_value(&callee, &invoke.arguments, frame),
            Found::Method(method) => self.call_method(&method, object, &invoke.arguments, frame),
        }
    }

    #[inline(never)]
    pub(super) fn set(&mut self, set: &Set, frame: Frame<'_>) -> Evaluated {
        let (instance, value) = self.instance_and_value(set, frame)?;
        set_field(&instance, &set.site, value.clone(), &mut self.class_ids);
        Ok(value)
    }

    #[inline(never)]
    pub(super) fn perform_set(&mut self, set: &Set, frame: Frame<'_>) -> Done {
        if let Some(slot) = set.local {
            return self.set_field_of_local(slot, set, frame);
        }
        let (instance, value) = self.instance_and_value(set, frame)?;
        set_field(&instance, &set.site, value, &mut self.class_ids);
        Ok(())
    }

    /// Changes a field of an instance in a local variable, such as `this`, which need not be held meanwhile.
    #[inline]
    fn set_field_of_local(&mut self, slot: u32, set: &Set, frame: Frame<'_>) -> Done {
        let value = self.operand(&set.value, frame)?;
        let Value::Instance(instance) = &self.stack[frame.base + slot as usize] else {
            return Err(self.has_no_fields(set));
        };
        set_field(instance, &set.site, value, &mut self.class_ids);
        Ok(())
    }

    #[inline]
    fn instance_and_value(&mut self, set: &Set, frame: Frame<'_>) -> Result<(Gc<Instance>, Value), Stop> {
        let object = self.operand(&set.object, frame)?;
        let Value::Instance(instance) = object else { return Err(self.has_no_fields(set)) };
        let value = self.operand(&set.value, frame)?;
        Ok((instance, value))
    }

    /// Finds the property that `site` names.
    fn find(&mut self, instance: &Instance, site: &Site) -> Result<Found, Stop> {
        match look_up(instance, site) {
            Property::Field(slot) => match instance.field(slot) {
                Some(value) => Ok(Found::Field(value)),
                None => self.find_method(instance, site),
            },
            Property::Method(number) => Ok(Found::Method(instance.class.numbered_method(number).clone())),
            Property::Unknown => Err(self.undefined_property(site.name, site.line)),
        }
    }

    /// Finds a method by its name, where other instances have a field of that name.
    #[cold]
    fn find_method(&mut self, instance: &Instance, site: &Site) -> Result<Found, Stop> {
        let method = instance.class.method(site.name).cloned();
        method.map(Found::Method).ok_or_else(|| self.undefined_property(site.name, site.line))
    }

    #[cold]
    pub(super) fn undefined_property(&mut self, name: Symbol, line: u32) -> Stop {
        let message = format!("Undefined property '{}'.", self.interner.name(name));
        self.fail(line, message)
    }

    #[cold]
    fn has_no_fields(&mut self, set: &Set) -> Stop {
        self.fail(set.site.line, "Only instances have fields.")
    }

    #[cold]
    fn not_an_instance(&mut self, site: &Site) -> Stop {
        self.fail(site.line, "Only instances have properties.")
    }
}

/// Changes or adds the field that `site` names.
#[inline]
fn set_field(instance: &Instance, site: &Site, value: Value, class_ids: &mut u64) {
    instance.set_field(field_slot(instance, site, class_ids), value);
}

/// The slot of the field that `site` names, made if there is none.
fn field_slot(instance: &Instance, site: &Site, class_ids: &mut u64) -> u32 {
    let class = &instance.class;
    match site.cache.get() {
        (id, Property::Field(slot)) if id == class.id.get() => slot,
        _ => {
            let slot = class.field_slot(site.name, class_ids);
            site.cache.set((class.id.get(), Property::Field(slot)));
            slot
        }
    }
}

/// What the name at `site` means for an instance, remembered for the next time. `Unknown` is not remembered: a field of
/// that name may appear.
fn look_up(instance: &Instance, site: &Site) -> Property {
    let class = &instance.class;
    let (id, property) = site.cache.get();
    if id == class.id.get() {
        return property;
    }
    let property = class.property(site.name);
    if property != Property::Unknown {
        site.cache.set((class.id.get(), property));
    }
    property
}
