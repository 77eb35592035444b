import { GroupedIndex } from "./grouped-index.js";
import type {
  AppleAssetRecord,
  AppliveryFeature,
  AppliveryPlatform,
  DeviceRecord,
  EnrollmentRecord,
  PolicyRecord,
  SegmentRecord,
  UserRecord,
} from "./records.js";

/** What narrows a list down before its records are looked at. */
export interface Narrowing {
  readonly platform?: AppliveryPlatform | undefined;
  readonly userId?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

interface Owned {
  readonly id: string;
  readonly platform: AppliveryPlatform;
  readonly user: { readonly id: string } | undefined;
  tags: readonly string[];
}

/** Tokens or devices of one organization, found by id, owner and tag. */
export class Collection<Record extends Owned> {
  readonly #all: Record[] = [];
  readonly #byId = new Map<string, Record>();
  readonly #byPlatform = new Map<AppliveryPlatform, Record[]>();
  readonly #byUser = new GroupedIndex<Record>();
  readonly #byTag = new GroupedIndex<Record>();

  add(record: Record): void {
    this.#byId.set(record.id, record);
    this.#all.push(record);
    const ofPlatform = this.#byPlatform.get(record.platform);
    if (ofPlatform === undefined) this.#byPlatform.set(record.platform, [record]);
    else ofPlatform.push(record);
    this.#index(record);
  }

  /** Changes a record's owner or tags through `change`, and finds it under the new ones from then on. */
  change(record: Record, change: () => void): void {
    if (record.user !== undefined) this.#byUser.remove(record.user.id, record);
    for (const tag of record.tags) this.#byTag.remove(tag, record);
    change();
    this.#index(record);
  }

  get(id: string, platform?: AppliveryPlatform): Record | undefined {
    const found = this.#byId.get(id);
    return platform === undefined || found?.platform === platform ? found : undefined;
  }

  /** Oldest first. */
  all(): readonly Record[] {
    return this.#all;
  }

  ofUser(userId: string): ReadonlySet<Record> {
    return this.#byUser.of(userId);
  }

  /** Every record that fits, oldest first. */
  matching({ platform, userId, tags = [] }: Narrowing): readonly Record[] {
    const [tag] = tags;
    if (tag === undefined && userId === undefined) {
      return platform === undefined ? this.#all : (this.#byPlatform.get(platform) ?? []);
    }
    const candidates = tag === undefined ? this.#byUser.of(userId ?? "") : this.#byTag.of(tag);
    return (
      [...candidates]
        .filter(
          (record) =>
            (platform === undefined || record.platform === platform) &&
            (userId === undefined || record.user?.id === userId) &&
            tags.every((wanted) => record.tags.includes(wanted)),
        )
        // Later ids sort behind earlier ones, and a set does not know the order once a record was changed.
        .sort((left, right) => (left.id < right.id ? -1 : 1))
    );
  }

  #index(record: Record): void {
    if (record.user !== undefined) this.#byUser.add(record.user.id, record);
    for (const tag of record.tags) this.#byTag.add(tag, record);
  }
}

export interface OrganizationTraits {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly features: ReadonlySet<AppliveryFeature>;
  /** Ids of the platforms' MDM configurations; a platform that was never set up has none. */
  readonly enterprises: ReadonlyMap<AppliveryPlatform, string>;
  /** Tokens that may exist at once, deleted ones not counted. */
  readonly enrollmentLimit: number;
}

/** A workspace with everything in it. */
export class Organization {
  readonly traits: OrganizationTraits;
  readonly enrollments = new Collection<EnrollmentRecord>();
  readonly devices = new Collection<DeviceRecord>();
  readonly policies = new Map<string, PolicyRecord>();
  readonly appleAssets = new Map<string, AppleAssetRecord>();
  readonly segments = new Map<number, SegmentRecord>([[0, { id: 0, name: "Global", parentId: undefined }]]);
  /** Tokens that are not deleted. */
  liveEnrollments = 0;
  readonly #users = new Map<string, UserRecord>();
  readonly #usersByEmail = new Map<string, UserRecord>();
  readonly #devicesBySerialNumber = new Map<string, DeviceRecord>();

  constructor(traits: OrganizationTraits) {
    this.traits = traits;
  }

  addUser(user: UserRecord): void {
    this.#users.set(user.id, user);
    this.#usersByEmail.set(user.email.toLowerCase(), user);
  }

  removeUser(user: UserRecord): void {
    this.#users.delete(user.id);
    this.#usersByEmail.delete(user.email.toLowerCase());
  }

  user(id: string): UserRecord | undefined {
    return this.#users.get(id);
  }

  /** In any letter case. */
  userByEmail(email: string): UserRecord | undefined {
    return this.#usersByEmail.get(email.toLowerCase());
  }

  users(): UserRecord[] {
    return [...this.#users.values()];
  }

  addDevice(device: DeviceRecord): void {
    this.devices.add(device);
    this.#devicesBySerialNumber.set(device.serialNumber, device);
  }

  deviceBySerialNumber(serialNumber: string): DeviceRecord | undefined {
    return this.#devicesBySerialNumber.get(serialNumber);
  }

  /** The ids of a segment and of those above or below it. */
  segmentsAround(id: number, expandTo: "ancestors" | "children" | undefined): ReadonlySet<number> {
    const found = new Set([id]);
    if (expandTo === "ancestors") {
      for (let next = this.segments.get(id)?.parentId; next !== undefined;) {
        found.add(next);
        next = this.segments.get(next)?.parentId;
      }
    }
    if (expandTo === "children") {
      for (const segment of this.segments.values()) {
        // A segment is always added after its parent, so that one pass is enough.
        if (segment.parentId !== undefined && found.has(segment.parentId)) found.add(segment.id);
      }
    }
    return found;
  }
}
