import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, it } from "vitest";

/** Programs that a test asks for a second opinion, and the Debian packages that bring them. */
const packages = {
  zbarimg: "zbar-tools",
  javac: "default-jdk-headless",
  chromium: "chromium",
} as const;

/** A program that may be missing on a developer's machine. */
export type DebianTool = keyof typeof packages;

const pathOf = (tool: DebianTool): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, tool))
    .find((path) => existsSync(path));

/**
 * Tests that need a program. Where it is missing they are skipped by name, and in CI they fail: there, nobody would notice
 * that they never ran.
 *
 * @param suite - gets the program's path.
 */
export const describeWithTool = (tool: DebianTool, title: string, suite: (path: string) => void): void => {
  const path = pathOf(tool);
  if (path !== undefined) {
    describe(title, () => {
      suite(path);
    });
    return;
  }
  const missing = `${title}: needs ${tool}, of Debian's package ${packages[tool]}`;
  const isRequired = (process.env["CI"] ?? "") !== "";
  it.skipIf(!isRequired)(missing, () => {
    throw new Error(missing);
  });
};
