import { EnrollmentError, type CallOptions } from "@enrollkit/core";
import type { Account } from "./account.js";
import { MAX_BATCH } from "./descriptor.js";
import { attempt, importRefusal } from "./errors.js";
import type { EsetDevice } from "./wire.js";

/** A device to import, and where to. */
export interface Placeholder {
  readonly name: string;
  readonly description?: string | undefined;
  readonly isMobile: boolean;
  readonly group?: string | undefined;
}

/** A device as the import answered it. */
export interface ImportedPlaceholder {
  readonly device: EsetDevice;
  readonly requestIds: readonly string[];
}

/** @throws EnrollmentError `invalid-request` if there are more than one call takes. */
export const refuseOversize = (length: number, path: string, provider: string): void => {
  if (length <= MAX_BATCH) return;
  throw new EnrollmentError(`${path} has ${length} items; ESET Connect takes at most ${MAX_BATCH}`, {
    code: "invalid-request",
    path,
    provider,
  });
};

/**
 * A device that is imported is found by its exact name, in the answer and after a lost one. A name that ESET might trim
 * would not be found, and be imported twice.
 *
 * @throws EnrollmentError `invalid-request`
 */
export const refuseUnsteadyName = (name: string, path: string, provider: string): void => {
  if (name === name.trim()) return;
  throw new EnrollmentError(`${path} begins or ends with white space, which ESET Connect may not keep`, {
    code: "invalid-request",
    path,
    provider,
    advice: "take the white space away",
  });
};

/** An item whose value has occurred before, as an error; ESET wants the names of one import to differ. */
export const createRepetitionCheck = (path: string, provider: string) => {
  const seen = new Set<string>();
  return (value: string | undefined): EnrollmentError | undefined => {
    if (value === undefined) return undefined;
    if (!seen.has(value)) {
      seen.add(value);
      return undefined;
    }
    return new EnrollmentError(`${path} is the same as that of an earlier item; each must have its own`, {
      code: "invalid-request",
      path,
      provider,
    });
  };
};

const importInto = async (
  { client, name: provider }: Account,
  group: string | undefined,
  placeholders: readonly Placeholder[],
  parent: "device" | undefined,
  options: CallOptions | undefined,
): Promise<(placeholder: Placeholder) => ImportedPlaceholder | EnrollmentError> => {
  const answer = await attempt(
    () =>
      client.importDevices(
        {
          devices: placeholders.map(({ name, description, isMobile }) => ({
            displayName: name,
            description,
            isMobile,
          })),
          parentGroupUuid: group,
        },
        options,
      ),
    options,
  );
  if (EnrollmentError.is(answer)) {
    const unknownGroup = group !== undefined && answer.httpStatus === 404 && answer.code === "not-found";
    const error = unknownGroup
      ? answer.with({
          message: "ESET Connect does not know the device group to import into",
          advice: "check the group's UUID in settings, profile or extras; deviceGroups.list() shows all",
        })
      : answer;
    return () => error;
  }
  // The order of the answer is not promised: its names tell which device is which.
  const { body, requestIds } = answer;
  const devices = new Map(body.devices.map((device) => [device.displayName ?? "", device]));
  return ({ name }) => {
    const device = devices.get(name);
    if (device !== undefined) return { device, requestIds };
    const refusal = body.errors.get(name);
    const error =
      refusal === undefined
        ? new EnrollmentError("ESET Connect answered the import and left this device out", {
            code: "outcome-unknown",
            path: "name",
            provider,
          })
        : importRefusal(provider, refusal);
    const requestId = requestIds.at(-1);
    const traced = requestId === undefined ? error : error.with({ requestId });
    return parent === undefined ? traced : traced.within(parent);
  };
};

/**
 * Imports devices, by one call for each group.
 *
 * @param placeholders - at most {@link MAX_BATCH}, with names that differ.
 * @param parent - where in the caller's input a device's fields are; undefined if it is the input.
 * @returns for each the device, or why it was not imported. `outcome-unknown`: the call's answer was lost, and the
 *   device may be there.
 */
export const importPlaceholders = async (
  account: Account,
  placeholders: readonly Placeholder[],
  parent: "device" | undefined,
  options: CallOptions | undefined,
): Promise<ReadonlyMap<Placeholder, ImportedPlaceholder | EnrollmentError>> => {
  const results = new Map<Placeholder, ImportedPlaceholder | EnrollmentError>();
  for (const group of new Set(placeholders.map((placeholder) => placeholder.group))) {
    const members = placeholders.filter((placeholder) => placeholder.group === group);
    const resultOf = await importInto(account, group, members, parent, options);
    for (const member of members) results.set(member, resultOf(member));
  }
  return results;
};
