import type { LinkRecord } from "./records.js";

/** What has become of a link: "ended" means that its device enrolled by another link, or was deleted. */
export type LinkState = "valid" | "used" | "ended" | "expired";

export const linkStateAt = (link: LinkRecord, now: number): LinkState => {
  if (link.usedAt !== undefined) return "used";
  if (link.endedAt !== undefined) return "ended";
  return now >= link.expiresAt ? "expired" : "valid";
};

/** Every link ever issued. */
export class LinkStore {
  readonly #byUri = new Map<string, LinkRecord>();
  readonly #byDevice = new Map<string, LinkRecord[]>();

  add(link: LinkRecord): void {
    this.#byUri.set(link.uri, link);
    const siblings = this.#byDevice.get(link.deviceUuid);
    if (siblings === undefined) this.#byDevice.set(link.deviceUuid, [link]);
    else siblings.push(link);
  }

  find(uri: string): LinkRecord | undefined {
    return this.#byUri.get(uri);
  }

  all(): LinkRecord[] {
    return [...this.#byUri.values()];
  }

  /** All links of a device die together. */
  endAll(deviceUuid: string, now: number): void {
    for (const link of this.#byDevice.get(deviceUuid) ?? []) link.endedAt ??= now;
  }
}
