import { isIsoInstant, LAST_INSTANT, systemClock } from "@enrollkit/core";
import * as fc from "fast-check";
import { sql, type RawBuilder } from "kysely";
import { beforeAll, expect, it } from "vitest";
import { openStorage as openAnyStorage, type Storage } from "../../src/storage/storage.js";
import { describeOnBothBackEnds, describeWithPostgresql, type OpenStorage } from "../support/storages.js";

const read = async (storage: Pick<Storage, "once">, expression: RawBuilder<unknown>): Promise<unknown> => {
  const { rows } = await storage.once((db) =>
    sql<{ value: unknown }>`SELECT ${expression} AS value`.execute(db),
  );
  return rows[0]?.value;
};

const literal = (type: string, text: string) => sql`${sql.lit(text)}::${sql.raw(type)}`;

const instants: readonly (readonly [string, string])[] = [
  ["2026-11-22T05:23:03Z", "2026-11-22T05:23:03Z"],
  ["2026-11-22T05:23:03.5Z", "2026-11-22T05:23:03.5Z"],
  ["2026-11-22T05:23:03.481Z", "2026-11-22T05:23:03.481Z"],
  ["2026-11-22T05:23:03.000001Z", "2026-11-22T05:23:03.000001Z"],
  ["2026-11-22T05:23:03.500Z", "2026-11-22T05:23:03.5Z"],
  ["2026-03-29T02:30:00+02:00", "2026-03-29T00:30:00Z"],
  ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
  ["0099-12-31T23:59:59Z", "0099-12-31T23:59:59Z"],
  ["1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"],
  [LAST_INSTANT, LAST_INSTANT],
  ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"],
  // Both are rounded, or written, into the year 10000, which no IsoInstant can say.
  ["9999-12-31T23:59:59.999999999Z", LAST_INSTANT],
  ["12026-01-01T00:00:00Z", LAST_INSTANT],
];

