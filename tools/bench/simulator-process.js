// A vendor's simulator in a process of its own: its CPU time is not the client's.
import { startAndroidManagementSimulator } from "../../packages/simulators/dist/android-management/index.js";
import { startEsetConnectSimulator } from "../../packages/simulators/dist/eset-connect/index.js";
import { answerParent, settingsOfChild } from "./child.js";
import { scaledClock } from "./clocks.js";

const starts = {
  "android-management": startAndroidManagementSimulator,
  "eset-connect": startEsetConnectSimulator,
};
const { vendor, options, latency, scale, epoch } = settingsOfChild();

const simulator = await starts[vendor]({
  ...options,
  ...(scale !== undefined && { clock: scaledClock(scale, epoch) }),
});
if (latency !== undefined) {
  simulator.failNext({ kind: "delay", milliseconds: latency }, { times: Infinity });
}
const { url, credentials, baseUrls, groupUuids, enterpriseId } = simulator;

answerParent(
  { url, credentials, baseUrls, groupUuids, enterpriseId, accessToken: simulator.issueAccessToken() },
  () => ({ ...simulator.stats(), lastBody: simulator.requests().at(-1)?.body }),
);
