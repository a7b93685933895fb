// Elements, and lists of any length of which only the rows in view are elements.

const ROW = 24;
// Browsers do not show what is taller than some ten million pixels.
const TALLEST = 8000000;
let lists = [];

// An element with attributes, listeners (`onclick`), and children. Texts become text: nothing from the heap is read as HTML.
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children.map((child) => (child instanceof Node ? child : document.createTextNode(String(child)))));
  return made;
}

class List {
  // `rows` has `length`, `row(index)`, which makes an element, and `open(index)`, for a click and Enter; it may have
  // `key(index, name)` for other keys, which returns the index to go to.
  constructor(box, rows) {
    this.box = box;
    this.rows = rows;
    this.active = 0;
    this.spacer = element("div", { class: "spacer" });
    this.shown = element("div", { class: "rows" });
    box.replaceChildren(this.spacer, this.shown);
    box.tabIndex = 0;
    box.addEventListener("scroll", () => this.draw());
    box.addEventListener("keydown", (event) => this.press(event));
    lists.push(this);
  }

  replace(rows) {
    this.rows = rows;
    this.active = 0;
    this.box.scrollTop = 0;
    this.draw();
  }

  // Where all rows together would be too tall, the place in the list is a share of the whole.
  draw() {
    const total = this.rows.length * ROW;
    const height = Math.min(total, TALLEST);
    this.spacer.style.height = height + "px";
    const view = this.box.clientHeight;
    const share = height > view ? Math.min(1, this.box.scrollTop / (height - view)) : 0;
    const top = height === total ? this.box.scrollTop : share * (total - view);
    const first = Math.max(0, Math.floor(top / ROW) - 5);
    const last = Math.min(this.rows.length, Math.ceil((top + view) / ROW) + 5);
    this.shown.style.transform = `translateY(${this.box.scrollTop + first * ROW - top}px)`;
    const made = [];
    for (let index = first; index < last; index++) made.push(this.make(index));
    this.shown.replaceChildren(...made);
    this.box.setAttribute("aria-rowcount", this.rows.length);
  }

  make(index) {
    const row = this.rows.row(index);
    row.classList.add("row");
    row.dataset.index = index;
    row.setAttribute("aria-rowindex", index + 1);
    row.addEventListener("click", () => {
      this.active = index;
      this.rows.open(index);
    });
    return row;
  }

  show(index) {
    this.active = index;
    const total = this.rows.length * ROW;
    const view = this.box.clientHeight;
    const wanted = Math.max(0, Math.min(total - view, index * ROW - view / 2));
    this.box.scrollTop = total <= TALLEST ? wanted : (wanted / (total - view)) * (TALLEST - view);
    this.draw();
  }

  press(event) {
    const page = Math.max(1, Math.floor(this.box.clientHeight / ROW) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    let to = null;
    if (event.key in moves) to = this.active + moves[event.key];
    else if (event.key === "Enter") to = this.active;
    else if (this.rows.key) to = this.rows.key(this.active, event.key);
    if (to === null || this.rows.length === 0) return;
    event.preventDefault();
    this.active = Math.max(0, Math.min(this.rows.length - 1, to));
    if (!this.isInView(this.active)) this.show(this.active);
    this.rows.open(this.active);
  }

  isInView(index) {
    const row = this.shown.querySelector(`[data-index="${index}"]`);
    if (!row) return false;
    const [inner, outer] = [row.getBoundingClientRect(), this.box.getBoundingClientRect()];
    return inner.top >= outer.top && inner.bottom <= outer.bottom;
  }
}

// Draws anew what is in view: another object was chosen, or the window has another size.
function redraw() {
  lists = lists.filter((list) => list.box.isConnected);
  for (const list of lists) if (list.box.offsetParent) list.draw();
}

function number(value) {
  return value.toLocaleString("en");
}

function bytes(value) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let rest = value;
  for (; rest >= 1024 && unit < units.length - 1; unit++) rest /= 1024;
  return `${unit === 0 ? rest : rest.toFixed(1)} ${units[unit]}`;
}

// A size, exact in its title, in front of a bar that shows its share of the whole.
function sizeCell(value, whole) {
  const cell = element("span", { class: "number", title: `${number(value)} bytes`, "data-bytes": value }, bytes(value));
  if (whole === undefined) return cell;
  const bar = element("i", {});
  // The rest of the cell is for the figure.
  bar.style.width = `${whole ? (50 * value) / whole : 0}%`;
  cell.classList.add("bar");
  cell.replaceChildren(bar, element("span", {}, bytes(value)));
  return cell;
}

function tag(text, kind) {
  return element("span", { class: kind ? `tag ${kind}` : "tag" }, text);
}
