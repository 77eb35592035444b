import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";

/** A service-account key as the Google Cloud console hands it out: plain data for `JSON.stringify`. */
export interface ServiceAccountKey {
  readonly type: "service_account";
  readonly project_id: string;
  readonly private_key_id: string;
  /** PKCS #8 PEM. */
  readonly private_key: string;
  readonly client_email: string;
  readonly client_id: string;
  readonly auth_uri: string;
  /** Points at the simulator. */
  readonly token_uri: string;
  readonly auth_provider_x509_cert_url: string;
  readonly client_x509_cert_url: string;
  readonly universe_domain: string;
}

/** PEM, both halves. */
export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

let generated: Promise<KeyPair> | undefined;

/** One RSA pair per process: generating takes long, and hundreds of simulators may start in one test run. */
export const keyPair = (): Promise<KeyPair> => {
  generated ??= promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return generated;
};

interface KeyOf {
  readonly projectId: string;
  readonly clientEmail: string;
  readonly keyId: string;
  readonly clientId: string;
  readonly privateKey: string;
  readonly origin: string;
}

export const serviceAccountKey = (of: KeyOf): ServiceAccountKey => ({
  type: "service_account",
  project_id: of.projectId,
  private_key_id: of.keyId,
  private_key: of.privateKey,
  client_email: of.clientEmail,
  client_id: of.clientId,
  auth_uri: "https://accounts.google.com/o/oauth2/auth",
  token_uri: `${of.origin}/token`,
  auth_provider_x509_cert_url: "https://www.googleapis.com/oauth2/v1/certs",
  client_x509_cert_url: `https://www.googleapis.com/robot/v1/metadata/x509/${encodeURIComponent(of.clientEmail)}`,
  universe_domain: "googleapis.com",
});
