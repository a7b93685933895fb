"""Runs programs of the test `cpython` on CPython's own heap: steps as lines on stdin, one line of results for each.

Each model object is exactly one allocation that the collector counts, and the interpreter's own allocations are
taken out of the count before each step (`settle`), so `gc.get_count()` is the model's.
"""

import gc
import sys
import weakref
from sys import getrefcount

NAMES = ("s0", "s1", "s2", "s3")

gc.disable()


class Node:
    # Cleared in the order of their names: first the edges, then the weak pointer.
    __slots__ = ("number", "s0", "s1", "s2", "s3", "tag", "w", "__weakref__")


class Final(Node):
    __slots__ = ()

    def __del__(self):
        finalize(self)


class Ref(weakref.ref):
    """Never shared, not even without a callback, and knows its number."""
    __slots__ = ("number",)


class Ballast:
    __slots__ = ("none",)


roots = [None] * 6
watches = [None] * 6
# By number: what a finalizer does, and what only that object refers to (which tells whether it is alive).
acts = {}
tags = {}
living = []
# [number, where: a watch or `None` for a field, owner of the field, target, has a callback, the weak pointer]
entries = []
log = []
ballast = []
cleaning = False
automatic = False
probe = [object()]
UNUSED = getrefcount(probe[0])


def finalize(o):
    if cleaning:
        return
    log.append(4 * o.number)
    for act in acts[o.number]:
        kind = act[0]
        if kind == "R":
            put(act[1], o)
        elif kind == "U":
            cut(o, act[1])
        elif kind == "X":
            child = getattr(o, NAMES[act[1]])
            if child is not None:
                old = getattr(child, NAMES[act[2]])
                setattr(child, NAMES[act[2]], None)
                child = None
                old = None
        elif kind == "N":
            put(act[2], make(act[1], False))
        elif kind == "A":
            new = make(act[1], False)
            old = getattr(o, NAMES[act[2]])
            setattr(o, NAMES[act[2]], new)
            new = None
            old = None
        elif kind == "D":
            put(act[1], None)
        elif kind == "M":
            if getattr(o, NAMES[act[1]]) is not None:
                put(act[2], getattr(o, NAMES[act[1]]))
        elif kind == "C":
            log.append(4 * gc.collect() + 2)
    log.append(4 * o.number + 3)


def called(ref):
    log.append(4 * ref.number + 1)


def make(number, final):
    if automatic:
        gc.enable()
    o = Final() if final else Node()
    gc.disable()
    o.number = number
    o.s0 = o.s1 = o.s2 = o.s3 = o.w = None
    o.tag = tags[number] = object()
    living.append(number)
    return o


def put(root, o):
    """What the root held dies last, with nothing else held."""
    old = roots[root]
    roots[root] = o
    o = None
    old = None


def cut(o, slot):
    old = getattr(o, NAMES[slot])
    setattr(o, NAMES[slot], None)
    o = None
    old = None


def step_new(step):
    put(step[2], make(step[1], step[3]))


def step_link(step):
    o = roots[step[1]]
    new = roots[step[3]]
    if o is None or new is None:
        return
    old = getattr(o, NAMES[step[2]])
    setattr(o, NAMES[step[2]], new)
    o = None
    new = None
    old = None


def step_give(step):
    o = roots[step[1]]
    new = roots[step[3]]
    if o is None or new is None or step[1] == step[3]:
        return
    roots[step[3]] = None
    old = getattr(o, NAMES[step[2]])
    setattr(o, NAMES[step[2]], new)
    o = None
    new = None
    old = None


def step_unlink(step):
    o = roots[step[1]]
    if o is None:
        return
    old = getattr(o, NAMES[step[2]])
    setattr(o, NAMES[step[2]], None)
    o = None
    old = None


def step_move(step):
    new = roots[step[1]]
    old = roots[step[2]]
    roots[step[1]] = None
    roots[step[2]] = new
    new = None
    old = None


def step_copy(step):
    new = roots[step[1]]
    old = roots[step[2]]
    roots[step[2]] = new
    new = None
    old = None


def step_pick(step):
    o = roots[step[1]]
    if o is None:
        return
    new = getattr(o, NAMES[step[2]])
    o = None
    old = roots[step[3]]
    roots[step[3]] = new
    new = None
    old = None


def step_drop(step):
    put(step[1], None)


def step_watch(step):
    target = roots[step[3]]
    if target is not None:
        forget(lambda entry: entry[1] == step[2])
        entries.append(watch(step[1], step[2], None, target, step[4]))


def step_watch_in(step):
    owner, target = roots[step[2]], roots[step[3]]
    if owner is not None and target is not None:
        forget(lambda entry: entry[2] == owner.number)
        entries.append(watch(step[1], None, owner, target, step[4]))


def watch(number, at, owner, target, call):
    ref = Ref(target, called) if call else Ref(target)
    ref.number = number
    seen = ref
    if at is not None:
        watches[at] = ref
    else:
        owner.w = ref
        if call:
            # The owner alone holds the one that calls back.
            seen = Ref(target)
    ref = None
    return [number, at, owner and owner.number, target.number, call, seen]


def step_unwatch(step):
    forget(lambda entry: entry[1] == step[1])
    watches[step[1]] = None


