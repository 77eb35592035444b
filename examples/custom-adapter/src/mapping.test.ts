import { resolveRequest, type EnrollmentRequest } from "@enrollkit/core";
import { expect, it } from "vitest";
import { acmeDescriptor } from "./descriptor.js";
import { toNewPass, toState } from "./mapping.js";
import { passSchema } from "./wire.js";

const now = Date.parse("2026-09-20T10:00:00Z");
const profiles = { sales: { group: "Sales phones" } };

it.each<[EnrollmentRequest, object]>([
  [{}, { reuse: false }],
  [
    { key: "k-1", profile: "sales" },
    { reference: "k-1", group: "Sales phones", reuse: false },
  ],
  [
    { validFor: "PT2H", uses: "unlimited" },
    { seconds: 7200, reuse: true },
  ],
  [
    { recipient: { email: "ana@example.com", name: "Ana" }, device: { serialNumber: "S1", name: "Till 4" } },
    { email: "ana@example.com", serial: "S1", reuse: false },
  ],
])("%j is asked for as %j", (request, pass) => {
  expect(toNewPass(resolveRequest(request, acmeDescriptor, { now }), { profiles })).toEqual(pass);
});

it.each([
  ["open", "2026-09-20T10:00:01Z", "pending"],
  ["open", "2026-09-20T10:00:00Z", "expired"],
  ["used", "2026-09-20T09:00:00Z", "used"],
  ["expired", "2026-09-20T09:00:00Z", "expired"],
  ["a state of a later version", "2026-09-21T10:00:00Z", "unknown"],
])("%s until %s is %s", (state, expires, neutral) => {
  const pass = {
    id: "1",
    code: "c",
    state,
    created: "2026-09-20T08:00:00Z",
    expires,
    reuse: false,
    devices: [],
  };
  expect(toState(passSchema.parse(pass), now)).toBe(neutral);
});
