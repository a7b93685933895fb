// Checks, which are counted, and said where they fail.

import { isDeepStrictEqual } from "node:util";

// How many failures are told; the rest is only counted.
const TOLD = 30;

let failed = 0;

export function failures() {
  return failed;
}

export function check(isTrue, what) {
  if (isTrue) return;
  failed++;
  if (failed <= TOLD) console.error(`FAILED: ${what}`);
}

export function checkEqual(found, expected, what) {
  check(isDeepStrictEqual(found, expected), `${what}: expected ${show(expected)}, found ${show(found)}`);
}

function show(value) {
  const text = JSON.stringify(value);
  return text && text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
