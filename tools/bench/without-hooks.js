// What a create pays for hooks while nobody listens, taken out of what has been built. What is left is the code of today
// as it would be if there were no hooks: the only honest thing to hold it against.

/** By module: each text that is cut stands in it once. */
const cuts = {
  "packages/http/dist/sender.js": [
    [
      "describeDuration, durationLength, tellHooks, toIsoDuration",
      "describeDuration, durationLength, toIsoDuration",
    ],
    [`import { beginCall, vendorRequestOf } from "./call-hooks.js";\n`],
    [`    const hooks = runtime?.hooks;\n`],
    [
      `        const tellEnd = hooks && beginCall(hooks, vendorRequestOf(provider, request, journey.tries), journey.passed);\n`,
    ],
    [
      `                tellEnd?.({ status: result.status, ...(requestId !== undefined && { requestId }) });\n`,
    ],
    [
      `
            else
                tellEnd?.({ failure: result.kind });`,
    ],
    // Without hooks there is nothing to catch for.
    ["        journey.requestId = undefined;\n        try {\n", "        journey.requestId = undefined;\n"],
    [
      `            return result;
        }
        catch (error) {
            const isWithheld = error instanceof WithheldRequest;
            tellEnd?.({ failure: isWithheld ? "withheld" : journey.signal?.aborted ? "aborted" : "unsent" });
            throw error;
        }
`,
      "            return result;\n",
    ],
    [`import { WithheldRequest } from "./before-send.js";\n`],
    [
      `            if (hooks !== undefined) {
                const told = vendorRequestOf(provider, request, journey.tries);
                tellHooks(hooks, "onRetry", { ...told, error: "unauthenticated", wait: 0 });
            }
`,
    ],
  ],
  "packages/http/dist/client.js": [
    ["EnrollmentError, systemClock, tellHooks, ", "EnrollmentError, systemClock "],
    [`import { vendorRequestOf } from "./call-hooks.js";\n`],
    [
      `const tellRetry = ({ settings, request, journey }, error, wait) => {
    const { provider, runtime: { hooks } = {} } = settings;
    if (hooks === undefined)
        return;
    tellHooks(hooks, "onRetry", { ...vendorRequestOf(provider, request, journey.tries), error, wait });
};
`,
    ],
    [`            tellRetry(course, "not-found", 0);\n`],
    [`        tellRetry(course, error.code, wait);\n`],
    [
      `    const { provider, quota, runtime: { hooks } = {} } = settings;
    if (hooks === undefined)
        return;
    tellHooks(hooks, "onPause", {
        ...vendorRequestOf(provider, request, journey.tries),
        wait,
        ...(quota && { quota: { calls: quota.calls, per: quota.per } }),
    });
`,
    ],
  ],
  "packages/adapters/android-management/dist/provider.js": [
    ["EnrollmentError, observeProvider, parseInput", "EnrollmentError, parseInput"],
    [
      "observeProvider(new AndroidManagementProvider(settings, runtime), runtime)",
      "new AndroidManagementProvider(settings, runtime)",
    ],
  ],
};

/** The modules that know of hooks when a token is created, by their paths in the repository. */
export const modulesWithHooks = Object.keys(cuts);

/**
 * @param {string} module - one of {@link modulesWithHooks}.
 * @param {string} built - its code.
 */
export const withoutHooks = (module, built) => {
  let code = built;
  for (const [text, replacement = ""] of cuts[module]) {
    const parts = code.split(text);
    if (parts.length !== 2) {
      throw new Error(
        `tools/bench/without-hooks.js is out of date: ${module} has this ${parts.length - 1} times: ${text}`,
      );
    }
    code = parts.join(replacement);
  }
  return code;
};
