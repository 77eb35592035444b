/** The import directions of the architecture: `core ← http ← adapters`, everything else beside them. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, pathNot: "[.]test[.]ts$|/test/" },
  to: { path: "^packages/", pathNot: [from, ...allowed] },
});

const core = "^packages/core/";
const http = "^packages/http/";
const adapter = "^packages/adapters/";
const simulators = "^packages/simulators/";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    only("core-alone", core, [], "core is the contract: it knows nobody"),
    only("http-sees-core", http, [core], "http stands on core"),
    {
      name: "adapters-see-core-and-http",
      comment: "an adapter knows core and http, and never another adapter",
      severity: "error",
      from: { path: "^packages/adapters/([^/]+)/", pathNot: "[.]test[.]ts$|/test/" },
      to: { path: "^packages/", pathNot: ["^packages/adapters/$1/", core, http] },
    },
    only("inversify-sees-core", "^packages/inversify/", [core], "plugins are handed in"),
    only(
      "provisioning-sees-core",
      "^packages/provisioning/",
      [core],
      "provisioning works on enrollments alone",
    ),
    only("telemetry-sees-core", "^packages/telemetry/", [core], "hooks are handed to providers"),
    only("ledger-sees-core", "^packages/ledger/", [core], "providers and their runtime are handed in"),
    only("testing-sees-core", "^packages/testing/", [core], "the suite knows the contract, not the adapters"),
    only(
      "simulators-alone",
      simulators,
      [],
      "simulators share no code with adapters, or both share one mistake",
    ),
    {
      name: "simulators-share-nothing-even-in-tests",
      severity: "error",
      from: { path: simulators },
      to: { path: [core, http, adapter] },
    },
    {
      name: "axios-in-http-only",
      severity: "error",
      from: { path: "^packages/", pathNot: http },
      to: { path: "node_modules/axios/" },
    },
    {
      name: "telemetry-by-its-api-only",
      comment: "no SDK is forced on anybody",
      severity: "error",
      from: { path: "^packages/", pathNot: "[.]test[.]ts$|/test/" },
      to: { path: "node_modules/(@opentelemetry/(?!api/)|pino/)" },
    },
    {
      name: "telemetry-in-telemetry-only",
      severity: "error",
      from: { path: "^packages/", pathNot: "^packages/telemetry/" },
      to: { path: "node_modules/@opentelemetry/" },
    },
    {
      name: "databases-in-ledger-only",
      severity: "error",
      from: { path: "^packages/", pathNot: "^packages/ledger/" },
      to: { path: "node_modules/(@electric-sql/pglite|kysely|pg|pg-boss)/" },
    },
    {
      name: "inversify-in-inversify-only",
      severity: "error",
      from: { path: "^packages/", pathNot: "^packages/(inversify|cli)/" },
      to: { path: "node_modules/(inversify|reflect-metadata)/" },
    },
  ],
  options: {
    // A package is seen by others through what it has built.
    doNotFollow: { path: "node_modules|(^|/)dist/" },
    exclude: { path: "^examples/[^/]+/output/|(^|/)coverage/" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default", "types"] },
  },
};
