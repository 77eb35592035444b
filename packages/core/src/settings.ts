import * as z from "zod";
import { Secret } from "./secret.js";

/** Marks a setting as secret, in its schema's metadata: {@link secretSetting} sets it, config loaders read it. */
export const SECRET_SETTING = "enrollkitSecret";

/** Marks a setting that a config may also take from the environment although it is no secret. */
export const REFERENCE_SETTING = "enrollkitReference";

/**
 * The schema of a secret setting: only a {@link Secret} will do. In a config file that is a reference, `{"$env":
 * "NAME"}` or `{"$file": "path"}`; a literal value is refused, so that no config file holds one.
 *
 * @param description - what it is and where an admin finds it.
 */
export const secretSetting = (description: string) =>
  z
    .custom<Secret>((value) => Secret.is(value), {
      error: 'must be a secret: {"$env": "NAME"} or {"$file": "path"} in a config, new Secret(…) in code',
    })
    .meta({ [SECRET_SETTING]: true, description });

const urlRule = "must be a URL such as https://api.example.com/v1";

/**
 * The schema of a base URL: absolute, http or https, without a slash at the end. It holds no user name, password,
 * query or fragment: paths are put behind it, and it is shown in errors. A config may give it as text or as a
 * reference, `{"$env": "NAME"}`.
 */
export const urlSetting = (description: string) =>
  z
    .preprocess(
      (value) => (Secret.is(value) ? value.reveal() : value),
      z
        .url({ protocol: /^https?$/, error: urlRule })
        .refine((url) => !/[?#@]/.test(url), `${urlRule}, without user name, password, query and fragment`)
        .transform((url) => url.replace(/\/+$/, "")),
    )
    .meta({ [REFERENCE_SETTING]: true, description });
