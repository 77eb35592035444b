import { createPrivateKey } from "node:crypto";
import { EnrollmentError, Secret } from "@enrollkit/core";
import * as z from "zod";

/** A Google service account's key, as its JSON file holds it. */
export interface ServiceAccountKey {
  readonly clientEmail: string;
  /** PEM. */
  readonly privateKey: Secret;
  readonly privateKeyId?: string;
  readonly projectId?: string;
  /** Where its tokens are issued. */
  readonly tokenUri: string;
}

const GOOGLE_TOKEN_URI = "https://oauth2.googleapis.com/token";

const otherTypes = [
  "authorized_user",
  "external_account",
  "external_account_authorized_user",
  "impersonated_service_account",
  "gdch_service_account",
];

const isRsaKey = (pem: string): boolean => {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    // OpenSSL's words are of no use to anybody, and the key must not be among them.
    return false;
  }
};

/** An environment variable often holds the line ends of a PEM as two characters, `\` and `n`. */
const withLineEnds = (pem: string) => pem.replaceAll("\\n", "\n");

const keyFileSchema = z.object({
  type: z.literal("service_account", { error: "is not service_account" }),
  client_email: z
    .string({ error: "is missing" })
    .regex(/^[^\s@]+@[^\s@]+$/, { error: "is not an e-mail address" }),
  private_key: z
    .string({ error: "is missing" })
    .transform(withLineEnds)
    .refine(isRsaKey, { error: "is not an RSA key in PEM form" }),
  private_key_id: z.string().optional().catch(undefined),
  project_id: z.string().optional().catch(undefined),
  token_uri: z.url({ protocol: /^https?$/, error: "is not a URL" }).default(GOOGLE_TOKEN_URI),
});

const invalid = (problem: string, path?: string) =>
  new EnrollmentError(`the service account key ${problem}`, {
    code: "invalid-config",
    advice: "Give the whole content of the JSON key file that Google Cloud made for the service account.",
    ...(path !== undefined && { path }),
  });

const parseJsonObject = (text: string): Readonly<Record<string, unknown>> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A SyntaxError quotes its input, which is a key: neither its message nor the error itself may go on.
    throw invalid(text.trim() === "" ? "is empty" : "is not JSON");
  }
  if (typeof value !== "object" || value === null) throw invalid("is not a JSON object");
  return Object.fromEntries(Object.entries(value));
};

/**
 * Reads the key file of a Google service account. https://cloud.google.com/iam/docs/keys-create-delete
 *
 * @throws EnrollmentError `invalid-config` that names every field at fault, and repeats nothing of the content.
 */
export const parseServiceAccountKey = (key: Secret): ServiceAccountKey => {
  const content = parseJsonObject(key.reveal());
  const type = otherTypes.find((other) => other === content["type"]);
  if (type !== undefined) throw invalid(`is of the type ${type}; only service_account will do`, "type");
  const parsed = keyFileSchema.safeParse(content);
  if (!parsed.success) {
    const { issues } = parsed.error;
    const problems = issues.map(({ path, message }) => `${path.join(".")} ${message}`);
    throw invalid(`cannot be used: ${problems.join("; ")}`, issues[0]?.path.join("."));
  }
  const { client_email, private_key, private_key_id, project_id, token_uri } = parsed.data;
  return {
    clientEmail: client_email,
    privateKey: new Secret(private_key),
    ...(private_key_id !== undefined && { privateKeyId: private_key_id }),
    ...(project_id !== undefined && { projectId: project_id }),
    tokenUri: token_uri,
  };
};
