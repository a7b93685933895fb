// How many objects of each type there are, and how large they are together.

class Census {
  constructor(heap, panel, chooseType) {
    this.heap = heap;
    this.chooseType = chooseType;
    const { type, objects, bytes, largest, path } = heap.census;
    this.all = type.map((each, row) => ({
      place: row,
      type: each,
      objects: objects[row],
      bytes: bytes[row],
      largest: heap.retained[largest[row]],
      path: path[row],
    }));
    this.head = panel.querySelector(".head");
    this.columns = [
      ["name", "Type", (a, b) => compareTexts(heap.shortTypes[a.type], heap.shortTypes[b.type])],
      ["objects", "Objects", (a, b) => a.objects - b.objects],
      ["bytes", "Bytes", (a, b) => a.bytes - b.bytes],
      ["largest", "Most retained", (a, b) => a.largest - b.largest],
    ];
    this.makeHead();
    this.list = new List(panel.querySelector(".list"), this);
    this.sort("bytes", "descending");
  }

  makeHead() {
    const buttons = this.columns.map(([key, title], at) => {
      const onclick = () => this.sort(key, this.nextDirection(key));
      return element("button", { type: "button", "data-key": key, class: at ? "number" : "", onclick }, title);
    });
    this.head.replaceChildren(...buttons, element("span", {}, "Why that one is alive"));
  }

  nextDirection(key) {
    if (key !== this.key) return key === "name" ? "ascending" : "descending";
    return this.direction === "ascending" ? "descending" : "ascending";
  }

  sort(key, direction) {
    this.key = key;
    this.direction = direction;
    const compare = this.columns.find(([each]) => each === key)[2];
    const sign = direction === "ascending" ? 1 : -1;
    this.all.sort((a, b) => sign * compare(a, b) || a.place - b.place);
    for (const button of this.head.querySelectorAll("button")) {
      if (button.dataset.key === key) button.setAttribute("aria-sort", direction);
      else button.removeAttribute("aria-sort");
    }
    this.list.replace(this);
  }

  get length() {
    return this.all.length;
  }

  row(index) {
    const { type, objects, bytes: size, largest, path } = this.all[index];
    return element(
      "div",
      { class: "census-row", role: "row" },
      this.typeCell(type),
      element("span", { class: "number" }, number(objects)),
      sizeCell(size, this.heap.bytes),
      sizeCell(largest),
      element("span", { class: "faint", title: path ?? "" }, path ?? ""),
    );
  }

  // The name alone, then in full.
  typeCell(type) {
    const { types, shortTypes } = this.heap;
    const name = element("span", { class: "name" }, shortTypes[type]);
    return element("span", { title: types[type] }, name, " ", element("span", { class: "id" }, types[type]));
  }

  open(index) {
    this.chooseType(this.all[index].type);
  }
}

function compareTexts(a, b) {
  return a < b ? -1 : Number(a > b);
}
