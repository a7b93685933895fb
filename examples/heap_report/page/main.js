// The page: its views, and which object is chosen.

function start() {
  const source = document.getElementById("data");
  const heap = new Heap(JSON.parse(source.textContent));
  source.remove();
  document.title = heap.title;
  document.getElementById("title").textContent = heap.title;
  document.getElementById("totals").textContent =
    `${number(heap.length)} objects, ${bytes(heap.bytes)}, ${number(heap.to.length)} edges`;

  let chosenObject = null;
  const panel = (name) => document.getElementById(name);
  const chosen = () => chosenObject;
  const choose = (object) => {
    chosenObject = object;
    details.show(object);
  };
  const views = {};
  const show = (name) => {
    for (const each of ["census", "tree", "found"]) {
      panel(each).hidden = each !== name;
      panel(`tab-${each}`).setAttribute("aria-selected", each === name);
    }
    views[name] ||= make[name]();
    redraw();
    return views[name];
  };
  const make = {
    census: () => new Census(heap, panel("census"), (type) => show("found").showType(type)),
    tree: () => new Tree(heap, panel("tree"), choose, chosen),
    found: () => new Found(heap, panel("found"), choose, chosen),
  };
  const details = new Details(heap, panel("details"), choose, (object) => show("tree").reveal(object));

  for (const name of Object.keys(make)) panel(`tab-${name}`).addEventListener("click", () => show(name));
  const search = panel("search");
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => search.value.trim() && show("found").search(search.value.trim()), 150);
  });
  window.addEventListener("resize", redraw);
  show("census");
}

start();
