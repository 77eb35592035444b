import type { EsetConnectBehavior } from "./behavior.js";
import type { Entropy } from "./entropy.js";
import { failureWithStatus, RpcFailure } from "./failures.js";

/** An answer before it gets its `request-id`. */
export interface Outcome {
  readonly status: number;
  /** JSON, or "" for no body. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a slow call comes to its end. */
export interface SlowAnswer {
  /** The poll that brings the ending; those before it are answered 202 again. Default: 1. Infinity: never. */
  readonly polls?: number;
  /**
   * Default: "result". "timeout" is a 504, "lost" is the 404 of a cache that was cleared. Whatever the ending, the
   * call's work was done when it arrived.
   */
  readonly ending?: "result" | "timeout" | "lost";
}

interface Waiting {
  readonly request: string;
  readonly outcome: Outcome;
  readonly ending: NonNullable<SlowAnswer["ending"]>;
  readonly startedAt: number;
  readonly readyAt: number;
  polls: number;
}

const longestWorkMilliseconds = 120_000;
const cacheMilliseconds = 600_000;

const isExpired = ({ startedAt }: Waiting, now: number) => now - startedAt >= cacheMilliseconds;
const gone = () => new RpcFailure("NOT_FOUND", "no result is cached under this response-id");
const timeout = () => new RpcFailure("DEADLINE_EXCEEDED", "the action took too long");

const accepted = (responseId?: string): Outcome => ({
  status: 202,
  body: "",
  ...(responseId !== undefined && { headers: { "response-id": responseId } }),
});

/**
 * Results of calls that took too long, each to be collected once by the identical request.
 * https://help.eset.com/eset_connect/en-US/how_api_works.html
 */
export class PendingResults {
  readonly #waiting = new Map<string, Waiting>();
  readonly #entropy: Entropy;
  readonly #behavior: EsetConnectBehavior;

  constructor(entropy: Entropy, behavior: EsetConnectBehavior) {
    this.#entropy = entropy;
    this.#behavior = behavior;
  }

  /**
   * Keeps an outcome back.
   *
   * @param request method, address and body in one text
   */
  hold(
    request: string,
    outcome: Outcome,
    { polls = 1, ending = "result" }: SlowAnswer,
    now: number,
    readyAt = now,
  ): Outcome {
    this.#dropExpired(now);
    const responseId = this.#entropy.uuid();
    this.#waiting.set(responseId, { request, outcome, ending, polls, startedAt: now, readyAt });
    return accepted(responseId);
  }

  collect(responseId: string, request: string, now: number): Outcome {
    const waiting = this.#waiting.get(responseId);
    if (waiting === undefined || isExpired(waiting, now)) throw gone();
    if (waiting.request !== request) {
      throw failureWithStatus(
        this.#behavior.mismatchedResponseIdStatus,
        "the response-id belongs to another request",
      );
    }
    waiting.polls -= 1;
    const ready = waiting.polls <= 0 && now >= waiting.readyAt;
    if (!ready && now - waiting.startedAt < longestWorkMilliseconds)
      return this.#acceptAgain(responseId, waiting);
    this.#waiting.delete(responseId);
    if (!ready || waiting.ending === "timeout") throw timeout();
    if (waiting.ending === "lost") throw gone();
    return waiting.outcome;
  }

  #acceptAgain(responseId: string, waiting: Waiting): Outcome {
    if (this.#behavior.repeatedResponseId === "same") return accepted(responseId);
    if (this.#behavior.repeatedResponseId === "absent") return accepted();
    const renewed = this.#entropy.uuid();
    this.#waiting.delete(responseId);
    this.#waiting.set(renewed, waiting);
    return accepted(renewed);
  }

  /** From the oldest on, so that many pending results do not slow every call down. */
  #dropExpired(now: number): void {
    for (const [responseId, waiting] of this.#waiting) {
      if (!isExpired(waiting, now)) return;
      this.#waiting.delete(responseId);
    }
  }
}