const values = (openStorage: OpenStorage) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await openStorage();
  });

  it.each([
    ["bigint", "0", 0],
    ["bigint", "9007199254740991", Number.MAX_SAFE_INTEGER],
    ["bigint", "-9007199254740991", Number.MIN_SAFE_INTEGER],
    ["integer", "-2147483648", -2_147_483_648],
    ["double precision", "1763790183481.5", 1_763_790_183_481.5],
    ["boolean", "true", true],
    ["text", "", ""],
    ["uuid", "0198A1B2-0000-7000-8000-00000000000A", "0198a1b2-0000-7000-8000-00000000000a"],
    ["date", "2026-11-22", "2026-11-22"],
    ["timestamp", "2026-11-22T05:23:03.5", "2026-11-22 05:23:03.5"],
    ["numeric", "1.50", "1.50"],
    ["jsonb", '{"a":[1,null,"x"]}', { a: [1, null, "x"] }],
    ["jsonb", "null", null],
    ["jsonb", '"text"', "text"],
    ["text[]", '{"a,b","\\"c\\""}', ["a,b", '"c"']],
    ["integer[]", "{1,2}", [1, 2]],
  ])("%s %s", async (type, text, value) => {
    expect(await read(storage, literal(type, text))).toEqual(value);
    expect(await read(storage, literal(type, text).$castTo())).toEqual(value);
    expect(await read(storage, sql`NULL::${sql.raw(type)}`)).toBeNull();
  });

  it("a count is a number, and so is how many rows a statement changed", async () => {
    expect(await read(storage, sql`(SELECT count(*) FROM records)`)).toBe(0);
    const row = { value: "old", is_sealed: false };
    const inserted = await storage.once((db) =>
      db
        .insertInto("facts")
        .values([
          { name: "a", ...row },
          { name: "b", ...row },
        ])
        .executeTakeFirst(),
    );
    const updated = await storage.once((db) =>
      db.updateTable("facts").set({ value: "new" }).where("name", "=", "a").executeTakeFirst(),
    );
    const deleted = await storage.once((db) => db.deleteFrom("facts").executeTakeFirst());
    expect(inserted.numInsertedOrUpdatedRows).toBe(2n);
    expect(updated.numUpdatedRows).toBe(1n);
    expect(deleted.numDeletedRows).toBe(2n);
  });

  it.each(["9007199254740992", "-9007199254740992", "9223372036854775807"])(
    "refuses the integer %s, which no number holds",
    async (text) => {
      await expect(read(storage, literal("bigint", text))).rejects.toThrow("an integer beyond 2^53");
      expect(await read(storage, literal("bigint", "1"))).toBe(1);
    },
  );

  it("every other integer comes back as it was written", async () => {
    await fc.assert(
      fc.asyncProperty(fc.maxSafeInteger(), async (value) => {
        expect(await read(storage, sql`${value}::bigint`)).toBe(value);
      }),
      { numRuns: 50 },
    );
  });

  it.each(instants)("the instant %s", async (written, value) => {
    const found = await read(storage, sql`${written}::timestamptz`);
    expect(found).toBe(value);
    expect(isIsoInstant(found)).toBe(true);
  });

  it.each(["infinity", "-infinity", "0044-03-15 00:00:00+00 BC"])(
    "refuses %s, which is no instant of ours",
    async (text) => {
      await expect(read(storage, literal("timestamptz", text))).rejects.toThrow("not an instant");
    },
  );

  it("every instant with up to six digits below the second comes back as the same moment", async () => {
    const instant = fc
      .tuple(
        fc.date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date(LAST_INSTANT), noInvalidDate: true }),
        fc.integer({ min: 0, max: 999_999 }),
        fc.integer({ min: 0, max: 6 }),
      )
      .map(([date, micros, digits]) => {
        const fraction = String(micros).padStart(6, "0").slice(0, digits);
        return [date.toISOString().slice(0, 19), fraction] as const;
      });
    await fc.assert(
      fc.asyncProperty(instant, async ([second, fraction]) => {
        const written = `${second}${fraction === "" ? "" : `.${fraction}`}Z`;
        const significant = fraction.replace(/0+$/, "");
        const value = `${second}${significant === "" ? "" : `.${significant}`}Z`;
        expect(await read(storage, sql`${written}::timestamptz`)).toBe(value);
      }),
      { numRuns: 50 },
    );
  });

  const isStorable = (text: string) => !/[\0\p{Surrogate}]/u.test(text);

  it.each([
    `it's "quoted" \\ and \\' more; DROP TABLE records; --`,
    "Zoë Müller, 山田太郎, محمد, 👩‍👩‍👧",
    "line\r\nline\ttab\u007f\u0001",
    "$1 %s ${x} {}",
    "e\u0301 is not \u00e9",
    "x".repeat(100_000),
  ])("the text %j", async (text) => {
    expect(await read(storage, sql`${text}::text`)).toBe(text);
    expect(await read(storage, sql`${JSON.stringify({ [text]: text })}::jsonb`)).toEqual({ [text]: text });
  });

  it("every other text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }).filter(isStorable), async (text) => {
        expect(await read(storage, sql`${text}::text`)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it("every JSON", async () => {
    const json = fc.json({ stringUnit: "grapheme" }).filter((text) => !text.includes("\\u0000"));
    await fc.assert(
      fc.asyncProperty(json, async (text) => {
        expect(await read(storage, sql`${text}::jsonb`)).toEqual(JSON.parse(text));
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ["a text", (text: string) => sql`${text}::text`],
    ["JSON", (text: string) => sql`${JSON.stringify({ name: text })}::jsonb`],
  ])("U+0000 in %s is refused in words, without the text", async (_, expression) => {
    const error: unknown = await read(storage, expression("private\0")).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "invalid-request",
      message: "a text holds the character U+0000, which the ledger's database cannot keep",
    });
    expect(JSON.stringify(error)).not.toContain("private");
    expect(await read(storage, sql`1`)).toBe(1);
  });
};

describeOnBothBackEnds("values", values, { per: "suite" });

describeWithPostgresql("a server with habits of its own", (url) => {
  it("makes no difference to how values are read", async () => {
    const habits = "-c TimeZone=Asia/Kolkata -c DateStyle=German -c search_path=pg_catalog";
    const storage = await openAnyStorage({
      place: { url: `${url}?options=${encodeURIComponent(habits)}` },
      schema: "test_habits",
      clock: systemClock,
      patience: 0,
    });
    try {
      const instant = "2026-11-22T05:23:03.5Z";
      expect(await read(storage, sql`${instant}::timestamptz`)).toBe(instant);
      expect(await read(storage, sql`current_schema()`)).toBe("test_habits");
      const { rows } = await storage.runSql("SELECT $1::timestamptz AS value", [instant]);
      expect(rows).toEqual([{ value: instant }]);
    } finally {
      await storage.runSql("DROP SCHEMA test_habits CASCADE");
      await storage.close();
    }
  });
});
