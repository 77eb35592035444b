import { join } from "node:path";
import { defineConfig } from "vitest/config";
import project from "../../vitest.config.js";

const { MUTATION_FOLDER = "packages/core", MUTATION_TESTS = "[]" } = process.env;
const { setupFiles = [], testTimeout = 5000, hookTimeout = 5000 } = project.test ?? {};

/** The tests of one target of `npm run mutation`, run inside of the mutated copy of the project. */
export default defineConfig({
  ...project,
  test: {
    root: join(import.meta.dirname, "../..", MUTATION_FOLDER),
    include: JSON.parse(MUTATION_TESTS) as string[],
    setupFiles,
    testTimeout,
    hookTimeout,
  },
});
