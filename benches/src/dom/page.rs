//! The page: a list of articles as a site would write it.

use std::fmt::Write;

use crate::workloads::Random;

const WORDS: [&str; 24] = [
    "the", "heap", "counts", "what", "every", "node", "owns", "and", "a", "cycle", "waits", "until", "somebody",
    "looks", "for", "it", "while", "parents", "are", "weak", "so", "that", "trees", "fall",
];

/// About so many bytes of HTML, always the same.
pub fn of_bytes(bytes: usize) -> String {
    let mut page = String::with_capacity(bytes + 8_192);
    let mut random = Random::new(1);
    page.push_str(
        "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n<title>All &amp; everything</title>\n\
         <link rel=stylesheet href='/style.css'>\n<style>.item > h2 { color: #333 }</style>\n\
         <script>if (1 < 2 && 3 > 2) document.title += '!';</script>\n</head>\n<body class='wide list'>\n\
         <header><nav><ul><li><a href='/'>Home</a><li><a href='/all'>All</a><li><a href='/about'>About</a></ul></nav></header>\n<main>\n",
    );
    let mut number = 0;
    while page.len() < bytes {
        item(&mut page, &mut random, number);
        number += 1;
    }
    page.push_str("</main>\n<footer><p>&copy; nobody &mdash; <a href=#top>up</a></footer>\n</body>\n</html>\n");
    page
}

fn item(page: &mut String, random: &mut Random, number: usize) {
    write!(
        page,
        "<div class='item{}' id=item-{number} data-number={number}>\n  <h2><a href='/read/{number}'>",
        if number.is_multiple_of(3) { " new" } else { "" }
    )
    .expect("a string takes all");
    words(page, random, 5);
    page.push_str("</a></h2>\n  <!-- written by a generator -->\n");
    for _ in 0..2 + random.below(3) {
        paragraph(page, random);
    }
    match random.below(4) {
        0 => table(page, random),
        1 => form(page, number),
        _ => list(page, random),
    }
    page.push_str("</div>\n");
}

fn words(page: &mut String, random: &mut Random, count: u64) {
    for index in 0..count {
        if index > 0 {
            page.push(' ');
        }
        page.push_str(WORDS[random.below(WORDS.len() as u64) as usize]);
    }
}

fn paragraph(page: &mut String, random: &mut Random) {
    page.push_str("  <p>");
    for _ in 0..2 + random.below(4) {
        let count = 4 + random.below(8);
        words(page, random, count);
        let [open, close] = match random.below(6) {
            0 => [" <em>", "</em> "],
            1 => [" <a href='/see?a=1&amp;b=2' title=\"More\">", "</a> "],
            2 => [" <code>", "</code> &lt;&nbsp;"],
            3 => [" <b><i>", "</b></i> "],
            4 => [" <br>\n  <img src='/i.png' alt='' width=16 height=16> <span class=small>", "</span>, "],
            _ => [" <strong>", "</strong>. "],
        };
        page.push_str(open);
        words(page, random, 2);
        page.push_str(close);
    }
    page.push_str("</p>\n");
}

fn list(page: &mut String, random: &mut Random) {
    page.push_str("  <ul class='points'>\n");
    for _ in 0..3 + random.below(4) {
        page.push_str("    <li>");
        words(page, random, 6);
        page.push('\n');
    }
    page.push_str("  </ul>\n");
}

fn table(page: &mut String, random: &mut Random) {
    page.push_str("  <table>\n    <tr><th>Name<th>Number\n");
    for _ in 0..3 + random.below(5) {
        page.push_str("    <tr><td>");
        words(page, random, 2);
        writeln!(page, "<td class=number>{}", random.below(10_000)).expect("a string takes all");
    }
    page.push_str("  </table>\n");
}

fn form(page: &mut String, number: usize) {
    writeln!(
        page,
        "  <form action='/say/{number}' method=post><label>Say <input name=text value='' required></label>\
         <select name=mood><option selected>calm<option>glad</select><button disabled>Send</button></form>"
    )
    .expect("a string takes all");
}
