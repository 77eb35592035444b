import { EnrollmentError, type CallOptions, type CheckFinding, type CheckReport } from "@enrollkit/core";
import type { AppliveryClient } from "./client.js";

/** Nobody answered: that says nothing of the account. */
const silences: ReadonlySet<string> = new Set(["unavailable", "timeout", "rate-limited"]);

const refusalOf = async (call: Promise<unknown>): Promise<EnrollmentError | undefined> => {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (EnrollmentError.is(error) && !silences.has(error.code)) return error;
    throw error;
  }
};

const firstOf = async (items: AsyncIterable<unknown>) => items[Symbol.asyncIterator]().next();

const finding = (status: CheckFinding["status"], name: string, message: string): CheckFinding => ({
  name,
  status,
  message,
});
const failed = (name: string, { message, advice }: EnrollmentError) =>
  finding("failed", name, advice === undefined ? message : `${message}; ${advice}`);

/** Reads the workspace and one page of its tokens: all that can be found out without leaving a trace. */
export const checkWorkspace = async (
  client: AppliveryClient,
  provider: string,
  options?: CallOptions,
): Promise<CheckReport> => {
  const report = (...findings: readonly CheckFinding[]): CheckReport => ({
    provider,
    ok: findings.every(({ status }) => status !== "failed"),
    findings,
  });

  const noWorkspace = await refusalOf(client.getOrganization(options));
  if (noWorkspace?.code === "unauthenticated") return report(failed("credentials", noWorkspace));
  if (noWorkspace !== undefined && noWorkspace.vendorCode === undefined) {
    // Not in Applivery's words, so whoever it was has not looked at the token.
    const credentials = finding("not-checked", "credentials", "what answered does not look like Applivery");
    return report(credentials, failed("organization", noWorkspace));
  }
  const credentials = finding("passed", "credentials", "Applivery knows the token");
  if (noWorkspace?.code === "not-found") return report(credentials, failed("organization", noWorkspace));
  // A role may see tokens and not the workspace's own record, so no other refusal ends the check.
  const organization =
    noWorkspace === undefined
      ? finding("passed", "organization", "the workspace exists")
      : finding("not-checked", "organization", `the workspace cannot be read: ${noWorkspace.message}`);

  const noTokens = await refusalOf(firstOf(client.listTokens({}, options)));
  if (noTokens?.code === "not-found") {
    const message =
      "the workspace has no Apple MDM; set it up in the dashboard, with an Apple push certificate";
    return report(credentials, organization, finding("failed", "apple-mdm", message));
  }
  if (noTokens !== undefined) return report(credentials, organization, failed("permissions", noTokens));
  return report(
    credentials,
    organization,
    finding("passed", "apple-mdm", "Apple MDM answers"),
    finding("passed", "permissions", "the service account may list enrollment tokens"),
    finding("not-checked", "create", "whether it may create tokens shows only when one is created"),
  );
};
