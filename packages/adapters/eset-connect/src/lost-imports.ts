import {
  durationLength,
  EnrollmentError,
  mayAnswerLater,
  type CallOptions,
  type IsoDuration,
} from "@enrollkit/core";
import type { Account } from "./account.js";
import { findByName } from "./devices.js";
import { attempt } from "./errors.js";
import { toState } from "./mapping.js";
import type { Placeholder } from "./placeholders.js";
import type { EsetDevice } from "./wire.js";

/** What a look at the account shows of a device that was to be imported by a call whose answer was lost. */
export type LostFinding =
  | { readonly status: "found"; readonly device: EsetDevice }
  | { readonly status: "absent" }
  | { readonly status: "undecided"; readonly reason: string; readonly askAgain?: true | undefined };

/**
 * An import goes on after its answer was lost, and the group listing lags behind it. The gateway gives up on a query
 * after 120 seconds, 180 in an older revision; only after that may a name that is not there be called absent.
 * https://help.eset.com/eset_connect/en-US/how_api_works.html
 */
const defaultSettling: IsoDuration = "PT3M";

const pause = (look: number) => Math.min(2000 * 2 ** look, 30_000);

/**
 * Whether a device can be the one that was lost. The API tells no creation time, so a placeholder of the same name
 * that was there before can be it, too; one that has enrolled cannot.
 */
const canBe = ({ isMobile, group }: Placeholder, device: EsetDevice): boolean =>
  !["used", "failed"].includes(toState(device)) &&
  (device.isMobile === undefined || device.isMobile === isMobile) &&
  (group === undefined || device.parentGroupUuid === undefined || device.parentGroupUuid === group);

const judge = (lost: Placeholder, devices: readonly EsetDevice[]): LostFinding => {
  const candidates = devices.filter((device) => canBe(lost, device));
  const [device] = candidates;
  if (device === undefined) return { status: "absent" };
  if (candidates.length === 1) return { status: "found", device };
  return {
    status: "undecided",
    reason: `${candidates.length} devices of this name wait to be enrolled, and nothing tells them apart`,
  };
};

const lookOnce = async (
  account: Account,
  lost: readonly Placeholder[],
  options: CallOptions | undefined,
): Promise<ReadonlyMap<Placeholder, LostFinding>> => {
  const findings = new Map<Placeholder, LostFinding>();
  for (const group of new Set(lost.map((each) => each.group))) {
    const members = lost.filter((each) => each.group === group);
    const names = members.map(({ name }) => name);
    const devices = await attempt(() => findByName(account, names, group, options), options);
    for (const member of members) {
      findings.set(
        member,
        EnrollmentError.is(devices)
          ? {
              status: "undecided",
              reason: `the device could not be looked for: ${devices.message}`,
              ...(mayAnswerLater(devices) && { askAgain: true }),
            }
          : judge(member, devices.get(member.name) ?? []),
      );
    }
  }
  return findings;
};

/** One device answers for one loss: if several may be it, nobody knows whose it is. */
const withoutContested = (findings: readonly LostFinding[]): readonly LostFinding[] => {
  const claimed = findings.map((finding) => (finding.status === "found" ? finding.device.uuid : undefined));
  const contested = new Set(claimed.filter((uuid, place) => claimed.indexOf(uuid) !== place));
  return findings.map((finding) =>
    finding.status === "found" && contested.has(finding.device.uuid)
      ? { status: "undecided", reason: "one device of this name is there, and several of it were lost" }
      : finding,
  );
};

/**
 * Looks for devices whose import was lost, again and again until they can no longer appear. Nothing is changed.
 *
 * @returns one finding for each, in the same order.
 */
export const lookForLost = async (
  account: Account,
  lost: readonly Placeholder[],
  options: CallOptions | undefined,
): Promise<readonly LostFinding[]> => {
  const { clock, settings } = account;
  const settling = durationLength(settings.reconciliation?.settleFor ?? defaultSettling);
  // Counted from now: when its batch set out says little of when an import was sent. Others came before it, it was
  // polled for minutes, or it had been lost before.
  const settledAt = clock.now() + settling;
  const findings = new Map<Placeholder, LostFinding>();
  let missing = lost;
  for (let look = 0; missing.length > 0; look += 1) {
    const left = settledAt - clock.now();
    for (const [each, finding] of await lookOnce(account, missing, options)) findings.set(each, finding);
    missing = missing.filter((each) => findings.get(each)?.status === "absent");
    if (missing.length === 0 || left <= 0) break;
    await clock.sleep(Math.min(pause(look), left), options?.signal);
  }
  return withoutContested(lost.map((each) => findings.get(each) as LostFinding));
};
