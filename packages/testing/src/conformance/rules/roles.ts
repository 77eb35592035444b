import assert from "node:assert/strict";
import { roleNames, type RoleName } from "@enrollkit/core";
import { prepareCall } from "../operations.js";
import type { Rule } from "../rule.js";

const callsVendor = (role: RoleName): Rule => ({
  name: `roles/${role}-calls-the-vendor`,
  needs: [role],
  check: async (context) => {
    const call = await prepareCall[role](context);
    const before = context.vendor.callCount();
    await call();
    assert.ok(
      context.vendor.callCount() > before,
      `${role} is declared, and answers without asking the vendor`,
    );
  },
});

/** A role that is declared does something. */
export const roleRules: readonly Rule[] = roleNames.map(callsVendor);