def forget(of):
    entries[:] = [entry for entry in entries if not of(entry)]


def step_upgrade(step):
    ref = watches[step[1]]
    if ref is None:
        return
    new = ref()
    if new is not None:
        old = roots[step[2]]
        roots[step[2]] = new
        new = None
        old = None


def step_collect(step):
    return gc.collect(step[1])


def step_chain(step):
    new = None
    for number in range(step[1], step[1] + step[2]):
        o = make(number, False)
        o.s0 = new
        new = o
    o = None
    old = roots[step[3]]
    roots[step[3]] = new
    new = None
    old = None


def step_fan(step):
    hub = new = make(step[1], False)
    for number in range(step[1] + 1, step[1] + step[2]):
        o = make(number, False)
        o.s0 = hub
        o.s1 = new
        new = o
    o = None
    hub.s0 = new
    hub = None
    old = roots[step[3]]
    roots[step[3]] = new
    new = None
    old = None


STEPS = {
    "n": step_new, "l": step_link, "v": step_give, "u": step_unlink, "m": step_move, "y": step_copy, "p": step_pick, "d": step_drop,
    "w": step_watch, "W": step_watch_in, "x": step_unwatch, "g": step_upgrade, "c": step_collect, "h": step_chain,
    "i": step_fan,
}
# Steps that only make and drop weak pointers, which are no boxes on the other heap.
NEUTRAL = "wWx"


def settle(young):
    """Afterwards the young count is `young`, and tuples of the sizes that the interpreter will need come from its
    free lists, uncounted."""
    for size in range(1, 20):
        tuple(range(size))
    while True:
        gc.get_count()
        now = gc.get_count()[0]
        if now > young:
            ballast.pop()
        elif now < young:
            ballast.append(Ballast())
        else:
            return


def is_alive(number):
    return getrefcount(tags[number]) > UNUSED


def find(numbers):
    return {o.number: o for o in gc.get_objects() if isinstance(o, Node) and o.number in numbers}


def restore():
    """Makes again the weak pointers that a collection has cleared, whose targets a finalizer then saved, oldest first.
    Returns their numbers."""
    early = [entry for entry in entries if entry[5]() is None and is_alive(entry[3])]
    # What a field says is asked of a weak pointer beside it; but the one in the field may be cleared alone.
    held = [entry for entry in entries if entry[4] and entry[2] is not None and is_alive(entry[3])]
    if held and any(event % 4 == 0 for event in log):
        owners = find({entry[2] for entry in held})
        early += [entry for entry in held if entry not in early and owners[entry[2]].w() is None]
        owners = None
    if not early:
        return []
    early.sort(key=entries.index)
    alive = find({entry[3] for entry in early} | {entry[2] for entry in early})
    for entry in early:
        owner = None if entry[2] is None else alive[entry[2]]
        entry[:] = watch(entry[0], entry[1], owner, alive[entry[3]], entry[4])
    return [entry[0] for entry in early]


def result(returned, counts):
    died = [number for number in living if not is_alive(number)]
    living[:] = [number for number in living if is_alive(number)]
    for number in died:
        forget(lambda entry: entry[2] == number)
    restored = restore()
    says = [f"{entry[0]}{'+' if entry[5]() is not None else '-'}" for entry in entries]
    line = [[-1 if returned is None else returned], died, log, counts, restored, says]
    print(";".join(",".join(map(str, part)) for part in line))
    log.clear()


def begin(thresholds):
    global automatic, cleaning
    automatic = thresholds[0] > 0
    gc.set_threshold(*(thresholds if automatic else (700, 10, 10)))
    while len(ballast) < 3000:
        ballast.append(Ballast())
    gc.freeze()
    gc.collect()
    cleaning = False


def end():
    global automatic, cleaning
    cleaning = True
    automatic = False
    entries.clear()
    for index in range(6):
        watches[index] = roots[index] = None
    gc.collect()
    left = [number for number in living if is_alive(number)]
    print("end " + " ".join(map(str, left)))
    sys.stdout.flush()
    log.clear()
    living.clear()
    tags.clear()
    acts.clear()


def parse(line):
    """A step: its letter, then numbers; for `n` whether it has a finalizer, whose acts are noted."""
    words = line.split()
    if words[0] == "n":
        final = len(words) > 3
        acts[int(words[1])] = [(act[0], *map(int, act[1:].split("."))) if act[1:] else (act,) for act in words[4:]]
        return ("n", int(words[1]), int(words[2]), final)
    return (words[0], *map(int, words[1:]))


def run(thresholds, steps):
    begin(thresholds)
    counts = (0, 0, 0)
    for step in steps:
        action = STEPS[step[0]]
        settle(counts[0])
        returned = action(step)
        now = gc.get_count()
        counts = counts if step[0] in NEUTRAL else now
        result(returned, counts)
    end()


def fail(unraisable):
    sys.__unraisablehook__(unraisable)
    sys.stderr.flush()
    import os
    os._exit(3)


sys.unraisablehook = fail
print(*sys.version_info[:2])
sys.stdout.flush()
lines = []
for line in sys.stdin:
    if line != "run\n":
        lines.append(line)
        continue
    parsed = [parse(line) for line in lines[1:]]
    thresholds = tuple(map(int, lines[0].split()))
    lines.clear()
    run(thresholds, parsed)
