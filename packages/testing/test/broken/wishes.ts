import { durationLength, EnrollmentError, parseDuration, toIsoInstant } from "@enrollkit/core";
import { changingRequest, changingResult, creating, without, type BrokenProvider } from "./changes.js";

const month = durationLength("P30D");

/** Providers that do not do what a request asks for. */
export const brokenWishes: readonly BrokenProvider[] = [
  {
    fault: "clamps a lifetime that is too long",
    rules: ["lifetime/above-maximum", "lifetime/year"],
    change: changingRequest((request) =>
      request.validFor !== undefined && parseDuration(request.validFor).toMillis() > month
        ? { ...request, validFor: "P30D" }
        : request,
    ),
  },
  {
    fault: "takes every month for 30 days",
    rules: ["lifetime/month-of-31-days"],
    change: changingRequest((request) =>
      request.validFor === "P1M" ? { ...request, validFor: "P30D" } : request,
    ),
  },
  {
    fault: "rounds a lifetime to whole seconds",
    rules: ["lifetime/between-steps"],
    change: changingRequest((request) =>
      request.validFor === undefined
        ? request
        : { ...request, validFor: `PT${Math.trunc(parseDuration(request.validFor).toMillis() / 1000)}S` },
    ),
  },
  {
    fault: "ignores a lifetime",
    rules: [
      "lifetime/minimum",
      "lifetime/maximum",
      "lifetime/between",
      "lifetime/month-of-30-days",
      "lifetime/below-minimum",
    ],
    change: changingRequest((request) => without(request, "validFor")),
  },
  {
    fault: "says another expiry than the vendor's",
    rules: ["lifetime/ends-when-it-expires", "lifetime/default"],
    change: changingResult((enrollment) => ({
      ...enrollment,
      expiresAt: toIsoInstant(Date.parse(enrollment.createdAt) + durationLength("PT50M")),
    })),
  },
  {
    fault: "drops uses in silence",
    rules: ["uses/unlimited", "uses/refused", "uses/dropped-with-a-warning"],
    change: changingRequest((request) => without(request, "uses")),
  },
  {
    fault: "cuts additionalData",
    rules: ["additional-data/over-the-limit"],
    change: changingRequest((request) =>
      request.additionalData === undefined
        ? request
        : { ...request, additionalData: request.additionalData.slice(0, 1024) },
    ),
  },
  {
    fault: "mails by itself",
    rules: ["choices/delivery-offered"],
    change: changingRequest((request) =>
      request.delivery === "return" ? { ...request, delivery: "vendor-email" } : request,
    ),
  },
  {
    fault: "refuses only after it has called",
    rules: ["uses/refused", "fields/invalid-unknown-field", "lifetime/zero", "lifetime/negative"],
    change: (provider) => ({
      createEnrollment: async (request, options) => {
        await provider.check();
        return provider.createEnrollment(request, options);
      },
    }),
  },
  {
    fault: "drops tags in silence",
    rules: ["reach/tags"],
    change: changingRequest((request) => without(request, "tags")),
  },
  {
    fault: "drops additionalData in silence",
    rules: ["reach/additional-data"],
    change: changingRequest((request) => without(request, "additionalData")),
  },
  {
    fault: "tells the vendor the tenant",
    rules: ["reach/tenant"],
    change: changingRequest((request) =>
      request.tenant === undefined ? request : { ...request, additionalData: request.tenant },
    ),
  },
  {
    fault: "keeps the recipient to itself and says it was sent",
    rules: ["reach/recipient.email", "reach/recipient.name"],
    change: creating((create) => async (request, options) => {
      const enrollment = await create(without(request, "recipient"), options);
      return { ...enrollment, ...(request.recipient && { recipient: request.recipient }) };
    }),
  },
  {
    fault: "keeps the device to itself and says it was sent",
    rules: ["reach/device.name", "reach/device.description", "reach/device.serialNumber"],
    change: creating((create) => async (request, options) => {
      const enrollment = await create(without(request, "device"), options);
      return { ...enrollment, ...(request.device && { device: request.device }) };
    }),
  },
  {
    fault: "does not know all that it offers",
    rules: ["choices/platform-offered", "choices/management-offered", "choices/ownership-offered"],
    change: creating((create) => (request, options) => {
      const { platform, management, ownership } = request;
      if (platform !== "tvos" && management !== "dedicated" && ownership !== "personal") {
        return create(request, options);
      }
      return Promise.reject(new EnrollmentError("no such thing", { code: "unsupported" }));
    }),
  },
  {
    fault: "allows a character less than it says",
    rules: ["additional-data/at-the-limit"],
    change: creating(
      (create) => (request, options) =>
        request.additionalData?.length === 1024
          ? Promise.reject(new EnrollmentError("too long", { code: "unsupported", path: "additionalData" }))
          : create(request, options),
    ),
  },
  {
    fault: "refuses tags that it declares",
    rules: ["fields/tags-accepted"],
    change: creating(
      (create) => (request, options) =>
        request.tags === undefined
          ? create(request, options)
          : Promise.reject(new EnrollmentError("no tags", { code: "unsupported", path: "tags" })),
    ),
  },
  {
    fault: "takes any profile",
    rules: ["fields/profile-unknown"],
    change: changingRequest((request) => without(request, "profile")),
  },
];
