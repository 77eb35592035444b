// One sheet, in a process of its own: its peak memory is that of this sheet.
import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { pipeline } from "node:stream/promises";
import { Secret } from "../../packages/core/dist/index.js";
import { sheet } from "../../packages/provisioning/dist/index.js";
import { answerParent, settingsOfChild } from "./child.js";

const { cards, layout, output } = settingsOfChild();

const token = (index) => `QWJKLPRTZXCVBNM${String(index).padStart(5, "A")}`;

const payload = (index) =>
  JSON.stringify({
    "android.app.extra.PROVISIONING_DEVICE_ADMIN_COMPONENT_NAME":
      "com.google.android.apps.work.clouddpc/.receivers.CloudDeviceAdminReceiver",
    "android.app.extra.PROVISIONING_DEVICE_ADMIN_SIGNATURE_CHECKSUM":
      "I5YvS0O5hXY46mb01BlRjq4oJJGs2kuUcHvVkAPEXlg",
    "android.app.extra.PROVISIONING_DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION":
      "https://play.google.com/managed/downloadManagingApp?identifier=setup",
    "android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE": {
      "com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN": token(index),
    },
  });

/** The dearest cards there are: Android's payload makes the largest codes. */
const enrollments = function* () {
  for (let index = 0; index < cards; index += 1) {
    yield {
      id: `enrollment-${index}`,
      provider: "phones",
      vendor: "android-management",
      platform: "android",
      management: "fully-managed",
      artifacts: [{ kind: "provisioning-qr", value: new Secret(payload(index)) }],
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
