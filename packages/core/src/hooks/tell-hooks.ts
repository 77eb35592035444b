import type { LifecycleHooks, OperationOutcome } from "./lifecycle-hooks.js";

/** Of what was thrown, no more than its name is shown: its words may hold what the hook was working with. */
const warn = (name: keyof LifecycleHooks, error: unknown): void => {
  process.emitWarning(
    `the hook ${name} threw ${error instanceof Error ? error.name : "something"}; the work goes on`,
  );
};

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && "then" in value;

/** Calls a hook if it is there. A hook's mistake must not cost the answer of a call that the vendor has carried out. */
export const tellHooks = <Name extends keyof LifecycleHooks>(
  hooks: LifecycleHooks,
  name: Name,
  ...event: Parameters<NonNullable<LifecycleHooks[Name]>>
): void => {
  try {
    const hook = hooks[name] as ((...event: unknown[]) => unknown) | undefined;
    const heard = hook?.apply(hooks, event);
    // It may be an async function all the same.
    if (isThenable(heard)) {
      heard.then(undefined, (error: unknown) => {
        warn(name, error);
      });
    }
  } catch (error) {
    warn(name, error);
  }
};

/** However often it is called, `run` is called once. */
export const once = <Result>(run: () => Promise<Result>): (() => Promise<Result>) => {
  let running: Promise<Result> | undefined;
  return () => (running ??= run());
};

/** Runs an operation within the hook that stands around it, and within it only once, whatever the hook does. */
export const runWithin = (
  hooks: LifecycleHooks,
  operation: Parameters<NonNullable<LifecycleHooks["around"]>>[0],
  work: () => Promise<OperationOutcome>,
): Promise<OperationOutcome> => {
  const run = once(work);
  tellHooks(hooks, "around", operation, run);
  return run();
};

/** Hooks that tell several others, in their order. One that throws does not keep the others from being told. */
export const combineHooks = (...parts: readonly (LifecycleHooks | undefined)[]): LifecycleHooks => {
  const all = parts.filter((each) => each !== undefined);
  const tellAll =
    <Name extends keyof LifecycleHooks>(name: Name) =>
    (...event: Parameters<NonNullable<LifecycleHooks[Name]>>) => {
      for (const each of all) tellHooks(each, name, ...event);
    };
  return {
    onRequest: tellAll("onRequest"),
    onResponse: tellAll("onResponse"),
    onRetry: tellAll("onRetry"),
    onPause: tellAll("onPause"),
    onOutcome: tellAll("onOutcome"),
    onQueue: tellAll("onQueue"),
    around: (operation, run) => {
      const nested = all.reduceRight((inner, each) => () => runWithin(each, operation, inner), run);
      void nested();
    },
  };
};
