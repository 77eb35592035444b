// Keeps what the packages offer as text, in api/: `npm run api` writes it, `npm run api:check` fails if the packages now
// offer something else. Both read the types that are published, so they need a build.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../supply-chain/packages.js";
import { findEntryPoints } from "../packages/published-entry-points.js";
import { keepReports } from "./reports.js";

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const entryPoints = findEntryPoints();
const { problems, written } = await keepReports(entryPoints, join(root, "api"), values.check);
for (const report of written) console.log(`wrote api/${report}`);
if (problems.length === 0) console.log(`${entryPoints.length} reports say what the packages offer`);
else {
  process.exitCode = 1;
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (values.check)
    process.stderr.write(
      "If that is meant: npm run api, and commit api/ together with a changeset (npx changeset).\n",
    );
}
