import { EnrollmentError, failureOf, type EnrollmentProvider, type ReconciledAttempt } from "@enrollkit/core";
import { createRecordedElsewhere } from "../runs/recorded-elsewhere.js";
import type { Storage } from "../storage/storage.js";
import type { Attempt } from "./attempts.js";
import { resultColumns, type ResultColumns } from "./columns.js";
import type { Vault } from "./vault.js";

const absent = (provider: EnrollmentProvider) =>
  new EnrollmentError("the answer was lost, and the vendor has not done it", {
    code: "unavailable",
    provider: provider.name,
    advice: "send it again; nobody else does",
  });

export const undecided = (provider: EnrollmentProvider, reason: string, checkByHand: string) =>
  new EnrollmentError(`the answer was lost, and ${reason}`, {
    code: "outcome-unknown",
    provider: provider.name,
    advice: checkByHand,
  });

/**
 * What a vendor's finding says of a create outside of a run, as columns. Of one that did not happen, nobody tries again by
 * himself: it has failed.
 *
 * @returns nothing if the vendor could not tell now, and may when it is asked again.
 */
export const findingColumns = (
  attempt: Attempt,
  finding: ReconciledAttempt | undefined,
  provider: EnrollmentProvider,
  vault: Vault,
): readonly ResultColumns[] => {
  if (finding?.status === "created") return [resultColumns(attempt, finding, vault)];
  if (finding?.status === "absent") return [resultColumns(attempt, failureOf(absent(provider)), vault)];
  if (finding?.askAgain === true) return [];
  const {
    reason = "the provider gave no answer",
    checkByHand = "look for it in the vendor's console before sending it again",
  } = finding ?? {};
  return [resultColumns(attempt, failureOf(undecided(provider, reason, checkByHand)), vault, "asked")];
};

/** What a provider may ask the ledger while it finds out what became of a create. */
export const reconcileOptions = (storage: Storage, provider: EnrollmentProvider, signal: AbortSignal) => ({
  signal,
  recorded: createRecordedElsewhere({ storage, signal }, provider.name),
});
