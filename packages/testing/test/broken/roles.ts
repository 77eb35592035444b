import { EnrollmentError, type Enrollment, type LifetimeLimits } from "@enrollkit/core";
import { memoryDescriptor } from "../../src/index.js";
import { changingRole, type BrokenProvider } from "./changes.js";

/** Providers whose descriptor, check, or view of one enrollment is broken. */
export const brokenRoles: readonly BrokenProvider[] = [
  {
    fault: "always checks out",
    rules: [
      "check/passes",
      "check/not-ok-under-status-503",
      "check/wrong-credentials",
      "check/not-ok-under-a-broken-connection",
      "check/not-ok-under-html-instead-of-json",
    ],
    change: (provider) => ({
      check: () =>
        Promise.resolve({
          provider: provider.name,
          ok: true,
          findings: [{ name: "credentials", status: "passed", message: "fine" }],
        }),
    }),
  },
  {
    fault: "checks by creating",
    rules: ["check/changes-nothing", "faults/check"],
    change: (provider, vendor) => ({
      check: async (options) => {
        await provider.createEnrollment(vendor.request(900));
        return provider.check(options);
      },
    }),
  },
  {
    fault: "revokes only once",
    rules: ["revocation/idempotent"],
    change: (provider) => {
      const gone = new Set<string>();
      return {
        revocation: {
          revoke: async (id, options) => {
            if (gone.has(id)) throw new EnrollmentError("it is gone", { code: "not-found" });
            gone.add(id);
            await provider.revocation?.revoke(id, options);
          },
        },
      };
    },
  },
  {
    fault: "has a revoke that does nothing",
    rules: [
      "revocation/ends-it",
      "roles/revocation-calls-the-vendor",
      "listing/live-ones-only",
      "revocation/after-a-lost-answer",
      "revocation/told-by-the-other-roles",
    ],
    change: changingRole("revocation", () => ({ revoke: () => Promise.resolve() })),
  },
  {
    fault: "has a role that is not declared",
    rules: ["descriptor/roles-are-those-present", "descriptor/plain-data"],
    change: ({ descriptor }) => ({
      descriptor: { ...descriptor, roles: descriptor.roles.filter((role) => role !== "listing") },
    }),
  },
  {
    fault: "declares a role that it does not have",
    rules: ["descriptor/roles-are-those-present", "roles/policies-calls-the-vendor", "policies/exist"],
    change: () => Object.fromEntries([["policies", undefined]]),
  },
  {
    fault: "lists only the first page",
    rules: ["listing/all-pages", "listing/while-others-are-added"],
    change: changingRole("listing", (listing) => ({
      list: async function* (options) {
        let seen = 0;
        for await (const summary of listing.list(options)) {
          yield summary;
          seen += 1;
          if (seen === 10) return;
        }
      },
    })),
  },
  {
    fault: "lists some twice",
    rules: ["listing/all-pages"],
    change: changingRole("listing", (listing) => ({
      list: async function* (options) {
        for await (const summary of listing.list(options)) {
          yield summary;
          if (summary.id.endsWith("3")) yield summary;
        }
      },
    })),
  },
  {
    fault: "reads all pages before the first item",
    rules: ["listing/page-by-page", "listing/abort-on-the-way"],
    change: changingRole("listing", (listing) => ({
      list: async function* (options) {
        const all = [];
        for await (const summary of listing.list(options)) all.push(summary);
        yield* all;
      },
    })),
  },
  {
    fault: "gets undefined for an unknown id",
    rules: ["retrieval/not-found", "retrieval/not-found-once-expired"],
    change: changingRole("retrieval", (retrieval) => ({
      get: async (id, options) => {
        try {
          return await retrieval.get(id, options);
        } catch (error) {
          if (EnrollmentError.is(error) && error.code === "not-found") {
            return undefined as unknown as Enrollment;
          }
          throw error;
        }
      },
    })),
  },
  {
    fault: "calls everything pending",
    rules: ["tracking/used", "tracking/expired", "tracking/unknown"],
    change: changingRole("tracking", (tracking) => ({
      getStatuses: async (enrollments, options) => {
        await tracking.getStatuses(enrollments, options);
        return enrollments.map(({ id }) => ({ id, state: "pending", devices: [] }));
      },
    })),
  },
  {
    fault: "gives statuses in the vendor's order",
    rules: ["tracking/many-in-order"],
    change: changingRole("tracking", (tracking) => ({
      getStatuses: async (enrollments, options) => {
        const statuses = await tracking.getStatuses(enrollments, options);
        return [...statuses].sort((one, other) => one.id.localeCompare(other.id));
      },
    })),
  },
  {
    fault: "declares a default lifetime beyond the longest",
    rules: ["descriptor/consistent"],
    change: ({ descriptor }) => ({
      descriptor: {
        ...descriptor,
        lifetime: { ...memoryDescriptor.lifetime, default: "P31D" } as LifetimeLimits,
      },
    }),
  },
  {
    fault: "declares no unique fields",
    rules: ["unique-fields/refused-in-one-run"],
    change: ({ descriptor }) => ({ descriptor: { ...descriptor, uniqueFields: [] } }),
  },
  {
    fault: "shows its access token",
    rules: ["secrets/provider"],
    change: () => Object.fromEntries([["accessToken", "canary-of-the-access-token"]]),
  },
  {
    fault: "lists what does not exist",
    rules: ["listing/empty", "listing/all-pages", "listing/summaries"],
    change: changingRole("listing", (listing) => ({
      list: async function* (options) {
        yield* listing.list(options);
        yield { id: "ghost", provider: "memory", vendor: "memory", state: "pending", expiresAt: "never" };
      },
    })),
  },
  {
    fault: "lists tokens",
    rules: ["secrets/listing", "listing/summaries"],
    change: ({ listing, retrieval }) => ({
      listing: {
        list: async function* (options) {
          for await (const summary of listing?.list(options) ?? []) {
            const artifact = (await retrieval?.get(summary.id))?.artifacts[0];
            if (artifact === undefined || !("value" in artifact)) yield summary;
            else yield { ...summary, ...{ token: artifact.value.reveal() } };
          }
        },
      },
    }),
  },
  {
    fault: "calls everything unknown",
    rules: ["tracking/pending", "tracking/used"],
    change: changingRole("tracking", (tracking) => ({
      getStatuses: async (enrollments, options) =>
        (await tracking.getStatuses(enrollments, options)).map(({ id }) => ({
          id,
          state: "unknown",
          devices: [],
        })),
    })),
  },
  {
    fault: "ignores the signal in check",
    rules: ["abort/check"],
    change: (provider) => ({ check: () => provider.check() }),
  },
  {
    fault: "tells the token in a status",
    rules: ["secrets/tracking"],
    change: ({ tracking, retrieval }) => ({
      tracking: {
        getStatuses: async (enrollments, options) => {
          const statuses = (await tracking?.getStatuses(enrollments, options)) ?? [];
          const artifact = (await retrieval?.get(enrollments[0]?.id ?? ""))?.artifacts[0];
          const detail = artifact !== undefined && "value" in artifact ? artifact.value.reveal() : "";
          return statuses.map((status) => ({ ...status, detail }));
        },
      },
    }),
  },
  {
    fault: "gets a token in clear text",
    rules: ["secrets/retrieval"],
    change: changingRole("retrieval", (retrieval) => ({
      get: async (id, options) => {
        const enrollment = await retrieval.get(id, options);
        const artifact = enrollment.artifacts[0];
        const token = artifact !== undefined && "value" in artifact ? artifact.value.reveal() : "";
        return { ...enrollment, ...{ token } };
      },
    })),
  },
];
