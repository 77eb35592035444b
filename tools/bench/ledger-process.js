// One process that works with a ledger: what the ledger costs is measured in it, and not beside others.
import http from "node:http";
import { performance } from "node:perf_hooks";
import { EnrollmentService, Secret, createEnrollments, systemClock } from "../../packages/core/dist/index.js";
import { openLedger } from "../../packages/ledger/dist/index.js";
import { answerParent, settingsOfChild } from "./child.js";
import { androidManagementAt, bareAndroidManagementAt } from "./providers.js";
import { ledgerKey } from "./ledger-places.js";

const { place, vendor, quota } = settingsOfChild();

const open = () => {
  const { url, ...rest } = place;
  return openLedger({
    ...rest,
    ...(url !== undefined && { url: new Secret(url) }),
    keys: [new Secret(ledgerKey)],
  });
};
const ledger = place && (await open());
const runtime = ledger && {
  beforeSend: ledger.beforeSend,
  ...(ledger.isShared && { createLimiter: ledger.createLimiter }),
};
const provider =
  vendor &&
  (quota === undefined
    ? bareAndroidManagementAt(vendor, runtime)
    : androidManagementAt(vendor, runtime, { callsPer100Seconds: quota }));
const service = provider && new EnrollmentService({ providers: [provider] });

const requests = function* (rows) {
  for (let row = 0; row < rows; row += 1) yield { key: `row-${row}` };
};

const measured = async (act) => {
  const started = performance.now();
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - started) / 1000, computed: (user + system) / 1e6 };
};

const agent = new http.Agent({ keepAlive: true });

const callOnce = (url) =>
  new Promise((resolve, reject) => {
    http
      .get(url, { agent }, (response) => {
        response.resume();
        response.on("end", resolve);
      })
      .on("error", reject);
  });

const acts = {
  /** The engine alone. */
  engine: ({ rows }) =>
    measured(async () => {
      for await (const outcome of createEnrollments(provider, requests(rows), { order: "completion" })) {
        if (outcome.status !== "created") throw outcome.error;
      }
    }),
  /** The same, recorded. */
  run: ({ rows, name }) =>
    measured(async () => {
      const { counts } = await ledger.run({ name, requests: () => requests(rows), service });
      if (counts.created !== rows) throw new Error(`${counts.created} of ${rows} were created`);
    }),
  submit: ({ rows, name }) =>
    measured(() => ledger.submit({ name, requests: () => requests(rows), service })),
  work: () => measured(() => ledger.work({ service, until: "empty" })),
  /** As many calls as the quota lets through, for so many seconds. */
  call: async ({ url, limit, seconds }) => {
    const limiter = ledger.createLimiter(limit, systemClock);
    const until = performance.now() + seconds * 1000;
    while (performance.now() < until) {
      const slot = await limiter.acquire();
      await callOnce(url);
      slot.answered();
    }
    return {};
  },
  close: async () => {
    await ledger?.close();
    return {};
  },
};

answerParent({}, ({ act, ...settings }) => acts[act](settings));
