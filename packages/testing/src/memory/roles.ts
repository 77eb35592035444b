import {
  EnrollmentError,
  Secret,
  type EnrollmentProvider,
  type ReconciledAttempt,
  type RoleName,
} from "@enrollkit/core";
import { createBatches } from "./batches.js";
import { createCatalogs } from "./catalogs.js";
import { describedBy } from "./preparation.js";
import {
  arrayOf,
  enrollmentReader,
  nullable,
  pageOf,
  readerOf,
  readStatus,
  summaryReader,
} from "./readers.js";
import type { RoleParts } from "./role-parts.js";

type Roles = { readonly [Role in RoleName]: NonNullable<EnrollmentProvider[Role]> };

const readNothing = readerOf(undefined, () => undefined);
const readFile = readerOf(undefined, (file) => ({
  fileName: file.text("fileName"),
  content: file.text("content"),
}));

/** Every role that the in-memory vendor can play. */
export const createRoles = (parts: RoleParts): Roles => {
  const { name, descriptor, client } = parts;
  const { vendor } = descriptor;
  const readEnrollment = enrollmentReader(name, vendor);
  const readFound = arrayOf(nullable(readEnrollment));

  return {
    ...createBatches(parts),
    ...createCatalogs(name, client),
    retrieval: {
      get: (id, options) => client.call("enrollments.get", { id }, "repeatable", readEnrollment, options),
    },
    listing: {
      list: async function* (options) {
        const read = pageOf(summaryReader(name, vendor));
        let after: number | undefined;
        do {
          const page = await client.call("enrollments.list", { after }, "repeatable", read, options);
          yield* page.items;
          after = page.next;
        } while (after !== undefined);
      },
    },
    revocation: {
      revoke: async (id, options) => {
        try {
          await client.call("enrollments.revoke", { id }, "repeatable", readNothing, options);
        } catch (error) {
          // Already gone is what was wanted.
          if (!EnrollmentError.is(error) || error.code !== "not-found") throw error;
        }
      },
    },
    tracking: {
      getStatuses: (enrollments, options) => {
        const ids = enrollments.map(({ id }) => id);
        return client.call("enrollments.statuses", { ids }, "repeatable", arrayOf(readStatus), options);
      },
    },
    reconciliation: {
      reconcile: async (attempts, options) => {
        const wanted = attempts.map(({ request: { key = "" }, sentAt }) => ({
          key,
          since: Date.parse(sentAt),
        }));
        const input = { wanted };
        const found = await client.call("enrollments.findByKeys", input, "repeatable", readFound, options);
        return found.map((enrollment, place): ReconciledAttempt => {
          if (enrollment === undefined) return { status: "absent" };
          return { status: "created", enrollment: describedBy(attempts[place]?.request ?? {}, enrollment) };
        });
      },
    },
    deploymentFiles: {
      generate: async ({ profile }, options) => {
        const input = { profile };
        const file = await client.call("deploymentFiles.generate", input, "once", readFile, options);
        return { fileName: file.fileName, content: new Secret(file.content), warnings: [], requestIds: [] };
      },
    },
  };
};
