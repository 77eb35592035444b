import {
  EnrollmentError,
  isName,
  type EnrollmentScope,
  type ManagementMode,
  type Ownership,
} from "@enrollkit/core";
import {
  deviceUses,
  methodTable,
  provisioningMethods,
  type DeviceUse,
  type ProvisioningMethod,
  type Suitability,
} from "./method-table.js";

/** A device to enroll, as far as it is known. An enrollment is one; more is the version of its Android. */
export interface DeviceToProvision extends Pick<EnrollmentScope, "management" | "ownership"> {
  /** 5.1, 11. Default: any of today. */
  readonly androidVersion?: number | undefined;
}

const meanings: Readonly<Record<DeviceUse, { management: ManagementMode; ownership: Ownership }>> = {
  "fully-managed": { management: "fully-managed", ownership: "company" },
  dedicated: { management: "dedicated", ownership: "company" },
  "company-work-profile": { management: "work-profile", ownership: "company" },
  "personal-work-profile": { management: "work-profile", ownership: "personal" },
};

/** What the device may be: several uses where ownership or management is not known. */
const possibleUses = ({ management, ownership }: DeviceToProvision): readonly DeviceUse[] =>
  deviceUses.filter(
    (use) =>
      (management ?? meanings[use].management) === meanings[use].management &&
      (ownership ?? meanings[use].ownership) === meanings[use].ownership,
  );

/** Why a method does not suit, or undefined where it does. */
const objection = (suitability: Suitability, androidVersion: number | undefined): string | undefined => {
  if (suitability.suits === "no") return suitability.reason;
  const { fromAndroid = 0 } = suitability;
  if ((androidVersion ?? fromAndroid) < fromAndroid) {
    const isNoted = suitability.suits === "yes" && suitability.note !== undefined;
    return `it needs Android ${fromAndroid}${isNoted ? ` (${suitability.note})` : ""}`;
  }
  if (suitability.suits === "yes") return undefined;
  const { lastAndroid, reason } = suitability;
  // Without a version the device is taken for one of today.
  return (androidVersion ?? Infinity) <= lastAndroid
    ? undefined
    : `it is for devices up to Android ${lastAndroid}: ${reason}`;
};

/** Why a method suits none of the uses. The list is empty where it suits one. */
const objectionsTo = (
  method: ProvisioningMethod,
  uses: readonly DeviceUse[],
  androidVersion: number | undefined,
): readonly string[] => {
  const answers = uses.map((use) => objection(methodTable[method][use], androidVersion));
  const objections = answers.filter((answer) => answer !== undefined);
  return objections.length < answers.length ? [] : [...new Set(objections)];
};

/** A caller without types may have put anything there. */
const word = (text: string): string => (isName(text) ? text : "…");

const describe = ({ management, ownership, androidVersion }: DeviceToProvision): string =>
  [
    word(management ?? "enrollment"),
    ownership === undefined ? "" : `on a ${word(ownership)} device`,
    androidVersion === undefined ? "" : `with Android ${androidVersion}`,
  ]
    .filter((part) => part !== "")
    .join(" ");

/**
 * The methods that suit a device, as far as it is known: without an ownership also those for the other one.
 *
 * @throws EnrollmentError `unsupported`, path `management`, for a mode that Android does not have, or not for this ownership.
 */
export const suitableMethods = (device: DeviceToProvision): readonly ProvisioningMethod[] => {
  const uses = possibleUses(device);
  if (uses.length === 0) {
    throw new EnrollmentError(`management ${describe(device)} is impossible with Android`, {
      code: "unsupported",
      path: "management",
      advice:
        device.ownership === "personal"
          ? "Android keeps a personal device to a work-profile"
          : `it knows: ${[...new Set(Object.values(meanings).map(({ management }) => management))].join(", ")}`,
    });
  }
  return provisioningMethods.filter(
    (method) => objectionsTo(method, uses, device.androidVersion).length === 0,
  );
};

/**
 * Makes sure that a method suits a device, before somebody stands in front of it and finds out.
 *
 * @throws EnrollmentError `unsupported`, path `method`, with the reason, and in its advice the methods that do suit; or as
 * {@link suitableMethods} does.
 */
export const requireMethod = (method: ProvisioningMethod, device: DeviceToProvision): void => {
  const suitable = suitableMethods(device);
  if (suitable.includes(method)) return;
  const reasons = objectionsTo(method, possibleUses(device), device.androidVersion);
  throw new EnrollmentError(`method ${method} does not suit ${describe(device)}: ${reasons.join("; ")}`, {
    code: "unsupported",
    path: "method",
    advice: suitable.length === 0 ? "no method suits such a device" : `suitable: ${suitable.join(", ")}`,
  });
};
