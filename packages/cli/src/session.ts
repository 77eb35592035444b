import { resolve } from "node:path";
import {
  EnrollmentError,
  supports,
  type EnrollmentProvider,
  type EnrollmentService,
  type RoleName,
  type WithRole,
} from "@enrollkit/core";
import { UsageError } from "./output/failure.js";
import type { GlobalOptions, Terminal } from "./terminal.js";
import { loadPlugins } from "./vendors.js";

/** The providers of the config, ready to work, and how often each has called its vendor. */
export interface Session {
  readonly service: EnrollmentService;
  callsTo(provider: string): number;
}

/** @throws EnrollmentError `invalid-config` with every problem of the config. */
export const openSession = async (terminal: Terminal, { config }: GlobalOptions): Promise<Session> => {
  const { createService, readConfigFile } = await import("@enrollkit/inversify");
  const path = resolve(terminal.folder, config);
  const calls = new Map<string, number>();
  const read = readConfigFile(path, await loadPlugins(), { environment: terminal.environment });
  const service = createService(read, {
    onCall: ({ provider }) => calls.set(provider, (calls.get(provider) ?? 0) + 1),
  });
  return { service, callsTo: (provider) => calls.get(provider) ?? 0 };
};

/** The provider that the person names, or the only one there is. */
export const chooseProvider = (service: EnrollmentService, name: string | undefined): EnrollmentProvider => {
  if (name !== undefined) return service.provider(name);
  const [only, ...others] = service.names;
  if (only !== undefined && others.length === 0) return service.provider(only);
  throw new UsageError(
    "the config has several providers",
    `add --provider with one of: ${service.names.join(", ")}`,
  );
};

/** @throws EnrollmentError `unsupported` that says which providers of the config could do it. */
export const chooseProviderWith = <Role extends RoleName>(
  service: EnrollmentService,
  name: string | undefined,
  role: Role,
  lack: string,
): WithRole<EnrollmentProvider, Role> => {
  const provider = chooseProvider(service, name);
  if (supports(provider, role)) return provider;
  const able = service.names.filter((each) => supports(service.provider(each), role));
  throw new EnrollmentError(`${provider.descriptor.product} ${lack}`, {
    code: "unsupported",
    provider: provider.name,
    advice: able.length === 0 ? "no provider of this config can" : `these can: ${able.join(", ")}`,
  });
};
