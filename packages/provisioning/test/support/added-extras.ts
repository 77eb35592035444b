import { androidProvisioningPayload, readProvisioningExtras } from "../../src/index.js";
import { androidEnrollment } from "./android-enrollment.js";
import { provisioningPayload } from "./payloads.js";

const PREFIX = "android.app.extra.PROVISIONING_";
const entriesOf = (json: string) => Object.entries<unknown>(JSON.parse(json) as Record<string, unknown>);
const vendorKeys = entriesOf(provisioningPayload()).map(([key]) => key);

/** What extras add to the vendor's payload, without the common beginning of the keys. */
export const addedExtras = (input: unknown): Record<string, unknown> => {
  const payload = androidProvisioningPayload(androidEnrollment(), readProvisioningExtras(input));
  return Object.fromEntries(
    entriesOf(payload.reveal())
      .filter(([key]) => !vendorKeys.includes(key))
      .map(([key, value]) => [key.replace(PREFIX, ""), value]),
  );
};
