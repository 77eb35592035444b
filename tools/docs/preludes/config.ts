// A config that was read, with one provider of each vendor that the page's plugins may leave out.
import { androidManagementPlugin } from "@enrollkit/android-management";
import { readConfig } from "@enrollkit/inversify";
import "./at-vendors.js";

export { finish } from "./at-vendors.js";

export const config = readConfig(
  {
    providers: {
      phones: {
        vendor: "android-management",
        enterprise: "LC01abcdef",
        credentials: { $env: "GOOGLE_SERVICE_ACCOUNT_KEY" },
        profiles: { sales: { policy: "sales" } },
      },
    },
  },
  [androidManagementPlugin],
);
