import { synchronize } from "./devices.js";
import { invalidArgument } from "./errors.js";
import type { PolicyInput } from "./messages.js";
import type { EnterpriseRecord, PolicyRecord, Vendor } from "./state.js";

const outputOnly: ReadonlySet<string> = new Set(["name", "version"]);

const checkPolicy = ({ setupActions = [], ...others }: PolicyInput): void => {
  if (setupActions.length > 1) throw invalidArgument("setupActions must have at most one action.");
  const { policyEnforcementRules: rules = [] } = others as { policyEnforcementRules?: unknown };
  if (!Array.isArray(rules)) throw invalidArgument("policyEnforcementRules must be a list.");
  rules.forEach((rule: { blockAction?: unknown; wipeAction?: unknown } | null, index) => {
    if (rule?.blockAction === undefined || rule.wipeAction === undefined) {
      throw invalidArgument(`policyEnforcementRules[${index}] must have a block action and a wipe action.`);
    }
  });
};

/** The policy's fields after a patch: named ones are replaced or cleared, without a mask all are. */
const patched = (current: PolicyInput, input: PolicyInput, mask: ReadonlySet<string> | undefined) => {
  const changes = (member: string) => !outputOnly.has(member) && (mask === undefined || mask.has(member));
  const kept = Object.entries(current).filter(([member]) => !changes(member));
  const replaced = Object.entries(input).filter(([member]) => changes(member));
  return Object.fromEntries([...kept, ...replaced]) as PolicyInput;
};

/** Creates or replaces a policy; the devices that are told to use it pick it up. */
export const putPolicy = (
  vendor: Vendor,
  enterprise: EnterpriseRecord,
  id: string,
  input: PolicyInput,
  mask?: ReadonlySet<string>,
): PolicyRecord => {
  checkPolicy(input);
  const name = `${enterprise.name}/policies/${id}`;
  const policy = enterprise.policies.get(id) ?? enterprise.policies.add({ id, name, version: 0, fields: {} });
  policy.fields = patched(policy.fields, input, mask);
  policy.version += 1;
  for (const device of enterprise.devicesByPolicy.get(name) ?? []) synchronize(vendor, device);
  return policy;
};
