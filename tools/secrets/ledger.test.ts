import { randomUUID } from "node:crypto";
import { Secret, EnrollmentService, type EnrollmentRequest, type IsoInstant } from "@enrollkit/core";
import { openLedger, type Ledger, type LedgerOptions } from "@enrollkit/ledger";
import { createMemoryProvider, createTestClock } from "@enrollkit/testing";
import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { openEngine } from "../../packages/ledger/src/storage/engine.js";
import { databaseFolder } from "../../packages/ledger/src/storage/ledger-folder.js";
import { emptyLedgerFolder } from "../../packages/ledger/test/support/empty-ledger.js";
import { describeWithPostgresql } from "../../packages/ledger/test/support/storages.js";
import { watchCall } from "./attempt.js";
import { pasted, planted } from "./canaries.js";
import { harvest } from "./harvest.js";
import { lookAtRows, type Query } from "./ledger-rows.js";
import { overheardRuntime } from "./listeners.js";
import { simulatedVendors, type SimulatedVendor } from "./vendors.js";
import { createWatch } from "./watch.js";

const watch = createWatch();

afterAll(() => {
  expect(watch.stale("ledger")).toEqual([]);
});

const recipient = { email: planted.email, name: planted.name };
const words = `${planted.email} ${planted.accessToken} ${planted.enrollmentToken} Bearer ${planted.refreshToken}`;

/** Rows that go well, and rows with something in the wrong place. */
const rows: readonly EnrollmentRequest[] = [
  { key: planted.email, recipient },
  { key: "b", recipient, validFor: "P2D" },
  ...(pasted.flatMap((text, index) => [
    { key: `profile-${index}`, profile: text, recipient },
    { key: `valid-${index}`, validFor: text, recipient },
    { key: `extras-${index}`, extras: { [text]: text }, recipient },
    { key: `email-${index}`, recipient: { email: `${text}@` } },
  ]) as readonly EnrollmentRequest[]),
];

interface World {
  readonly ledger: Ledger;
  readonly service: EnrollmentService;
  readonly vendor: SimulatedVendor;
  readonly memory: ReturnType<typeof createMemoryProvider>;
}

const secretOf = async ({ ledger }: World): Promise<Secret> => {
  for await (const { artifacts } of ledger.enrollments()) {
    const [artifact] = artifacts;
    if (artifact !== undefined && "value" in artifact) return artifact.value;
  }
  throw new Error("nothing was sealed");
};

/** Everything that a ledger can be asked for, the right way and the wrong way. */
const drive = async (world: World): Promise<void> => {
  const { ledger, service, vendor, memory } = world;
  const call = (step: string, work: () => unknown) => watchCall(watch, `ledger ${step}`, work);
  const requests = () => rows;
  const vendors = { apple: vendor.simulator };
  const provider = "apple";

  await call("run", () => ledger.run({ name: "spring", requests, service, provider }));
  vendors.apple.failNext(
    { kind: "status", status: 400, body: { error: { code: 5120, message: words } } },
    { times: 9 },
  );
  await call("run refused", () =>
    ledger.run({ name: "refused", requests: () => rows.slice(0, 2), service, provider }),
  );
  vendors.apple.clearFaults();
  await call("run changed", () => ledger.run({ name: "spring", requests: () => [], service, provider }));
  await call("submit", () =>
    ledger.submit({ name: "night", requests: () => rows.slice(0, 3), service, provider }),
  );
  await call("work", () => ledger.work({ service, until: "empty" }));
  for (const text of pasted) {
    await call("run named so", () => ledger.run({ name: `${text}!`, requests, service, provider: text }));
    await call("submit named so", () => ledger.submit({ name: `${text}!`, requests, service }));
    await call("progress", () => ledger.progress(text));
    await call("outcomes", () => ledger.outcomes(text));
    await call("expiring", () => ledger.expiring(text as "P1D"));
    await call("records", () =>
      ledger.records({ run: text, provider: text, recipient: text, since: text as IsoInstant }),
    );
    await call("erase", () => ledger.erase(`nobody ${text}`));
    await call("noteUse", () => ledger.noteUse({ provider: text, enrollmentId: text, device: {} }));
    await call("purge", () => ledger.purge({ before: text as IsoInstant }));
  }

  const recorded = ledger.recorded(memory);
  await call("create", () => recorded.createEnrollment({ recipient, key: planted.email }));
  memory.failNext({ kind: "status", status: 400, body: words }, "create");
  await call("create refused", () => recorded.createEnrollment({ recipient }));
  memory.failNext({ kind: "reset", when: "after" }, "create");
  memory.failNext({ kind: "status", status: 500, body: words }, "any", 9);
  await call("create lost", () => recorded.createEnrollment({ recipient, key: "lost" }));
  await call("settle", () => ledger.settle({ service }));
  await call("sync", () => ledger.sync({ service }));
  await call("runs", () => ledger.runs());
  await call("progress", () => ledger.progress("spring"));
  await call("outcomes", () => ledger.outcomes("spring"));
  await call("records", () => ledger.records());
  const secret = await secretOf(world);
  await call("whose secret it is", () => ledger.records({ secret }));
  await call("enrollments", () => ledger.enrollments());
  await call("expiring", () => ledger.expiring("P40D"));
  await call("count", () => ledger.count({ recipient: planted.email }));
  await call("summary", () => ledger.summary());
  await call("history", () => ledger.history(1));
  await call("history of nothing", () => ledger.history(99_999));
  await call("renew", () => ledger.renew(1, { service }));
  for (const text of pasted) {
    const changes = { profile: text, validFor: text } as Partial<EnrollmentRequest>;
    await call("renew changed", () => ledger.renew(2, { service, changes }));
  }
  await call("rotateKeys", () => ledger.rotateKeys());
  await call("purge", () => ledger.purge({ before: "2000-01-01T00:00:00Z" }));
};

