import { createAndroidManagement } from "../../packages/adapters/android-management/dist/index.js";
import { createEsetConnect } from "../../packages/adapters/eset-connect/dist/index.js";
import { Secret } from "../../packages/core/dist/index.js";

/** More than any machine can send: the limiter holds nobody back. */
export const noQuota = 1e12;

/** @param simulator - what simulator-process.js said when it was ready, or a simulator. */
export const esetConnectAt = ({ credentials, baseUrls, groupUuids }, runtime, change = {}) =>
  createEsetConnect(
    {
      region: credentials.region,
      username: credentials.username,
      password: new Secret(credentials.password),
      group: groupUuids.mobileDevices,
      baseUrls: {
        iam: baseUrls.businessAccount,
        deviceManagement: baseUrls.deviceManagement,
        mobileDeviceManagement: baseUrls.mobileDeviceManagement,
        installerManagement: baseUrls.installerManagement,
      },
      ...change,
    },
    runtime,
  );

/** By the key file, as in a config. */
export const androidManagementAt = ({ url, credentials, enterpriseId }, runtime, change = {}) =>
  createAndroidManagement(
    {
      enterprise: enterpriseId,
      baseUrl: url,
      credentials: new Secret(JSON.stringify(credentials)),
      ...change,
    },
    runtime,
  );

/** With a token that is there already, and without a quota: nothing but the call itself is left. */
export const bareAndroidManagementAt = ({ url, accessToken, enterpriseId }, runtime) => {
  const token = new Secret(accessToken);
  return createAndroidManagement(
    {
      enterprise: enterpriseId,
      baseUrl: url,
      accessToken: () => Promise.resolve(token),
      callsPer100Seconds: noQuota,
    },
    runtime,
  );
};
