import { method, type Call, type Route } from "./api.js";
import { managedEnterprise } from "./authorization.js";
import { characterCount } from "./characters.js";
import { movePolicy, releaseDevice, synchronize } from "./devices.js";
import { fullPolicyName } from "./enrollment-tokens.js";
import { listMethod } from "./enterprise-lists.js";
import { invalidArgument, notFound } from "./errors.js";
import { deviceMessage, type DeviceInput } from "./messages.js";
import { maskedMembers, wipeDataFlags, type Parameters } from "./query.js";
import type { DeviceRecord, Vendor } from "./state.js";

const collectionPath = "/v1/enterprises/:enterprise/devices";
const settable = ["policyName", "state", "disabledReason"] as const;
const longestWipeReason = 200;

const deviceOf = <Body, Known extends Parameters>({ vendor, account, parameter }: Call<Body, Known>) => {
  const enterprise = managedEnterprise(vendor, account, parameter("enterprise"));
  const device = enterprise.devices.get(parameter("device"));
  if (device === undefined) throw notFound();
  return device;
};

const patchDevice = (
  vendor: Vendor,
  device: DeviceRecord,
  input: DeviceInput,
  mask: ReadonlySet<string>,
): void => {
  const changes = settable.filter((member) => mask.has(member));
  if (changes.length < mask.size) throw invalidArgument("The update mask names a field that cannot be set.");
  const { state, disabledReason } = input;
  if (changes.includes("state") && state !== "ACTIVE" && state !== "DISABLED") {
    throw invalidArgument("The state can be set to ACTIVE or DISABLED only.");
  }
  const policyName = fullPolicyName(vendor, device.enterprise, input.policyName);
  if (changes.includes("policyName") && policyName === undefined) {
    throw invalidArgument("Policy name must not be empty.");
  }
  if (changes.includes("state") && (state === "ACTIVE" || state === "DISABLED"))
    device.resource.state = state;
  if (changes.includes("disabledReason")) device.resource.disabledReason = disabledReason;
  if (changes.includes("policyName") && policyName !== undefined) movePolicy(vendor, device, policyName);
  else synchronize(vendor, device);
};

/** https://developers.google.com/android/management/reference/rest/v1/enterprises.devices */
export const deviceRoutes: readonly Route[] = [
  listMethod({
    name: "devices",
    of: (enterprise) => enterprise.devices,
    show: (_vendor, { resource }) => resource,
  }),
  method({
    verb: "GET",
    path: `${collectionPath}/:device`,
    query: {},
    answer: (call) => deviceOf(call).resource,
  }),
  method({
    verb: "PATCH",
    path: `${collectionPath}/:device`,
    query: { updateMask: "text" },
    body: { message: deviceMessage, root: "device" },
    answer: (call) => {
      const device = deviceOf(call);
      const given = new Set(settable.filter((member) => call.body[member] !== undefined));
      patchDevice(call.vendor, device, call.body, maskedMembers(call.query.updateMask) ?? given);
      return device.resource;
    },
  }),
  method({
    verb: "DELETE",
    path: `${collectionPath}/:device`,
    query: { wipeDataFlags, wipeReasonMessage: "text" },
    answer: (call) => {
      const device = deviceOf(call);
      const { wipeReasonMessage = "" } = call.query;
      const { managementMode, ownership } = device.resource;
      if (characterCount(wipeReasonMessage) > longestWipeReason) {
        throw invalidArgument(`The wipe reason must have at most ${longestWipeReason} characters.`);
      }
      const personal = managementMode === "PROFILE_OWNER" && ownership === "PERSONALLY_OWNED";
      if (wipeReasonMessage !== "" && !personal) {
        throw invalidArgument("A wipe reason is for work profiles on personal devices only.");
      }
      releaseDevice(call.vendor, device);
      return {};
    },
  }),
];
