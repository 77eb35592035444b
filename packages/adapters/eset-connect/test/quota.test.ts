import { expect, it } from "vitest";
import { startAccount } from "./simulated-account.js";

it("two providers of one account share its ten calls a second, those for access tokens included", async () => {
  const account = await startAccount({ behavior: { accessTokenSeconds: 2 } });
  const uuid = account.seedDevice({});
  const providers = [account.provider, account.providerWith({ name: "other" })];
  for (let round = 0; round < 20; round += 1) {
    for (const { client } of providers) await client.getDevices([uuid]);
  }
  const requests = account.simulator.requests();
  const times = requests.map(({ at }) => at);
  const inSecondFrom = (start: number) => times.filter((at) => at >= start && at < start + 1000).length;
  expect(Math.max(...times.map(inSecondFrom))).toBe(10);
  expect(requests.filter(({ path }) => path.endsWith("/oauth/token")).length).toBeGreaterThan(2);
  expect(account.simulator.stats().byStatus[429]).toBeUndefined();
});
