import { isIP, BlockList } from "node:net";
import { parseInput, REFERENCE_SETTING, Secret, secretSetting } from "@enrollkit/core";
import * as z from "zod";
import { textsFor } from "../texts/texts-for.js";
import { validUntil } from "../texts/valid-until.js";
import { addressSchema, nameSchema } from "./mail-address.js";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

const isLoopback = (host: string) => {
  const family = isIP(host);
  return family === 0
    ? host.toLowerCase() === "localhost"
    : loopback.check(host, `ipv${family === 4 ? 4 : 6}`);
};

/** A port behind the name is a frequent mistake, and would be looked up as part of it. */
const isHost = (text: string) => isIP(text) !== 0 || /^[A-Za-z0-9._-]+$/.test(text);

/** The ports that servers listen on for each kind of security. */
const usualPorts = { tls: 465, starttls: 587, none: 25, insecure: 25 } as const;

const certificates = z
  .preprocess(
    (value) => (Secret.is(value) ? value.reveal() : value),
    z.string().includes("-----BEGIN CERTIFICATE-----", { error: "must be certificates in PEM form" }),
  )
  .meta({
    [REFERENCE_SETTING]: true,
    description: "PEM certificates to trust in place of the public ones, for a company's own server",
  });

const server = z
  .strictObject({
    host: z.string().refine(isHost, "must be a host name or an IP address, without a port"),
    port: z.int().min(1, "must be from 1 to 65535").max(65_535, "must be from 1 to 65535").optional(),
    security: z.enum(["tls", "starttls", "none", "insecure"]).default("tls"),
    username: z.string().min(1, "must not be empty").optional(),
    password: secretSetting("The password of `username` at the mail server").optional(),
    certificateAuthority: certificates.optional(),
    connections: z.int().min(1, "must be from 1 to 20").max(20, "must be from 1 to 20").default(3),
  })
  .superRefine(({ host, security, username, password }, context) => {
    const refuse = (field: string, message: string) => {
      context.addIssue({ code: "custom", path: [field], message });
    };
    if (username !== undefined && password === undefined) refuse("password", "is missing; username needs it");
    if (password !== undefined && username === undefined) refuse("username", "is missing; password needs it");
    if (security === "none" && !isLoopback(host)) {
      refuse(
        "security",
        'may be none only for this machine itself: links travel in the clear. It takes tls or starttls; or "insecure", on a network where nobody can listen',
      );
    }
    if (security === "insecure" && password !== undefined) {
      refuse("security", "insecure would send the password in the clear; it takes tls or starttls");
    }
  })
  .transform(({ port, ...rest }) => ({ ...rest, port: port ?? usualPorts[rest.security] }));

/**
 * Reads {@link MailSettings} from a config. Unknown fields are refused.
 *
 * - `smtp.host`, `smtp.port`: default port 465, 587 or 25, as `security` asks
 * - `smtp.security`: `tls` (default) from the first byte; `starttls`: TLS before anything else is said, and no mail if the
 *   server does not offer it; `none`: for a server on this machine only; `insecure`: no encryption anywhere, and no
 *   password. Certificates are verified, always
 * - `smtp.username`, `smtp.password`: both or neither
 * - `smtp.certificateAuthority`: PEM text; default: the public authorities and NODE_EXTRA_CA_CERTS
 * - `smtp.connections`: 1 to 20, default 3
 * - `from`: who sends; `replyTo`: who reads the answers, default the same
 * - `language`: `en` (default), `de`; `timeZone`: the reader's, such as `Europe/Berlin`
 */
export const mailSettingsSchema = z.strictObject({
  smtp: server,
  from: z.strictObject({ email: addressSchema, name: nameSchema.optional() }),
  replyTo: addressSchema.optional(),
  language: z.string().default("en"),
  timeZone: z.string(),
});

/** How mail goes out, and in whose name: what {@link mailSettingsSchema} takes. */
export type MailSettingsInput = z.input<typeof mailSettingsSchema>;

/** {@link MailSettingsInput} with its defaults filled in. */
export type MailSettings = z.output<typeof mailSettingsSchema>;

/**
 * Validates settings.
 *
 * @throws EnrollmentError `invalid-config`, naming every field at fault; `unsupported` for a language that is not here.
 */
export const readMailSettings = (input: MailSettingsInput): MailSettings => {
  const settings = parseInput(mailSettingsSchema, input, "invalid-config");
  textsFor(settings.language);
  validUntil({ expiresAt: "never" }, settings, 0);
  return settings;
};
