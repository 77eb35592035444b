import {
  EnrollmentError,
  systemClock,
  tellHooks,
  type CallOptions,
  type Clock,
  type EnrollmentErrorCode,
} from "@enrollkit/core";
import type * as z from "zod";
import { sleep } from "./abort.js";
import { readBody } from "./answer-body.js";
import { isRefusal, WithheldRequest } from "./before-send.js";
import { vendorRequestOf } from "./call-hooks.js";
import type { HttpAnswer, HttpCall, HttpClient, HttpClientSettings } from "./contract.js";
import { originGuard } from "./origins.js";
import { nextPoll, type PendingResponse } from "./pending-response.js";
import { backOff } from "./retry.js";
import { steadyTime } from "./steady-time.js";
import { createSender, type Journey, type Sender } from "./sender.js";
import type { RawAnswer } from "./node-adapter.js";
import type { TransportFailure } from "./transport-errors.js";
import { judgeAnswer, judgeBody, judgeFailure, outcomeUnknown, type Circumstances } from "./verdict.js";
import { toWireRequest, type WireRequest } from "./wire-request.js";

const DEFAULT_DEADLINE = 300_000;
const DEFAULT_ATTEMPTS = 4;
/** The longest that one answer can hold up all calls of a quota: a vendor's slip must not stop them for ever. */
const LONGEST_PAUSE = 3_600_000;

/** What stays the same for every try of one call. */
interface Course {
  readonly settings: HttpClientSettings;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly call: HttpCall;
  readonly request: WireRequest;
  readonly journey: Journey;
}

const circumstancesOf = ({ settings, call, request, journey, clock }: Course): Circumstances => ({
  provider: settings.provider,
  place: request.place,
  host: request.host,
  effect: call.effect,
  toError: settings.toError,
  secrets: [...request.secrets, ...journey.tokens],
  requestId: journey.requestId,
  now: clock.now(),
});

/** The call was accepted, and its result did not come. */
const neverReady = (course: Course): EnrollmentError => {
  const { settings, request, journey, call } = course;
  const error = new EnrollmentError(`${request.place} was accepted, but its result was not ready in time`, {
    code: "timeout",
    provider: settings.provider,
    httpStatus: 202,
    ...(journey.requestId !== undefined && { requestId: journey.requestId }),
  });
  return call.effect === "once" ? outcomeUnknown(error, request.place) : error;
};

/**
 * What became of an accepted call if polling for its result failed: the vendor is at work on it, whatever was wrong
 * with the poll itself. Only an answer that can be the result, such as a 400, tells the outcome.
 */
const afterAccepting = (error: EnrollmentError, { call, request }: Course): EnrollmentError => {
  if (call.effect !== "once" || error.code === "outcome-unknown") return error;
  const { httpStatus: status = 0 } = error;
  const isResult = status >= 400 && ![401, 404, 407, 429].includes(status);
  return isResult ? error : outcomeUnknown(error, request.place);
};

const attempt = async (
  { settings, sender, request, journey, call }: Course,
  pending: PendingResponse | undefined,
) => {
  try {
    return await sender.attempt(request, pending?.headers ?? {}, journey);
  } catch (error) {
    if (error instanceof WithheldRequest) throw error.reason;
    // The call for a token was held back.
    if (isRefusal(error)) throw error;
    journey.signal?.throwIfAborted();
    if (!EnrollmentError.is(error)) throw error;
    // A token source may not know for whom it works.
    const named = error.provider === undefined ? error.with({ provider: settings.provider }) : error;
    throw pending !== undefined && call.effect === "once" ? outcomeUnknown(named, request.place) : named;
  }
};

const judge = (result: RawAnswer | TransportFailure, course: Course) =>
  result.kind === "answer"
    ? judgeAnswer(result, circumstancesOf(course))
    : judgeFailure(result, circumstancesOf(course));

const tellRetry = ({ settings, request, journey }: Course, error: EnrollmentErrorCode, wait: number) => {
  const { provider, runtime: { hooks } = {} } = settings;
  if (hooks === undefined) return;
  tellHooks(hooks, "onRetry", { ...vendorRequestOf(provider, request, journey.tries), error, wait });
};

/** The vendor has had enough: all who share the quota wait. */
const pause = ({ settings, sender, request, journey }: Course, wait: number) => {
  sender.pause(wait);
  const { provider, quota, runtime: { hooks } = {} } = settings;
  if (hooks === undefined) return;
  tellHooks(hooks, "onPause", {
    ...vendorRequestOf(provider, request, journey.tries),
    wait,
    ...(quota && { quota: { calls: quota.calls, per: quota.per } }),
  });
};

/** Tries until there is a good answer, or none is to be expected. */
const persist = async (course: Course): Promise<RawAnswer> => {
  const { settings, sender, clock, call, journey } = course;
  const { attempts = DEFAULT_ATTEMPTS, pending: policy, runtime } = settings;
  let pending: PendingResponse | undefined;
  let failures = 0;
  let startedAnew = false;
  for (;;) {
    const result = await attempt(course, pending);
    const status = result.kind === "answer" ? result.status : undefined;
    if (result.kind === "answer" && result.status >= 200 && result.status < 300) {
      pending = nextPoll(policy, result, pending, journey.passed());
      if (pending === undefined) return result;
      if (journey.passed() + pending.wait > Math.min(pending.until, journey.deadline))
        throw neverReady(course);
      await sleep(clock, pending.wait, journey.signal);
      continue;
    }
    // The result may be gone, or "not found" may be the result: asking once more without the id tells.
    if (pending !== undefined && status === 404 && call.effect === "repeatable" && !startedAnew) {
      startedAnew = true;
      pending = undefined;
      tellRetry(course, "not-found", 0);
      continue;
    }
    const verdict = judge(result, course);
    const error = pending === undefined ? verdict.error : afterAccepting(verdict.error, course);
    if (!verdict.retry) throw error;
    failures += 1;
    const wait = verdict.retryAfter ?? backOff(failures, runtime?.random ?? Math.random);
    if (status === 429) pause(course, Math.min(wait, LONGEST_PAUSE));
    if (failures >= attempts || journey.passed() + Math.max(wait, sender.wait()) >= journey.deadline)
      throw error;
    tellRetry(course, error.code, wait);
    await sleep(clock, wait, journey.signal);
    if (!verdict.untouched) pending = undefined;
  }
};

/** Creates the client that an adapter calls its vendor with. */
export const createHttpClient = (settings: HttpClientSettings): HttpClient => {
  const { provider, headers, runtime, deadline = DEFAULT_DEADLINE } = settings;
  const clock = runtime?.clock ?? systemClock;
  const sender = createSender(settings);
  const requireAllowed = originGuard(settings.origins, provider);

  const send = async <Schema extends z.ZodType>(
    call: HttpCall<Schema>,
    { signal }: CallOptions = {},
  ): Promise<HttpAnswer<z.output<Schema>>> => {
    signal?.throwIfAborted();
    const request = toWireRequest(call, provider, headers);
    requireAllowed(request.url);
    const journey: Journey = {
      signal,
      passed: steadyTime(clock),
      deadline,
      tries: 0,
      requestIds: [],
      requestId: undefined,
      tokens: new Set(),
    };
    const course: Course = { settings, sender, clock, call, request, journey };
    const answer = await persist(course);
    const read = readBody(call.answer, answer);
    if (!read.ok) throw judgeBody({ ...read, status: answer.status }, circumstancesOf(course)).error;
    const { status } = answer;
    return { body: read.body, status, headers: answer.headers, requestIds: journey.requestIds };
  };

  return { send };
};
