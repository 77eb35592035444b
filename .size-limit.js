// What an import may weigh, minified and compressed with brotli: `npm run size`, after a build. What outgrows its budget
// goes on a diet, or the budget is raised here, in the same change, where a reviewer sees it.
import { findEntryPoints } from "./tools/packages/published-entry-points.js";

/** Its own code: all that the package does not bring itself stays outside. */
const own = {
  "@enrollkit/cli": "37 kB",
  "@enrollkit/core": "19 kB",
  "@enrollkit/http": "14 kB",
  "@enrollkit/inversify": "5.5 kB",
  "@enrollkit/ledger": "42 kB",
  "@enrollkit/provisioning": "15 kB",
  "@enrollkit/provisioning/mail": "14 kB",
  "@enrollkit/simulators": "2 kB",
  "@enrollkit/telemetry": "2 kB",
  "@enrollkit/testing": "25 kB",
};
const ownOfAnAdapter = "12 kB";
const ownOfASimulator = "17 kB";

/** With all that it loads, but for Node itself. */
const whole = {
  "@enrollkit/applivery": "155 kB",
  "@enrollkit/cli": "650 kB",
  "@enrollkit/core": "73 kB",
};

const forNode = (config) => ({ ...config, platform: "node", format: "esm", mainFields: ["main"] });
const alone = (config) => ({ ...forNode(config), packages: "external" });

const limitFor = (specifier, folder) => {
  if (specifier in own) return own[specifier];
  if (specifier.startsWith("@enrollkit/simulators/")) return ownOfASimulator;
  if (folder.includes("/adapters/")) return ownOfAnAdapter;
  throw new Error(`${specifier} has no budget: name one in .size-limit.js`);
};

export default findEntryPoints().flatMap(({ specifier, folder, code }) => [
  {
    name: `${specifier}, its own code`,
    path: code,
    limit: limitFor(specifier, folder),
    modifyEsbuildConfig: alone,
  },
  ...(specifier in whole
    ? [
        {
          name: `${specifier} and all it loads`,
          path: code,
          limit: whole[specifier],
          modifyEsbuildConfig: forNode,
        },
      ]
    : []),
]);
