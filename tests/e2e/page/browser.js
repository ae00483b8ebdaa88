// What every file here needs: the world as the Rust side built it, and a browser in it.

import { readFileSync } from "node:fs";
import { test as any } from "node:test";
import { chromium } from "playwright-core";

/** The world: addresses, and the table of scenarios (`src/main.rs`, `src/table.rs`). */
export const world = JSON.parse(readFileSync(process.env.MTA_STS_WORLD, "utf8"));

/** Chromium, whose home trusts the world's certificate authority. */
export const launch = () =>
  chromium.launch({
    executablePath: process.env.MTA_STS_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", // the namespace is the sandbox; root may not have another
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** A test, if its name contains what was asked for. */
export const test = (name, run) => name.includes(process.env.MTA_STS_FILTER ?? "") && any(name, run);
