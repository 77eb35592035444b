import { method, type Call, type Route } from "./api.js";
import { managedEnterprise } from "./authorization.js";
import { listMethod } from "./enterprise-lists.js";
import { failedPrecondition, notFound } from "./errors.js";
import { policyMessage } from "./messages.js";
import { putPolicy } from "./policies.js";
import { maskedMembers, type Parameters } from "./query.js";
import type { PolicyRecord } from "./state.js";

const collectionPath = "/v1/enterprises/:enterprise/policies";

const show = ({ name, version, fields }: PolicyRecord): object => ({
  ...fields,
  name,
  version: String(version),
});

const policyOf = <Body, Known extends Parameters>({ vendor, account, parameter }: Call<Body, Known>) => {
  const enterprise = managedEnterprise(vendor, account, parameter("enterprise"));
  const policy = enterprise.policies.get(parameter("policy"));
  if (policy === undefined) throw notFound();
  return { enterprise, policy };
};

/** https://developers.google.com/android/management/reference/rest/v1/enterprises.policies */
export const policyRoutes: readonly Route[] = [
  listMethod({
    name: "policies",
    of: (enterprise) => enterprise.policies,
    show: (_vendor, policy) => show(policy),
  }),
  method({
    verb: "GET",
    path: `${collectionPath}/:policy`,
    query: {},
    answer: (call) => show(policyOf(call).policy),
  }),
  method({
    verb: "PATCH",
    path: `${collectionPath}/:policy`,
    query: { updateMask: "text" },
    body: { message: policyMessage, root: "policy" },
    answer: ({ vendor, account, body, query, parameter }) => {
      const enterprise = managedEnterprise(vendor, account, parameter("enterprise"));
      return show(putPolicy(vendor, enterprise, parameter("policy"), body, maskedMembers(query.updateMask)));
    },
  }),
  method({
    verb: "DELETE",
    path: `${collectionPath}/:policy`,
    query: {},
    answer: (call) => {
      const { enterprise, policy } = policyOf(call);
      if ((enterprise.devicesByPolicy.get(policy.name)?.size ?? 0) > 0) {
        throw failedPrecondition("Policy is referenced by devices.");
      }
      enterprise.policies.delete(policy.id);
      return {};
    },
  }),
];
