// Objects found by a part of their type's name, by their id, or as those of one type.

class Found {
  constructor(heap, panel, choose, chosen) {
    this.heap = heap;
    this.choose = choose;
    this.chosen = chosen;
    this.what = panel.querySelector("p");
    this.all = new Uint32Array(0);
    this.list = new List(panel.querySelector(".list"), this);
  }

  search(text) {
    const id = /^@?(\d+)$/.exec(text);
    const found = id ? this.withId(Number(id[1])) : this.ofTypes(this.typesLike(text));
    this.show(found, `${number(found.length)} ${found.length === 1 ? "object" : "objects"} for “${text}”`);
  }

  showType(type) {
    const found = this.ofTypes(new Set([type]));
    this.show(found, `${number(found.length)} of type ${this.heap.types[type]}`);
  }

  show(found, what) {
    this.all = found;
    this.what.textContent = what;
    this.list.replace(this);
  }

  withId(id) {
    const object = this.heap.withId(id);
    return object < 0 ? new Uint32Array(0) : Uint32Array.of(object);
  }

  typesLike(text) {
    const wanted = text.toLowerCase();
    const types = new Set();
    this.heap.types.forEach((name, type) => name.toLowerCase().includes(wanted) && types.add(type));
    return types;
  }

  // Those that retain most first.
  ofTypes(types) {
    return this.heap.bySize().filter((object) => types.has(this.heap.type[object]));
  }

  get length() {
    return this.all.length;
  }

  row(index) {
    return objectRow(this.heap, this.all[index], this.chosen() === this.all[index], { role: "row" });
  }

  open(index) {
    this.choose(this.all[index]);
  }
}
