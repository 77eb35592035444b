// One enrollment for a whole fleet: it may be used without limit, as zero-touch wants it.
import { readProvisioningExtras } from "@enrollkit/provisioning";
import { phones } from "./providers.js";

export { finish } from "./providers.js";

export const enrollment = await phones.createEnrollment({
  profile: "sales",
  management: "dedicated",
  uses: "unlimited",
  validFor: "P30D",
});
export const extras = readProvisioningExtras({ locale: "de_DE" });
