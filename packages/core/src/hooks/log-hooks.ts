import type { LifecycleHooks, OperationOutcome } from "./lifecycle-hooks.js";

/** What this writes to: a pino logger is one, and so is its `child`. */
export interface Logger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

const levelOf = ({ outcomes }: OperationOutcome): "info" | "warn" | "error" => {
  if (outcomes.some(({ status }) => status === "unknown" || status === "undecided")) return "error";
  return outcomes.some(({ status }) => status === "failed") ? "warn" : "info";
};

/**
 * Writes what happens to a log. Without it nothing is ever logged.
 *
 * | what | level |
 * | --- | --- |
 * | each try of a call, before and after | `debug` |
 * | a retry; an outcome that all is well with | `info` |
 * | a 429; an outcome in which something failed | `warn` |
 * | an outcome in which nobody knows what became of something | `error` |
 */
export const logHooks = (logger: Logger): LifecycleHooks => ({
  onRequest: (request) => {
    logger.debug(request, "vendor request");
  },
  onResponse: (call) => {
    logger.debug(call, "vendor response");
  },
  onRetry: (retry) => {
    logger.info(retry, "vendor call is tried again");
  },
  onPause: (pause) => {
    logger.warn(pause, "vendor asks for a pause");
  },
  onOutcome: (outcome) => {
    logger[levelOf(outcome)](outcome, "enrollment outcome");
  },
});
