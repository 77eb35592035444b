import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Hono } from "hono";
import type { DeskEnvironment } from "./guard.js";

const files = {
  "desk.css": "text/css; charset=utf-8",
  "live.js": "text/javascript; charset=utf-8",
  "icon.svg": "image/svg+xml",
} as const;

/** Serves these files and no others: no path of a request ever becomes one of the disk. */
export const serveStatic = (app: Hono<DeskEnvironment>): void => {
  for (const [name, type] of Object.entries(files)) {
    const content = readFileSync(join(import.meta.dirname, "..", "static", name), "utf8");
    app.get(`/static/${name}`, (context) => context.body(content, 200, { "content-type": type }));
  }
};
