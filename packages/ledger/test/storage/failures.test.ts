import { inspect } from "node:util";
import { EnrollmentError } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { explainFailure, isConnectionLost } from "../../src/storage/failures.js";
import { describeOnBothBackEnds } from "../support/storages.js";

const withCode = (code: string, message = "jane@example.com", more: object = {}) =>
  Object.assign(new Error(message), { code, detail: "Key (email)=(jane@example.com) exists", ...more });

const explained = (error: unknown): EnrollmentError => {
  const explanation = explainFailure(error);
  if (EnrollmentError.is(explanation)) return explanation;
  throw new Error("it was not explained");
};

describe("a failure of the database", () => {
  it.each([
    ["unavailable", ["08000", "08001", "08003", "08004", "08006", "53300", "57P01", "57P02", "57P03"]],
    ["unavailable", ["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EPIPE"]],
    ["unavailable", ["EHOSTUNREACH", "ENETUNREACH"]],
    ["failed-precondition", ["53100", "ENOSPC", "EDQUOT", "EFBIG"]],
    ["failed-precondition", ["25006", "EROFS", "EACCES", "EPERM"]],
    ["failed-precondition", ["3D000"]],
    ["failed-precondition", ["SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT", "CERT_HAS_EXPIRED"]],
    ["failed-precondition", ["ERR_TLS_CERT_ALTNAME_INVALID", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"]],
    ["unauthenticated", ["28000", "28P01"]],
    ["forbidden", ["42501"]],
    ["invalid-request", ["22021", "22P05"]],
    ["invalid-config", ["ENOENT"]],
    ["unknown", ["23505", "42P01", "57014", "XX000", "P0001"]],
  ])("is %s: %j", (expected, codes) => {
    for (const code of codes) {
      const error = explained(withCode(code));
      expect(error.code, code).toBe(expected);
      expect(error.retryable, code).toBe(expected === "unavailable");
      expect(error.advice === undefined, code).toBe(expected === "unknown");
      expect(error.vendorCode, code).toBe(expected === "unknown" ? code : undefined);
      expect(isConnectionLost(error), code).toBe(expected === "unavailable");
      expect(inspect(error, { depth: Infinity }) + JSON.stringify(error)).not.toContain("jane");
    }
  });

  it.each([
    ["unavailable", "Connection terminated unexpectedly"],
    ["unavailable", "Connection terminated due to connection timeout"],
    ["unavailable", "Client has encountered a connection error and is not queryable"],
    ["unavailable", "timeout exceeded when trying to connect"],
    ["unavailable", "timeout expired"],
    ["unavailable", "Client was closed and is not queryable"],
    ["unauthenticated", "SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string"],
    ["failed-precondition", "The server does not support SSL connections"],
    ["invalid-config", "URI malformed"],
  ])("is %s, without a code of its own: %s", (expected, message) => {
    expect(explained(new Error(message)).code).toBe(expected);
  });

  it.each([
    'could not extend file "base/5/16390": No space left on device',
    'could not extend file "base/5/16390": Disk quota exceeded',
    'could not extend file "base/5/16390": Quota exceeded',
    'could not write to file "pg_wal/xlogtemp.42": File too large',
  ])("is a full disk: %s", (message) => {
    expect(explained(withCode("XX000", message)).message).toBe(
      "the ledger could not be written: its disk is full",
    );
  });

  it("of a connection is no matter of the ledger's folder", () => {
    for (const code of ["ENOENT", "EACCES"]) {
      expect(explained(withCode(code, "connect", { syscall: "connect" })).code).toBe("unavailable");
    }
  });

  it("at several addresses of one server is that of the first", () => {
    const error = new AggregateError([withCode("ECONNREFUSED"), withCode("ENETUNREACH")]);
    expect(explained(error)).toMatchObject({ code: "unavailable", cause: { name: "AggregateError" } });
    expect(explainFailure(new AggregateError([]))).toBeInstanceOf(AggregateError);
  });

  it("keeps the code, the kind and the place of the error, and nothing else", () => {
    const error = withCode("23505");
    error.name = "DatabaseError";
    const { cause } = explained(error);
    expect(cause).toMatchObject({ name: "DatabaseError", code: "23505" });
    expect(Object.keys(cause as object).sort()).toEqual(["code", "name"]);
    const [heading, ...frames] = (cause as Error).stack?.split("\n") ?? [];
    expect(heading).toBe("DatabaseError: the database failed with 23505");
    expect(frames).toEqual(error.stack?.split("\n").slice(1));
  });

  it.each([
    new TypeError("x is not a function"),
    new DOMException("stopped", "AbortError"),
    withCode("ERR_INVALID_ARG_TYPE"),
    new EnrollmentError("no", { code: "not-found" }),
    "a text",
    undefined,
  ])("is not: %s", (error) => {
    expect(explainFailure(error)).toBe(error);
    expect(isConnectionLost(error)).toBe(false);
  });
});

describeOnBothBackEnds("a statement that fails", (openStorage) => {
  it("says nothing of what was to be written", async () => {
    const storage = await openStorage();
    const row = { name: "jane@example.com", value: "jane's token", is_sealed: false };
    const write = () => storage.once((db) => db.insertInto("facts").values(row).execute());
    await write();
    const attempts: readonly (readonly [string, () => Promise<unknown>])[] = [
      ["23505", write],
      [
        "22P02",
        () =>
          storage.once((db) =>
            db
              .selectFrom("runs")
              .where("id", "=", "jane" as never)
              .execute(),
          ),
      ],
      [
        "42703",
        () =>
          storage.once((db) =>
            db
              .selectFrom("facts")
              .select("jane" as never)
              .execute(),
          ),
      ],
    ];
    for (const [vendorCode, attempt] of attempts) {
      const error: unknown = await attempt().catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: "unknown",
        vendorCode,
        message: `the ledger's database answered with an error that was not expected (${vendorCode})`,
      });
      expect(inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(error)).not.toContain(
        "jane",
      );
    }
    expect(await storage.once((db) => db.selectFrom("facts").select("value").execute())).toEqual([
      { value: "jane's token" },
    ]);
  });

  it("leaves no transaction behind, nor do several statements of another library", async () => {
    const storage = await openStorage();
    await expect(
      storage.runSql("BEGIN; INSERT INTO facts VALUES ('a', 'b', false); SELECT 1 / 0; COMMIT"),
    ).rejects.toMatchObject({ code: "22012" });
    await expect(
      storage.once((db) =>
        db.transaction().execute(async (transaction) => {
          await transaction.insertInto("facts").values({ name: "c", value: "d", is_sealed: false }).execute();
          await transaction
            .selectFrom("facts")
            .select("nothing" as never)
            .execute();
        }),
      ),
    ).rejects.toMatchObject({ vendorCode: "42703" });
    expect(await storage.once((db) => db.selectFrom("facts").selectAll().execute())).toEqual([]);
  });
});
