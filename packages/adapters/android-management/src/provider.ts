import {
  EnrollmentError,
  observeProvider,
  parseInput,
  systemClock,
  type CallOptions,
  type CheckReport,
  type Clock,
  type CreateOptions,
  type Enrollment,
  type EnrollmentListing,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type EnrollmentRetrieval,
  type EnrollmentRevocation,
  type EnrollmentTracking,
  type PolicyCatalog,
  type ProviderDescriptor,
  type ProviderPlugin,
  type ProviderRuntime,
  type Reconciliation,
} from "@enrollkit/core";
import { connect } from "./connection.js";
import { checkProvider } from "./check.js";
import type { AndroidManagementClient } from "./client.js";
import { CreateJournal } from "./create-journal.js";
import { androidManagementDescriptor, androidManagementDescriptorFor } from "./descriptor.js";
import { toEnrollment, toRetrievedEnrollment, toSummary, toTokenInput } from "./mapping.js";
import { planEnrollment, type EnrollmentPlan } from "./plan.js";
import { createPolicyCatalog, createPolicyCheck, type PolicyCheck } from "./policies.js";
import { createReconciliation } from "./reconciliation.js";
import { resolveResourceName } from "./resource-names.js";
import {
  configSchema,
  settingsSchema,
  type AndroidManagementExtras,
  type AndroidManagementSettings,
  type ResolvedConfig,
  type ResolvedSettings,
} from "./settings.js";
import { createTracking } from "./tracking.js";

/** One enterprise of the Android Management API. Made by {@link createAndroidManagement}. */
export class AndroidManagementProvider implements EnrollmentProvider<AndroidManagementExtras> {
  readonly name: string;
  readonly descriptor: ProviderDescriptor;
  /** The vendor's own calls, with this provider's credentials, quota and error handling. */
  readonly client: AndroidManagementClient;
  readonly retrieval: EnrollmentRetrieval;
  readonly listing: EnrollmentListing;
  readonly revocation: EnrollmentRevocation;
  readonly tracking: EnrollmentTracking;
  readonly reconciliation: Reconciliation<AndroidManagementExtras>;
  readonly policies: PolicyCatalog;
  readonly #settings: ResolvedSettings;
  readonly #clock: Clock;
  readonly #journal: CreateJournal;
  readonly #verifyPolicy: PolicyCheck;

  constructor(settings: ResolvedSettings, runtime: ProviderRuntime = {}) {
    const clock = runtime.clock ?? systemClock;
    const client = connect(settings, runtime);
    const descriptor = androidManagementDescriptorFor(settings);
    const journal = new CreateJournal(() => clock.now());
    const parts = { client, settings, journal, clock };

    this.name = settings.name;
    this.descriptor = descriptor;
    this.client = client;
    this.#settings = settings;
    this.#clock = clock;
    this.#journal = journal;
    this.retrieval = {
      get: async (id, options) => {
        const name = resolveResourceName(settings, "enrollmentTokens", id);
        const { body, requestIds } = await client.enrollmentTokens.get(name, options);
        return toRetrievedEnrollment(body, journal.issued(name), settings, clock.now(), requestIds);
      },
    };
    this.listing = {
      list: async function* (options) {
        for await (const token of client.enrollmentTokens.list(options))
          yield toSummary(token, settings.name);
      },
    };
    this.revocation = {
      revoke: async (id, options) => {
        const name = resolveResourceName(settings, "enrollmentTokens", id);
        try {
          await client.enrollmentTokens.delete(name, options);
        } catch (error) {
          // It has expired, was used up, or somebody else was faster: it is gone, as was wanted.
          if (!EnrollmentError.is(error) || error.code !== "not-found") throw error;
          return;
        }
        journal.revoke(name);
      },
    };
    this.tracking = createTracking(parts);
    this.policies = createPolicyCatalog(client, settings);
    this.#verifyPolicy = createPolicyCheck(this.policies, settings);
    this.reconciliation = createReconciliation({
      ...parts,
      // Whatever the caller chose then to do about wishes that cannot be honoured: the request was sent.
      planAt: (request, now) => planEnrollment(request, { settings, descriptor, onUnsupported: "warn", now }),
    });
  }

  check(options?: CallOptions): Promise<CheckReport> {
    return checkProvider(this.client, this.policies, this.#settings, options);
  }

  async createEnrollment(
    request: EnrollmentRequest<AndroidManagementExtras>,
    options: CreateOptions = {},
  ): Promise<Enrollment> {
    const settings = this.#settings;
    const plan = this.#plan(request, options.onUnsupported);
    if (settings.verifyPolicy) {
      const path = request.extras?.policy === undefined ? "profile" : "extras.policy";
      await this.#verifyPolicy(plan.policy ?? "default", path, options);
    }

    return this.#journal.follow(request.key, plan.lifetime, async () => {
      const sentAt = this.#clock.now();
      const input = toTokenInput(plan, settings.enterprise);
      const { body, requestIds } = await this.client.enrollmentTokens.create(input, options);
      const times = { sentAt, receivedAt: this.#clock.now() };
      return toEnrollment(body, request, plan, settings, times, requestIds);
    });
  }

  #plan(
    request: EnrollmentRequest<AndroidManagementExtras>,
    onUnsupported: CreateOptions["onUnsupported"],
  ): EnrollmentPlan {
    const settings = this.#settings;
    try {
      const now = this.#clock.now();
      return planEnrollment(request, { settings, descriptor: this.descriptor, onUnsupported, now });
    } catch (error) {
      throw EnrollmentError.is(error) ? error.with({ provider: settings.name }) : error;
    }
  }
}

const connectProvider = (settings: ResolvedSettings, runtime: ProviderRuntime = {}) =>
  observeProvider(new AndroidManagementProvider(settings, runtime), runtime);

/**
 * Makes a provider for one enterprise of the Android Management API.
 *
 * @param runtime - the clock and whatever else several providers share.
 * @throws EnrollmentError `invalid-config`; its message names every setting that is wrong.
 */
export const createAndroidManagement = (
  settings: AndroidManagementSettings,
  runtime?: ProviderRuntime,
): AndroidManagementProvider =>
  connectProvider(parseInput(settingsSchema, settings, "invalid-config", settings.name), runtime);

/** What a config needs to know in order to name this vendor. */
export const androidManagementPlugin: ProviderPlugin<ResolvedConfig> = {
  vendor: "android-management",
  descriptor: androidManagementDescriptor,
  settings: configSchema,
  create: (name, settings, runtime) => connectProvider({ ...settings, name }, runtime),
};
