import { EnrollmentError, type CallOptions } from "@enrollkit/core";
import type { Account } from "./account.js";
import { MAX_BATCH } from "./descriptor.js";
import { readDevices } from "./devices.js";
import { attempt } from "./errors.js";
import { askInParts, chunksOf, isAboutItems } from "./isolation.js";
import { toState, type IssuedLink } from "./mapping.js";
import type { EsetDevice } from "./wire.js";

type Finding = EsetDevice | EnrollmentError | undefined;
type Links = Map<string, IssuedLink | EnrollmentError>;

const onDevice = { path: "device.id", retryable: false } as const;

export const unknownDevice = (provider: string, refusal: EnrollmentError) =>
  refusal.with({
    ...onDevice,
    message: "ESET Connect knows no device with this id",
    code: "not-found",
    provider,
    advice: "check device.id; leave it out and give device.name to import a new device",
  });

const knownElsewhere = (provider: string, refusal: EnrollmentError) =>
  refusal.with({
    ...onDevice,
    message: "ESET Connect has the device, and answers the call for its link as if it did not exist",
    code: "not-found",
    provider,
    advice: "ask again in some minutes; if that does not help, check baseUrls.mobileDeviceManagement",
  });

const enrolledAlready = (provider: string, refusal: EnrollmentError) =>
  refusal.with({
    ...onDevice,
    message: "the device is enrolled already, so ESET Connect gives no link for it",
    code: "already-enrolled",
    provider,
    advice: "nothing to do; to enroll it anew, remove it in the ESET PROTECT Web Console first",
  });

const notMobile = (provider: string, refusal: EnrollmentError) =>
  refusal.with({
    ...onDevice,
    message: "the device was not imported as a mobile device, so ESET Connect gives no link for it",
    code: "failed-precondition",
    provider,
    advice: "the API cannot change that: import the device anew, as a mobile one",
  });

/** Why a device certainly gets no link. A field that the answer leaves out proves nothing here. */
const certainObstacle = (provider: string, finding: Finding, refusal: EnrollmentError) => {
  if (finding === undefined) return undefined;
  if (EnrollmentError.is(finding)) {
    return finding.code === "not-found" ? unknownDevice(provider, finding) : undefined;
  }
  if (toState(finding) === "used") return enrolledAlready(provider, refusal);
  return finding.isMobile === false ? notMobile(provider, refusal) : undefined;
};

/** What the refusal of one device alone means. */
const explain = (provider: string, finding: Finding, refusal: EnrollmentError): EnrollmentError => {
  if (!isAboutItems(refusal) || refusal.httpStatus === 403) return refusal;
  const found = finding !== undefined && !EnrollmentError.is(finding);
  if (refusal.httpStatus === 404) return (found ? knownElsewhere : unknownDevice)(provider, refusal);
  const certain = certainObstacle(provider, finding, refusal);
  if (certain !== undefined) return certain;
  // Refused, there, and not said to be mobile: an unset flag means "no".
  if (found && finding.isMobile === undefined) return notMobile(provider, refusal);
  return refusal.with({
    ...onDevice,
    message: "ESET Connect gives no link for this device, and does not say why",
    code: "failed-precondition",
    provider,
    advice: "look at the device in the ESET PROTECT Web Console: it may be enrolled, or no mobile device",
  });
};

/**
 * One call for links is all or nothing, and a refusal names no device. So: everything at once first, which is nearly
 * always enough; if ESET refuses, the devices themselves tell which of them get none; where they do not, halves do.
 * https://help.eset.com/eset_connect/en-US/mobile_device_management_v1_mobile-devices-batchGetEnrollmentLinks_post.html
 */
const linksOfBatch = async (
  account: Account,
  uuids: readonly string[],
  options: CallOptions | undefined,
): Promise<Links> => {
  const { client, name: provider } = account;
  const ask = async (batch: readonly string[]) => {
    const { body, requestIds } = await client.getEnrollmentLinks(batch, options);
    const issued = [...body.enrollmentLinks].flatMap(([uuid, { uri, expireTime }]) =>
      uri == null ? [] : [[uuid, { uri, expireTime, requestIds }] as const],
    );
    return new Map<string, IssuedLink>(issued);
  };

  const refusal = await attempt(() => ask(uuids), options);
  if (!EnrollmentError.is(refusal)) return refusal;
  if (!isAboutItems(refusal)) return new Map(uuids.map((uuid) => [uuid, refusal]));

  // 403 is about rights, and the devices tell nothing of those.
  const devices =
    refusal.httpStatus === 403 ? new Map<string, Finding>() : await readDevices(account, uuids, options);
  const links: Links = new Map();
  for (const uuid of uuids) {
    const obstacle = certainObstacle(provider, devices.get(uuid), refusal);
    if (obstacle !== undefined) links.set(uuid, obstacle);
  }
  const rest = uuids.filter((uuid) => !links.has(uuid));
  if (uuids.length === 1) {
    for (const uuid of rest) links.set(uuid, explain(provider, devices.get(uuid), refusal));
    return links;
  }
  const work = links.size > 0 ? { batches: [rest] } : { refused: rest };
  const answers = await askInParts(work, ask, options);
  for (const [uuid, answer] of answers) {
    links.set(uuid, EnrollmentError.is(answer) ? explain(provider, devices.get(uuid), answer) : answer);
  }
  return links;
};

/**
 * A new link for each device. One that gets none does not spoil it for the others.
 *
 * @param uuids - any number, all different.
 * @returns for each device its link, or why there is none.
 */
export const getLinks = async (
  account: Account,
  uuids: readonly string[],
  options: CallOptions | undefined,
): Promise<(uuid: string) => IssuedLink | EnrollmentError> => {
  const links: Links = new Map();
  for (const batch of chunksOf(uuids, MAX_BATCH)) {
    for (const [uuid, link] of await linksOfBatch(account, batch, options)) links.set(uuid, link);
  }
  const missing = new EnrollmentError("ESET Connect answered without a link for this device", {
    code: "protocol",
    provider: account.name,
  });
  return (uuid) => links.get(uuid) ?? missing;
};
