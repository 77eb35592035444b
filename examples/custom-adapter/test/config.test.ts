import { createService, readConfig } from "@enrollkit/inversify";
import { expect, it } from "vitest";
import { startAcmeSimulator } from "../simulator/acme-simulator.js";
import { acmePlugin } from "../src/index.js";

it("is a vendor in a config like the built-in ones", async () => {
  const simulator = await startAcmeSimulator();
  const tills = {
    vendor: "acme",
    apiKey: { $env: "ACME_KEY" },
    baseUrl: simulator.url,
    profiles: { tills: { group: "Tills" } },
  };
  const config = readConfig({ providers: { tills } }, [acmePlugin], {
    environment: { ACME_KEY: simulator.apiKey },
  });
  const enrollment = await createService(config).create({
    profile: "tills",
    device: { serialNumber: "T-4" },
  });
  expect(enrollment).toMatchObject({ provider: "tills", vendor: "acme", uses: "one" });
  expect(simulator.passes()).toMatchObject([{ group: "Tills", serial: "T-4" }]);
  await simulator.close();
});
