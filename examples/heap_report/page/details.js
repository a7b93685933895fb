// One object: why it is alive, what it is, what it leads to, and what leads to it.

class Details {
  constructor(heap, panel, choose, reveal) {
    this.heap = heap;
    this.panel = panel;
    this.choose = choose;
    this.reveal = reveal;
  }

  show(object) {
    const heap = this.heap;
    const path = heap.whyAlive(object);
    this.panel.replaceChildren(
      element("h2", {}, "Why it is alive"),
      ...(path ? this.path(path) : [element("p", { id: "path-text" }, "Only garbage holds it: a collection frees it.")]),
      element("h2", {}, "Object"),
      this.facts(object),
      element("button", { type: "button", id: "reveal", onclick: () => this.reveal(object) }, "Show in the dominator tree"),
      ...this.edges("Refers to", heap.edgesOf(object), (edge) => heap.to[edge], "referents"),
      ...this.edges("Referred to by", heap.edgesTo(object), (edge) => heap.from[edge], "referrers"),
    );
    redraw();
  }

  path(path) {
    const box = element("div", { class: "list", id: "path", role: "list", "aria-label": "Path from outside" });
    const rows = new Steps(this.heap, path, this.choose);
    box.style.height = `${Math.min(rows.length, 8) * ROW + 2}px`;
    new List(box, rows);
    return [element("p", { id: "path-text" }, pathText(this.heap, path)), element("h2", {}, "Step by step"), box];
  }

  facts(object) {
    const heap = this.heap;
    const facts = [
      ["Type", heap.typeName(object)],
      ["Id", `@${heap.id[object]}`],
      ["Size", `${number(heap.size[object])} bytes`],
      ["Retained", `${number(heap.retained[object])} bytes`],
      ["Generation", heap.generation[object]],
      ["Strong pointers", `${number(heap.strong[object])}, of which ${number(heap.outside[object])} from outside the heap`],
      ["Weak pointers", number(heap.weak[object])],
    ];
    if (heap.busy.has(object)) facts.push(["Borrowed", "a cell in it was mutably borrowed: edges may be missing"]);
    return element("dl", {}, ...facts.flatMap(([key, value]) => [element("dt", {}, key), element("dd", {}, value)]));
  }

  edges(title, edges, end, id) {
    const heading = element("h2", {}, `${title} (${number(edges.length)})`);
    if (!edges.length) return [heading];
    const box = element("div", { class: "list", id, role: "list", "aria-label": title });
    box.style.height = `${Math.min(edges.length, 8) * ROW + 2}px`;
    const { heap, choose } = this;
    new List(box, {
      length: edges.length,
      row: (index) => edgeRow(heap, edges[index], end(edges[index])),
      open: (index) => choose(end(edges[index])),
    });
    return [heading, box];
  }
}

function edgeRow(heap, edge, object) {
  const row = element("div", { class: "step-row", role: "listitem", "data-object": object });
  const line = element("span", {}, element("span", { class: "name label" }, heap.labels[heap.label[edge]]), " ");
  if (heap.isWeak[edge]) line.append(tag("weak"), " ");
  line.append(nameOf(heap, object));
  row.append(line);
  return row;
}

// A path as a list: the object held from outside, then an edge and an object for each step.
class Steps {
  constructor(heap, path, choose) {
    this.heap = heap;
    this.path = path;
    this.choose = choose;
    this.length = path.edges.length + 1;
  }

  object(index) {
    return index === 0 ? this.path.start : this.heap.to[this.path.edges[index - 1]];
  }

  row(index) {
    if (index > 0) return edgeRow(this.heap, this.path.edges[index - 1], this.object(index));
    const row = element("div", { class: "step-row", role: "listitem", "data-object": this.path.start });
    row.append(nameOf(this.heap, this.path.start));
    return row;
  }

  open(index) {
    this.choose(this.object(index));
  }
}

// How many steps are shown at each end of a way that is longer.
const STEPS = 20;

// `Document.body -> Element.children[2] -> Text`; of a long way, both ends.
function pathText(heap, path) {
  const steps = path.edges.map((edge) => `${heap.shortName(heap.from[edge])}${fieldText(heap.labels[heap.label[edge]])}`);
  const last = path.edges.length ? heap.to[path.edges[path.edges.length - 1]] : path.start;
  const more = steps.length - 2 * STEPS;
  if (more > 1) steps.splice(STEPS, more, `... ${more} more ...`);
  return [...steps, heap.shortName(last)].join(" -> ");
}

function fieldText(label) {
  return label === "" || label.startsWith("[") ? label : `.${label}`;
}