interface BackEnd {
  readonly options: LedgerOptions;
  /** Opens the database beside the ledger, once that is closed. */
  readonly withQuery: (work: (query: Query) => Promise<void>) => Promise<void>;
}

const runOn = async ({ options, withQuery }: BackEnd): Promise<void> => {
  const clock = createTestClock(Date.now());
  const runtime = overheardRuntime(watch, () => "the ledger's vendors", { clock, random: () => 0.5 });
  const vendor = await simulatedVendors.Applivery((given) => ({ ...runtime, ...given, clock }));
  const memory = createMemoryProvider({ accessToken: new Secret(planted.accessToken), runtime });
  const service = new EnrollmentService({ providers: [vendor.provider, memory] });
  const keys = [planted.ledgerKey, planted.otherLedgerKey].map((key) => new Secret(key));
  for (const recipients of ["fingerprint", "store"] as const) {
    const ledger = await openLedger({ ...options, keys, recipients, clock });
    try {
      const world = { ledger, service, vendor, memory };
      if (recipients === "fingerprint") await drive(world);
      else await ledger.recorded(vendor.provider).createEnrollment({ recipient, key: planted.email });
    } finally {
      await ledger.close();
    }
    await withQuery(async (query) => {
      const counts = await lookAtRows(watch, query, recipients);
      expect(counts["records"]).toBeGreaterThan(10);
      expect(counts["history"]).toBeGreaterThan(10);
    });
  }
  await vendor.simulator.close();
  expect(watch.findLeaks(harvest(vendor))).toEqual([]);
};

describe("the rows of a ledger hold nothing in the open that the list does not allow", () => {
  it("in a folder", async () => {
    const folder = await emptyLedgerFolder();
    await runOn({
      options: { folder },
      withQuery: async (work) => {
        const database = await openEngine(databaseFolder(folder));
        try {
          await work(async (statement) => (await database.query<Record<string, unknown>>(statement)).rows);
        } finally {
          await database.close();
        }
      },
    });
  });

  describeWithPostgresql("on a server", (url) => {
    it("the same", async () => {
      const schema = `secrets_${randomUUID().replaceAll("-", "")}`;
      const client = new pg.Client(url);
      await client.connect();
      try {
        await runOn({
          options: { url: new Secret(url), schema },
          withQuery: (work) =>
            work(async (statement) => {
              // Other tests have schemas of their own in the same database.
              const own = statement.replace(
                "AND table_type",
                `AND table_schema LIKE '${schema}%' AND table_type`,
              );
              return (await client.query<Record<string, unknown>>(own)).rows;
            }),
        });
      } finally {
        await client.query(
          `DROP SCHEMA IF EXISTS ${schema} CASCADE; DROP SCHEMA IF EXISTS ${schema}_jobs CASCADE`,
        );
        await client.end();
      }
    });
  });
});
