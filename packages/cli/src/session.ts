import { resolve } from "node:path";
import {
  combineHooks,
  EnrollmentError,
  supports,
  type EnrollmentProvider,
  type EnrollmentService,
  type LifecycleHooks,
  type RoleName,
  type WithRole,
} from "@enrollkit/core";
import type { Ledger } from "@enrollkit/ledger";
import { traceHooks } from "./output/trace.js";
import { UsageError } from "./output/usage-error.js";
import type { GlobalOptions, Terminal } from "./terminal.js";
import { loadPlugins } from "./vendors.js";

/** The providers of the config, ready to work, and how often each has called its vendor. */
export interface Session {
  readonly service: EnrollmentService;
  /** Where requests go that no route matches. */
  readonly defaultProvider: string | undefined;
  callsTo(provider: string): number;
}

/**
 * What providers need to know of a ledger. Where no other process can use it, the limiter of this one alone is the better:
 * it asks nobody.
 */
const runtimeOf = ({ beforeSend, createLimiter, isShared }: Ledger) => ({
  beforeSend,
  ...(isShared && { createLimiter }),
});

/**
 * @param ledger - whose workers share the vendors' quotas, and may send only as long as they hold their lease.
 * @throws EnrollmentError `invalid-config` with every problem of the config.
 */
export const openSession = async (
  { folder, environment, clock, stderr }: Terminal,
  { config, json, trace }: GlobalOptions,
  ledger?: Ledger,
): Promise<Session> => {
  const { createService, readConfigFile } = await import("@enrollkit/inversify");
  const path = resolve(folder, config);
  const calls = new Map<string, number>();
  const counting: LifecycleHooks = {
    onResponse: ({ provider, failure }) => {
      if (failure !== "withheld") calls.set(provider, (calls.get(provider) ?? 0) + 1);
    },
  };
  const read = readConfigFile(path, await loadPlugins(), { environment });
  const service = createService(read, {
    ...(clock !== undefined && { clock }),
    ...(ledger !== undefined && runtimeOf(ledger)),
    hooks: combineHooks(counting, trace && traceHooks(stderr, json === true)),
  });
  return {
    service,
    defaultProvider: read.defaultProvider,
    callsTo: (provider) => calls.get(provider) ?? 0,
  };
};

/**
 * The provider that the person names; else the only one that has the role; else the default.
 *
 * @param ability - what the role lets it do: "list its enrollments".
 * @throws EnrollmentError `unsupported` that says which providers of the config can.
 */
export const chooseProviderWith = <Role extends RoleName>(
  { service, defaultProvider }: Session,
  name: string | undefined,
  role: Role,
  ability: string,
): WithRole<EnrollmentProvider, Role> => {
  const able = service.names.flatMap((each) => {
    const provider = service.provider(each);
    return supports(provider, role) ? [provider] : [];
  });
  const ableNames = able.map((each) => each.name).join(", ");
  if (name !== undefined) {
    const provider = service.provider(name);
    if (supports(provider, role)) return provider;
    throw new EnrollmentError(`${provider.descriptor.product} cannot ${ability}`, {
      code: "unsupported",
      provider: name,
      advice: able.length === 0 ? "no provider of the config can" : `these can: ${ableNames}`,
    });
  }
  const chosen = able.length === 1 ? able[0] : able.find((each) => each.name === defaultProvider);
  if (chosen !== undefined) return chosen;
  if (able.length > 0) {
    throw new UsageError(
      `several providers of the config can ${ability}`,
      `add --provider with one of: ${ableNames}`,
    );
  }
  throw new EnrollmentError(`no provider of the config can ${ability}`, {
    code: "unsupported",
    advice: "`enrollkit capabilities` says which vendors can",
  });
};
