import { Secret } from "@enrollkit/core";
import * as z from "zod";
import type { FreshToken } from "./token-source.js";

/** What a token endpoint answered. */
export interface GrantedToken extends FreshToken {
  readonly refreshToken?: Secret;
}

/** The answer of a token endpoint. https://www.rfc-editor.org/rfc/rfc6749#section-5.1 */
export const tokenAnswerSchema = z
  .object({
    access_token: z.string().min(1),
    token_type: z
      .string()
      .regex(/^bearer$/i)
      .nullish(),
    // Optional in the RFC; some services send it as text.
    expires_in: z
      .union([z.number().nonnegative(), z.string().regex(/^\d+$/).transform(Number)])
      .optional()
      .catch(undefined),
    refresh_token: z.string().nullish(),
  })
  .transform(({ access_token: token, expires_in: seconds, refresh_token: refresh }): GrantedToken => ({
    token: new Secret(token),
    ...(seconds !== undefined && { lifetime: seconds * 1000 }),
    ...(refresh && { refreshToken: new Secret(refresh) }),
  }));
