// Holds pnpm-lock.yaml and what is installed from it against the rules of docs/dependencies.md.
import { everythingOf } from "./graph.js";
import { findInstalled, installScriptsOf } from "./installed.js";
import { lockfileProblems, scriptProblems } from "./lockfile-rules.js";
import { findPublishedPackages, readLockfile, readWorkspace } from "./packages.js";

const lockfile = readLockfile();
const { catalog, allowBuilds = {} } = readWorkspace();
const packages = findPublishedPackages();
const idOf = ({ name, version }) => `${name}@${version}`;
const published = new Set(
  packages.flatMap((each) => everythingOf(lockfile, each, packages).others.map(idOf)),
);

const locked = Object.keys(lockfile.packages);
const installed = [...findInstalled()].filter(([id]) => Object.hasOwn(lockfile.packages, id));
const scripts = new Map(
  installed.map(([id, folder]) => [id, installScriptsOf(folder)]).filter(([, names]) => names.length > 0),
);

const ids = new Set(installed.map(([id]) => id));
const unseen = [...published].filter((id) => !ids.has(id));
const problems = [
  ...lockfileProblems(lockfile, catalog),
  ...scriptProblems(scripts, allowBuilds, published),
  ...unseen.map((id) => `${id} comes with a published package and is not installed: run \`npm run setup\``),
];

for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
else {
  console.log(
    `${locked.length} packages, each with its checksum, from the registry; ${published.size} of them come with what ` +
      `is published, and none of these runs a script on installation. ${locked.length - installed.length} are not ` +
      "installed here, most for other platforms, and were not looked into for scripts.",
  );
}
