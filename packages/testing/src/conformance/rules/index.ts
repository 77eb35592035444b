import type { Rule } from "../rule.js";
import { abortRules } from "./abort.js";
import { catalogRules } from "./catalogs.js";
import { checkRules } from "./check.js";
import { choiceRules } from "./choices.js";
import { createRules } from "./create.js";
import { descriptorRules } from "./descriptor.js";
import { deviceImportRules } from "./device-import.js";
import { faultRules } from "./faults.js";
import { fieldRules } from "./fields.js";
import { lifecycleRules } from "./lifecycle.js";
import { lifetimeRules } from "./lifetime.js";
import { limitRules } from "./limits.js";
import { listingRules } from "./listing.js";
import { manyRules } from "./many.js";
import { reachRules } from "./reach.js";
import { reconciliationRules } from "./reconciliation.js";
import { roleRules } from "./roles.js";
import { secretRules } from "./secrets.js";
import { trackingRules } from "./tracking.js";
import { truthRules } from "./truth.js";
import { useRules } from "./uses.js";

/** Every rule, in the order in which an adapter's author will want to see them pass. */
export const rules: readonly Rule[] = [
  ...descriptorRules,
  ...checkRules,
  ...createRules,
  ...fieldRules,
  ...reachRules,
  ...choiceRules,
  ...lifetimeRules,
  ...useRules,
  ...roleRules,
  ...listingRules,
  ...lifecycleRules,
  ...trackingRules,
  ...reconciliationRules,
  ...manyRules,
  ...deviceImportRules,
  ...limitRules,
  ...catalogRules,
  ...abortRules,
  ...faultRules,
  ...truthRules,
  ...secretRules,
];
