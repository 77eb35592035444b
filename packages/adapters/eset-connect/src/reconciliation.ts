import {
  EnrollmentError,
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
}

const reconcileImports = async (
  account: Account,
  lost: readonly LostOrder[],
  options: CallOptions | undefined,
): Promise<readonly ReconciledAttempt[]> => {
  const { name: provider, clock } = account;
  const findings = await lookForLost(
    account,
    lost.map(({ placeholder }) => placeholder),
    options,
  );
  const found = findings.flatMap((finding) => (finding.status === "found" ? [finding.device.uuid] : []));
  const linkOf = await getLinks(account, [...new Set(found)], options);

  const conclude = (finding: LostFinding, { resolved }: Order): ReconciledAttempt => {
    if (finding.status === "absent") return finding;
    if (finding.status === "undecided") return { ...finding, checkByHand: lookByHand };
    const { uuid: id } = finding.device;
    const link = linkOf(id);
    if (EnrollmentError.is(link)) {
      return {
        status: "undecided",
        reason: `the device is there, but no link could be got for it: ${link.message}`,
        checkByHand: `ask again with device.id "${id}" in place of device.name`,
      };
    }
    const target = { id, requestIds: [], warnings: [] };
    const enrollment = toEnrollment({ provider, resolved, target, link, now: clock.now() });
    return { status: "created", enrollment };
  };
  return lost.map(({ order }, index) => conclude(findings[index] as LostFinding, order));
};

/**
 * An import is found by its devices' names. A name that had been there before the import cannot be told from it: the
 * API gives no creation time. Its link is as good, for the device is then a duplicate anyway.
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
      } else lost.push({ order, placeholder: order.device, place });
    }
    const reconciled = await reconcileImports(account, lost, options);
    for (const [index, { place }] of lost.entries()) results[place] = reconciled[index] as ReconciledAttempt;
    return results;
  },
});
