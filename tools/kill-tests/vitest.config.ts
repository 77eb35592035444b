import { defineConfig } from "vitest/config";

/** The kill tests: `npm run kill-test`, after a build. They take minutes, and so are no part of `npm test`. */
export default defineConfig({
  test: {
    name: "kill-tests",
    root: import.meta.dirname,
    include: ["*.test.ts"],
    // Each spends most of its time waiting for processes of its own.
    maxWorkers: 2,
  },
});
