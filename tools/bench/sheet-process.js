// One sheet, in a process of its own: its peak memory is that of this sheet.
import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { pipeline } from "node:stream/promises";
import { Secret } from "../../packages/core/dist/index.js";
import { sheet } from "../../packages/provisioning/dist/index.js";
import { androidPayload } from "./android-payload.js";
import { answerParent, settingsOfChild } from "./child.js";

const { cards, layout, output } = settingsOfChild();

/** The dearest cards there are: Android's payload makes the largest codes. */
const enrollments = function* () {
  for (let index = 0; index < cards; index += 1) {
    yield {
      id: `enrollment-${index}`,
      provider: "phones",
      vendor: "android-management",
      platform: "android",
      management: "fully-managed",
      artifacts: [{ kind: "provisioning-qr", value: new Secret(androidPayload(index)) }],
      createdAt: "2026-01-01T00:00:00Z",
      expiresAt: "2026-01-31T00:00:00Z",
      uses: "one",
      recipient: { name: `Person ${index}` },
      device: { name: `Phone ${index}`, serialNumber: `SN${index}` },
      warnings: [],
      requestIds: [],
    };
  }
};

const run = async () => {
  const clock = { now: () => Date.parse("2026-01-01T00:00:00Z") };
  const pieces = sheet(enrollments(), { layout, timeZone: "Europe/Berlin", clock });
  const before = process.cpuUsage();
  const started = performance.now();
  await pipeline(pieces, createWriteStream(output, { mode: 0o600 }));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  const { size } = await stat(output);
  return { seconds, cpuSeconds: (user + system) / 1e6, size, peak: process.resourceUsage().maxRSS * 1024 };
};

answerParent("ready", run);
