import type { DeviceRecord } from "./records.js";

class Index {
  readonly #entries = new Map<string, Set<DeviceRecord>>();

  add(key: string, device: DeviceRecord): void {
    const devices = this.#entries.get(key) ?? new Set();
    this.#entries.set(key, devices.add(device));
  }

  remove(key: string, device: DeviceRecord): void {
    const devices = this.#entries.get(key);
    devices?.delete(device);
    if (devices?.size === 0) this.#entries.delete(key);
  }

  get(key: string): Iterable<DeviceRecord> {
    return this.#entries.get(key) ?? [];
  }
}

/** A device as it appears; unless it says otherwise, one that has not enrolled. */
export type NewDevice = Partial<DeviceRecord> &
  Pick<
    DeviceRecord,
    "uuid" | "displayName" | "description" | "isMobile" | "groupUuid" | "enrollmentStatus" | "createdAt"
  >;

/** Devices, found by identifier, by name (which many may share) and by the static group that holds them. */
export class DeviceStore {
  readonly #devices = new Map<string, DeviceRecord>();
  readonly #byName = new Index();
  readonly #byGroup = new Index();
  #created = 0;

  add(device: NewDevice): DeviceRecord {
    const record: DeviceRecord = {
      enrolledAt: undefined,
      platform: undefined,
      deviceToken: "",
      activeProducts: [],
      version: 1,
      ...device,
      sequence: this.#created,
    };
    this.#created += 1;
    this.#devices.set(record.uuid, record);
    this.#byName.add(record.displayName, record);
    this.#byGroup.add(record.groupUuid, record);
    return record;
  }

  find(uuid: string): DeviceRecord | undefined {
    return this.#devices.get(uuid);
  }

  /** In the order of creation. */
  all(): DeviceRecord[] {
    return [...this.#devices.values()];
  }

  named(displayName: string): DeviceRecord[] {
    return [...this.#byName.get(displayName)];
  }

  inGroup(groupUuid: string): DeviceRecord[] {
    return [...this.#byGroup.get(groupUuid)];
  }

  rename(device: DeviceRecord, displayName: string): void {
    this.#byName.remove(device.displayName, device);
    device.displayName = displayName;
    device.version += 1;
    this.#byName.add(displayName, device);
  }

  move(device: DeviceRecord, groupUuid: string): void {
    this.#byGroup.remove(device.groupUuid, device);
    device.groupUuid = groupUuid;
    device.version += 1;
    this.#byGroup.add(groupUuid, device);
  }

  remove(device: DeviceRecord): void {
    this.#devices.delete(device.uuid);
    this.#byName.remove(device.displayName, device);
    this.#byGroup.remove(device.groupUuid, device);
  }
}
