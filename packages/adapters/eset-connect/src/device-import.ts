import {
  deviceToImportSchema,
  EnrollmentError,
  failureOf,
  parseInput,
  type CallOptions,
  type DeviceImport,
  type DeviceToImport,
  type ImportResult,
} from "@enrollkit/core";
import type { Account } from "./account.js";
import { attempt } from "./errors.js";
import { lookForLost, type LostFinding } from "./lost-imports.js";
import { toImportedDevice } from "./mapping.js";
import {
  createRepetitionCheck,
  importPlaceholders,
  refuseOversize,
  refuseUnsteadyName,
  type Placeholder,
} from "./placeholders.js";
import { profileOf } from "./settings.js";

const toPlaceholder = (account: Account, input: DeviceToImport): Placeholder => {
  const device = parseInput(deviceToImportSchema, input, "invalid-request", account.name);
  refuseUnsteadyName(device.name, "name", account.name);
  const { group } = profileOf(account.settings, device.profile, account.name);
  return { name: device.name, description: device.description, isMobile: device.kind !== "computer", group };
};

const resultOf = ({ name: provider }: Account, name: string, finding: LostFinding): ImportResult => {
  switch (finding.status) {
    case "found":
      return { status: "created", device: toImportedDevice(provider, finding.device, name, []) };
    case "absent": {
      const message = "the answer of the import was lost, and the device is not there: it was not imported";
      return failureOf(new EnrollmentError(message, { code: "unavailable", provider }));
    }
    case "undecided":
      return failureOf(
        new EnrollmentError(`the answer of the import was lost, and ${finding.reason}`, {
          code: "outcome-unknown",
          provider,
          advice: "look for the name in the ESET PROTECT Web Console before importing it again",
        }),
      );
  }
};

/** Finds out what became of devices whose import was lost; nothing is sent again here. */
const settleLost = async (
  account: Account,
  lost: readonly Placeholder[],
  options: CallOptions | undefined,
): Promise<ReadonlyMap<Placeholder, ImportResult>> => {
  const findings = await lookForLost(account, lost, options);
  return new Map(
    lost.map((placeholder, place) => [
      placeholder,
      resultOf(account, placeholder.name, findings[place] as LostFinding),
    ]),
  );
};

const importAll = async (
  account: Account,
  placeholders: readonly Placeholder[],
  options: CallOptions | undefined,
): Promise<ReadonlyMap<Placeholder, ImportResult>> => {
  const results = new Map<Placeholder, ImportResult>();
  const lost: Placeholder[] = [];
  for (const [placeholder, answer] of await importPlaceholders(account, placeholders, undefined, options)) {
    if (!EnrollmentError.is(answer)) {
      const device = toImportedDevice(account.name, answer.device, placeholder.name, answer.requestIds);
      results.set(placeholder, { status: "created", device });
    } else if (answer.code === "outcome-unknown") lost.push(placeholder);
    else results.set(placeholder, failureOf(answer));
  }
  return new Map([...results, ...(await settleLost(account, lost, options))]);
};

/** Placeholders for devices to come. The engine reconciles enrollments, not imports: that is done here. */
export const createDeviceImport = (account: Account): DeviceImport => ({
  importBatch: async (devices, options) => {
    refuseOversize(devices.length, "devices", account.name);
    const repetitionOf = createRepetitionCheck("name", account.name);
    const read: (Placeholder | EnrollmentError)[] = [];
    for (const device of devices) {
      const placeholder = await attempt(() => toPlaceholder(account, device), options);
      const repetition = EnrollmentError.is(placeholder) ? undefined : repetitionOf(placeholder.name);
      read.push(repetition ?? placeholder);
    }
    const placeholders = read.flatMap((each) => (EnrollmentError.is(each) ? [] : [each]));
    const results = await importAll(account, placeholders, options);
    return read.map((each) =>
      EnrollmentError.is(each) ? failureOf(each) : (results.get(each) as ImportResult),
    );
  },
});
