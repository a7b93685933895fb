"use strict";
// What was captured, and what follows from it. An object is a number, its place in the columns of the data; so is an edge.

const NONE = -1;

class Heap {
  constructor(data) {
    this.title = data.title;
    this.types = data.types;
    this.shortTypes = data.short_types;
    this.labels = data.labels;
    this.census = data.census;
    const objects = data.objects;
    this.length = objects.id.length;
    this.id = Float64Array.from(objects.id);
    this.type = Uint32Array.from(objects.type);
    this.size = Float64Array.from(objects.size);
    this.retained = Float64Array.from(objects.retained);
    this.dominator = Int32Array.from(objects.dominator);
    this.reachedBy = Float64Array.from(objects.reached_by);
    this.distance = Float64Array.from(objects.distance);
    this.generation = objects.generation;
    this.strong = Float64Array.from(objects.strong);
    this.weak = Float64Array.from(objects.weak);
    this.outside = Float64Array.from(objects.outside);
    this.busy = new Set(data.busy);
    this.readEdges(data.edges);
    this.bytes = this.size.reduce((sum, size) => sum + size, 0);
  }

  // The edges of object `o` are those from `first[o]` to `first[o + 1]`, those to it `into[k]` for `k` from `firstInto[o]` on.
  readEdges(edges) {
    this.to = Uint32Array.from(edges.to);
    this.label = Uint32Array.from(edges.label);
    this.isWeak = new Uint8Array(this.to.length);
    for (const edge of edges.weak) this.isWeak[edge] = 1;
    this.first = new Uint32Array(this.length + 1);
    for (let o = 0; o < this.length; o++) this.first[o + 1] = this.first[o] + edges.count[o];
    this.from = new Uint32Array(this.to.length);
    this.firstInto = new Uint32Array(this.length + 1);
    for (const to of this.to) this.firstInto[to + 1]++;
    for (let o = 0; o < this.length; o++) this.firstInto[o + 1] += this.firstInto[o];
    const next = this.firstInto.slice();
    this.into = new Uint32Array(this.to.length);
    for (let o = 0; o < this.length; o++) {
      for (let edge = this.first[o]; edge < this.first[o + 1]; edge++) {
        this.from[edge] = o;
        this.into[next[this.to[edge]]++] = edge;
      }
    }
  }

  edgesOf(object) {
    return range(this.first[object], this.first[object + 1]);
  }

  edgesTo(object) {
    return this.into.subarray(this.firstInto[object], this.firstInto[object + 1]);
  }

  isReachable(object) {
    return this.distance[object] !== NONE;
  }

  typeName(object) {
    return this.types[this.type[object]];
  }

  shortName(object) {
    return this.shortTypes[this.type[object]];
  }

  // The objects that nothing but `object` keeps alive, directly; the largest first. Of `NONE`: those that have no such owner.
  dominatedBy(object) {
    if (!this.firstDominated) this.readDominators();
    const at = object + 1;
    return this.dominated.subarray(this.firstDominated[at], this.firstDominated[at + 1]);
  }

  dominates(object) {
    if (!this.firstDominated) this.readDominators();
    return this.firstDominated[object + 2] > this.firstDominated[object + 1];
  }

  readDominators() {
    const order = this.bySize();
    this.firstDominated = new Uint32Array(this.length + 2);
    for (const dominator of this.dominator) this.firstDominated[dominator + 2]++;
    for (let at = 0; at <= this.length; at++) this.firstDominated[at + 1] += this.firstDominated[at];
    const next = this.firstDominated.slice();
    this.dominated = new Uint32Array(this.length);
    for (const object of order) this.dominated[next[this.dominator[object] + 1]++] = object;
  }

  // All objects, those that retain most first.
  bySize() {
    if (!this.order) this.order = range(0, this.length).sort((a, b) => this.retained[b] - this.retained[a] || a - b);
    return this.order;
  }

  // A shortest way to `object` from one that is held from outside: that one, and the edges; or null.
  whyAlive(object) {
    if (!this.isReachable(object)) return null;
    const edges = [];
    let start = object;
    for (; this.reachedBy[start] !== NONE; start = this.from[edges[edges.length - 1]]) edges.push(this.reachedBy[start]);
    edges.reverse();
    return { start, edges };
  }

  withId(id) {
    return this.id.indexOf(id);
  }
}

function range(from, to) {
  const numbers = new Uint32Array(to - from);
  for (let at = 0; at < numbers.length; at++) numbers[at] = from + at;
  return numbers;
}
