// The memory panel of DevTools: a `.heapsnapshot` is loaded as a user would load it, and what is shown is read.

import path from "node:path";
import { check, checkEqual } from "./check.mjs";

const PANEL = "devtools://devtools/bundled/devtools_app.html?panel=heap-profiler";

export async function lookAtPanel(browser, directory, figures) {
  const file = path.join(directory, "heap.heapsnapshot");
  await browser.withPage(file, async (page) => {
    await page.setViewportSize({ width: 1600, height: 2000 });
    await page.goto(PANEL);
    await load(page, file);
    await checkRows(page, figures, file);
    await checkAllObjects(page, figures, file);
    await checkOneObject(page, figures, file);
    await page.screenshot({ path: path.join(directory, "panel.png") });
  });
}

// Two snapshots of one heap are compared: objects are the same by their ids, and none by the place where it lies.
export async function lookAtComparison(browser, directory, [added, dropped]) {
  await browser.withPage(directory, async (page) => {
    await page.goto(PANEL);
    for (const name of ["before", "after"]) {
      await page.locator(".profile-launcher-view-tree-item").click();
      await load(page, path.join(directory, `${name}.heapsnapshot`));
    }
    if (!(await isOpen(page))) return;
    await page.evaluate(async () => {
      const { HeapProfilerPanel } = await import("./panels/profiler/profiler.js");
      const view = HeapProfilerPanel.HeapProfilerPanel.instance().visibleView;
      await view.changePerspectiveAndWait("Comparison");
    });
    const row = page.locator("tr.data-grid-data-grid-node").filter({ hasText: "two_snapshots::Node" });
    await row.waitFor();
    const cells = await row.evaluate((shown) => [...shown.children].map((cell) => cell.textContent));
    checkEqual(cells.slice(1, 3), [added, dropped], `${directory}: the objects that are new, and those that are gone`);
    await page.screenshot({ path: path.join(directory, "comparison.png") });
    console.log(`${directory}: compared`);
  });
}

async function load(page, file) {
  const button = page.getByText("Load profile").first();
  await button.waitFor({ timeout: 60000 });
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), button.click()]);
  await chooser.setFiles(file);
  // It shows how large the heap is once the file has been read.
  const item = page.locator(".heap-snapshot-sidebar-tree-item").filter({ hasText: /\(.*B\)/ }).filter({ hasText: path.basename(file, ".heapsnapshot") });
  await item.waitFor({ timeout: 60000 });
  const rows = page.locator("tr.data-grid-data-grid-node");
  // A click that comes too early selects the item, but shows nothing.
  for (let turn = 0; turn < 30 && !(await rows.count()); turn++) {
    await page.locator(".profile-launcher-view-tree-item").click();
    await item.click();
    await page.waitForTimeout(1000);
  }
  check(await rows.count(), `${file}: the panel shows no row`);
}

// The rows in view, as a user reads them. Sizes are rounded there, but for small ones.
async function rowsInView(page) {
  return page.locator("tr.data-grid-data-grid-node").evaluateAll((rows) => {
    const text = (cell, selector) => cell.querySelector(selector)?.textContent ?? null;
    // Some rows only offer to show more.
    return rows.filter((row) => row.querySelector("[title$='B']")).map((row) => {
      const [object, distance, size, retained] = row.children;
      const count = text(object, ".objects-count");
      return {
        name: text(object, ".value") ?? object.textContent.replace(count ?? "", "").trim(),
        count: count ? Number(count.replace(/\D/g, "")) : 1,
        id: text(object, ".object-value-id"),
        edge: text(object, ".property-name"),
        distance: distance.textContent,
        size: size.querySelector("[title]").title,
        retained: retained.querySelector("[title]").title,
      };
    });
  });
}

// As DevTools writes sizes.
function rounded(bytes) {
  if (bytes < 1000) return `${bytes}\u00a0B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(bytes < 1e5 ? 1 : 0)}\u00a0kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)}\u00a0MB`;
}

function shownDistance(distance) {
  return distance === null ? "−" : String(distance);
}

