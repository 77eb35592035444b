import {
  EnrollmentError,
  mayAnswerLater,
  type CallOptions,
  type ReconciledAttempt,
  type Reconciliation,
} from "@enrollkit/core";
import type { Account } from "./account.js";
import { toOrder, type Order } from "./bulk.js";
import { getLinks } from "./enrollment-links.js";
import { attempt } from "./errors.js";
import { lookForLost, type LostFinding } from "./lost-imports.js";
import { toEnrollment } from "./mapping.js";
import type { Placeholder } from "./placeholders.js";
import type { EsetConnectExtras } from "./settings.js";

const lookByHand =
  "look for the device's name in the ESET PROTECT Web Console, under the group it was meant for";

/** A lost create whose device was to be imported. */
interface LostOrder {
  readonly order: Order;
  readonly placeholder: Placeholder;
  readonly place: number;
  /** The device's id, where the import was answered and the link was lost. */
  readonly imported: string | undefined;
}

/** What is known of the device of a lost create. */
type Located = { readonly status: "found"; readonly id: string } | Exclude<LostFinding, { status: "found" }>;

/** Looks for the devices of which the import said nothing. None answers for a second request. */
const locate = async (
  account: Account,
  lost: readonly LostOrder[],
  options: CallOptions | undefined,
): Promise<readonly Located[]> => {
  const missing = lost.flatMap(({ imported, placeholder }) => (imported === undefined ? [placeholder] : []));
  const findings = await lookForLost(account, missing, options);
  const findingOf = new Map(missing.map((placeholder, index) => [placeholder, findings[index]]));
  const claimed = new Set(lost.map(({ imported }) => imported));
  return lost.map(({ imported, placeholder }): Located => {
    if (imported !== undefined) return { status: "found", id: imported };
    const finding = findingOf.get(placeholder) as LostFinding;
    if (finding.status !== "found") return finding;
    const { uuid: id } = finding.device;
    if (!claimed.has(id)) return { status: "found", id };
    return { status: "undecided", reason: "the one device of this name was imported for another request" };
  });
};

const reconcileImports = async (
  account: Account,
  lost: readonly LostOrder[],
  options: CallOptions | undefined,
): Promise<readonly ReconciledAttempt[]> => {
  const { name: provider, clock } = account;
  const located = await locate(account, lost, options);
  const found = located.flatMap((each) => (each.status === "found" ? [each.id] : []));
  const linkOf = await getLinks(account, [...new Set(found)], options);

  const conclude = (device: Located, { resolved }: Order): ReconciledAttempt => {
    if (device.status === "absent") return device;
    if (device.status === "undecided") return { ...device, checkByHand: lookByHand };
    const { id } = device;
    const link = linkOf(id);
    if (EnrollmentError.is(link)) {
      return {
        status: "undecided",
        reason: `the device is there, but no link could be got for it: ${link.message}`,
        checkByHand: `ask again with device.id "${id}" in place of device.name`,
        ...(mayAnswerLater(link) && { askAgain: true }),
      };
    }
    const target = { id, requestIds: [], warnings: [] };
    const enrollment = toEnrollment({ provider, resolved, target, link, now: clock.now() });
    return { status: "created", enrollment };
  };
  return lost.map(({ order }, index) => conclude(located[index] as Located, order));
};

/**
 * A device whose import was answered is known by its id. One whose import was lost is found by its name: a device that
 * had it before cannot be told from it, as the API gives no creation time. Its link is as good, for the lost one is
 * then a duplicate anyway.
 */
export const createReconciliation = (account: Account): Reconciliation<EsetConnectExtras> => ({
  reconcile: async (attempts, options) => {
    const lost: LostOrder[] = [];
    const results: ReconciledAttempt[] = [];
    for (const [place, { request }] of attempts.entries()) {
      const order = await attempt(() => toOrder(account, request, "warn"), options);
      if (EnrollmentError.is(order)) {
        const reason = `the request does not fit the settings any more: ${order.message}`;
        results[place] = { status: "undecided", reason, checkByHand: lookByHand };
      } else if (typeof order.device === "string") {
        // Nothing was imported, and a link can be asked for again without harm.
        results[place] = { status: "absent" };
      } else {
        const imported = account.linkless.get(request);
        lost.push({ order, placeholder: order.device, place, imported });
      }
    }
    const reconciled = await reconcileImports(account, lost, options);
    for (const [index, { place }] of lost.entries()) results[place] = reconciled[index] as ReconciledAttempt;
    return results;
  },
});
