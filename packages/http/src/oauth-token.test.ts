import { describe, expect, it } from "vitest";
import { tokenAnswerSchema } from "./oauth-token.js";

const read = (answer: object) => {
  const { token, lifetime, refreshToken } = tokenAnswerSchema.parse({ access_token: "canary-a", ...answer });
  return [token.reveal(), lifetime, refreshToken?.reveal()];
};

describe("the answer of a token endpoint", () => {
  it.each<[object, readonly (string | number | undefined)[]]>([
    [{}, ["canary-a", undefined, undefined]],
    [
      { expires_in: 3600, token_type: "Bearer", refresh_token: "canary-r" },
      ["canary-a", 3_600_000, "canary-r"],
    ],
    [{ expires_in: "60", token_type: "BEARER" }, ["canary-a", 60_000, undefined]],
    [{ expires_in: 0, token_type: null, refresh_token: null }, ["canary-a", 0, undefined]],
    [{ expires_in: -1, refresh_token: "" }, ["canary-a", undefined, undefined]],
    [{ expires_in: "1h" }, ["canary-a", undefined, undefined]],
    [{ expires_in: "60s" }, ["canary-a", undefined, undefined]],
  ])("%j is read as %j", (answer, expected) => {
    expect(read(answer)).toEqual(expected);
  });

  it.each([
    [{ access_token: "" }],
    [{ access_token: undefined }],
    [{ token_type: "mac" }],
    [{ token_type: "xbearer" }],
    [{ token_type: "bearerx" }],
  ])("%j is refused", (answer) => {
    expect(() => read(answer)).toThrow();
  });
});
