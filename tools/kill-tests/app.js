// What every process of a kill test is made of: the providers of one config, and the ledger.
import { androidManagementPlugin } from "../../packages/adapters/android-management/dist/index.js";
import { appliveryPlugin } from "../../packages/adapters/applivery/dist/index.js";
import { esetConnectPlugin } from "../../packages/adapters/eset-connect/dist/index.js";
import { Secret } from "../../packages/core/dist/index.js";
import { createService, readConfig } from "../../packages/inversify/dist/index.js";
import { openLedger } from "../../packages/ledger/dist/index.js";

const secret = (name) => ({ $env: name });

const configFor = ({ eset, phones, apple }) => ({
  routes: [
    { profile: "desk", provider: "eset" },
    { profile: "field", provider: "phones" },
    { profile: "sales", provider: "apple" },
  ],
  providers: {
    eset: {
      vendor: "eset-connect",
      region: eset.credentials.region,
      username: eset.credentials.username,
      password: secret("ESET_PASSWORD"),
      baseUrls: {
        iam: eset.baseUrls.businessAccount,
        deviceManagement: eset.baseUrls.deviceManagement,
        mobileDeviceManagement: eset.baseUrls.mobileDeviceManagement,
        installerManagement: eset.baseUrls.installerManagement,
      },
      profiles: { desk: { group: eset.group } },
      reconciliation: { settleFor: "PT0.3S" },
    },
    phones: {
      vendor: "android-management",
      enterprise: phones.enterprise,
      baseUrl: phones.url,
      credentials: secret("PHONES_KEY"),
      // Nobody else makes tokens in this enterprise.
      lostTokens: "revoke",
      profiles: { field: { policy: "field" } },
    },
    apple: {
      vendor: "applivery",
      organization: apple.organization,
      baseUrl: apple.baseUrl,
      token: secret("APPLE_TOKEN"),
      visibilityDelay: "PT0S",
      profiles: { sales: { tags: ["sales"] } },
    },
  },
});

/**
 * @param {{ vendors: any, ledger: { url?: string, folder?: string, schema?: string, key: string } }} settings - what
 *   simulators-process.js said when it was ready; where the ledger is kept, and its key.
 */
export const openApp = async ({ vendors, ledger: { url, key, ...place } }) => {
  const ledger = await openLedger({
    ...place,
    ...(url !== undefined && { url: new Secret(url) }),
    keys: [new Secret(key)],
    lease: "PT3S",
    settleFor: "PT0.3S",
    mostTries: 50,
  });
  const environment = {
    ESET_PASSWORD: vendors.eset.credentials.password,
    PHONES_KEY: JSON.stringify(vendors.phones.credentials),
    APPLE_TOKEN: vendors.apple.token,
  };
  const plugins = [esetConnectPlugin, androidManagementPlugin, appliveryPlugin];
  const service = createService(readConfig(configFor(vendors), plugins, { environment }), {
    beforeSend: ledger.beforeSend,
    ...(url !== undefined && { createLimiter: ledger.createLimiter }),
  });
  return { ledger, service };
};

/**
 * One row in fifty for Android, one in ten for Apple, the rest for ESET.
 *
 * @param {number} count
 * @returns {Generator<import("@enrollkit/core").EnrollmentRequest, void, void>}
 */
export const requests = function* (count) {
  for (let row = 0; row < count; row += 1) {
    if (row % 50 === 0)
      yield { key: `row-${row}`, profile: "field", additionalData: `row-${row}`, validFor: "P1D" };
    else if (row % 10 === 5) {
      const recipient = { email: `row-${row}@example.com` };
      yield { key: `row-${row}`, profile: "sales", recipient, delivery: "vendor-email", validFor: "P7D" };
    } else yield { key: `row-${row}`, profile: "desk", device: { name: `row-${row}` } };
  }
};
