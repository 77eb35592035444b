import { EnrollmentError, type CallOptions, type CheckFinding, type CheckReport } from "@enrollkit/core";
import type { Account } from "./account.js";
import { readDeviceGroups } from "./device-groups.js";
import { attempt } from "./errors.js";
import type { EsetDeviceGroup } from "./wire.js";

const failed = (name: string, error: EnrollmentError): CheckFinding => {
  // Nobody answered: that is no finding about the account.
  if (["unavailable", "timeout", "rate-limited"].includes(error.code)) throw error;
  const advice = error.advice === undefined ? "" : `; ${error.advice}`;
  return { name, status: "failed", message: `${error.message}${advice}` };
};

/** The groups that the settings name, by where they name them. */
const configuredGroups = ({ settings }: Account): ReadonlyMap<string, string> => {
  const named = Object.entries(settings.profiles ?? {}).map(
    ([name, profile]) => [`profiles.${name}.group`, profile.group] as const,
  );
  const all = [["group", settings.group] as const, ...named];
  return new Map(all.flatMap(([path, group]) => (group === undefined ? [] : [[path, group] as const])));
};

const aboutGroups = (
  configured: ReadonlyMap<string, string>,
  groups: readonly EsetDeviceGroup[],
): CheckFinding => {
  const known = new Map(groups.map((group) => [group.uuid, group]));
  const problems = [...configured].flatMap(([path, uuid]) => {
    const group = known.get(uuid);
    if (group === undefined) return [`${path} names no device group that the API user sees`];
    return group.isSecurityGroup === true ? [] : [`${path} names a dynamic group; it must be a static one`];
  });
  return problems.length > 0
    ? { name: "groups", status: "failed", message: problems.join("; ") }
    : { name: "groups", status: "passed", message: "every configured group is there, and static" };
};

/** What nothing but the real call can prove. */
const unproven: readonly CheckFinding[] = [
  {
    name: "import",
    status: "not-checked",
    message:
      "ESET Connect has no call that tells, without importing, whether the API user may import into a group",
  },
  {
    name: "enrollment-links",
    status: "not-checked",
    message:
      "ESET Connect has no call that tells, without issuing a link, whether the API user may get links",
  },
];

const findingsOf = async (
  account: Account,
  options: CallOptions | undefined,
): Promise<readonly CheckFinding[]> => {
  const login = await attempt(() => account.client.authorize(options), options);
  if (EnrollmentError.is(login)) return [failed("credentials", login), ...unproven];
  const configured = configuredGroups(account);
  // Nothing to compare: one group is enough to see whether devices may be read.
  const read = async () =>
    configured.size > 0
      ? await readDeviceGroups(account, options)
      : (await account.client.listDeviceGroups({ pageSize: 1 }, options)).items;
  const groups = await attempt(read, options);
  if (EnrollmentError.is(groups)) {
    const refused = groups.code === "unauthenticated";
    return [
      refused
        ? failed("credentials", groups)
        : { name: "credentials", status: "passed", message: "the login was accepted" },
      ...(refused ? [] : [failed("device-groups", groups)]),
      ...unproven,
    ];
  }
  return [
    { name: "credentials", status: "passed", message: "the login was accepted" },
    { name: "device-groups", status: "passed", message: "the API user may read device groups" },
    ...(configured.size > 0 ? [aboutGroups(configured, groups)] : []),
    ...unproven,
  ];
};

/** Logs in and reads device groups; changes nothing. */
export const check = async (account: Account, options: CallOptions | undefined): Promise<CheckReport> => {
  const findings = await findingsOf(account, options);
  return { provider: account.name, ok: findings.every(({ status }) => status !== "failed"), findings };
};
