import { EnrollmentError, Secret, systemClock, type CallOptions } from "@enrollkit/core";
import {
  createHttpClient,
  hasOriginOf,
  limiterFor,
  pages,
  parseServiceAccountKey,
  passwordGrant,
  redactText,
  serviceAccountGrant,
  staticToken,
  suppliedToken,
  type HttpClient,
  type TokenSource,
} from "@enrollkit/http";
import type * as http from "@enrollkit/http";
import { createTestClock } from "@enrollkit/testing";
import * as z from "zod";
import { planted, serviceAccountKey } from "../canaries.js";
import { at, attempts, withPasted, type Drives } from "./drive.js";

/** A token service that repeats what it was told, in the error or in the answer. */
const clientThat = (answer: unknown): HttpClient => ({
  send: ({ form, answer: schema }) => {
    if (answer !== undefined) {
      return Promise.resolve({
        body: schema.parse(answer) as never,
        status: 200,
        headers: {},
        requestIds: [],
      });
    }
    const words = redactText(
      JSON.stringify(
        Object.fromEntries(
          Object.entries(form ?? {}).map(([name, value]) => [
            name,
            Secret.is(value) ? value.reveal() : value,
          ]),
        ),
      ),
      Object.values(form ?? {}).filter((value) => Secret.is(value)),
    );
    return Promise.reject(new EnrollmentError(words, { code: "unauthenticated" }));
  },
});

const granted = { access_token: planted.accessToken, refresh_token: planted.refreshToken, expires_in: 3600 };

const grants = (answer: unknown): readonly TokenSource[] => [
  passwordGrant({
    client: clientThat(answer),
    url: "https://x.example/token",
    username: planted.email,
    password: new Secret(planted.esetPassword),
  }),
  serviceAccountGrant({
    client: clientThat(answer),
    key: parseServiceAccountKey(new Secret(JSON.stringify(serviceAccountKey))),
    scope: "x",
  }),
];

const getAll = async (sources: readonly TokenSource[]) =>
  Promise.all(sources.map((source) => source.getToken()));

const supplier = (fails?: Error) =>
  suppliedToken((options?: CallOptions) => {
    options?.signal?.throwIfAborted();
    return fails === undefined ? Promise.resolve(planted.accessToken) : Promise.reject(fails);
  });

const client = createHttpClient({
  provider: "phones",
  authorization: staticToken(new Secret(planted.accessToken)),
  toError: () => ({ code: "unknown", message: planted.email }),
  runtime: { clock: createTestClock() },
});

const call = (url: string, more: object = {}) =>
  client.send({ method: "GET", url, answer: z.unknown(), effect: "repeatable", ...more });

const elsewhere = (url: string) => {
  const origins = ["https://vendor.example"];
  const toError = () => ({ code: "unknown", message: planted.email }) as const;
  const strict = createHttpClient({ provider: "phones", origins, toError });
  return strict.send({ method: "GET", url, answer: z.unknown(), effect: "repeatable" });
};

const axiosError = Object.assign(new Error(`401 for ${planted.email}: Bearer ${planted.accessToken}`), {
  config: { headers: { authorization: `Bearer ${planted.accessToken}` } },
});

const page = (next: string) => () => Promise.resolve({ items: [], next });

export const drives: Drives<typeof http> = {
  createHttpClient: [
    ...attempts(() => client),
    ...withPasted((text) => call(text)),
    ...withPasted((text) => elsewhere(`https://elsewhere.example/${text}`)),
    ...withPasted((text) => elsewhere(`https://${encodeURIComponent(text)}.example/`)),
    ...withPasted((text) => call(`https://user:${text}@nowhere.invalid/../${text}`)),
    ...withPasted((text) => call("https://nowhere.invalid/x", { headers: { "x-y": `${text}\n` } })),
    ...withPasted((text) =>
      call(`http://127.0.0.1:9/e/${encodeURIComponent(text)}`, { method: "DELETE", effect: "once" }),
    ),
  ],
  limiterFor: attempts(() =>
    limiterFor({ clock: systemClock }, { calls: 1, per: "PT1S", credential: planted.accessToken }),
  ),
  hasOriginOf: withPasted((text) => hasOriginOf(text, [text])),
  pages: withPasted((text) => pages(page(text))),
  passwordGrant: attempts(
    () => grants(granted),
    () => getAll(grants(granted)),
    () => getAll(grants(undefined)),
    () => getAll(grants({ access_token: 1, error: planted.refreshToken })),
  ),
  redactText: withPasted((text) => redactText(`it was ${text}.`, [new Secret(text)])),
  serviceAccountGrant: attempts(() => getAll(grants(undefined))),
  parseServiceAccountKey: [
    ...at("key", () => parseServiceAccountKey(new Secret(JSON.stringify(serviceAccountKey)))),
    ...withPasted((text) => parseServiceAccountKey(new Secret(text))),
    ...withPasted((text) =>
      parseServiceAccountKey(
        new Secret(JSON.stringify({ ...serviceAccountKey, client_email: `${text} @`, token_uri: text })),
      ),
    ),
    ...withPasted((text) =>
      parseServiceAccountKey(new Secret(JSON.stringify({ ...serviceAccountKey, type: text }))),
    ),
    ...attempts(
      () =>
        parseServiceAccountKey(
          new Secret(
            JSON.stringify({ ...serviceAccountKey, private_key: serviceAccountKey.private_key.slice(40) }),
          ),
        ),
      () => parseServiceAccountKey(new Secret(JSON.stringify(serviceAccountKey).slice(0, -9))),
    ),
  ],
  staticToken: attempts(
    () => staticToken(new Secret(planted.accessToken)),
    () => staticToken(new Secret(planted.accessToken)).getToken(),
  ),
  suppliedToken: attempts(
    () => supplier().getToken(),
    () => supplier(axiosError).getToken(),
    () => supplier(Object.assign(new Error("x"), { token: planted.accessToken })).getToken(),
  ),
};
