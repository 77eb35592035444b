import type { Hono } from "hono";
import type { SimulatorEnvironment } from "../base/server.js";
import { enrollDevice, EnrollmentRefused } from "./device-enrollment.js";
import { answerError, readJson } from "./endpoint.js";
import { errorBody } from "./errors.js";
import { object, optional, text } from "./rules.js";
import type { Vendor } from "./vendor.js";

const enrollBody = object({ enrollCode: text(), serial: text(), model: optional(text()) });

/**
 * `POST /__sim/enroll` with `{ enrollCode, serial, model? }`: a device uses a token, for callers outside of this
 * process. No part of the vendor's API; it takes no credential. A refusal is a 409 that says why.
 */
export const serveControl = (app: Hono<SimulatorEnvironment>, vendor: Vendor): void => {
  app.post("/__sim/enroll", async (context) => {
    try {
      const json = readJson(context.req.header("content-type"), await context.req.text());
      const { enrollCode, serial, model } = enrollBody(json, "body", vendor.behavior);
      const device = enrollDevice(vendor, {
        linkOrCode: enrollCode,
        serialNumber: serial,
        ...(model === undefined ? {} : { model }),
      });
      return context.json({ status: true, data: { id: device.id, serialNumber: device.serialNumber } });
    } catch (error) {
      if (!(error instanceof EnrollmentRefused)) return answerError(context, vendor, error);
      return context.json(errorBody({ code: 0, message: error.message, data: undefined }), 409);
    }
  });
};
