/** Records by one of their values, so that a filtered list need not look at all of them. */
export class GroupedIndex<Record> {
  readonly #groups = new Map<string, Set<Record>>();

  add(key: string, record: Record): void {
    const group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, new Set([record]));
    else group.add(record);
  }

  remove(key: string, record: Record): void {
    const group = this.#groups.get(key);
    group?.delete(record);
    if (group?.size === 0) this.#groups.delete(key);
  }

  of(key: string): ReadonlySet<Record> {
    return this.#groups.get(key) ?? new Set();
  }
}
