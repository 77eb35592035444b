import {
  EnrollmentError,
  quote,
  type CallOptions,
  type DeviceGroup,
  type DeviceGroupCatalog,
} from "@enrollkit/core";
import { pages } from "@enrollkit/http";
import type { Account } from "./account.js";
import { toDeviceGroups } from "./mapping.js";
import type { EsetDeviceGroup } from "./wire.js";

/** All device groups that the API user sees, static and dynamic. */
export const readDeviceGroups = async (
  { client }: Account,
  options: CallOptions | undefined,
): Promise<readonly EsetDeviceGroup[]> => {
  const groups: EsetDeviceGroup[] = [];
  const listed = pages((pageToken: string | undefined) => client.listDeviceGroups({ pageToken }, options));
  for await (const group of listed) groups.push(group);
  return groups;
};

/** So many groups are named in an error. */
const namedInError = 5;

const select = (groups: readonly DeviceGroup[], path: string, provider: string): DeviceGroup => {
  const wanted = path.replace(/^\/+|\/+$/g, "");
  if (wanted === "") {
    throw new EnrollmentError("path must name a device group, such as Berlin/Phones", {
      code: "invalid-request",
      path: "path",
      provider,
    });
  }
  const full = (group: DeviceGroup) => group.path.join("/");
  // The whole path from the root wins: otherwise a group could not be named if its path also ends a longer one.
  const exact = groups.filter((group) => full(group) === wanted);
  const matches = exact.length > 0 ? exact : groups.filter((group) => full(group).endsWith(`/${wanted}`));
  const [match] = matches;
  if (match === undefined) {
    throw new EnrollmentError(`no static device group has the path ${quote(wanted)}`, {
      code: "not-found",
      path: "path",
      provider,
      advice: "names are told apart by upper and lower case; deviceGroups.list() shows all paths",
    });
  }
  if (matches.length > 1) {
    const named = matches.slice(0, namedInError).map((group) => `${full(group)} (${group.id})`);
    const more = matches.length > namedInError ? `, and ${matches.length - namedInError} more` : "";
    throw new EnrollmentError(
      `path ${quote(wanted)} names several device groups: ${named.join(", ")}${more}`,
      {
        code: "invalid-request",
        path: "path",
        provider,
        advice:
          "write more of the path; ESET allows two groups of one name side by side, so use the id for those",
      },
    );
  }
  return match;
};

/** The static groups of the account: only into those can be enrolled. */
export const createDeviceGroups = (account: Account): DeviceGroupCatalog => ({
  // The API gives a flat list in no promised order: paths are known only when all of it has been read.
  async *list(options) {
    yield* toDeviceGroups(await readDeviceGroups(account, options));
  },
  resolve: async (path, options) =>
    select(toDeviceGroups(await readDeviceGroups(account, options)), path, account.name),
});
