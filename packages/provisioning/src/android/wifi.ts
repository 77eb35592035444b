import { Secret } from "@enrollkit/core";
import * as z from "zod";
import { LOST } from "./open-secret.js";
import { entriesOf, isRecord, type Entry, type KeyTable } from "./entries.js";

/** How a device with EAP proves who it is. */
export const eapMethods = ["PEAP", "TLS", "TTLS", "PWD", "SIM", "AKA", "AKA_PRIME"] as const;
export type EapMethod = (typeof eapMethods)[number];

/** What is spoken within the tunnel of PEAP or TTLS. */
export const innerAuthentications = [
  "NONE",
  "PAP",
  "MSCHAP",
  "MSCHAPV2",
  "GTC",
  "SIM",
  "AKA",
  "AKA_PRIME",
] as const;
export type InnerAuthentication = (typeof innerAuthentications)[number];

/** A proxy server of a network. */
export interface WifiProxy {
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Hosts that are reached directly, in the words of the platform: separated by commas. */
  readonly bypass?: string | undefined;
}

interface Network {
  /** 1 to 32 bytes in UTF-8. */
  readonly ssid: string;
  /** Whether the network does not announce itself. Default: false. */
  readonly hidden?: boolean | undefined;
  readonly proxy?: WifiProxy | undefined;
  /** Where a proxy's automatic configuration is, instead of `proxy`. */
  readonly proxyScriptUrl?: string | undefined;
}

/** A network that anyone may join. */
export interface OpenNetwork extends Network {
  readonly security: "NONE";
}

/** A network with a password. WPA2-Personal and WPA3-Personal are `WPA` as well. */
export interface PasswordNetwork extends Network {
  /** Default: `WPA`. */
  readonly security?: "WPA" | undefined;
  /** At least 8 characters, and at most 63 bytes in UTF-8. */
  readonly password: Secret;
}

/** A network with WEP, which protects nothing: for access points that know no better. */
export interface WepNetwork extends Network {
  readonly security: "WEP";
  readonly password: Secret;
}

/** A company's network, where each device has an identity of its own. Needs Android 10. */
export interface EapNetwork extends Network {
  readonly security: "EAP";
  readonly eapMethod: EapMethod;
  /** For PEAP and TTLS only. */
  readonly innerAuthentication?: InnerAuthentication | undefined;
  /** Necessary for PEAP, TTLS and PWD. */
  readonly identity?: string | undefined;
  readonly anonymousIdentity?: string | undefined;
  /** The domain that the server's certificate must be for. */
  readonly domain?: string | undefined;
  /** Necessary for PEAP, TTLS and PWD, refused for the others. */
  readonly password?: Secret | undefined;
  /** Who vouches for the server: DER in base64, which is PEM without header, footer and line breaks. */
  readonly caCertificate?: string | undefined;
  /** The device's certificate **and private key**, in base64. Necessary for TLS. */
  readonly userCertificate?: Secret | undefined;
}

/** The network over which a device loads what it needs for its enrollment. It goes before mobile data. */
export type WifiNetwork = OpenNetwork | PasswordNetwork | WepNetwork | EapNetwork;

/** Text that becomes a {@link Secret} at once; no message repeats it. */
const secretText = z
  .union([z.custom<Secret>((value) => Secret.is(value)), z.string().transform((text) => new Secret(text))], {
    error: ({ input }) => (input === undefined ? "is missing" : "must be text"),
  })
  .refine((secret) => secret.isKnown, { error: LOST, abort: true });

const bytesOf = (text: string) => Buffer.byteLength(text, "utf8");
const text = z
  .string()
  .min(1, "must not be empty")
  .regex(/^\P{Surrogate}*$/u, "is no valid text: it holds half a character (a lone surrogate)");
const base64Rule = "must be base64 in one line, as in a PEM file without its header and footer";
const base64 = z.base64(base64Rule).min(1, base64Rule);

const networkShape = {
  ssid: text.refine((ssid) => bytesOf(ssid) <= 32, "must have at most 32 bytes in UTF-8"),
  hidden: z.boolean().optional(),
  proxy: z
    .strictObject({
      host: text.regex(/^[^\s/]*$/, "must be a host name or an address, not a URL"),
      port: z.int().min(1, "must be 1 to 65535").max(65_535, "must be 1 to 65535"),
      bypass: text.optional(),
    })
    .optional(),
  proxyScriptUrl: z
    .url({ protocol: /^https?$/, error: "must be a URL such as https://proxy.example.com/proxy.pac" })
    .optional(),
};

const wpaPassword = secretText
  .refine((password) => {
    const value = password.reveal();
    return Array.from(value).length >= 8 && bytesOf(value) <= 63;
  }, "must have 8 to 63 characters (one that is not ASCII counts as two or more of the 63)")
  .refine(
    (password) => !/\p{Cc}/u.test(password.reveal()),
    "must have no line breaks, tabs or other control characters",
  );

