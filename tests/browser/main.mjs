// Looks at reports in Chromium: `node main.mjs DIRECTORY`, in which `run.sh` has put them.

import fs from "node:fs/promises";
import path from "node:path";
import { Browser } from "./browser.mjs";
import { failures } from "./check.mjs";
import { Figures } from "./figures.mjs";
import { hostileCopy, lookAtLargePage, lookAtPage } from "./page.mjs";
import { lookAtComparison, lookAtPanel } from "./panel.mjs";

const reports = path.resolve(process.argv[2]);
const browser = await Browser.start();
try {
  for (const name of ["document", "program"]) {
    const directory = path.join(reports, name);
    const figures = await Figures.read(directory);
    await lookAtPanel(browser, directory, figures);
    await lookAtPage(browser, directory, figures);
  }
  const counts = (await fs.readFile(path.join(reports, "two.txt"), "utf8")).trim().split(" ");
  await lookAtComparison(browser, path.join(reports, "two"), counts);
  const document = path.join(reports, "document");
  await lookAtPage(browser, await hostileCopy(document, path.join(reports, "hostile")), await Figures.read(path.join(reports, "hostile")));
  const large = path.join(reports, "large");
  await lookAtLargePage(browser, large, await Figures.read(large));
} finally {
  await browser.stop();
}
console.log(failures() ? `${failures()} checks failed` : "all checks passed");
process.exitCode = failures() ? 1 : 0;
