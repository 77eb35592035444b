import { join } from "node:path";
import { androidManagementPlugin } from "@enrollkit/android-management";
import { appliveryPlugin } from "@enrollkit/applivery";
import type { Clock, EnrollmentService } from "@enrollkit/core";
import { esetConnectPlugin } from "@enrollkit/eset-connect";
import { createService, readConfigFile } from "@enrollkit/inversify";
import type { Ledger } from "@enrollkit/ledger";

const plugins = [androidManagementPlugin, appliveryPlugin, esetConnectPlugin];

/**
 * The providers of `enrollkit.config.json`.
 *
 * @param environment - where the config's `$env` references are looked up.
 * @param ledger - asked before each call: a process that was suspended for too long must not send any more.
 */
export const openVendors = (
  environment: Readonly<Record<string, string | undefined>>,
  { beforeSend }: Ledger,
  clock: Clock,
): EnrollmentService =>
  createService(
    readConfigFile(join(import.meta.dirname, "..", "enrollkit.config.json"), plugins, { environment }),
    { clock, beforeSend },
  );
