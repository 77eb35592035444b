import {
  EnrollmentError,
  type CallOptions,
  type CheckFinding,
  type CheckReport,
  type EnrollmentErrorCode,
  type PolicyCatalog,
} from "@enrollkit/core";
import type { AndroidManagementClient } from "./client.js";
import { profileFor, type ResolvedSettings } from "./settings.js";

const deviceQuota: CheckFinding = {
  name: "device-quota",
  status: "not-checked",
  message: "Google does not tell how many more devices the project may enroll",
};

const noAnswer: ReadonlySet<EnrollmentErrorCode> = new Set(["unavailable", "timeout", "rate-limited"]);

/** Without an answer there is nothing to report; any other refusal is a finding. */
const refusalOf = (error: unknown): EnrollmentError => {
  if (!EnrollmentError.is(error) || noAnswer.has(error.code)) throw error;
  return error;
};

/** Refusals that Google gives only to callers whom it knows. */
const knownCaller: ReadonlySet<EnrollmentErrorCode> = new Set([
  "forbidden",
  "not-found",
  "failed-precondition",
]);

/** No access token was to be had, or it was refused. */
const isAboutCredentials = ({ code, path }: EnrollmentError): boolean =>
  code === "unauthenticated" || path === "credentials" || path === "tokenUri";

const failure = (name: string, { message, advice }: EnrollmentError): CheckFinding => ({
  name,
  status: "failed",
  message: advice === undefined ? message : `${message}; ${advice}`,
});

const notReached = (name: string, because = "what comes before it has failed"): CheckFinding => ({
  name,
  status: "not-checked",
  message: because,
});

const checkPolicies = async (
  catalog: PolicyCatalog,
  settings: ResolvedSettings,
  options?: CallOptions,
): Promise<CheckFinding> => {
  const profiles = [undefined, ...Object.keys(settings.profiles)].map((name) => profileFor(settings, name));
  const ids = [...new Set(profiles.flatMap(({ policy }) => policy ?? []))];
  if (ids.length === 0) {
    const message = 'the settings name none; Google then applies the policy named "default", if there is one';
    return { name: "policies", status: "not-checked", message };
  }
  const missing: string[] = [];
  for (const id of ids) if (!(await catalog.exists(id, options))) missing.push(id);
  return missing.length === 0
    ? { name: "policies", status: "passed", message: `all exist: ${ids.join(", ")}` }
    : { name: "policies", status: "failed", message: `create first: ${missing.join(", ")}` };
};

/** Reads the enterprise and the policies that the settings name; the permission to read is the one to create. */
export const checkProvider = async (
  client: AndroidManagementClient,
  catalog: PolicyCatalog,
  settings: ResolvedSettings,
  options?: CallOptions,
): Promise<CheckReport> => {
  const report = (findings: readonly CheckFinding[]): CheckReport => ({
    provider: settings.name,
    ok: findings.every(({ status }) => status !== "failed"),
    findings: [...findings, deviceQuota],
  });
  const credentials: CheckFinding = {
    name: "credentials",
    status: "passed",
    message: "Google accepts the credentials",
  };
  try {
    await client.enterprise.get(options);
  } catch (error) {
    const refusal = refusalOf(error);
    if (isAboutCredentials(refusal)) {
      return report([failure("credentials", refusal), notReached("enterprise"), notReached("policies")]);
    }
    return report([
      knownCaller.has(refusal.code) ? credentials : notReached("credentials", "Google did not look at them"),
      failure("enterprise", refusal),
      notReached("policies"),
    ]);
  }
  const enterprise: CheckFinding = {
    name: "enterprise",
    status: "passed",
    message: `enterprises/${settings.enterprise} may be managed with these credentials`,
  };
  try {
    return report([credentials, enterprise, await checkPolicies(catalog, settings, options)]);
  } catch (error) {
    return report([credentials, enterprise, failure("policies", refusalOf(error))]);
  }
};
