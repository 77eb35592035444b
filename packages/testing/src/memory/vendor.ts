import type {
  Clock,
  DeviceGroup,
  DeviceReference,
  DeviceToImport,
  Policy,
  Recipient,
  VendorRecipient,
} from "@enrollkit/core";
import { createEnrollmentStore, type NewEnrollment } from "./enrollment-store.js";

/** What the vendor holds when a test begins. */
export interface VendorContent {
  readonly policies: readonly Policy[];
  readonly deviceGroups: readonly DeviceGroup[];
  readonly recipients: readonly Recipient[];
  /** What the ids of enrollments begin with. */
  readonly account: string;
}

export interface VendorAnswer {
  readonly status: number;
  readonly body: unknown;
}

const pageSize = 10;
const deploymentFileLifetime = 30 * 86_400_000;

const ok = (body: unknown): VendorAnswer => ({ status: 200, body });
const refusal = (status: number, code: string, message: string): VendorAnswer => ({
  status,
  body: { error: { code, message } },
});

const pageOf = <Item>(all: readonly Item[], after = 0) => ({
  items: all.slice(after, after + pageSize),
  ...(all.length > after + pageSize && { next: after + pageSize }),
});

/** The vendor itself: what an HTTP server would be for a real one. It answers calls by name, with plain data. */
export const createVendor = (clock: Clock, content: VendorContent) => {
  const enrollments = createEnrollmentStore(clock, content.account);
  const devices = new Map<string, DeviceReference>();
  const deviceNames = new Set<string>();
  /** By address in lower case. */
  const recipients = new Map<string, VendorRecipient>();

  const ensureRecipient = ({ email = "", name }: Recipient): VendorRecipient => {
    const known = recipients.get(email.toLowerCase());
    if (known !== undefined) return known;
    const recipient = {
      id: `recipient-${recipients.size + 1}`,
      email,
      ...(name !== undefined && { name }),
    };
    recipients.set(email.toLowerCase(), recipient);
    return recipient;
  };
  for (const recipient of content.recipients) ensureRecipient(recipient);

  const create = (asked: NewEnrollment): VendorAnswer => {
    const device = asked.device?.id;
    if (device !== undefined && !devices.has(device)) {
      return refusal(404, "device-not-found", "there is no such device");
    }
    if (asked.recipient?.email !== undefined) ensureRecipient(asked.recipient);
    return ok(enrollments.create(asked));
  };

  const importDevice = ({ name, description }: DeviceToImport): VendorAnswer => {
    if (deviceNames.has(name)) {
      return refusal(409, "name-taken", "there is a device of that name");
    }
    const id = `device-${devices.size + 1}`;
    deviceNames.add(name);
    devices.set(id, { id, name, ...(description !== undefined && { description }) });
    return ok({ id, name });
  };

  const operations = {
    "account.get": () => ok({ active: true }),
    "enrollments.create": ({ enrollment }: { enrollment: NewEnrollment }) => create(enrollment),
    "enrollments.createBatch": ({ items }: { items: readonly NewEnrollment[] }) => ok(items.map(create)),
    "enrollments.get": ({ id }: { id: string }) => {
      const found = enrollments.get(id);
      return found === undefined ? refusal(404, "not-found", "there is no such enrollment") : ok(found);
    },
    "enrollments.list": ({ after = 0 }: { after?: number | undefined }) =>
      ok(enrollments.page(after, pageSize)),
    "enrollments.revoke": ({ id }: { id: string }) =>
      enrollments.revoke(id) ? ok({}) : refusal(404, "not-found", "there is no such enrollment"),
    "enrollments.statuses": ({ ids }: { ids: readonly string[] }) => ok(ids.map(enrollments.status)),
    "enrollments.findByKeys": ({ wanted }: { wanted: readonly { key: string; since: number }[] }) =>
      ok(wanted.map(({ key, since }) => enrollments.findByKey(key, since) ?? null)),
    "devices.import": ({ items }: { items: readonly DeviceToImport[] }) => ok(items.map(importDevice)),
    "deviceGroups.list": ({ after }: { after?: number | undefined }) =>
      ok(pageOf(content.deviceGroups, after)),
    "policies.list": ({ after }: { after?: number | undefined }) => ok(pageOf(content.policies, after)),
    "recipients.list": ({ after }: { after?: number | undefined }) =>
      ok(pageOf([...recipients.values()], after)),
    "recipients.find": ({ email }: { email: string }) => ok(recipients.get(email.toLowerCase()) ?? null),
    "recipients.ensure": ({ recipient }: { recipient: Recipient }) => ok(ensureRecipient(recipient)),
    "deploymentFiles.generate": ({ profile }: { profile?: string | undefined }) => {
      // A file for mass deployment is an enrollment that any number of devices may use.
      const { artifacts } = enrollments.create({
        ...(profile !== undefined && { profile }),
        lifetime: deploymentFileLifetime,
        uses: "unlimited",
        artifacts: ["enrollment-token"],
      });
      const text = `[enrollment]\ntoken=${artifacts[0]?.["value"] ?? ""}\n`;
      return ok({ fileName: "enroll.ini", content: Buffer.from(text).toString("base64") });
    },
  };

  return { operations, enrollments, refusal };
};

export type Vendor = ReturnType<typeof createVendor>;
type Operations = Vendor["operations"];
/** A call that the vendor knows, by name. */
export type OperationName = keyof Operations;
/** What a call of that name takes. */
export type OperationInput<Name extends OperationName> =
  Parameters<Operations[Name]> extends [infer Input] ? Input : Record<string, never>;
