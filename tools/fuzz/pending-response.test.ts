import { EnrollmentError } from "@enrollkit/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { call, createTestClient } from "../../packages/http/test/support/client.js";
import {
  empty,
  json,
  reset,
  startVendor,
  truncated,
  type Answer,
} from "../../packages/http/test/support/vendor-server.js";
import { cases } from "./fuzz.js";

const good = { name: "pixel" };
const pending = { header: "response-id", interval: () => 2000, deadline: 60_000 };

/** What the vendor may answer, and whether it may have acted on a request that was answered so. */
const answers = {
  done: { answer: json(200, good), acted: true },
  wrong: { answer: json(200, { name: 1 }), acted: true },
  noJson: { answer: json(200, good, { "content-type": "text/html" }), acted: true },
  accepted: { answer: empty(202, { "response-id": "id-1" }), acted: true },
  acceptedAnew: { answer: empty(202, { "response-id": "id-2" }), acted: true },
  acceptedBare: { answer: empty(202), acted: true },
  busy: { answer: empty(429), acted: false },
  busyLong: { answer: empty(429, { "retry-after": "999999999" }), acted: false },
  refused: { answer: json(400, { code: "V", message: "no" }), acted: false },
  notFound: { answer: empty(404), acted: false },
  unauthenticated: { answer: empty(401), acted: false },
  redirect: { answer: empty(302, { location: "https://evil.example/" }), acted: false },
  timeout: { answer: empty(408), acted: true },
  broken: { answer: empty(500), acted: true },
  away: { answer: empty(503, { "retry-after": "1" }), acted: true },
  lost: { answer: reset, acted: true },
  cut: { answer: truncated, acted: true },
} as const satisfies Record<string, { readonly answer: Answer; readonly acted: boolean }>;
type Name = keyof typeof answers;
const names = Object.keys(answers) as Name[];

interface Seen {
  readonly name: Name;
  /** Without an id: the vendor would carry it out anew. */
  readonly fresh: boolean;
}

/** Whether the vendor keeps a result for us, or may have acted, when it has given these answers. */
const mayHaveActed = (seen: readonly Seen[]) => seen.some(({ name }) => answers[name].acted);

describe("calls that the vendor answers later", () => {
  it(
    "always end, and what must not be repeated never is",
    async () => {
      let script: readonly Name[] = [];
      let seen: Seen[] = [];
      const vendor = await startVendor((response, request) => {
        const name = script[Math.min(seen.length, script.length - 1)] ?? "done";
        seen.push({ name, fresh: request.headers["response-id"] === undefined });
        answers[name].answer(response, request);
      });
      const scripts = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(fc.constantFrom("once", "repeatable"), scripts, async (effect, planned) => {
          script = planned;
          seen = [];
          vendor.requests.length = 0;
          const { client } = createTestClient({ pending });
          const outcome: unknown = await client.send(call(effect, vendor.url)).then(
            ({ body }) => body,
            (error: unknown) => error,
          );
          const error = EnrollmentError.is(outcome) ? outcome : undefined;
          if (error === undefined) expect(outcome).toEqual(good);
          expect(seen.length).toBeLessThan(60);
          if (effect === "repeatable") {
            expect(error?.code).not.toBe("outcome-unknown");
            return;
          }
          seen.forEach(({ fresh }, place) => {
            if (fresh) expect(mayHaveActed(seen.slice(0, place))).toBe(false);
          });
          const last = seen.at(-1)?.name ?? "done";
          if (error !== undefined && answers[last].acted) expect(error.code).toBe("outcome-unknown");
          if (error !== undefined && !mayHaveActed(seen)) expect(error.code).not.toBe("outcome-unknown");
        }),
        { numRuns: Math.ceil(cases / 4) },
      );
    },
    60_000 + 200 * cases,
  );
});
