import { Secret } from "@enrollkit/core";
import * as z from "zod";

/** Fields without a value come as `""`, as `null`, or not at all. */
const text = z
  .string()
  .nullish()
  .transform((value) => (value === null || value === "" ? undefined : value));

const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? undefined);

const listOf = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

/** A Map, so that a device called `constructor` is not found where none is. */
const mapOf = <Value extends z.ZodType>(value: Value) =>
  z
    .record(z.string(), value)
    .nullish()
    .transform((entries) => new Map(Object.entries(entries ?? {})));

const secret = z.string().transform((value) => (value === "" ? undefined : new Secret(value)));

/** The error object of gRPC gateways; documented for the devices of an import, seen nowhere else. */
export const rpcStatusSchema = z.object({ code: z.int().nullish(), message: text });
export type RpcStatus = z.output<typeof rpcStatusSchema>;

/** RFC 6749, section 5.2. */
export const tokenErrorSchema = z.object({ error: text, error_description: text });

/** `enrollmentStatus` stays text: ESET adds values without notice. */
export const deviceSchema = z.object({
  uuid: z.string().min(1),
  displayName: text,
  description: text,
  isMobile: flag,
  enrollmentStatus: text,
  parentGroupUuid: text,
});
/** A device as ESET Connect keeps it. */
export type EsetDevice = z.output<typeof deviceSchema>;

const groupSchema = z.object({
  uuid: z.string().min(1),
  displayName: text,
  isSecurityGroup: flag,
  parentGroupUuid: text,
});
/** A device group. `isSecurityGroup`: a static group; only those can be enrolled into. */
export type EsetDeviceGroup = z.output<typeof groupSchema>;

const groupMemberSchema = z.object({ uuid: z.string().min(1), displayName: text });
/** A device as a group lists it. */
export type EsetGroupMember = z.output<typeof groupMemberSchema>;

const linkSchema = z.object({ uri: secret.nullish(), expireTime: text });
/** A link as ESET Connect issues it. */
export type EsetEnrollmentLink = z.output<typeof linkSchema>;

export const importAnswerSchema = z.object({
  devices: listOf(deviceSchema),
  /** By display name. */
  errors: mapOf(rpcStatusSchema),
});
export const linksAnswerSchema = z.object({ enrollmentLinks: mapOf(linkSchema) });
export const devicesAnswerSchema = z.object({ devices: listOf(deviceSchema), nextPageToken: text });
export const groupsAnswerSchema = z.object({ deviceGroups: listOf(groupSchema), nextPageToken: text });
export const membersAnswerSchema = z.object({ devices: listOf(groupMemberSchema), nextPageToken: text });
export const gpoSccmFileAnswerSchema = z.object({
  gpoSccmFile: z
    .base64()
    .min(1)
    .transform((value) => new Secret(value)),
});
