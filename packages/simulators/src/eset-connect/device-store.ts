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

/** Devices, found by identifier, by name (which many may share) and by the static group that holds them. */
export class DeviceStore {
  readonly #devices = new Map<string, DeviceRecord>();
  readonly #byName = new Index();
  readonly #byGroup = new Index();
  #created = 0;

  add(device: Omit<DeviceRecord, "sequence">): DeviceRecord {
    const record: DeviceRecord = { ...device, sequence: this.#created };
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
