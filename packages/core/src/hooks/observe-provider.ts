import { systemClock, type Clock } from "../clock.js";
import { EnrollmentError, toEnrollmentError } from "../errors.js";
import { failureOf } from "../outcome.js";
import type { EnrollmentProvider } from "../provider.js";
import type { LifecycleHooks, OperationOutcome, OutcomeCount, ProviderOperation } from "./lifecycle-hooks.js";
import { combineHooks, once, runWithin, tellHooks } from "./tell-hooks.js";

/** One item's outcome, or one attempt's finding. */
interface ItemResult {
  readonly status: OutcomeCount["status"];
  readonly error?: EnrollmentError;
}

const countOutcomes = (results: readonly ItemResult[]): readonly OutcomeCount[] => {
  const counts = new Map<string, OutcomeCount>();
  for (const { status, error } of results) {
    const kind = `${status} ${error?.code ?? ""}`;
    const count = (counts.get(kind)?.count ?? 0) + 1;
    counts.set(kind, { status, ...(error && { error: error.code }), count });
  }
  return [...counts.values()];
};

/** The same object with some members replaced. Methods keep their own `this`, private fields included. */
const withReplaced = <Subject extends object>(subject: Subject, replaced: Partial<Subject>): Subject => {
  const view = Object.create(Object.getPrototypeOf(subject) as object | null) as Subject;
  for (let owner: object = subject; owner !== Object.prototype;) {
    for (const [name, { enumerable = false }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      if (name === "constructor" || Object.hasOwn(view, name)) continue;
      const value: unknown = Reflect.get(subject, name);
      const bound: unknown = typeof value === "function" ? value.bind(subject) : undefined;
      const get = () => bound ?? Reflect.get(subject, name);
      Object.defineProperty(view, name, { get, enumerable, configurable: true });
    }
    const next = Object.getPrototypeOf(owner) as object | null;
    if (next === null) break;
    owner = next;
  }
  for (const [name, value] of Object.entries(replaced)) {
    Object.defineProperty(view, name, { value, enumerable: true, configurable: true });
  }
  return view;
};

interface Observation<Result> {
  readonly hooks: LifecycleHooks;
  readonly clock: Clock;
  readonly operation: ProviderOperation;
  readonly work: () => Promise<Result>;
  readonly read: (result: Result) => readonly ItemResult[];
  readonly signal: AbortSignal | undefined;
}

const observe = async <Result>({
  hooks,
  clock,
  operation,
  work,
  read,
  signal,
}: Observation<Result>): Promise<Result> => {
  const { provider, size } = operation;
  const started = clock.now();
  const start = once(async () => work());

  const failed = (error: unknown): readonly OutcomeCount[] => {
    const isAborted = signal?.aborted === true && !EnrollmentError.is(error);
    if (isAborted) return [{ status: "aborted", count: size }];
    const failure = failureOf(toEnrollmentError(error, provider));
    return [{ status: failure.status, error: failure.error.code, count: size }];
  };
  const run = async (): Promise<OperationOutcome> => {
    const [settled] = await Promise.allSettled([start()]);
    const outcomes =
      settled.status === "fulfilled" ? countOutcomes(read(settled.value)) : failed(settled.reason);
    return { ...operation, outcomes, duration: Math.max(0, clock.now() - started) };
  };

  tellHooks(hooks, "onOutcome", await runWithin(hooks, operation, run));
  return start();
};

/** Whom a provider tells, and by which clock. A `ProviderRuntime` is one. */
export interface ObserveOptions {
  readonly hooks?: LifecycleHooks;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
}

/**
 * The same provider, with every role and whatever else it has, except that hooks hear of each create, each batch and each
 * reconciliation: `around` and `onOutcome`. Adapters do this to what they make, so that only wrappers of one's own need it.
 * It tells of no calls: the client does that, by the runtime that the provider was made with.
 *
 * @returns the provider itself if there are no hooks, or if it tells them already.
 */
export const observeProvider = <Provider extends EnrollmentProvider>(
  provider: Provider,
  { hooks, clock = systemClock }: ObserveOptions,
): Provider => {
  if (hooks === undefined || provider.hooks === hooks) return provider;
  const { name, descriptor, bulk, deviceImport, reconciliation } = provider;
  const about = (operation: ProviderOperation["operation"], size: number) => ({
    hooks,
    clock,
    operation: { provider: name, vendor: descriptor.vendor, operation, size },
  });
  const replaced: Partial<EnrollmentProvider> = {
    hooks: provider.hooks === undefined ? hooks : combineHooks(provider.hooks, hooks),
    createEnrollment: (request, options) =>
      observe({
        ...about("create", 1),
        work: () => provider.createEnrollment(request, options),
        read: () => [{ status: "created" }],
        signal: options?.signal,
      }),
    ...(bulk && {
      bulk: withReplaced(bulk, {
        createBatch: (requests, options) =>
          observe({
            ...about("create-batch", requests.length),
            work: () => bulk.createBatch(requests, options),
            read: (results) => results,
            signal: options?.signal,
          }),
      }),
    }),
    ...(deviceImport && {
      deviceImport: withReplaced(deviceImport, {
        importBatch: (devices, options) =>
          observe({
            ...about("import-batch", devices.length),
            work: () => deviceImport.importBatch(devices, options),
            read: (results) => results,
            signal: options?.signal,
          }),
      }),
    }),
    ...(reconciliation && {
      reconciliation: withReplaced(reconciliation, {
        reconcile: (attempts, options) =>
          observe({
            ...about("reconcile", attempts.length),
            work: () => reconciliation.reconcile(attempts, options),
            read: (findings) => findings,
            signal: options?.signal,
          }),
      }),
    }),
  };
  return withReplaced<EnrollmentProvider>(provider, replaced) as Provider;
};
