import {
  EnrollmentError,
  failureOf,
  resolveRequest,
  type CreateOptions,
  type EnrollmentRequest,
  type EnrollmentResult,
  type EnrollmentWarning,
  type ResolvedRequest,
} from "@enrollkit/core";
import type { Account } from "./account.js";
import { esetConnectDescriptor } from "./descriptor.js";
import { readDevices } from "./devices.js";
import { getLinks, unknownDevice } from "./enrollment-links.js";
import { attempt } from "./errors.js";
import { isAboutItems } from "./isolation.js";
import { toEnrollment } from "./mapping.js";
import {
  createRepetitionCheck,
  importPlaceholders,
  refuseOversize,
  refuseUnsteadyName,
  type ImportedPlaceholder,
  type Placeholder,
} from "./placeholders.js";
import { profileOf, readExtras, type EsetConnectExtras } from "./settings.js";
import type { EsetDevice } from "./wire.js";

type Request = EnrollmentRequest<EsetConnectExtras>;

/** A request that may be sent. */
export interface Order {
  readonly resolved: ResolvedRequest<EsetConnectExtras>;
  /** Where a new device goes. */
  readonly group?: string | undefined;
  /** The field by which the request itself chose the group. */
  readonly groupChosenBy?: "extras.group" | "profile" | undefined;
  /** A device that ESET knows, by its id, or one that is to be imported. */
  readonly device: string | Placeholder;
}

/**
 * Holds a request against what ESET Connect and the settings allow.
 *
 * @throws EnrollmentError `invalid-request` or `unsupported`; nothing has been sent.
 */
export const toOrder = (
  { name: provider, settings, clock }: Account,
  input: Request,
  onUnsupported: CreateOptions["onUnsupported"],
): Order => {
  const resolved = resolveRequest(input, esetConnectDescriptor, { onUnsupported, now: clock.now() });
  const { device: { id, name, description } = {}, profile } = resolved.request;
  const extras = readExtras(resolved.request.extras, provider);
  const chosen = profileOf(settings, profile, provider);
  const { group = chosen.group } = extras;
  const groupChosenBy = extras.group === undefined ? chosen.groupChosenBy : "extras.group";
  if (id !== undefined) return { resolved, group, groupChosenBy, device: id };
  if (name === undefined) {
    throw new EnrollmentError("device.name is missing; ESET Connect imports a device by its name", {
      code: "invalid-request",
      path: "device.name",
      provider,
      advice: "give device.name for a new device, or device.id for one that ESET knows",
    });
  }
  refuseUnsteadyName(name, "device.name", provider);
  return { resolved, group, groupChosenBy, device: { name, description, isMobile: true, group } };
};

const prepareAll = async (
  account: Account,
  requests: readonly Request[],
  options: CreateOptions | undefined,
): Promise<readonly (Order | EnrollmentError)[]> => {
  const idIsRepeated = createRepetitionCheck("device.id", account.name);
  const nameIsRepeated = createRepetitionCheck("device.name", account.name);
  const prepare = async (request: Request) => {
    const order = await attempt(() => toOrder(account, request, options?.onUnsupported), options);
    if (EnrollmentError.is(order)) return order.with({ provider: account.name });
    const { device } = order.resolved.request;
    return idIsRepeated(device?.id) ?? nameIsRepeated(device?.name) ?? order;
  };
  const prepared: (Order | EnrollmentError)[] = [];
  for (const request of requests) prepared.push(await prepare(request));
  return prepared;
};

/** The device that a link is to be got for. */
interface Target {
  readonly id: string;
  readonly origin: "known" | "imported";
  readonly requestIds: readonly string[];
  readonly warnings: readonly EnrollmentWarning[];
}

const knownTarget = (
  { group, groupChosenBy: field }: Order,
  id: string,
  device: EsetDevice | EnrollmentError | undefined,
  provider: string,
): Target | EnrollmentError => {
  const target = { id, origin: "known" as const, requestIds: [], warnings: [] };
  if (field === undefined) return target;
  if (EnrollmentError.is(device)) {
    const isUnknown = isAboutItems(device) && device.code !== "forbidden";
    return isUnknown ? unknownDevice(provider, device) : device;
  }
  if (device?.parentGroupUuid === undefined) {
    const message =
      "ESET Connect does not say which group the device is in; it may be another than was asked for";
    return { ...target, warnings: [{ code: "partial-view", field, message }] };
  }
  if (device.parentGroupUuid === group) return target;
  return new EnrollmentError(`the device is in another device group than ${field} asks for`, {
    code: "failed-precondition",
    path: field,
    provider,
    advice: `move the device in the ESET PROTECT Web Console, or leave ${field} out`,
  });
};

