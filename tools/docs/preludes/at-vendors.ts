// The three vendors at their own addresses: calls to their hosts are answered by simulators. The accounts, groups and
// policies are those that the pages name, and the secrets stand where the pages look for them.
import { writeFileSync } from "node:fs";
import { startAndroidManagementSimulator } from "@enrollkit/simulators/android-management";
import { startAppliverySimulator } from "@enrollkit/simulators/applivery";
import { startEsetConnectSimulator } from "@enrollkit/simulators/eset-connect";
import nock from "nock";

export const [android, applivery, eset] = await Promise.all([
  startAndroidManagementSimulator(),
  startAppliverySimulator(),
  startEsetConnectSimulator(),
]);

android.seed({
  enterprises: [{ id: "LC01abcdef" }],
  policies: ["sales", "sales-phones", "warehouse", "field"].map((id) => ({ id, enterpriseId: "LC01abcdef" })),
});
eset.seed({
  groups: [{ uuid: "4f0d0000-0000-4000-8000-00000000000a", displayName: "Field devices" }],
  apiUsers: [{ username: "enrollment-api@example.com", password: "only-a-simulator" }],
});

const key = JSON.stringify({ ...android.credentials, token_uri: "https://oauth2.googleapis.com/token" });
writeFileSync("service-account.json", key);
writeFileSync("applivery-token", applivery.credentials.token);
Object.assign(process.env, {
  APPLIVERY_TOKEN: applivery.credentials.token,
  ESET_PASSWORD: "only-a-simulator",
  GOOGLE_SERVICE_ACCOUNT_KEY: key,
  WIFI_PASSWORD: "correct horse",
});

/** What belongs to one connection, and not to what is said over it. */
const ofTheConnection = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "host",
  "keep-alive",
  "transfer-encoding",
]);
const carried = (headers: Iterable<readonly [string, unknown]>) =>
  [...headers]
    .filter(([name]) => !ofTheConnection.has(name.toLowerCase()))
    .map(([name, value]): [string, string] => [name, String(value)]);

/** Sends what is meant for a vendor's host to its simulator. */
const redirect = (host: string, base: string) => {
  const origin = nock(`https://${host}`).persist();
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
    origin.intercept(/.*/, method).reply(async function (path, body) {
      const headers = carried(Object.entries(this.req.headers as Record<string, unknown>));
      const sent = typeof body === "string" ? body : JSON.stringify(body);
      const answer = await fetch(`${base}${path}`, {
        method,
        headers,
        ...(sent !== "" && { body: sent }),
      });
      return [answer.status, await answer.text(), Object.fromEntries(carried(answer.headers))];
    });
  }
};

redirect("androidmanagement.googleapis.com", android.url);
redirect("oauth2.googleapis.com", android.url);
redirect("api.applivery.io", applivery.url);
redirect("eu.business-account.iam.eset.systems", eset.baseUrls.businessAccount);
redirect("eu.device-management.eset.systems", eset.baseUrls.deviceManagement);
redirect("eu.mobile-device-management.eset.systems", eset.baseUrls.mobileDeviceManagement);
redirect("eu.installer-management.eset.systems", eset.baseUrls.installerManagement);

export const finish = async (): Promise<void> => {
  nock.cleanAll();
  await Promise.all([android.close(), applivery.close(), eset.close()]);
};
