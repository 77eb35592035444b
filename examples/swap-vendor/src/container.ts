import { readFileSync } from "node:fs";
import { androidManagementPlugin } from "@enrollkit/android-management";
import { appliveryPlugin } from "@enrollkit/applivery";
import { esetConnectPlugin } from "@enrollkit/eset-connect";
import { enrollmentModule } from "@enrollkit/inversify";
import { Container } from "inversify";
import { Onboarding } from "./onboarding.js";

/**
 * The app's container for one config file.
 *
 * @param environment - where the config's `$env` references are looked up.
 */
export const createContainer = (
  configFile: string,
  environment: Readonly<Record<string, string | undefined>>,
): Container => {
  const config: unknown = JSON.parse(readFileSync(configFile, "utf8"));
  const plugins = [esetConnectPlugin, androidManagementPlugin, appliveryPlugin];
  const container = new Container();
  container.load(enrollmentModule(config, plugins, { environment }));
  container.bind(Onboarding).toSelf();
  return container;
};
