import type { GroupRecord } from "./records.js";

/** The root of every tree; its identifier is the same for all customers. */
export const allGroupUuid = "00000000-0000-0000-7001-000000000001";

/** Device groups, security groups and asset groups: one tree under three names. */
export class GroupTree {
  readonly #groups = new Map<string, GroupRecord>();
  readonly #children = new Map<string, Set<GroupRecord>>();

  add(group: GroupRecord): void {
    this.#groups.set(group.uuid, group);
    this.#adopt(group);
  }

  find(uuid: string): GroupRecord | undefined {
    return this.#groups.get(uuid);
  }

  all(): GroupRecord[] {
    return [...this.#groups.values()];
  }

  move(group: GroupRecord, parentGroupUuid: string): void {
    this.#children.get(group.parentGroupUuid)?.delete(group);
    group.parentGroupUuid = parentGroupUuid;
    this.#adopt(group);
  }

  remove(group: GroupRecord): void {
    this.#children.get(group.parentGroupUuid)?.delete(group);
    this.#children.delete(group.uuid);
    this.#groups.delete(group.uuid);
  }

  /** The group and everything below it, parents first. */
  subtree(group: GroupRecord): GroupRecord[] {
    const found = [group];
    for (const next of found) found.push(...(this.#children.get(next.uuid) ?? []));
    return found;
  }

  /** Whether a group is another one or lies below it. */
  isWithin(uuid: string, ancestorUuid: string): boolean {
    for (let group = this.find(uuid); group !== undefined; group = this.find(group.parentGroupUuid)) {
      if (group.uuid === ancestorUuid) return true;
    }
    return false;
  }

  /** Whether a group or one above it has a subscription. */
  hasSubscription(uuid: string): boolean {
    for (let group = this.find(uuid); group !== undefined; group = this.find(group.parentGroupUuid)) {
      if (group.subscription) return true;
    }
    return false;
  }

  #adopt(group: GroupRecord): void {
    const siblings = this.#children.get(group.parentGroupUuid) ?? new Set();
    this.#children.set(group.parentGroupUuid, siblings.add(group));
  }
}
