import { generateKeyPairSync } from "node:crypto";

/** What must not be seen, by what it is to a thief. `person`: an e-mail address, and the name beside it. */
export const canaryKinds = ["credential", "access-token", "enrollment", "wifi-password", "person"] as const;
export type CanaryKind = (typeof canaryKinds)[number];

/** A text that occurs nowhere else, so that whoever sees it knows where it came from. */
export interface Canary {
  readonly kind: CanaryKind;
  /** What it is, for reports: the text itself says it to nobody. */
  readonly name: string;
  readonly text: string;
}

/** In the shapes of the real ones; the signs in passwords are those that encodings change. */
export const planted = {
  esetPassword: "Tq9+esetWren/4zLk=Xv7pB",
  appliveryToken: "7d1f03c9ab52e8640fd7b19c35e2a8467b90d3f1c5a2e86904fb17d8c3a65e20",
  smtpPassword: "smtp&Dipper<5>'hJ\"2wQz",
  ledgerKey: Buffer.from("a-ledger-key-of-a-sad-nightjar-9").toString("base64"),
  otherLedgerKey: Buffer.from("another-ledger-key-of-a-godwit-8").toString("base64"),
  databasePassword: "pg%Siskin 8/rT?vN#1kMb",
  accessToken: "ya29.c.b0Goldcrest4HkT9vQzR7mWxLpN2sYdF6cJgKbVtE1aUoI3",
  refreshToken: "1//0eWaxwing8RtYqPzLmXcVbN5kJhGfDsA7wEuIo",
  enrollmentToken: "QXWJKLPRTZCVBNMASDGH",
  linkToken: "Zt8Twite0Nq4Lw7PkRm2Vx9Bc",
  enrollmentCode: "CNRY7K2QX",
  deploymentFile: Buffer.from("P_CERT_PASSWORD=kq3Brambling7Rv9Wd1\r\n").toString("base64"),
  wifiPassword: 'wifi "Linnet"\\3&kT<9>',
  email: "quetzal.ptarmigan@canary.example",
  name: "Quetzal Ptarmigan",
} as const;

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

/** A Google service account's key file. Its address is a person's for all that errors know. */
export const serviceAccountKey = {
  type: "service_account",
  client_email: planted.email,
  private_key: privateKey,
  private_key_id: "0123456789abcdef",
  token_uri: "https://oauth2.example.com/token",
} as const;

/** The lines of a PEM text without its frame, which is no secret. */
export const keyLines = (pem: string): readonly string[] =>
  pem.split("\n").filter((line) => line.length >= 16 && !line.startsWith("-----"));

const canary = (kind: CanaryKind, name: string, text: string): Canary => ({ kind, name, text });

export const canaries: readonly Canary[] = [
  canary("credential", "the ESET password", planted.esetPassword),
  canary("credential", "the Applivery token", planted.appliveryToken),
  canary("credential", "the SMTP password", planted.smtpPassword),
  canary("credential", "the ledger's key", planted.ledgerKey),
  canary("credential", "the ledger's other key", planted.otherLedgerKey),
  canary("credential", "the database password", planted.databasePassword),
  ...keyLines(privateKey).map((line) => canary("credential", "Google's private key", line)),
  canary("access-token", "an access token", planted.accessToken),
  canary("access-token", "a refresh token", planted.refreshToken),
  canary("enrollment", "an enrollment token", planted.enrollmentToken),
  canary("enrollment", "a link's token", planted.linkToken),
  canary("enrollment", "an enrollment code", planted.enrollmentCode),
  canary("enrollment", "a deployment file", planted.deploymentFile),
  canary("wifi-password", "the Wi-Fi password", planted.wifiPassword),
  canary("person", "an e-mail address", planted.email),
  canary("person", "an e-mail address without its domain", "quetzal.ptarmigan"),
  canary("person", "a name", planted.name),
];

/** The link that carries {@link planted.linkToken}. */
export const plantedLink = `https://mdm.example/e/${planted.linkToken}`;

/** What people paste into a wrong field: whatever was in the clipboard. */
export const pasted: readonly string[] = [
  planted.esetPassword,
  planted.appliveryToken,
  planted.accessToken,
  planted.enrollmentToken,
  plantedLink,
  planted.wifiPassword,
  planted.email,
];
