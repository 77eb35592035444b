import type { EnrollmentError, LifecycleHooks, ProviderRuntime, VendorCall } from "@enrollkit/core";
import * as z from "zod";
import type { ErrorAnswer, HttpCall, HttpClientSettings, VendorError } from "../../src/contract.js";
import { createHttpClient } from "../../src/index.js";
import { createVirtualClock } from "./virtual-clock.js";

const vendorErrorSchema = z.object({ code: z.string(), message: z.string() });

/** The error table of a vendor that answers `{ code, message }`. */
export const toError = ({ status, body, text }: ErrorAnswer): VendorError => {
  const parsed = vendorErrorSchema.safeParse(body);
  const codes: Record<number, VendorError["code"]> = {
    400: "invalid-request",
    401: "unauthenticated",
    404: "not-found",
  };
  const details = parsed.success ? { vendorCode: parsed.data.code, vendorMessage: parsed.data.message } : {};
  const says = parsed.success ? parsed.data.message : text === "" ? "no reason given" : "no JSON";
  return { code: codes[status] ?? "unknown", message: `Vendor refused: ${says}`, ...details };
};

/** A client on a virtual clock, and everything that can be seen of it. */
export const createTestClient = (
  settings: Partial<HttpClientSettings> = {},
  more: Partial<ProviderRuntime> = {},
) => {
  const clock = createVirtualClock();
  const calls: VendorCall[] = [];
  const hooks: LifecycleHooks = { onResponse: (call) => void calls.push(call) };
  const runtime: ProviderRuntime = { clock, random: () => 0.5, hooks, ...more };
  const client = createHttpClient({ provider: "phones", toError, runtime, ...settings });
  return { client, clock, calls, runtime };
};

export const deviceSchema = z.object({ name: z.string() });

/** A call that reads `{ name }`. */
export const call = (
  effect: HttpCall["effect"],
  url: string,
  more: Partial<HttpCall> = {},
): HttpCall<typeof deviceSchema> => ({
  method: effect === "once" ? "POST" : "GET",
  url,
  effect,
  ...(effect === "once" && { json: { name: "pixel" } }),
  ...more,
  answer: deviceSchema,
});

/** The error that a promise rejects with. */
export const failureOf = async (promise: Promise<unknown>): Promise<EnrollmentError> => {
  try {
    await promise;
  } catch (error) {
    return error as EnrollmentError;
  }
  throw new Error("it was expected to fail");
};