const openNetwork = z.strictObject({
  ...networkShape,
  security: z.literal("NONE"),
  password: z.undefined("must be left out: an open network has none").optional(),
});
const passwordNetwork = z.strictObject({
  ...networkShape,
  security: z.literal("WPA").optional(),
  password: wpaPassword,
});
const wepNetwork = z.strictObject({
  ...networkShape,
  security: z.literal("WEP"),
  password: secretText.refine((password) => password.reveal() !== "", "must not be empty"),
});
const eapNetwork = z.strictObject({
  ...networkShape,
  security: z.literal("EAP"),
  eapMethod: z.enum(eapMethods),
  innerAuthentication: z.enum(innerAuthentications).optional(),
  identity: text.optional(),
  anonymousIdentity: text.optional(),
  domain: text.optional(),
  password: secretText.refine((password) => password.reveal() !== "", "must not be empty").optional(),
  caCertificate: base64.optional(),
  userCertificate: secretText
    .refine((certificate) => base64.safeParse(certificate.reveal()).success, base64Rule)
    .optional(),
});

type EapField = "identity" | "password" | "userCertificate" | "innerAuthentication";

/** What a method cannot do without, and what it has no use for. */
const eapRules: Readonly<Record<EapMethod, Readonly<Record<"needs" | "refuses", readonly EapField[]>>>> = {
  PEAP: { needs: ["identity", "password"], refuses: [] },
  TTLS: { needs: ["identity", "password"], refuses: [] },
  PWD: { needs: ["identity", "password"], refuses: ["innerAuthentication"] },
  TLS: { needs: ["userCertificate"], refuses: ["password", "innerAuthentication"] },
  SIM: { needs: [], refuses: ["password", "innerAuthentication"] },
  AKA: { needs: [], refuses: ["password", "innerAuthentication"] },
  AKA_PRIME: { needs: [], refuses: ["password", "innerAuthentication"] },
};

const holdEapTogether = (network: z.output<typeof eapNetwork>, context: z.RefinementCtx): void => {
  const { needs, refuses } = eapRules[network.eapMethod];
  for (const field of needs) {
    if (network[field] !== undefined) continue;
    context.addIssue({
      code: "custom",
      path: [field],
      message: `is missing: ${network.eapMethod} cannot do without`,
    });
  }
  for (const field of refuses) {
    if (network[field] === undefined) continue;
    context.addIssue({
      code: "custom",
      path: [field],
      message: `must be left out: ${network.eapMethod} has no use for it`,
    });
  }
};

/** Reads a {@link WifiNetwork}. Passwords and certificates with a key may come as text: they become Secrets. */
export const wifiSchema: z.ZodType<WifiNetwork> = z
  .discriminatedUnion(
    "security",
    [openNetwork, passwordNetwork, wepNetwork, eapNetwork.superRefine(holdEapTogether)],
    {
      error: ({ input }) =>
        isRecord(input)
          ? "must be one of: NONE, WPA, WEP, EAP (WPA2 and WPA3 with a password are WPA)"
          : undefined,
    },
  )
  .refine(({ proxy, proxyScriptUrl }) => proxy === undefined || proxyScriptUrl === undefined, {
    path: ["proxyScriptUrl"],
    error: "must be left out where proxy is given: a network has one or the other",
  });

type FieldOf<Union> = Union extends unknown ? keyof Union : never;

const wifiKeys = {
  ssid: "WIFI_SSID",
  hidden: "WIFI_HIDDEN",
  security: "WIFI_SECURITY_TYPE",
  password: "WIFI_PASSWORD",
  eapMethod: "WIFI_EAP_METHOD",
  innerAuthentication: "WIFI_PHASE2_AUTH",
  identity: "WIFI_IDENTITY",
  anonymousIdentity: "WIFI_ANONYMOUS_IDENTITY",
  domain: "WIFI_DOMAIN",
  caCertificate: "WIFI_CA_CERTIFICATE",
  userCertificate: "WIFI_USER_CERTIFICATE",
  proxyScriptUrl: "WIFI_PROXY_PAC_URL",
} as const satisfies KeyTable<Exclude<FieldOf<WifiNetwork>, "proxy">>;

const proxyKeys = {
  host: "WIFI_PROXY_HOST",
  port: "WIFI_PROXY_PORT",
  bypass: "WIFI_PROXY_BYPASS",
} as const satisfies KeyTable<keyof WifiProxy>;

/** The platform's keys for what a network may say. */
export const wifiKeyTables = { wifi: wifiKeys, "wifi.proxy": proxyKeys };

/** A network in the platform's words. */
export const wifiEntries = (wifi: WifiNetwork): Entry[] => [
  ...entriesOf({ ...wifi, security: wifi.security ?? "WPA" }, wifiKeys, "extras.wifi"),
  ...entriesOf(wifi.proxy ?? {}, proxyKeys, "extras.wifi.proxy"),
];
