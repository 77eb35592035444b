// What is to be published, in which order, and what speaks against it: decided from plain data, before anything is sent.

/** The parts of a CI's environment that say where the code is, by the CI that npm can take a signature from. */
const repositoryIn = ({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, CI_PROJECT_URL }) =>
  CI_PROJECT_URL ?? (GITHUB_SERVER_URL && GITHUB_REPOSITORY && `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`);

const canSign = ({
  ACTIONS_ID_TOKEN_REQUEST_URL,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN,
  GITLAB_CI,
  SIGSTORE_ID_TOKEN,
}) =>
  Boolean(
    (ACTIONS_ID_TOKEN_REQUEST_URL && ACTIONS_ID_TOKEN_REQUEST_TOKEN) || (GITLAB_CI && SIGSTORE_ID_TOKEN),
  );

/**
 * npm's provenance says which commit of which repository a package was built from, signed by the CI that built it, and
 * npm refuses it if the manifest names another repository.
 * https://docs.npmjs.com/generating-provenance-statements
 *
 * @param {object} state
 * @param {{ manifest: any }[]} state.packages
 * @param {string[]} state.changes - what `git status --porcelain` says.
 * @param {string[]} state.changesets - that no version has taken up yet.
 * @param {Record<string, string | undefined>} state.environment
 * @returns {string[]}
 */
export const releaseProblems = ({ packages, changes, changesets, environment }) => [
  ...(canSign(environment)
    ? []
    : [
        "nothing here can sign: publish from a CI job that may ask for an id token (GitHub: id-token: write)",
      ]),
  ...(repositoryIn(environment) ? [] : ["the environment does not say which repository this is"]),
  ...(changes.length === 0 ? [] : [`${changes.length} files are not committed: ${changes.join(", ")}`]),
  ...(changesets.length === 0
    ? []
    : [`changesets wait for a version: ${changesets.join(", ")}; run npx changeset version`]),
  ...packages
    .filter(({ manifest: { version } }) => version === "0.0.0")
    .map(({ manifest: { name } }) => `${name} has no version yet: run npx changeset version`),
];

/** What a version is called, beside its number: `next` for 1.0.0-next.0. @type {(version: string) => string} */
export const tagOf = (version) => /-([a-z]+)/.exec(version)?.[1] ?? "latest";

const neededBy = ({ dependencies = {}, peerDependencies = {} }) =>
  Object.keys({ ...dependencies, ...peerDependencies });

/**
 * Each package after those that it needs: whoever installs in between finds all of them.
 *
 * @template {{ manifest: any }} Package
 * @param {Package[]} packages
 * @returns {Package[]}
 */
export const inOrder = (packages) => {
  const byName = new Map(packages.map((each) => [each.manifest.name, each]));
  const ordered = new Set();
  const add = (each, above) => {
    if (above.includes(each)) {
      const names = [...above, each].map(({ manifest }) => manifest.name);
      throw new Error(`packages need each other: ${names.join(" → ")}`);
    }
    for (const name of neededBy(each.manifest)) {
      const needed = byName.get(name);
      if (needed !== undefined) add(needed, [...above, each]);
    }
    ordered.add(each);
  };
  for (const each of packages) add(each, []);
  return [...ordered];
};

/** @type {(url: string, folder: string) => { type: string, url: string, directory: string }} */
const repositoryOf = (url, folder) => ({ type: "git", url: `git+${url}.git`, directory: folder });

/** The manifest of an archive, as it is published. @type {(manifest: any, folder: string, environment: Record<string, string | undefined>) => any} */
export const publishedManifest = (manifest, folder, environment) => {
  const url = repositoryIn(environment);
  return {
    ...manifest,
    ...(url === undefined ? {} : { repository: repositoryOf(url, folder) }),
    publishConfig: { access: "public" },
  };
};
