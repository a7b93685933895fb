// Chromium, without a window, with an empty profile of its own.

import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { check } from "./check.mjs";

const OPTIONS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export class Browser {
  static async start() {
    const browser = new Browser();
    browser.profile = await fs.mkdtemp(path.join(os.tmpdir(), "heap-report-"));
    browser.context = await chromium.launchPersistentContext(browser.profile, {
      executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
      headless: true,
      viewport: { width: 1400, height: 900 },
      args: OPTIONS,
    });
    return browser;
  }

  async stop() {
    await this.context.close();
    await fs.rm(this.profile, { recursive: true, force: true });
  }

  // Calls `look` with a new page. Errors of the page are failures, and so is each request to anything but a file.
  async withPage(name, look) {
    const page = await this.context.newPage();
    page.on("pageerror", (error) => check(false, `${name}: an error on the page: ${error.message}`));
    page.on("request", (request) => {
      check(/^(file|devtools|data|blob):/.test(request.url()), `${name}: the page asks for ${request.url()}`);
    });
    try {
      await look(page);
    } finally {
      await page.close();
    }
  }
}
