// The crate's own figures, from `heap.json`, and what others should show of them.

import fs from "node:fs/promises";
import path from "node:path";

// What the memory panel counts in front of an object that is held from outside: the root, "(GC roots)" and the node behind it.
const NODES_BEFORE = 3;

export class Figures {
  static async read(directory) {
    return new Figures(JSON.parse(await fs.readFile(path.join(directory, "heap.json"), "utf8")));
  }

  constructor(data) {
    this.data = data;
    this.objects = data.objects.id.map((id, object) => ({
      id,
      name: data.types[data.objects.type[object]],
      distance: data.objects.distance[object] < 0 ? null : data.objects.distance[object] + NODES_BEFORE,
      size: data.objects.size[object],
      retained: data.objects.retained[object],
    }));
  }

  // By type: how many there are, the smallest distance (none if any object has none, as the panel shows it), their sizes, and what
  // they retain: of two of a type of which one dominates the other, what the one retains.
  types() {
    const types = new Map();
    this.objects.forEach((object, index) => {
      const { name, distance, size, retained } = object;
      const row = types.get(name) || { name, count: 0, distance: Infinity, size: 0, retained: 0 };
      row.count++;
      row.distance = row.distance === null || distance === null ? null : Math.min(row.distance, distance);
      row.size += size;
      if (!this.isBelowItsType(index)) row.retained += retained;
      types.set(name, row);
    });
    return [...types.values()];
  }

  isBelowItsType(index) {
    const { type, dominator } = this.data.objects;
    for (let above = dominator[index]; above >= 0; above = dominator[above]) if (type[above] === type[index]) return true;
    return false;
  }

  // The edges of an object: their names, and the ids of their ends.
  edges(index) {
    const { count, to, label } = this.data.edges;
    const first = count.slice(0, index).reduce((sum, edges) => sum + edges, 0);
    const numbers = Array.from({ length: count[index] }, (_, at) => first + at);
    return numbers.map((edge) => ({ name: this.data.labels[label[edge]], id: this.data.objects.id[to[edge]] }));
  }
}
