// A config that was read: one provider, of the Android Management API.
import { androidManagementPlugin } from "@enrollkit/android-management";
import { readConfig } from "@enrollkit/inversify";
import { config as raw } from "./raw-config.js";

export { finish } from "./raw-config.js";

export const config = readConfig(raw, [androidManagementPlugin]);
