"""One sample of one workload in CPython, for scale.

usage: cpython.py WORKLOAD OPERATIONS LIVE LIMIT_MS

Prints what the other columns' children print. Exits with 3 where the row makes no sense here. Time of the interpreter is part of
the figures, except those of the `collect-` rows, which are the C collector's alone.
"""

import gc
import json
import random
import sys
import time
import weakref

UNSUPPORTED = 3


class List:
    __slots__ = ("value", "next")

    def __init__(self, value, next):
        self.value = value
        self.next = next


class Tree:
    __slots__ = ("parent", "left", "right", "__weakref__")

    def __init__(self, left, right):
        self.parent = None
        self.left = left
        self.right = right


class Node:
    __slots__ = ("value", "next", "other")

    def __init__(self, value):
        self.value = value
        self.next = None
        self.other = None


class Vertex:
    __slots__ = ("value", "edges")

    def __init__(self, value):
        self.value = value
        self.edges = []


def alive():
    return sum(1 for thing in gc.get_objects() if isinstance(thing, (Tree, Node, Vertex)))


def timed(operations, work):
    start = time.perf_counter_ns()
    work()
    gc.collect()
    elapsed = time.perf_counter_ns() - start
    return elapsed / operations, alive()


def container(operations, live, limit):
    def work():
        for value in range(operations):
            List(value, None)

    return timed(operations, work)


def trees(link):
    def build(depth):
        if depth == 0:
            return Tree(None, None)
        tree = Tree(build(depth - 1), build(depth - 1))
        link(tree)
        return tree

    def run(operations, live, limit):
        depth = live.bit_length() - 1

        def work():
            for _ in range(operations // live):
                build(depth)

        return timed(operations, work)

    return run


def strong_parent(tree):
    tree.left.parent = tree.right.parent = tree


def weak_parent(tree):
    tree.left.parent = weakref.ref(tree)
    tree.right.parent = weakref.ref(tree)


def pair(value, other):
    first, second = Node(value), Node(value)
    first.next = second
    second.next = first
    first.other = other


def cycles(operations, live, limit):
    def work():
        for value in range(operations):
            pair(value, None)

    return timed(operations, work)


def ring(operations, live, limit):
    def work():
        first = last = Node(0)
        for value in range(1, operations):
            node = Node(value)
            last.next = node
            last = node
        last.next = first

    return timed(operations, work)


def digraph(operations, live, limit):
    def work():
        vertices = [Vertex(value) for value in range(operations)]
        for vertex in vertices:
            for _ in range(4):
                vertex.edges.append(vertices[int(random.random() * operations)])

    return timed(operations, work)


def live_heap(nodes):
    handles = []
    for value in range(nodes):
        node = Node(value)
        if value > 0:
            node.next = handles[int(random.random() * value)]
            node.other = handles[int(random.random() * value)]
        handles.append(node)
    return handles


def churn_outcome(operations, live, limit, targets):
    handles = live_heap(live)
    gc.collect()
    begin = longest = 0
    spread = live // targets

    def watch(phase, info):
        nonlocal begin, longest
        now = time.perf_counter_ns()
        if phase == "start":
            begin = now
        else:
            longest = max(longest, now - begin)

    gc.callbacks.append(watch)
    done = 0
    start = time.perf_counter_ns()
    while done < operations:
        pair(done, handles[int(random.random() * targets) * spread])
        done += 1
        if done % 1000 == 0 and limit and time.perf_counter_ns() - start >= limit * 1e6:
            break
    gc.callbacks.remove(watch)
    gc.collect()
    elapsed = time.perf_counter_ns() - start
    return elapsed / done, longest, alive() - live


def churn(operations, live, limit):
    value, _, leaked = churn_outcome(operations, live, limit, live)
    return value, leaked


def churn_few(operations, live, limit):
    value, _, leaked = churn_outcome(operations, live, limit, 1_000)
    return value, leaked


def churn_pause(operations, live, limit):
    _, longest, leaked = churn_outcome(operations, live, limit, live)
    return longest, leaked


def collections(order):
    def run(operations, live, limit):
        handles = live_heap(live)
        gc.collect()
        indices = order(live)
        elapsed = done = 0
        begin = time.perf_counter_ns()
        while done < operations and (done == 0 or not limit or time.perf_counter_ns() - begin < limit * 1e6):
            for index in indices:
                handles[index]
            start = time.perf_counter_ns()
            gc.collect()
            elapsed += time.perf_counter_ns() - start
            done += 1
        return elapsed / done, alive() - live

    return run


def shuffled(live):
    indices = list(range(live))
    random.shuffle(indices)
    return indices


def survivors(automatic):
    def run(operations, live, limit):
        if not automatic:
            gc.disable()
        everything = []
        start = time.perf_counter_ns()
        for value in range(operations):
            everything.append(List(value, everything[-1] if value % 2 else None))
        return (time.perf_counter_ns() - start) / operations, alive()

    return run


def mutation(operations, live, limit):
    def work():
        handles = [None] * live
        for _ in range(operations):
            handle, other = int(random.random() * live), int(random.random() * live)
            step = int(random.random() * 8)
            if step < 2:
                handles[handle] = Node(handle)
            elif step < 6:
                source, target = handles[handle], handles[other]
                if source and target:
                    if step < 4:
                        source.next = target
                    else:
                        source.other = target
            elif step == 6:
                if handles[handle]:
                    handles[handle].next = None
            else:
                handles[handle] = None

    return timed(operations, work)


def drop_list(operations, live, limit):
    entry = None
    for value in range(operations):
        entry = List(value, entry)
    start = time.perf_counter_ns()
    del entry
    return (time.perf_counter_ns() - start) / operations, alive()


def resident_bytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS:"))


def bytes_container(operations, live, limit):
    everything = [None] * operations
    before = resident_bytes()
    for index in range(operations):
        everything[index] = List(None, None)
    return (resident_bytes() - before) / operations, 0


WORKLOADS = {
    "container": container,
    "trees": trees(lambda tree: None),
    "trees-strong": trees(strong_parent),
    "trees-weak": trees(weak_parent),
    "cycles": cycles,
    "ring": ring,
    "digraph": digraph,
    "churn": churn,
    "churn-few": churn_few,
    "churn-empty": churn,
    "churn-pause": churn_pause,
    "collect-quiet": collections(lambda live: []),
    "collect-ordered": collections(range),
    "collect-shuffled": collections(shuffled),
    "survivors": survivors(True),
    "survivors-off": survivors(False),
    "mutation": mutation,
    "drop-list": drop_list,
    "bytes-container": bytes_container,
}


def main():
    name, *numbers = sys.argv[1:]
    workload = WORKLOADS.get(name)
    if workload is None:
        sys.exit(UNSUPPORTED)
    random.seed(1)
    value, leaked = workload(*map(int, numbers))
    print(json.dumps({"value": value, "leaked": leaked}))


main()
