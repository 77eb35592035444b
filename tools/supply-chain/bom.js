import { Buffer } from "node:buffer";
import { Contrib, Enums, Models } from "@cyclonedx/cyclonedx-library";
import parseExpression from "spdx-expression-parse";

const { FromNodePackageJson, License } = Contrib;
const licenses = new License.Factories.LicenseFactory((expression) => void parseExpression(expression));
const components = new FromNodePackageJson.Builders.ComponentBuilder(
  new FromNodePackageJson.Factories.ExternalReferenceFactory(),
  licenses,
);

/** @type {(manifest: { name: string, version: string }) => string} */
export const packageUrl = ({ name, version }) => `pkg:npm/${name.replace("@", "%40")}@${version}`;

/** A lockfile's integrity names the algorithm and has the hash in base64. @type {(integrity: string) => [string, string]} */
export const hashOf = (integrity) => {
  const [, base64] = /^sha512-(.+)$/.exec(integrity) ?? [];
  if (base64 === undefined) throw new Error(`"${integrity}" is no sha512 integrity`);
  return [Enums.HashAlgorithm["SHA-512"], Buffer.from(base64, "base64").toString("hex")];
};

const componentOf = ({ manifest, integrity }) => {
  const component = components.makeComponent(manifest, Enums.ComponentType.Library);
  if (component === undefined) throw new Error(`the manifest of ${manifest.name} names no package`);
  component.purl = packageUrl(manifest);
  component.bomRef.value = component.purl;
  if (integrity !== undefined) component.hashes.set(...hashOf(integrity));
  return component;
};

/**
 * @typedef {object} Part
 * @property {any} manifest - the package.json.
 * @property {string} [integrity] - as the lockfile has it; a package of ours has none before it is packed.
 * @property {string[]} dependencies - the `packageUrl` of each package that it names itself.
 */

/**
 * The bill of materials of one package. Without a clock and a random number: the same commit has the same one.
 *
 * @param {Part} subject
 * @param {Part[]} parts - all that comes with it.
 * @returns {Models.Bom}
 */
export const billOf = (subject, parts) => {
  const root = componentOf(subject);
  const byUrl = new Map([[root.purl, root]]);
  for (const part of parts) byUrl.set(packageUrl(part.manifest), componentOf(part));
  for (const part of [subject, ...parts]) {
    for (const url of part.dependencies) {
      const dependency = byUrl.get(url);
      if (dependency === undefined)
        throw new Error(`${part.manifest.name} needs ${url}, which is not listed`);
      byUrl.get(packageUrl(part.manifest)).dependencies.add(dependency.bomRef);
    }
  }
  byUrl.delete(root.purl);
  return new Models.Bom({
    metadata: new Models.Metadata({ component: root }),
    components: new Models.ComponentRepository(byUrl.values()),
  });
};
