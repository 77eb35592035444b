// Writes a bill of materials of each published package, CycloneDX 1.6 in JSON, into sbom/. A release attaches them.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Serialize, Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { billOf, packageUrl } from "./bom.js";
import { dependenciesOf, directOf, entryOf, everythingOf } from "./graph.js";
import { findInstalled } from "./installed.js";
import { findPublishedPackages, readLockfile, root } from "./packages.js";

const { version } = Spec.Spec1dot6;
const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
const validator = new Validation.JsonStrictValidator(version);

const lockfile = readLockfile();
const packages = findPublishedPackages();
const installed = findInstalled();
const manifestOf = (folder) => packages.find((each) => each.folder === folder).manifest;

const ownPart = (published) => {
  const { own, others } = directOf(lockfile, published);
  return {
    manifest: published.manifest,
    dependencies: [...own.map((folder) => packageUrl(manifestOf(folder))), ...others.map(packageUrl)],
  };
};

const lockedPart = async (locked) => {
  const folder = installed.get(`${locked.name}@${locked.version}`);
  if (folder === undefined) {
    throw new Error(`${locked.name}@${locked.version} is not installed: run \`npm run setup\``);
  }
  return {
    manifest: JSON.parse(await readFile(join(folder, "package.json"), "utf8")),
    integrity: entryOf(lockfile, locked).resolution.integrity,
    dependencies: dependenciesOf(lockfile, locked).map(packageUrl),
  };
};

const output = join(root, "sbom");
await rm(output, { recursive: true, force: true });
await mkdir(output);
for (const published of packages) {
  const { own, others } = everythingOf(lockfile, published, packages);
  const ours = packages.filter(({ folder }) => own.includes(folder));
  const parts = [...ours.map(ownPart), ...(await Promise.all(others.map(lockedPart)))];
  const text = serializer.serialize(billOf(ownPart(published), parts), { sortLists: true, space: 2 });
  const problem = await validator.validate(text);
  if (problem !== null) {
    throw new Error(
      `the bill of ${published.manifest.name} is no CycloneDX ${version}: ${JSON.stringify(problem)}`,
    );
  }
  const name = published.manifest.name.replace(/^@/, "").replace("/", "-");
  await writeFile(join(output, `${name}.cdx.json`), `${text}\n`);
}
console.log(`${packages.length} bills in sbom/, each valid CycloneDX ${version}`);
