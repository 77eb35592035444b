// A config as a file would hold it, before it is read.
export { finish } from "./at-vendors.js";

export const config = {
  providers: {
    phones: {
      vendor: "android-management",
      enterprise: "LC01abcdef",
      credentials: { $env: "GOOGLE_SERVICE_ACCOUNT_KEY" },
      profiles: { sales: { policy: "sales" } },
    },
  },
};
