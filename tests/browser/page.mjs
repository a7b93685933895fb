// The page: it is clicked through as a user would, and compared with the figures that it is made of.

import fs from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { check, checkEqual } from "./check.mjs";

// Names that would do something if they were read as HTML, JavaScript or CSS.
const HOSTILE = [
  "</script><script>window.broken = 1</script>",
  "<img src=x onerror='window.broken = 1'>",
  "\"><svg onload=window.broken=1>",
  "${window.broken = 1}",
  "</style><style>*{display:none}</style>",
];

// A report whose names are hostile.
export async function hostileCopy(from, to) {
  await fs.mkdir(to, { recursive: true });
  const data = JSON.parse(await fs.readFile(path.join(from, "heap.json"), "utf8"));
  const hostile = (name, at) => `${HOSTILE[at % HOSTILE.length]} ${name}`;
  for (const key of ["types", "short_types", "labels"]) data[key] = data[key].map(hostile);
  data.title = HOSTILE[0];
  // The paths are the crate's text, with names that the page does not have here.
  data.census.path = data.census.path.map(() => null);
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  const page = await fs.readFile(path.join(from, "heap.html"), "utf8");
  const island = /(<script type="application\/json" id="data">)[^<]*/;
  await fs.writeFile(path.join(to, "heap.html"), page.replace(island, (_, start) => start + json));
  await fs.writeFile(path.join(to, "heap.json"), json);
  return to;
}

export async function lookAtPage(browser, directory, figures) {
  const file = path.join(directory, "heap.html");
  await browser.withPage(file, async (page) => {
    await page.goto(pathToFileURL(file).href);
    const look = new Look(page, file, figures);
    await look.atTheTitle();
    await look.atTheCensus();
    await page.screenshot({ path: path.join(directory, "page-census.png") });
    await look.atTheTree();
    await page.screenshot({ path: path.join(directory, "page-tree.png") });
    await look.atPaths();
    await look.atTheSearch();
    await look.withTheKeyboard();
    await page.screenshot({ path: path.join(directory, "page-found.png") });
    checkEqual(await page.evaluate(() => window.broken), undefined, `${file}: a name was executed`);
    console.log(`${file}: clicked through`);
  });
}

// A page with more objects than a browser could show at once.
export async function lookAtLargePage(browser, directory, figures) {
  const file = path.join(directory, "heap.html");
  await browser.withPage(file, async (page) => {
    await page.goto(pathToFileURL(file).href);
    const look = new Look(page, file, figures);
    check(figures.objects.length > 100000, `${file}: only ${figures.objects.length} objects`);
    await look.atTheCensus();
    await look.search("node");
    const elements = await page.evaluate(() => document.querySelectorAll("*").length);
    check(elements < 2000, `${file}: ${elements} elements for what fits in a window`);
    await page.locator("#found .list").focus();
    await page.keyboard.press("End");
    const last = await page.locator("#found .row").last().getAttribute("aria-rowindex");
    checkEqual(Number(last), await look.numberFound(), `${file}: the last row`);
    await look.atPaths();
    await look.deepest();
    await page.screenshot({ path: path.join(directory, "page-large.png") });
    console.log(`${file}: ${figures.objects.length} objects, clicked through`);
  });
}

class Look {
  constructor(page, file, figures) {
    this.page = page;
    this.file = file;
    this.figures = figures;
    this.data = figures.data;
  }

  rows(view) {
    return this.page.locator(`#${view} .row`);
  }

  equal(found, expected, what) {
    checkEqual(found, expected, `${this.file}: ${what}`);
  }

  async atTheTitle() {
    this.equal(await this.page.textContent("#title"), this.data.title, "the title");
    const totals = await this.page.textContent("#totals");
    check(totals.startsWith(`${this.figures.objects.length.toLocaleString("en")} objects, `), `${this.file}: ${totals}`);
  }

  async atTheCensus() {
    const { type, objects, bytes } = this.data.census;
    const expected = type.map((each, row) => [this.data.types[each], objects[row].toLocaleString("en"), String(bytes[row])]);
    const shown = () =>
      this.rows("census").evaluateAll((rows) =>
        rows.map((row) => [row.children[0].title, row.children[1].textContent, row.children[2].dataset.bytes]),
      );
    this.equal(await shown(), expected.slice(0, (await shown()).length), "the census");
    const head = (key) => this.page.locator(`#census .head [data-key=${key}]`);
    const counts = async () => (await shown()).map((row) => Number(row[1].replaceAll(",", "")));
    await head("objects").click();
    const falling = [...objects].sort((a, b) => b - a);
    this.equal(await counts(), falling.slice(0, (await counts()).length), "the census by number");
    await head("objects").click();
    this.equal(await counts(), falling.reverse().slice(0, (await counts()).length), "the census by number, upwards");
    this.equal(await head("objects").getAttribute("aria-sort"), "ascending", "what the heading says");
    await head("name").click();
    const names = await this.page.locator("#census .row .name").allTextContents();
    this.equal(names, [...names].sort(), "the census by name");
    await head("bytes").click();
    this.equal(await shown(), expected.slice(0, (await shown()).length), "the census by size again");
  }

