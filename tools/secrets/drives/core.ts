import {
  createEnrollments,
  createReliably,
  createRequestValidator,
  describeIssue,
  durationFrom,
  durationLength,
  EnrollmentError,
  EnrollmentService,
  expiryWarning,
  failureOf,
  findArtifact,
  formatPath,
  importDevices,
  instantMilliseconds,
  isExpired,
  isIsoInstant,
  isName,
  keyOf,
  mayAnswerLater,
  missingResult,
  parseDuration,
  parseInput,
  parseInstant,
  quote,
  remaining,
  resolveRequest,
  revealEnrollment,
  Secret,
  secretSetting,
  supports,
  toEnrollmentError,
  toIsoInstant,
  urlSetting,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type IsoDuration,
  type IsoInstant,
} from "@enrollkit/core";
import type * as core from "@enrollkit/core";
import {
  checkReportSchema,
  deploymentFileSchema,
  deviceGroupSchema,
  deviceToImportSchema,
  enrollmentErrorSchema,
  enrollmentOutcomeSchema,
  enrollmentRequestSchema,
  enrollmentSchema,
  enrollmentStatusSchema,
  enrollmentSummarySchema,
  importOutcomeSchema,
  policySchema,
  reconciledAttemptSchema,
  routingRuleSchema,
  vendorRecipientSchema,
} from "@enrollkit/core";
import { createMemoryProvider } from "@enrollkit/testing";
import * as z from "zod";
import { canaries, pasted, planted } from "../canaries.js";
import { at, attempts, CONSTANT, withPasted, type Attempt, type Drives } from "./drive.js";
import { compositeDrives } from "./composites.js";
import { emptyEnrollment, enrollment } from "./enrollments.js";
import { lost, memory, recipient } from "./memory.js";

/** What is in each field of a request, if somebody took the wrong one. */
const misplaced = (text: string): readonly EnrollmentRequest[] =>
  [
    { profile: text },
    { platform: text },
    { validFor: text },
    { uses: text },
    { recipient: { email: `${text} @` } },
    { recipient: text },
    { delivery: text },
    { extras: { [text]: text } },
    { [text]: text },
    text,
  ] as unknown as readonly EnrollmentRequest[];

/** Wrong input, by the schema itself and as every reader of input goes about it. */
const misread = (schema: z.ZodType): readonly Attempt[] =>
  pasted.flatMap((text) =>
    [
      text,
      { [text]: text },
      { kind: text, state: text, platform: text, code: text, createdAt: text },
    ].flatMap((input) => [
      ...at("schemaError", () => schema.safeParse(input).error),
      ...attempts(
        () => parseInput(schema, input, "invalid-request"),
        () =>
          parseInput(
            z.strictObject({ a: z.record(z.string(), schema) }),
            { a: { [text]: input } },
            "invalid-config",
          ),
      ),
    ]),
  );

const serviceOf = (...providers: readonly EnrollmentProvider[]) =>
  new EnrollmentService({ providers, routes: [{ profile: "sales", provider: "memory" }] });

const bulkAttempts = (onUnsupported: "reject" | "warn") =>
  attempts(
    () => createEnrollments(memory(), [{ recipient }, ...pasted.flatMap(misplaced)], { onUnsupported }),
    () =>
      createEnrollments(memory(), [
        { recipient, key: planted.email },
        { recipient, key: planted.email },
      ]),
  );

