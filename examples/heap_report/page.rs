//! The page: one file, which loads nothing from elsewhere.

use std::io::{self, Write};

use crate::data::Data;

/// What the page is made of, with comments where the rest goes.
const FRAME: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
/// The parts of the script, in their order.
const SCRIPT: [&str; 7] = [
    include_str!("page/heap.js"),
    include_str!("page/list.js"),
    include_str!("page/census.js"),
    include_str!("page/tree.js"),
    include_str!("page/found.js"),
    include_str!("page/details.js"),
    include_str!("page/main.js"),
];

/// Writes the page. Texts of the heap are in the data alone, where nothing ends the element that they are in.
///
/// # Errors
/// As `output`.
pub(crate) fn write(mut output: impl Write, data: &Data<'_>) -> io::Result<()> {
    let (start, rest) = split(FRAME, "<!--style-->\n");
    let (middle, rest) = split(rest, "<!--data-->\n");
    let (before_script, end) = split(rest, "<!--script-->\n");
    write!(output, "{start}{STYLE}{middle}")?;
    data.write_json(&mut output)?;
    output.write_all(before_script.as_bytes())?;
    SCRIPT.iter().try_for_each(|part| output.write_all(part.as_bytes()))?;
    output.write_all(end.as_bytes())
}

fn split<'a>(text: &'a str, at: &str) -> (&'a str, &'a str) {
    text.split_once(at).expect("the frame has a place for each part")
}
