import type { Clock } from "@enrollkit/core";
import type { EsetConnectClient } from "./client.js";
import type { EsetConnectSettings } from "./settings.js";

/** One configured ESET Connect account: what every role works with. */
export interface Account {
  /** The provider's name in the config. */
  readonly name: string;
  readonly settings: EsetConnectSettings;
  readonly client: EsetConnectClient;
  readonly clock: Clock;
  /** By request: the device that was imported for it, and got no link. */
  readonly linkless: WeakMap<object, string>;
}
