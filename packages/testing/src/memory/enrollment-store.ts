import { createHash } from "node:crypto";
import {
  EnrollmentError,
  Secret,
  toIsoInstant,
  type ArtifactKind,
  type Clock,
  type DeviceReference,
  type Enrollment,
  type EnrollmentRequest,
  type EnrollmentState,
  type EnrollmentStatus,
  type EnrollmentSummary,
  type Uses,
} from "@enrollkit/core";

/** What the vendor is told of a new enrollment: wishes that are settled, and what goes with them. */
export interface NewEnrollment extends Omit<EnrollmentRequest, "validFor" | "uses" | "extras"> {
  /** Milliseconds. */
  readonly lifetime: number;
  readonly uses: Uses;
  readonly artifacts: readonly ArtifactKind[];
}

/** An enrollment as the vendor keeps it. */
export interface StoredEnrollment {
  readonly id: string;
  /** What was asked for, as it arrived. */
  readonly asked: NewEnrollment;
  /** Milliseconds since the Unix epoch, as is `expiresAt`. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** What a device presents. */
  readonly token: Secret;
  readonly devices: readonly DeviceReference[];
  readonly state: EnrollmentState;
}

/** An enrollment in the vendor's own JSON, its secrets in clear text. */
export type EnrollmentJson = Omit<Enrollment, "artifacts" | "provider" | "vendor"> & {
  readonly artifacts: readonly Readonly<Record<string, string>>[];
};

interface Entry {
  readonly id: string;
  readonly asked: NewEnrollment;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly token: string;
  readonly devices: DeviceReference[];
  usedAt?: number;
  revoked: boolean;
}

const artifactOf = (kind: ArtifactKind, token: string): Readonly<Record<string, string>> => {
  switch (kind) {
    case "enrollment-token":
      return { kind, value: token };
    case "enrollment-link":
      return { kind, value: `https://memory.invalid/enroll?token=${token}` };
    case "enrollment-code":
      return { kind, value: token.slice(-12) };
    case "provisioning-qr":
      return { kind, value: JSON.stringify({ token }) };
    case "deployment-file":
      return { kind, fileName: "enroll.ini", value: Buffer.from(token).toString("base64") };
    case "delivered":
      return { kind, channel: "email" };
  }
};

const refusals: Partial<Record<EnrollmentState, string>> = {
  used: "has been used",
  expired: "has expired",
  revoked: "has been revoked",
};

/**
 * The vendor's enrollments. Ids and tokens are the same in every run.
 *
 * @param account - what the ids begin with.
 */
export const createEnrollmentStore = (clock: Clock, account: string) => {
  const entries: Entry[] = [];
  const byId = new Map<string, Entry>();

  const stateOf = (entry: Entry): EnrollmentState => {
    if (entry.revoked) return "revoked";
    if (entry.asked.uses === "one" && entry.devices.length > 0) return "used";
    if (clock.now() >= entry.expiresAt) return "expired";
    return entry.devices.length > 0 ? "used" : "pending";
  };
  const isLive = (entry: Entry) =>
    stateOf(entry) === "pending" || (entry.asked.uses !== "one" && stateOf(entry) === "used");
  const find = (id: string) => byId.get(id);

  const toJson = ({ id, asked, createdAt, expiresAt, token }: Entry): EnrollmentJson => ({
    id,
    artifacts: asked.artifacts
      .filter((kind) => kind !== "delivered" || asked.delivery === "vendor-email")
      .map((kind) => artifactOf(kind, token)),
    createdAt: toIsoInstant(createdAt),
    expiresAt: toIsoInstant(expiresAt),
    uses: asked.uses,
    key: asked.key,
    profile: asked.profile,
    platform: asked.platform,
    management: asked.management,
    ownership: asked.ownership,
    recipient: asked.recipient,
    device: asked.device,
    warnings: [],
    requestIds: [],
  });

  const toSummary = (entry: Entry): Omit<EnrollmentSummary, "provider" | "vendor"> => ({
    id: entry.id,
    state: stateOf(entry),
    createdAt: toIsoInstant(entry.createdAt),
    expiresAt: toIsoInstant(entry.expiresAt),
    uses: entry.asked.uses,
    recipient: entry.asked.recipient,
    device: entry.asked.device,
    tags: entry.asked.tags,
  });

  return {
    create: (asked: NewEnrollment): EnrollmentJson => {
      const createdAt = clock.now();
      const number = entries.length + 1;
      const token = createHash("sha256").update(`${account} token ${number}`).digest("base64url");
      const entry: Entry = {
        id: `${account}-${number}`,
        asked,
        createdAt,
        expiresAt: createdAt + asked.lifetime,
        token: `${token}-${number}`,
        devices: [],
        revoked: false,
      };
      entries.push(entry);
      byId.set(entry.id, entry);
      return toJson(entry);
    },

    /** The live enrollment of an id. */
    get: (id: string): EnrollmentJson | undefined => {
      const entry = find(id);
      return entry !== undefined && isLive(entry) ? toJson(entry) : undefined;
    },

    /** @param since - milliseconds since the Unix epoch: older ones are of an earlier run. */
    findByKey: (key: string, since: number): EnrollmentJson | undefined => {
      const entry = entries.find(({ asked, createdAt }) => asked.key === key && createdAt >= since);
      return entry && toJson(entry);
    },

    /** A page of live enrollments; `after` is the place that the page before ended at. */
    page: (after: number, size: number) => {
      const places = entries.flatMap((entry, place) => (place >= after && isLive(entry) ? [place] : []));
      const shown = places.slice(0, size);
      const last = shown.at(-1);
      return {
        items: shown.map((place) => toSummary(entries[place] as Entry)),
        ...(places.length > size && last !== undefined && { next: last + 1 }),
      };
    },

    /** @returns whether there was one. */
    revoke: (id: string): boolean => {
      const entry = find(id);
      if (entry === undefined || entry.revoked) return false;
      entry.revoked = true;
      return true;
    },

    status: (id: string): EnrollmentStatus => {
      const entry = find(id);
      if (entry === undefined) return { id, state: "unknown", devices: [] };
      return {
        id,
        state: stateOf(entry),
        devices: entry.devices,
        ...(entry.usedAt !== undefined && { usedAt: toIsoInstant(entry.usedAt) }),
      };
    },

    /** Lets a device in that presents what an artifact holds; of an enrollment with no artifact, its id. */
    enroll: (presented: string, device: DeviceReference): DeviceReference => {
      const entry = entries.find(
        ({ id, asked, token }) =>
          presented === id || asked.artifacts.some((kind) => artifactOf(kind, token)["value"] === presented),
      );
      const refusal =
        entry === undefined ? "is not known" : isLive(entry) ? undefined : refusals[stateOf(entry)];
      if (entry === undefined || refusal !== undefined) {
        throw new EnrollmentError(`the device was refused: the enrollment ${refusal ?? "is over"}`, {
          code: "failed-precondition",
        });
      }
      entry.devices.push(device);
      entry.usedAt ??= clock.now();
      return device;
    },

    liveCount: () => entries.filter(isLive).length,

    all: (): readonly StoredEnrollment[] =>
      entries.map((entry) => ({
        id: entry.id,
        asked: entry.asked,
        createdAt: entry.createdAt,
        expiresAt: entry.expiresAt,
        token: new Secret(entry.token),
        devices: [...entry.devices],
        state: stateOf(entry),
      })),
  };
};
