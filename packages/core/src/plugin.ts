import type * as z from "zod";
import type { Clock } from "./clock.js";
import type { ProviderDescriptor } from "./descriptor.js";
import type { LifecycleHooks } from "./hooks/lifecycle-hooks.js";
import type { EnrollmentProvider } from "./provider.js";

/**
 * What providers share at run time. Providers that are given the same object also share what belongs to one set of
 * credentials: two of them that use one account stay within its quota together.
 */
export interface ProviderRuntime {
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Uniform in [0, 1): spreads retries. Default: `Math.random`. */
  readonly random?: () => number;
  /** Hear of every call to a vendor, retries included, and of what comes of each create. */
  readonly hooks?: LifecycleHooks;
  /**
   * Asked right before the bytes of a call leave for the vendor, each try of it; if it throws, nothing is sent, and the
   * call rejects with what it threw. For a process that may have been stopped for a while, and must not act late.
   *
   * It is asked as late as can be: quota, access token and connection are there. Calls that fetch an access token are
   * asked for too. Hooks hear of what was not sent as `withheld`. What had left before stands: an earlier try, or the
   * call whose result was being polled for. It must answer at once: a promise is not waited for, and holds nothing back.
   */
  readonly beforeSend?: () => void;
}

/**
 * A vendor that a config can name. An adapter exports one; an app hands over those it wants.
 *
 * @typeParam Settings - the vendor's part of the config, as `settings` reads it.
 */
export interface ProviderPlugin<Settings = unknown> {
  /** The word in the config: `"vendor": "applivery"`. */
  readonly vendor: string;
  /** What the vendor can do with default settings. */
  readonly descriptor: ProviderDescriptor;
  /** Reads a provider's settings, strictly. Secrets are declared with {@link secretSetting}. */
  readonly settings: z.ZodType<Settings>;
  /** @param name - the provider's name in the config. */
  create(name: string, settings: Settings, runtime?: ProviderRuntime): EnrollmentProvider;
}
