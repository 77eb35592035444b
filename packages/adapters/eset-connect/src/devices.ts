import { EnrollmentError, type CallOptions } from "@enrollkit/core";
import { pages } from "@enrollkit/http";
import type { Account } from "./account.js";
import { readDeviceGroups } from "./device-groups.js";
import { askInParts, chunksOf } from "./isolation.js";
import type { EsetDevice } from "./wire.js";

/** `devices:batchGet` is a GET without a documented limit: 100 UUIDs make an address of about 5 kB. */
const uuidsPerCall = 100;

/** Display names in one address, counted after percent-encoding. */
const nameCharactersPerCall = 4000;

/**
 * What ESET knows of devices.
 *
 * @returns for each id the device, or the error with which ESET refused to show it.
 */
export const readDevices = async (
  { client, name: provider }: Account,
  uuids: readonly string[],
  options: CallOptions | undefined,
): Promise<Map<string, EsetDevice | EnrollmentError>> => {
  const wanted = [...new Set(uuids)];
  const found = await askInParts(
    { batches: chunksOf(wanted, uuidsPerCall) },
    async (chunk) =>
      new Map((await client.getDevices(chunk, options)).map((device) => [device.uuid, device] as const)),
    options,
  );
  for (const uuid of wanted) {
    if (found.has(uuid)) continue;
    const message = "ESET Connect answered without the device that was asked for";
    found.set(uuid, new EnrollmentError(message, { code: "protocol", provider }));
  }
  return found;
};

const chunksOfNames = (names: readonly string[]): readonly (readonly string[])[] => {
  const chunks: string[][] = [];
  let room = 0;
  for (const name of names) {
    const length = encodeURIComponent(name).length + "displayNames=&".length;
    const last = chunks.at(-1);
    if (last === undefined || length > room) {
      chunks.push([name]);
      room = nameCharactersPerCall - length;
    } else {
      last.push(name);
      room -= length;
    }
  }
  return chunks;
};

const byExactName = async (
  { client }: Account,
  names: ReadonlySet<string>,
  options: CallOptions | undefined,
): Promise<readonly EsetDevice[]> => {
  const found: EsetDevice[] = [];
  for (const displayNames of chunksOfNames([...names])) {
    const listed = pages((pageToken: string | undefined) =>
      client.listDevices({ displayNames, pageToken }, options),
    );
    for await (const device of listed) found.push(device);
  }
  return found;
};

/** The static groups that have no parent among the groups which the API user sees: everything lies below them. */
const topGroups = async (account: Account, options: CallOptions | undefined): Promise<readonly string[]> => {
  const groups = await readDeviceGroups(account, options);
  const visible = new Set(groups.map(({ uuid }) => uuid));
  return groups
    .filter(({ parentGroupUuid = "" }) => !visible.has(parentGroupUuid))
    .filter(({ isSecurityGroup }) => isSecurityGroup === true)
    .map(({ uuid }) => uuid);
};

const byListing = async (
  account: Account,
  names: ReadonlySet<string>,
  group: string | undefined,
  options: CallOptions | undefined,
): Promise<readonly EsetDevice[]> => {
  const groups = group === undefined ? await topGroups(account, options) : [group];
  if (groups.length === 0) {
    throw new EnrollmentError("ESET Connect shows no static device group to look in", {
      code: "forbidden",
      provider: account.name,
      advice: "set the group in the settings or in the profile, or grant the API user access to a group",
    });
  }
  const subgroups = group === undefined ? "included" : "left-out";
  const uuids = new Set<string>();
  for (const uuid of groups) {
    const members = pages((pageToken: string | undefined) =>
      account.client.listGroupDevices(uuid, { subgroups, pageToken }, options),
    );
    for await (const { displayName, uuid: member } of members) {
      if (displayName !== undefined && names.has(displayName)) uuids.add(member);
    }
  }
  const devices = await readDevices(account, [...uuids], options);
  return [...devices.values()].flatMap((device) => {
    if (!EnrollmentError.is(device)) return [device];
    // Listings lag behind: a device may be gone that they still show.
    if (device.code === "not-found") return [];
    throw device;
  });
};

/**
 * Looks devices up by their exact display names, where the settings say.
 *
 * @param group - the group they were imported into; without it, all static groups that the API user sees.
 * @returns all devices of each name; a name without any is missing.
 */
export const findByName = async (
  account: Account,
  names: readonly string[],
  group: string | undefined,
  options: CallOptions | undefined,
): Promise<ReadonlyMap<string, readonly EsetDevice[]>> => {
  const { lookUp = "both" } = account.settings.reconciliation ?? {};
  const wanted = new Set(names);
  const devices = [
    ...(lookUp === "groups" ? [] : await byExactName(account, wanted, options)),
    ...(lookUp === "names" ? [] : await byListing(account, wanted, group, options)),
  ];
  const distinct = [...new Map(devices.map((device) => [device.uuid, device])).values()];
  const found = new Map<string, EsetDevice[]>();
  for (const device of distinct) {
    const { displayName = "" } = device;
    if (wanted.has(displayName)) found.set(displayName, [...(found.get(displayName) ?? []), device]);
  }
  return found;
};
