import {
  accountsOf,
  combineHooks,
  createEnrollments,
  createFallback,
  createRouter,
  destinationOf,
  findRuleProblems,
  logHooks,
  observeProvider,
  overAccounts,
  tellHooks,
  type RoutingRule,
} from "@enrollkit/core";
import type * as core from "@enrollkit/core";
import { createMemoryProvider } from "@enrollkit/testing";
import { planted } from "../canaries.js";
import { attempts, withPasted, type Drives } from "./drive.js";
import { lost, memory, recipient } from "./memory.js";

/** A router with one rule, in which somebody pasted what was in the clipboard. */
const routerWith = (text: string) => {
  const rules = [
    { provider: "memory", when: { profile: text, tag: text } },
    { provider: "memory", when: { recipientDomain: "elsewhere.example" } },
  ] as unknown as readonly RoutingRule[];
  return createRouter({ name: "routed", rules, providers: [memory()] });
};

const twoOrders = () => {
  const second = createMemoryProvider({ name: "second", account: "second" });
  return createFallback({ name: "either", order: ["memory", "second"], providers: [lost(), second] });
};

const queueChange = { provider: "memory", vendor: "memory", change: 1, depth: 1 };

const throwing = () => {
  throw new Error(planted.accessToken);
};

/** Drives of what stands around providers: composites, and listeners. */
export const compositeDrives = {
  createRouter: [
    ...withPasted((text) => routerWith(text).createEnrollment({ profile: text, tags: [text], recipient })),
    ...withPasted((text) => routerWith(text).createEnrollment({ profile: "none", tenant: text, recipient })),
    ...withPasted((text) => createRouter({ name: text, rules: [{ provider: text }], providers: [memory()] })),
  ],
  createFallback: [
    ...attempts(
      () => twoOrders().createEnrollment({ recipient }),
      () => createEnrollments(twoOrders(), [{ recipient }, { recipient }]),
    ),
    ...withPasted((text) => createFallback({ name: text, order: [text, text], providers: [memory()] })),
  ],
  destinationOf: withPasted((text) =>
    destinationOf(routerWith(text), { profile: "none", tags: [text], recipient }),
  ),
  findRuleProblems: withPasted((text) => {
    const rule = { provider: text, when: { profile: text, tag: text } } as unknown as RoutingRule;
    return findRuleProblems([rule, rule]);
  }),
  accountsOf: attempts(() => accountsOf(twoOrders()).map(({ name }) => name)),
  overAccounts: attempts(() =>
    overAccounts(twoOrders(), (account) => account).createEnrollment({ recipient }),
  ),
  combineHooks: attempts(() => {
    tellHooks(combineHooks({ onQueue: throwing }, { onQueue: throwing }), "onQueue", queueChange);
  }),
  tellHooks: attempts(() => {
    tellHooks({ onQueue: throwing }, "onQueue", queueChange);
  }),
  logHooks: attempts(() => logHooks({ debug: throwing, info: throwing, warn: throwing, error: throwing })),
  observeProvider: attempts(() =>
    observeProvider(lost(), { hooks: { onOutcome: throwing } }).createEnrollment({ recipient }),
  ),
} satisfies Partial<Drives<typeof core>>;