/**
 * Sees to it that every device is there. Those without an id are imported, by one call for each group. For those
 * with an id that name a group, it is held against the group they are in: the settings' default group is no wish,
 * and only says where new devices go.
 */
const readyTargets = async (
  account: Account,
  orders: readonly Order[],
  options: CreateOptions | undefined,
): Promise<ReadonlyMap<Order, Target | EnrollmentError>> => {
  const compared = orders.flatMap(({ device, groupChosenBy }) =>
    typeof device === "string" && groupChosenBy !== undefined ? [device] : [],
  );
  const known = await readDevices(account, compared, options);
  const placeholders = orders.flatMap(({ device }) => (typeof device === "string" ? [] : [device]));
  const imported = await importPlaceholders(account, placeholders, "device", options);
  return new Map(
    orders.map((order): readonly [Order, Target | EnrollmentError] => {
      const { device } = order;
      if (typeof device === "string") {
        return [order, knownTarget(order, device, known.get(device), account.name)];
      }
      const result = imported.get(device) as ImportedPlaceholder | EnrollmentError;
      if (EnrollmentError.is(result)) return [order, result];
      const { requestIds } = result;
      return [order, { id: result.device.uuid, origin: "imported", requestIds, warnings: [] }];
    }),
  );
};

/** Whether ESET said no to the link. A 404 does not: the import has just answered with the device. */
const isRefusal = (error: EnrollmentError) => isAboutItems(error) && error.httpStatus !== 404;

/**
 * A link that failed after the device was imported. To send the request again would import a second device, so all
 * but a refusal is `outcome-unknown`: reconciliation asks for the link of that device again.
 */
const afterImport = (error: EnrollmentError, deviceId: string): EnrollmentError => {
  const advice = `the device is there: ask again with device.id "${deviceId}" in place of device.name`;
  // What is advised about device.id is for callers who gave one.
  const isAboutId = error.path === "device.id";
  return error.with({
    message: `the device was imported, its link was not issued: ${error.message}`,
    ...(!isRefusal(error) && { code: "outcome-unknown", retryable: false }),
    ...(isAboutId && { path: "device" }),
    advice: isAboutId || error.advice === undefined ? advice : `${error.advice}; ${advice}`,
  });
};

/**
 * Imports the devices that ESET does not know, then gets the links of all devices by one call.
 *
 * @param requests - at most 1000.
 * @returns one result for each, in the same order; what goes wrong with one leaves the others alone.
 */
export const enroll = async (
  account: Account,
  requests: readonly Request[],
  options: CreateOptions | undefined,
): Promise<readonly EnrollmentResult[]> => {
  refuseOversize(requests.length, "requests", account.name);
  options?.signal?.throwIfAborted();
  for (const request of requests) account.linkless.delete(request);
  const prepared = await prepareAll(account, requests, options);
  const orders = prepared.flatMap((order) => (EnrollmentError.is(order) ? [] : [order]));
  const targets = await readyTargets(account, orders, options);
  const uuids = [...targets.values()].flatMap((target) => (EnrollmentError.is(target) ? [] : [target.id]));
  const linkOf = await getLinks(account, uuids, options);

  return prepared.map((order, place): EnrollmentResult => {
    if (EnrollmentError.is(order)) return failureOf(order);
    const target = targets.get(order) as Target | EnrollmentError;
    if (EnrollmentError.is(target)) return failureOf(target);
    const link = linkOf(target.id);
    if (EnrollmentError.is(link)) {
      if (target.origin === "known") return failureOf(link);
      account.linkless.set(requests[place] as Request, target.id);
      return failureOf(afterImport(link, target.id));
    }
    const now = account.clock.now();
    const parts = { provider: account.name, resolved: order.resolved, target, link, now };
    return { status: "created", enrollment: toEnrollment(parts) };
  });
};