export const drives: Drives<typeof core> = {
  createEnrollments: [...bulkAttempts("reject"), ...bulkAttempts("warn")],
  importDevices: attempts(() => {
    const provider = memory();
    if (!supports(provider, "deviceImport")) throw new Error("no import");
    const rows = pasted.map((text) => ({ name: "phone", kind: text, [text]: text }));
    return importDevices(provider, rows as unknown as Parameters<typeof importDevices>[1]);
  }),
  createRequestValidator: pasted.flatMap((text) =>
    misplaced(text).flatMap((request) => attempts(() => createRequestValidator(memory())(request, 0))),
  ),
  createReliably: [
    ...attempts(
      () => createReliably(memory(), { recipient }),
      () => createReliably(lost(), { recipient }),
    ),
    ...pasted.flatMap((text) =>
      misplaced(text).flatMap((each) => attempts(() => createReliably(memory(), each))),
    ),
  ],
  resolveRequest: pasted.flatMap((text) =>
    misplaced(text).flatMap((request) =>
      attempts(
        () => resolveRequest(request, memory().descriptor, { now: 0, onUnsupported: "warn" }).warnings,
      ),
    ),
  ),
  ...compositeDrives,
  routingRuleSchema: misread(routingRuleSchema),
  DEFAULT_PATIENCE: CONSTANT,
  systemClock: CONSTANT,
  describedFields: CONSTANT,
  roleNames: CONSTANT,
  describeDuration: "it takes a number",
  durationFrom: withPasted((text) => durationFrom(parseDuration(text as IsoDuration), 0)),
  durationLength: withPasted((text) => durationLength(text as IsoDuration)),
  parseDuration: withPasted((text) => parseDuration(text as IsoDuration)),
  toIsoDuration: "it takes a number",
  enrollmentSchema: misread(enrollmentSchema),
  enrollmentStates: CONSTANT,
  enrollmentStatusSchema: misread(enrollmentStatusSchema),
  enrollmentSummarySchema: misread(enrollmentSummarySchema),
  findArtifact: attempts(
    () => findArtifact(enrollment(), "enrollment-link"),
    () => findArtifact(emptyEnrollment, "enrollment-link"),
  ),
  revealEnrollment: at("revealed", () => revealEnrollment(enrollment())),
  EnrollmentError: attempts(() => {
    const cause = new EnrollmentError("first", { code: "unknown", cause: new Secret(planted.accessToken) });
    return new EnrollmentError("second", { code: "protocol", cause }).within("requests[1]");
  }),
  enrollmentErrorCodes: CONSTANT,
  enrollmentErrorSchema: misread(enrollmentErrorSchema),
  mayAnswerLater: attempts(() => mayAnswerLater(new EnrollmentError("x", { code: "timeout" }))),
  toEnrollmentError: attempts(() => toEnrollmentError(new Secret(planted.accessToken), "phones")),
  expiryWarning: attempts(() => expiryWarning(1000, 0, 0, "2026-09-20T10:00:00Z")),
  isExpired: withPasted((text) => isExpired({ expiresAt: text as IsoInstant }, 0)),
  remaining: withPasted((text) => remaining({ expiresAt: text as IsoInstant }, 0)),
  instantMilliseconds: withPasted((text) => instantMilliseconds(text)),
  isIsoInstant: withPasted((text) => isIsoInstant(text)),
  LAST_INSTANT: CONSTANT,
  parseInstant: withPasted((text) => parseInstant(text)),
  toIsoInstant: attempts(() => toIsoInstant(Number.NaN)),
  describeIssue: withPasted((text) =>
    z.object({ a: z.enum(["x"]), b: z.number() }).safeParse({ a: text, b: text }, { error: describeIssue }),
  ),
  formatPath: withPasted((text) => formatPath(["profiles", text])),
  parseInput: withPasted((text) =>
    parseInput(z.strictObject({ a: z.enum(["x"]) }), { a: text, [text]: text }, "invalid-request"),
  ),
  isName: withPasted(isName),
  quote: withPasted(quote),
  enrollmentOutcomeSchema: misread(enrollmentOutcomeSchema),
  importOutcomeSchema: misread(importOutcomeSchema),
  failureOf: attempts(() => failureOf(new EnrollmentError("x", { code: "outcome-unknown" }))),
  keyOf: at("ownKey", () => keyOf({ key: planted.email })),
  missingResult: attempts(() => missingResult("phones")),
  supports: attempts(() => supports(memory(), "bulk")),
  deliveries: CONSTANT,
  managementModes: CONSTANT,
  ownerships: CONSTANT,
  platforms: CONSTANT,
  deviceToImportSchema: misread(deviceToImportSchema),
  enrollmentRequestSchema: misread(enrollmentRequestSchema),
  checkReportSchema: misread(checkReportSchema),
  deploymentFileSchema: misread(deploymentFileSchema),
  deviceGroupSchema: misread(deviceGroupSchema),
  policySchema: misread(policySchema),
  reconciledAttemptSchema: misread(reconciledAttemptSchema),
  vendorRecipientSchema: misread(vendorRecipientSchema),
  REDACTED: CONSTANT,
  Secret: canaries.flatMap(({ kind, text }) => [
    ...attempts(
      () => new Secret(text),
      () => [
        String(new Secret(text)),
        Object.fromEntries(Object.entries(new Secret(text))),
        structuredClone(new Secret(text)),
      ],
      () => new Secret(text).equals("another"),
      () => new Secret({ text } as unknown as string),
    ),
    ...(kind === "person" ? [] : at("reveal", () => new Secret(text).reveal())),
  ]),
  EnrollmentService: [
    ...attempts(
      () => serviceOf(memory()),
      () => serviceOf(memory(), memory()),
      () => serviceOf(memory()).create({ recipient }),
      () => serviceOf(memory()).check(),
      () => serviceOf(memory().withAccessToken(new Secret(planted.refreshToken))).check(),
    ),
    ...withPasted((text) => serviceOf(memory()).provider(text)),
    ...withPasted((text) =>
      serviceOf(memory(), createMemoryProvider({ name: "other" })).create({ profile: text }),
    ),
    ...withPasted((text) => serviceOf(memory()).create({ recipient }, { provider: text })),
    ...withPasted((text) => serviceOf(memory()).revoke({ provider: text, id: text })),
    ...withPasted(async (text) => (await serviceOf(memory()).status({ provider: "memory", id: text })).state),
    ...withPasted(
      (text) =>
        new EnrollmentService({
          providers: [createMemoryProvider({ name: text }), createMemoryProvider({ name: text })],
        }),
    ),
    ...withPasted((text) => new EnrollmentService({ providers: [memory()], defaultProvider: text })),
    ...withPasted(
      (text) => new EnrollmentService({ providers: [memory()], routes: [{ profile: text, provider: text }] }),
    ),
  ],
  REFERENCE_SETTING: CONSTANT,
  SECRET_SETTING: CONSTANT,
  secretSetting: withPasted((text) =>
    parseInput(z.object({ a: secretSetting("x") }), { a: text }, "invalid-config"),
  ),
  urlSetting: withPasted((text) =>
    parseInput(
      z.object({ a: urlSetting("x") }),
      { a: `https://user:${text}@x.example/?q` },
      "invalid-config",
    ),
  ),
};
