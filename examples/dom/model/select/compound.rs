//! What a selector asks of one element.

use html5ever::{Attribute, LocalName, QualName, local_name, ns};

/// `p.a#b[c=d]`: all of it must be so.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Compound {
    pub(super) name: Option<ElementName>,
    pub(super) conditions: Vec<Condition>,
}

/// A name as it was written, and in lower case, as HTML elements and their attributes have it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ElementName {
    pub(super) written: LocalName,
    pub(super) lower: LocalName,
}

impl ElementName {
    pub(super) fn new(written: &str) -> Self {
        Self { written: LocalName::from(written), lower: LocalName::from(written.to_ascii_lowercase()) }
    }

    /// The name that an element, or an attribute of it, must have.
    fn of(&self, element: &QualName) -> &LocalName {
        if element.ns == ns!(html) { &self.lower } else { &self.written }
    }
}

/// A condition on the attributes of an element.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Id(String),
    Class(String),
    Attribute { name: ElementName, test: Test },
}

/// A condition on the value of an attribute.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// Whatever it is.
    Present,
    Value {
        relation: Relation,
        value: String,
        case: Case,
    },
}

/// What the value of an attribute is to the value in the selector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    HasWord,
    BeginsWithPart,
    Begins,
    Ends,
    Has,
}

/// Whether ASCII letters are the same in upper and in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// No.
    Differs,
    /// Yes.
    Ignored,
    /// In attributes of HTML elements.
    IgnoredInHtml,
}

/// The attributes of HTML whose values are compared in any case, if the selector does not say how.
pub(super) const IN_ANY_CASE: [&str; 46] = [
    "accept",
    "accept-charset",
    "align",
    "alink",
    "axis",
    "bgcolor",
    "charset",
    "checked",
    "clear",
    "codetype",
    "color",
    "compact",
    "declare",
    "defer",
    "dir",
    "direction",
    "disabled",
    "enctype",
    "face",
    "frame",
    "hreflang",
    "http-equiv",
    "lang",
    "language",
    "link",
    "media",
    "method",
    "multiple",
    "nohref",
    "noresize",
    "noshade",
    "nowrap",
    "readonly",
    "rel",
    "rev",
    "rules",
    "scope",
    "scrolling",
    "selected",
    "shape",
    "target",
    "text",
    "type",
    "valign",
    "valuetype",
    "vlink",
];

impl Case {
    fn same(self, left: &str, right: &str) -> bool {
        match self {
            Self::Differs => left == right,
            Self::Ignored | Self::IgnoredInHtml => left.eq_ignore_ascii_case(right),
        }
    }

    /// Whether case is ignored in attributes of this element.
    fn is_ignored_in(self, element: &QualName) -> bool {
        self == Self::Ignored || self == Self::IgnoredInHtml && element.ns == ns!(html)
    }
}

impl Compound {
    /// Whether it matches an element. `case` is for ids and classes: ignored in pages in quirks mode.
    pub(super) fn matches(&self, name: &QualName, attributes: &[Attribute], case: Case) -> bool {
        self.name.as_ref().is_none_or(|wanted| *wanted.of(name) == name.local)
            && self.conditions.iter().all(|condition| condition.holds(name, attributes, case))
    }
}

impl Condition {
    fn holds(&self, element: &QualName, attributes: &[Attribute], case: Case) -> bool {
        let is = |local: &LocalName, test: &dyn Fn(&str) -> bool| {
            attributes
                .iter()
                .any(|attribute| attribute.name.ns == ns!() && attribute.name.local == *local && test(&attribute.value))
        };
        match self {
            Self::Id(id) => is(&local_name!("id"), &|value| case.same(value, id)),
            Self::Class(class) => is(&local_name!("class"), &|value| words(value).any(|word| case.same(word, class))),
            Self::Attribute { name, test } => is(name.of(element), &|value| test.holds(element, value)),
        }
    }
}

impl Test {
    fn holds(&self, element: &QualName, value: &str) -> bool {
        match self {
            Self::Present => true,
            Self::Value { relation, value: wanted, case } if case.is_ignored_in(element) => {
                relation.holds(&value.to_ascii_lowercase(), &wanted.to_ascii_lowercase())
            }
            Self::Value { relation, value: wanted, .. } => relation.holds(value, wanted),
        }
    }
}

impl Relation {
    fn holds(self, value: &str, wanted: &str) -> bool {
        match self {
            Self::Equal => value == wanted,
            Self::HasWord => words(value).any(|word| word == wanted),
            Self::BeginsWithPart => {
                value.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            }
            // Everything begins with, ends with and has nothing in it; by the standard, nothing matches then.
            Self::Begins => !wanted.is_empty() && value.starts_with(wanted),
            Self::Ends => !wanted.is_empty() && value.ends_with(wanted),
            Self::Has => !wanted.is_empty() && value.contains(wanted),
        }
    }
}

fn words(value: &str) -> impl Iterator<Item = &str> {
    value.split_ascii_whitespace()
}
