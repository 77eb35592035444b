import { setTimeout } from "node:timers/promises";
import { EnrollmentError, type Enrollment, type Secret } from "@enrollkit/core";
import {
  changingError,
  changingRequest,
  changingResult,
  creating,
  without,
  type BrokenProvider,
} from "./changes.js";

/** Providers whose results and errors are not what they should be. */
export const brokenResults: readonly BrokenProvider[] = [
  {
    fault: "forgets the key",
    rules: ["create/echoes-the-request"],
    change: changingResult((enrollment) => without(enrollment, "key")),
  },
  {
    fault: "forgets the recipient",
    rules: ["create/echoes-the-request", "fields/recipient.email-accepted", "fields/recipient.name-accepted"],
    change: changingResult((enrollment) => without(enrollment, "recipient")),
  },
  {
    fault: "gives a token in clear text",
    rules: ["secrets/enrollment", "create/artifacts-as-declared", "create/survives-redacted-json"],
    change: changingResult((enrollment) => ({
      ...enrollment,
      artifacts: enrollment.artifacts.map((artifact) =>
        "value" in artifact ? { ...artifact, value: artifact.value.reveal() as unknown as Secret } : artifact,
      ),
    })),
  },
  {
    fault: "puts the token into the id",
    rules: ["secrets/enrollment", "retrieval/same-enrollment"],
    change: changingResult((enrollment) => {
      const artifact = enrollment.artifacts[0];
      return artifact !== undefined && "value" in artifact
        ? { ...enrollment, id: artifact.value.reveal() }
        : enrollment;
    }),
  },
  {
    fault: "adds members that are not in the contract",
    rules: ["create/survives-json"],
    change: changingResult((enrollment) => ({ ...enrollment, raw: { status: 200 } })),
  },
  {
    fault: "repeats a create whose answer was lost",
    rules: [
      "truth/reset-after-on-create-once",
      "truth/lost-answer-is-not-repeated",
      "truth/html-on-create-once",
    ],
    change: creating((create) => async (request, options) => {
      try {
        return await create(request, options);
      } catch (error) {
        if (EnrollmentError.is(error) && error.code === "outcome-unknown") return create(request, options);
        throw error;
      }
    }),
  },
  {
    fault: "calls a lost answer a failure",
    rules: [
      "truth/reset-after-on-create-once",
      "truth/truncated-on-create-once",
      "reconciliation/finds-what-happened",
    ],
    change: changingError((error) =>
      error.code === "outcome-unknown" ? error.with({ code: "unavailable", retryable: true }) : error,
    ),
  },
  {
    fault: "throws errors that are none of ours",
    rules: [
      "faults/create-403",
      "truth/status-500-on-any-for-ever",
      "fields/invalid-unknown-field",
      "fields/errors-survive-json",
    ],
    change: changingError((error) => new Error(error.message)),
  },
  {
    fault: "calls every error unknown",
    rules: [
      "faults/create-403",
      "faults/create-429-for-ever",
      "check/wrong-credentials-on-create",
      "faults/create-401",
      "faults/create-404",
    ],
    change: changingError((error) => error.with({ code: "unknown", retryable: false })),
  },
  {
    fault: "repeats the address in an error",
    rules: ["secrets/refusals", "secrets/errors-under-status-403"],
    change: changingError((error, { recipient }) =>
      error.with({ message: `${error.message} (for ${recipient?.email ?? "nobody"})` }),
    ),
  },
  {
    fault: "keeps the address in the cause of an error",
    rules: ["secrets/refusals", "secrets/errors-under-status-500"],
    change: changingError((error, { recipient }) =>
      error.with({ cause: Object.assign(new Error("request failed"), { config: { data: recipient } }) }),
    ),
  },
  {
    fault: "gives up a call with another reason than the signal's",
    rules: ["abort/create-before", "abort/create-during"],
    change: creating((create) => async (request, options) => {
      try {
        return await create(request, options);
      } catch (error) {
        if (options?.signal?.aborted) throw new EnrollmentError("aborted", { code: "unavailable" });
        throw error;
      }
    }),
  },
  {
    fault: "ignores the signal",
    rules: ["abort/create-before", "abort/create-during"],
    change: creating((create) => (request) => create(request)),
  },
  {
    fault: "leaves a listener on the signal",
    rules: ["abort/no-listeners-left"],
    change: creating((create) => (request, options) => {
      options?.signal?.addEventListener("abort", () => undefined);
      return create(request, options);
    }),
  },
  {
    fault: "forgets the device",
    rules: [
      "create/echoes-the-request",
      "fields/device.name-accepted",
      "fields/device.description-accepted",
      "fields/device.serialNumber-accepted",
    ],
    change: changingResult((enrollment) => without(enrollment, "device")),
  },
  {
    fault: "names another provider and vendor",
    rules: ["create/names-its-origin"],
    change: changingResult((enrollment) => ({ ...enrollment, provider: "other", vendor: "other" })),
  },
  {
    fault: "gives an object of a class of its own",
    rules: ["create/plain-data"],
    change: changingResult((enrollment) =>
      Object.assign(Object.create({ reload: () => 1 }) as Enrollment, enrollment),
    ),
  },
  {
    fault: "writes into the request",
    rules: ["create/leaves-the-request-alone"],
    change: changingRequest((request) => Object.assign(request, { key: "mine" })),
  },
  {
    fault: "dates it back",
    rules: ["create/created-at"],
    change: changingResult((enrollment) => ({ ...enrollment, createdAt: "1970-01-01T00:00:00.000Z" })),
  },
  {
    fault: "gives up after a millisecond",
    rules: ["faults/create-slow"],
    change: creating((create) => (request, options) => {
      const timeout = new EnrollmentError("too slow", { code: "outcome-unknown" });
      const patience = setTimeout(1, timeout, { ref: false }).then((error) => Promise.reject(error));
      return Promise.race([create(request, options), patience]);
    }),
  },
  {
    fault: "gives everybody the same enrollment",
    rules: ["create/each-its-own"],
    change: (provider, vendor) => {
      let first: Promise<Enrollment> | undefined;
      const remember = creating((create) => async (request, options) => {
        const own = create(request, options);
        first ??= own;
        await own;
        return first;
      });
      return remember(provider, vendor);
    },
  },
];