async function checkRows(page, figures, file) {
  const byName = (a, b) => (a.name < b.name ? -1 : 1);
  const shown = (await rowsInView(page)).map(({ name, count, distance, size, retained }) => ({ name, count, distance, size, retained }));
  const expected = figures.types().map(({ name, count, distance, size, retained }) => ({
    name,
    count,
    distance: shownDistance(distance),
    size: rounded(size),
    retained: rounded(retained),
  }));
  checkEqual(shown.sort(byName), expected.sort(byName), `${file}: the rows of the panel`);
}

// Whether the panel's own objects can be asked. They are not meant for others, so another Chromium may have them elsewhere.
async function isOpen(page) {
  const found = await page.evaluate(async () => {
    try {
      const { HeapProfilerPanel } = await import("./panels/profiler/profiler.js");
      return Boolean(HeapProfilerPanel.HeapProfilerPanel.instance().visibleView.dataGrid.rootNode().children[0].provider);
    } catch {
      return false;
    }
  });
  if (!found) console.error("SKIPPED: this Chromium's panel cannot be asked for exact figures; only what it shows was compared");
  return found;
}

// Every object, with the panel's exact figures: what it would show if all rows were opened.
async function checkAllObjects(page, figures, file) {
  if (!(await isOpen(page))) return;
  const shown = await page.evaluate(async () => {
    const { HeapProfilerPanel } = await import("./panels/profiler/profiler.js");
    const grid = HeapProfilerPanel.HeapProfilerPanel.instance().visibleView.dataGrid;
    const objects = [];
    const types = [];
    for (const row of grid.rootNode().children) {
      types.push({ name: row.nameInternal.trim(), count: row.count, distance: row.distance, size: row.shallowSize, retained: row.retainedSize });
      const range = await row.provider().serializeItemsRange(0, row.count);
      objects.push(...range.items.map(({ id, name, distance, selfSize, retainedSize }) => [id, name, distance, selfSize, retainedSize]));
    }
    return { objects, types };
  });
  const distance = (value) => (value < 0 ? null : value);
  const found = shown.objects.map(([id, name, far, size, retained]) => ({ id, name: name.trim(), distance: distance(far), size, retained }));
  const byId = (a, b) => a.id - b.id;
  const expected = [...figures.objects].sort(byId);
  checkEqual(found.length, expected.length, `${file}: the number of objects in the panel`);
  found.sort(byId).forEach((object, index) => checkEqual(object, expected[index], `${file}: object @${object.id}`));
  const byName = (a, b) => (a.name < b.name ? -1 : 1);
  const types = shown.types.map((row) => ({ ...row, distance: distance(row.distance) }));
  checkEqual(types.sort(byName), figures.types().sort(byName), `${file}: the exact figures of the rows`);
  console.log(`${file}: ${found.length} objects of ${types.length} types have the crate's figures`);
}

// Opens a row, and an object in it: its edges are there by name, and it says what holds it.
async function checkOneObject(page, figures, file) {
  const held = figures.objects.findIndex((object, index) => {
    const isHeld = figures.data.objects.outside[index] > 0;
    return isHeld && figures.edges(index).length > 1 && figures.types().find(({ name }) => name === object.name).count < 50;
  });
  if (held < 0) return;
  const { id, name } = figures.objects[held];
  await page.locator("tr.data-grid-data-grid-node").filter({ hasText: name }).first().click();
  await page.keyboard.press("ArrowRight");
  const row = page.locator("tr.data-grid-data-grid-node").filter({ hasText: `@${id}` }).first();
  await row.click();
  await page.keyboard.press("ArrowRight");
  await page.getByText("(held outside the heap)").first().waitFor();
  await page.waitForTimeout(500);
  const rows = await rowsInView(page);
  const edges = new Map(figures.edges(held).map((edge) => [edge.name, `@${edge.id}`]));
  const shown = rows.filter((each) => each.edge !== null && edges.get(each.edge) === each.id);
  check(shown.length >= Math.min(edges.size, 20), `${file}: of the edges of @${id}, ${shown.length} are shown`);
}
