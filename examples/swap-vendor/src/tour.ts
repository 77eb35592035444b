import { join } from "node:path";
import { startSimulation } from "@enrollkit/cli";
import { createContainer } from "./container.js";
import { Onboarding } from "./onboarding.js";

const vendors = ["eset-connect", "android-management", "applivery"] as const;

/** Runs the same app with three configs, at local simulators. */
export const tour = async (show: (text: string) => void): Promise<void> => {
  const simulation = await startSimulation();
  try {
    for (const vendor of vendors) {
      const config = join(import.meta.dirname, "..", "configs", `${vendor}.json`);
      const app = createContainer(config, simulation.environment).get(Onboarding);
      const { artifacts, expiresAt, uses } = await app.welcome("ana@example.com", `device of ${vendor}`);
      const kinds = artifacts.map(({ kind }) => kind).join(", ");
      show(
        `${vendor}.json: ${kinds}; for ${uses}; ${expiresAt === "unknown" ? "no expiry told" : expiresAt}`,
      );
    }
  } finally {
    await simulation.close();
  }
};
