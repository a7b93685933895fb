// The dominator tree: below each object what would go with it. Rows are made as their owners are opened.

// How deep rows are set in; those that lie deeper say how deep.
const DEEPEST = 16;

class Tree {
  constructor(heap, panel, choose, chosen) {
    this.heap = heap;
    this.choose = choose;
    this.chosen = chosen;
    this.top = this.tops();
    this.all = this.top.map((object) => ({ object, depth: 0, open: false }));
    this.list = new List(panel.querySelector(".list"), this);
  }

  // The objects that no other object owns alone: those that something outside leads to, then those that only garbage holds.
  tops() {
    const held = [];
    const garbage = [];
    for (const object of this.heap.dominatedBy(NONE)) (this.heap.isReachable(object) ? held : garbage).push(object);
    return held.concat(garbage);
  }

  get length() {
    return this.all.length;
  }

  row(index) {
    const { object, depth, open } = this.all[index];
    const heap = this.heap;
    const onclick = (event) => {
      event.stopPropagation();
      this.toggle(index);
    };
    const twist = heap.dominates(object)
      ? element("button", { type: "button", class: "twist", tabindex: -1, "aria-label": open ? "Close" : "Open", onclick }, open ? "▾" : "▸")
      : element("span", { class: "twist" });
    const attributes = { role: "treeitem", "aria-level": depth + 1 };
    if (heap.dominates(object)) attributes["aria-expanded"] = open;
    const row = objectRow(heap, object, this.chosen() === object, attributes);
    row.firstChild.prepend(twist);
    row.firstChild.style.paddingLeft = `${Math.min(depth, DEEPEST) * 12}px`;
    if (depth > DEEPEST) row.firstChild.prepend(element("span", { class: "id" }, `${number(depth)} deep `));
    return row;
  }

  open(index) {
    this.choose(this.all[index].object);
  }

  key(index, name) {
    const row = this.all[index];
    if (name === "ArrowRight" && !row.open && this.heap.dominates(row.object)) return this.toggle(index);
    if (name === "ArrowRight" && row.open) return index + 1;
    if (name === "ArrowLeft" && row.open) return this.toggle(index);
    if (name === "ArrowLeft") return this.ownerOf(index);
    if (name === " ") return this.toggle(index);
    return null;
  }

  ownerOf(index) {
    let owner = index;
    while (owner > 0 && this.all[owner].depth >= this.all[index].depth && this.all[index].depth > 0) owner--;
    return owner;
  }

  toggle(index) {
    const row = this.all[index];
    if (!this.heap.dominates(row.object)) return index;
    row.open = !row.open;
    const tail = this.all.slice(index + 1);
    this.all.length = index + 1;
    if (row.open) {
      for (const object of this.heap.dominatedBy(row.object)) this.all.push({ object, depth: row.depth + 1, open: false });
    }
    const end = row.open ? 0 : tail.findIndex((below) => below.depth <= row.depth);
    for (let at = end < 0 ? tail.length : end; at < tail.length; at++) this.all.push(tail[at]);
    this.list.draw();
    return index;
  }

  // Opens the way down to an object, closes all else, and scrolls there.
  reveal(object) {
    const way = [];
    for (let at = object; at !== NONE; at = this.heap.dominator[at]) way.push(at);
    const rows = [];
    const behind = [];
    let siblings = this.top;
    way.reverse().forEach((each, depth) => {
      const place = siblings.indexOf(each);
      for (let at = 0; at < place; at++) rows.push({ object: siblings[at], depth, open: false });
      rows.push({ object: each, depth, open: each !== object });
      behind.push([siblings, place + 1, depth]);
      siblings = this.heap.dominatedBy(each);
    });
    const index = rows.length - 1;
    for (const [all, from, depth] of behind.reverse()) {
      for (let at = from; at < all.length; at++) rows.push({ object: all[at], depth, open: false });
    }
    this.all = rows;
    this.list.show(index);
  }
}

// The name of an object, and what is remarkable about it.
function nameOf(heap, object) {
  const name = element("span", { title: heap.typeName(object) }, element("span", { class: "name" }, heap.shortName(object)));
  name.append(" ", element("span", { class: "id" }, `@${heap.id[object]}`));
  if (heap.outside[object]) name.append(tag(`held from outside${times(heap.outside[object])}`, "outside"));
  if (!heap.isReachable(object)) name.append(tag("garbage"));
  if (heap.busy.has(object)) name.append(tag("borrowed: edges may be missing"));
  return name;
}

function times(count) {
  return count > 1 ? ` × ${number(count)}` : "";
}

function objectRow(heap, object, isChosen, attributes) {
  const distance = heap.isReachable(object) ? number(heap.distance[object]) : "–";
  const row = element(
    "div",
    { class: isChosen ? "object-row chosen" : "object-row", "data-object": object, ...attributes },
    nameOf(heap, object),
    element("span", { class: "number" }, distance),
    sizeCell(heap.size[object]),
    sizeCell(heap.retained[object], heap.bytes),
  );
  return row;
}
