import { secretSetting, urlSetting } from "@enrollkit/core";
import * as z from "zod";

/** The vendor's part of a config. */
export const settingsSchema = z.strictObject({
  apiKey: secretSetting("API key: Acme's console → Settings → API"),
  baseUrl: urlSetting("where the API is").default("https://api.acme.example"),
  profiles: z
    .record(z.string().min(1), z.strictObject({ group: z.string().min(1, "must not be empty") }))
    .describe("what the neutral profile names of requests stand for")
    .default({}),
});

/** Settings with their defaults filled in. */
export type ResolvedSettings = z.output<typeof settingsSchema>;

/** Settings of one Acme account. */
export type AcmeSettings = Omit<z.input<typeof settingsSchema>, "baseUrl"> & {
  readonly baseUrl?: string | undefined;
};
