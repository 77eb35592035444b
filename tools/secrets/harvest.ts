import type { AndroidManagementSimulator } from "@enrollkit/simulators/android-management";
import type { AppliverySimulator } from "@enrollkit/simulators/applivery";
import type { EsetConnectSimulator } from "@enrollkit/simulators/eset-connect";
import { keyLines, type Canary } from "./canaries.js";

/** Simulators of vendors, as far as they are there. */
export interface Vendors {
  readonly eset?: EsetConnectSimulator;
  readonly android?: AndroidManagementSimulator;
  readonly applivery?: AppliverySimulator;
}

const bearersOf = (vendor: Pick<EsetConnectSimulator, "requests">): readonly string[] =>
  vendor.requests().flatMap(({ headers }) => headers.get("authorization")?.replace(/^Bearer /, "") ?? []);

const esetSecrets = (eset: EsetConnectSimulator): readonly Canary[] => [
  { kind: "credential", name: "the ESET user's password", text: eset.credentials.password },
  ...eset
    .enrollmentLinks()
    .map(({ uri }): Canary => ({ kind: "enrollment", name: "an ESET link", text: uri.replace(/^.*\//, "") })),
  ...eset.deploymentFiles().flatMap(({ gpoSccmFile }): Canary[] => {
    const text = Buffer.from(gpoSccmFile, "base64").toString("latin1");
    return [...text.matchAll(/(?:P_CERT_PASSWORD|P_CERT_PATH)=(.+)\r/g)].map(([, secret = ""]) => ({
      kind: "enrollment",
      name: "a secret of a deployment file",
      text: secret,
    }));
  }),
];

const androidSecrets = (android: AndroidManagementSimulator): readonly Canary[] => [
  ...keyLines(android.credentials.private_key).map((line): Canary => ({
    kind: "credential",
    name: "the service account's key",
    text: line,
  })),
  ...android
    .enrollments()
    .map(({ value }): Canary => ({ kind: "enrollment", name: "an Android token", text: value })),
];

const appliverySecrets = (applivery: AppliverySimulator): readonly Canary[] => [
  { kind: "credential", name: "the service account's token", text: applivery.credentials.token },
  ...applivery
    .enrollments()
    .map(({ code }): Canary => ({ kind: "enrollment", name: "an Applivery code", text: code })),
];

/** Every secret that simulators have made so far. */
export const harvest = ({ eset, android, applivery }: Vendors): readonly Canary[] => {
  const issued = [eset, android].flatMap((vendor) => (vendor === undefined ? [] : bearersOf(vendor)));
  return [
    ...(eset === undefined ? [] : esetSecrets(eset)),
    ...(android === undefined ? [] : androidSecrets(android)),
    ...(applivery === undefined ? [] : appliverySecrets(applivery)),
    ...issued.map((text): Canary => ({ kind: "access-token", name: "an issued access token", text })),
  ];
};
