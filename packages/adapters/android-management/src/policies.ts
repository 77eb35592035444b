import { EnrollmentError, type CallOptions, type PolicyCatalog } from "@enrollkit/core";
import { abortable } from "./abortable.js";
import type { AndroidManagementClient } from "./client.js";
import { resolveResourceName, resourceId, resourceName } from "./resource-names.js";
import type { ResolvedSettings } from "./settings.js";

/** The policies of the enterprise. A policy has no name but its id, which is what settings and extras take. */
export const createPolicyCatalog = (
  client: AndroidManagementClient,
  settings: ResolvedSettings,
): PolicyCatalog => ({
  list: async function* (options) {
    for await (const { name } of client.policies.list(options)) {
      yield { id: resourceId(name), name: resourceId(name) };
    }
  },
  exists: async (id, options) => {
    try {
      await client.policies.get(resolveResourceName(settings, "policies", id), options);
      return true;
    } catch (error) {
      if (EnrollmentError.is(error) && error.code === "not-found") return false;
      throw error;
    }
  },
});

/**
 * @param path - the field that chose the policy.
 * @throws EnrollmentError `failed-precondition` if there is no such policy.
 */
export type PolicyCheck = (policy: string, path: string, options?: CallOptions) => Promise<void>;

/**
 * Asks once for each policy whether it exists: whether a create does so is documented nowhere, and a device that
 * enrolls without one is of no use. A policy that is missing is asked for again next time.
 */
export const createPolicyCheck = (catalog: PolicyCatalog, settings: ResolvedSettings): PolicyCheck => {
  const lookUps = new Map<string, Promise<boolean>>();

  const lookUp = async (policy: string): Promise<boolean> => {
    let exists = false;
    try {
      exists = await catalog.exists(policy);
    } finally {
      if (!exists) lookUps.delete(policy);
    }
    return exists;
  };

  return async (policy, path, options = {}) => {
    options.signal?.throwIfAborted();
    // Several creates may wait for one look-up, so none of their signals stops it.
    const lookedUp = lookUps.get(policy) ?? lookUp(policy);
    lookUps.set(policy, lookedUp);
    if (await abortable(lookedUp, options.signal)) return;
    throw new EnrollmentError(`there is no ${resourceName(settings.enterprise, "policies", policy)}`, {
      code: "failed-precondition",
      provider: settings.name,
      path,
      advice: "create the policy first, or correct its id",
    });
  };
};