  async atTheTree() {
    await this.page.click("#tab-tree");
    const { dominator, distance, retained } = this.data.objects;
    const below = (owner) => retained.map((_, object) => object).filter((object) => dominator[object] === owner);
    const sorted = (objects) => objects.sort((a, b) => retained[b] - retained[a] || a - b);
    const tops = below(-1);
    const held = sorted(tops.filter((object) => distance[object] >= 0));
    const garbage = sorted(tops.filter((object) => distance[object] < 0));
    const shown = () => this.rows("tree").evaluateAll((rows) => rows.map((row) => Number(row.dataset.object)));
    this.equal(await shown(), [...held, ...garbage].slice(0, (await shown()).length), "the top of the tree");

    const owner = held.find((object) => below(object).length > 0);
    if (owner === undefined) return;
    const row = this.page.locator(`#tree .row[data-object="${owner}"]`);
    await row.locator(".twist").click();
    this.equal(await row.getAttribute("aria-expanded"), "true", "an open row");
    const children = sorted(below(owner));
    const at = (await shown()).indexOf(owner) + 1;
    this.equal((await shown()).slice(at, at + children.length), children.slice(0, (await shown()).length - at), "what it dominates");
    await row.click();
    this.equal(await this.page.textContent("#details dd"), this.figures.objects[owner].name, "the type of the object chosen");
  }

  // Of each type, the object that retains most is asked why it is alive.
  async atPaths() {
    const { type, largest, path: paths } = this.data.census;
    for (const [row, object] of largest.slice(0, 12).entries()) {
      await this.search(`@${this.data.objects.id[object]}`);
      await this.rows("found").first().click();
      if (paths[row] === null) continue;
      const shown = await this.page.textContent("#path-text");
      this.equal(shown, paths[row], `why an object of type ${this.data.types[type[row]]} is alive`);
      const steps = await this.page.locator("#path .row").count();
      const length = this.data.objects.distance[object];
      if (length >= 0) check(steps === Math.min(length + 1, steps) && steps > 0, `${this.file}: ${steps} steps of ${length}`);
    }
  }

  async search(text) {
    await this.page.fill("#search", text);
    await this.page.waitForFunction((wanted) => document.getElementById("found-what").textContent.includes(`“${wanted}”`), text);
  }

  async numberFound() {
    return Number((await this.page.textContent("#found-what")).split(" ")[0].replaceAll(",", ""));
  }

  async atTheSearch() {
    const name = this.data.types[this.data.census.type[0]];
    const part = name.slice(-6).toUpperCase();
    await this.search(part);
    const matches = this.figures.objects.filter((object) => object.name.toUpperCase().includes(part));
    this.equal(await this.numberFound(), matches.length, `how many are found for ${part}`);
    await this.page.click("#tab-census");
    await this.rows("census").first().click();
    const { objects } = this.data.census;
    this.equal(await this.numberFound(), objects[0], "how many there are of the first type");
  }

  // The arrows go through the list, and what is chosen is shown.
  async withTheKeyboard() {
    await this.page.locator("#found .list").focus();
    await this.page.keyboard.press("Home");
    await this.page.keyboard.press("ArrowDown");
    const rows = this.rows("found");
    const second = rows.nth(Math.min(1, (await rows.count()) - 1));
    this.equal(await second.evaluate((row) => row.classList.contains("chosen")), true, "the second row is chosen");
    await this.page.click("#reveal");
    const chosen = this.page.locator("#tree .row.chosen");
    this.equal(await chosen.count(), 1, "the object chosen is shown in the tree");
    await this.deepest();
  }

  // The object that lies deepest in the tree is found there.
  async deepest() {
    const { dominator, id } = this.data.objects;
    const depths = new Map([[-1, -1]]);
    const depth = (object) => {
      const way = [];
      let at = object;
      for (; !depths.has(at); at = dominator[at]) way.push(at);
      for (let last = depths.get(at); way.length; ) depths.set(way.pop(), ++last);
      return depths.get(object);
    };
    const deepest = id.reduce((deep, _, object) => (depth(object) > depth(deep) ? object : deep), 0);
    await this.search(`@${id[deepest]}`);
    await this.rows("found").first().click();
    await this.page.click("#reveal");
    const row = this.page.locator("#tree .row.chosen");
    this.equal(Number(await row.getAttribute("data-object")), deepest, "the deepest object is shown in the tree");
    this.equal(Number(await row.getAttribute("aria-level")), depth(deepest) + 1, "its level");
    const [name, column] = [await row.locator(".name").boundingBox(), await row.locator(":scope > *").first().boundingBox()];
    check(name.x < column.x + column.width - 20, `${this.file}: the name of the deepest object is not in its column`);
  }
}
