import { Secret } from "@enrollkit/core";
import { expect, it } from "vitest";
import { resolveOptions, type LedgerOptions } from "./options.js";

it.each<readonly [LedgerOptions, string]>([
  [{}, "neither a folder nor a url is given; it takes one of them"],
  [
    { folder: "ledger", url: new Secret("postgres://user:canary@host/database") },
    "a folder and a url are given; it takes only one of them",
  ],
])("a ledger is in one place: %j is refused", (options, message) => {
  expect(() => resolveOptions(options)).toThrow(
    expect.objectContaining({ code: "invalid-config", message }) as Error,
  );
});
