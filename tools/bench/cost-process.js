// One client of the Android Management API in a process of its own: its CPU time, and nobody else's.
import { createRequire } from "node:module";
import { createEnrollments, findArtifact } from "../../packages/core/dist/index.js";
import { bareAxiosAt } from "./bare-axios.js";
import { answerParent, settingsOfChild } from "./child.js";
import { inParallel } from "./in-parallel.js";
import { bareAndroidManagementAt } from "./providers.js";
import { insist } from "./results.js";

const { client, server } = settingsOfChild();

const enrollKit = () => {
  const provider = bareAndroidManagementAt(server);
  return (count, concurrency) =>
    inParallel(count, concurrency, async () => {
      const enrollment = await provider.createEnrollment({});
      insist(findArtifact(enrollment, "provisioning-qr") !== undefined, "EnrollKit got no token");
    });
};

const engine = () => {
  const provider = bareAndroidManagementAt(server);
  return async (count, concurrency) => {
    const requests = Array.from({ length: count }, () => ({}));
    for await (const outcome of createEnrollments(provider, requests, { concurrency })) {
      if (outcome.status !== "created") throw outcome.error;
    }
  };
};

const bareAxios = () => {
  const create = bareAxiosAt(server);
  return (count, concurrency) => inParallel(count, concurrency, create);
};

const officialClient = () => {
  const requireFromSimulators = createRequire(
    new URL("../../packages/simulators/package.json", import.meta.url),
  );
  const { androidmanagement, auth } = requireFromSimulators("@googleapis/androidmanagement");
  const oauth = new auth.OAuth2();
  oauth.setCredentials({ access_token: server.accessToken });
  const { enterprises } = androidmanagement({ version: "v1", auth: oauth, rootUrl: server.url });
  const parent = `enterprises/${server.enterpriseId}`;
  return (count, concurrency) =>
    inParallel(count, concurrency, async () => {
      const { data } = await enterprises.enrollmentTokens.create({
        parent,
        requestBody: JSON.parse(server.body),
      });
      insist(typeof data.qrCode === "string", "Google's client got no token");
    });
};

const run = { enrollKit, engine, bareAxios, officialClient }[client]();

answerParent("ready", async ({ count, concurrency }) => {
  const before = process.cpuUsage();
  await run(count, concurrency);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
});
