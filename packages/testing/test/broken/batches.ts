import { EnrollmentError, failureOf, Secret } from "@enrollkit/core";
import { changingRole, type BrokenProvider } from "./changes.js";

/** Providers that are wrong about many at once, or about what an enrollment aims at. */
export const brokenBatches: readonly BrokenProvider[] = [
  {
    fault: "calls every lost attempt absent",
    rules: ["reconciliation/finds-what-happened", "truth/reset-after-on-create-once"],
    change: changingRole("reconciliation", (reconciliation) => ({
      reconcile: async (attempts, options) => {
        await reconciliation.reconcile(attempts, options);
        return attempts.map(() => ({ status: "absent" }));
      },
    })),
  },
  {
    fault: "gives the results of a batch backwards",
    rules: ["bulk/one-result-each-in-order", "many/through-a-passing-fault"],
    change: changingRole("bulk", (bulk) => ({
      createBatch: async (requests, options) => [...(await bulk.createBatch(requests, options))].reverse(),
    })),
  },
  {
    fault: "lets one bad item sink the batch",
    rules: ["bulk/one-bad-item", "many/one-that-the-vendor-refuses"],
    change: changingRole("bulk", (bulk) => ({
      createBatch: async (requests, options) => {
        const results = await bulk.createBatch(requests, options);
        const bad = results.find(({ status }) => status !== "created");
        if (bad === undefined) return results;
        if (bad.status === "created") throw new TypeError("unreachable");
        throw bad.error;
      },
    })),
  },
  {
    fault: "takes upper and lower case for two people",
    rules: ["recipients/ensured-once"],
    change: changingRole("recipients", (recipients) => ({
      ...recipients,
      find: async (email, options) =>
        email === email.toLowerCase() ? recipients.find(email, options) : undefined,
    })),
  },
  {
    fault: "refuses to be asked for nothing",
    rules: ["tracking/none", "reconciliation/none", "bulk/none"],
    change: ({ tracking, reconciliation, bulk }) => {
      const refuse = () => Promise.reject(new EnrollmentError("nothing to do", { code: "invalid-request" }));
      return {
        tracking: {
          getStatuses: (enrollments, options) =>
            enrollments.length === 0 || tracking === undefined
              ? refuse()
              : tracking.getStatuses(enrollments, options),
        },
        reconciliation: {
          reconcile: (attempts, options) =>
            attempts.length === 0 || reconciliation === undefined
              ? refuse()
              : reconciliation.reconcile(attempts, options),
        },
        bulk: {
          createBatch: (requests, options) =>
            requests.length === 0 || bulk === undefined ? refuse() : bulk.createBatch(requests, options),
        },
      };
    },
  },
  {
    fault: "takes the newest enrollment for a lost one",
    rules: ["reconciliation/does-not-take-another-for-it", "reconciliation/many-in-order"],
    change: ({ listing, retrieval }) => ({
      reconciliation: {
        reconcile: async (attempts) => {
          const ids: string[] = [];
          for await (const { id } of listing?.list() ?? []) ids.push(id);
          const enrollment = await retrieval?.get(ids.at(-1) ?? "");
          return attempts.map(() =>
            enrollment === undefined ? { status: "absent" } : { status: "created", enrollment },
          );
        },
      },
    }),
  },
  {
    fault: "loses the last of a batch",
    rules: ["bulk/one-result-each-in-order"],
    change: changingRole("bulk", (bulk) => ({
      createBatch: async (requests, options) => (await bulk.createBatch(requests, options)).slice(0, -1),
    })),
  },
  {
    fault: "calls the first of a batch failed that was created",
    rules: ["bulk/one-result-each-in-order", "many/one-outcome-each"],
    change: changingRole("bulk", (bulk) => ({
      createBatch: async (requests, options) =>
        (await bulk.createBatch(requests, options)).map((result, place) =>
          place > 0 ? result : failureOf(new EnrollmentError("not so", { code: "unknown" })),
        ),
    })),
  },
  {
    fault: "takes fewer in a batch than it declares",
    rules: ["limits/full-batch"],
    change: changingRole("bulk", (bulk) => ({
      createBatch: (requests, options) =>
        requests.length > 50
          ? Promise.reject(new EnrollmentError("too many", { code: "invalid-request" }))
          : bulk.createBatch(requests, options),
    })),
  },
  {
    fault: "takes fewer in an import than it declares",
    rules: ["limits/full-import-batch"],
    change: changingRole("deviceImport", (deviceImport) => ({
      importBatch: (devices, options) =>
        devices.length > 50
          ? Promise.reject(new EnrollmentError("too many", { code: "invalid-request" }))
          : deviceImport.importBatch(devices, options),
    })),
  },
  {
    fault: "says nothing of what it drops in a batch",
    rules: ["bulk/warns-of-what-it-drops"],
    change: changingRole("bulk", (bulk) => ({
      createBatch: async (requests, options) =>
        (await bulk.createBatch(requests, options)).map((result) =>
          result.status === "created"
            ? { ...result, enrollment: { ...result.enrollment, warnings: [] } }
            : result,
        ),
    })),
  },
  {
    fault: "calls a batch failed whose answer was lost",
    rules: ["truth/batch"],
    change: changingRole("bulk", (bulk) => ({
      createBatch: async (requests, options) =>
        (await bulk.createBatch(requests, options)).map((result) =>
          result.status === "unknown" ? { status: "failed", error: result.error } : result,
        ),
    })),
  },
  {
    fault: "gives imported devices backwards",
    rules: ["device-import/one-result-each-in-order"],
    change: changingRole("deviceImport", (deviceImport) => ({
      importBatch: async (devices, options) =>
        [...(await deviceImport.importBatch(devices, options))].reverse(),
    })),
  },
  {
    fault: "loses the last of an import",
    rules: ["device-import/same-name-twice", "device-import/one-result-each-in-order"],
    change: changingRole("deviceImport", (deviceImport) => ({
      importBatch: async (devices, options) =>
        (await deviceImport.importBatch(devices, options)).slice(0, -1),
    })),
  },
  {
    fault: "lets one bad device sink the import",
    rules: ["device-import/one-bad-item"],
    change: changingRole("deviceImport", (deviceImport) => ({
      importBatch: async (devices, options) => {
        const results = await deviceImport.importBatch(devices, options);
        return results.find(({ status }) => status === "failed") === undefined ? results : results.slice(1);
      },
    })),
  },
  {
    fault: "gives imported devices ids of its own",
    rules: ["device-import/then-enrolled"],
    change: changingRole("deviceImport", (deviceImport) => ({
      importBatch: async (devices, options) =>
        (await deviceImport.importBatch(devices, options)).map((result) =>
          result.status === "created" ? { ...result, device: { ...result.device, id: "mine" } } : result,
        ),
    })),
  },
  {
    fault: "resolves every path to the first group",
    rules: ["device-groups/resolved-by-path", "device-groups/not-found"],
    change: changingRole("deviceGroups", (deviceGroups) => ({
      ...deviceGroups,
      resolve: (_path, options) => deviceGroups.resolve("All", options),
    })),
  },
  {
    fault: "makes a person each time",
    rules: ["recipients/ensured-once", "recipients/ensured-through-a-lost-answer"],
    change: changingRole("recipients", (recipients) => {
      let made = 0;
      return {
        ...recipients,
        ensure: async (recipient, options) => {
          const first = await recipients.ensure(recipient, options);
          made += 1;
          return { ...first, id: `${first.id}-${made}` };
        },
      };
    }),
  },
  {
    fault: "breaks a file into lines and puts it into a folder",
    rules: ["deployment-files/have-content"],
    change: changingRole("deploymentFiles", (deploymentFiles) => ({
      generate: async (request, options) => {
        const file = await deploymentFiles.generate(request, options);
        const lines = file.content.reveal().replaceAll(/.{40}/gu, "$&\n");
        return { ...file, fileName: `files/${file.fileName}`, content: new Secret(lines) };
      },
    })),
  },
  {
    fault: "shows what is in a file",
    rules: ["secrets/deployment-file"],
    change: changingRole("deploymentFiles", (deploymentFiles) => ({
      generate: async (request, options) => {
        const file = await deploymentFiles.generate(request, options);
        return { ...file, text: Buffer.from(file.content.reveal(), "base64").toString("utf8") };
      },
    })),
  },
  {
    fault: "knows every policy",
    rules: ["policies/do-not-exist"],
    change: changingRole("policies", (policies) => ({
      list: (options) => policies.list(options),
      exists: async (id, options) => (await policies.exists(id, options)) || id !== "",
    })),
  },
];
