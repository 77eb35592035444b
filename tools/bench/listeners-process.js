// Clients of the Android Management API that differ in who listens, in one process: what the machine does to one of them
// it does to all. Each has modules of its own, so that none is compiled for the others' sake.
import { register } from "node:module";
import { answerParent, settingsOfChild } from "./child.js";
import { inParallel } from "./in-parallel.js";
import { insist } from "./results.js";

register("./subject-modules.js", import.meta.url);

const { server, subjects } = settingsOfChild();

const nothing = () => undefined;
const emptyHooks = {
  onRequest: nothing,
  onResponse: nothing,
  onRetry: nothing,
  onPause: nothing,
  onOutcome: nothing,
  onQueue: nothing,
  around: (_, run) => void run(),
};

/** Who listens; nobody by default. */
const runtimes = {
  empty: () => ({ hooks: emptyHooks }),
  telemetry: async () => {
    const { telemetryHooks } = await import("../../packages/telemetry/dist/index.js?subject=telemetry");
    return { hooks: telemetryHooks() };
  },
};

const startClient = async (subject) => {
  const { bareAndroidManagementAt } = await import(`./providers.js?subject=${subject}`);
  const provider = bareAndroidManagementAt(server, await runtimes[subject]?.());
  return async () => {
    const { artifacts } = await provider.createEnrollment({});
    insist(artifacts.length > 0, `${subject} got no token`);
  };
};

const clients = {};
for (const subject of subjects) clients[subject] = await startClient(subject);

answerParent("ready", async ({ subject, count, concurrency }) => {
  const before = process.cpuUsage();
  await inParallel(count, concurrency, clients[subject]);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
});
