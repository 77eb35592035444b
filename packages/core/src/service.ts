import { createEnrollments, type BulkOptions } from "./bulk/create-enrollments.js";
import { checkReachable } from "./check-reachable.js";
import { createReliably, type ReliableOptions } from "./create-reliably.js";
import type { Enrollment, EnrollmentStatus } from "./enrollment.js";
import { EnrollmentError } from "./errors.js";
import { quote } from "./quote.js";
import type { EnrollmentOutcome } from "./outcome.js";
import type { CallOptions } from "./call-options.js";
import { supports, type CheckReport, type EnrollmentProvider, type WithRole } from "./provider.js";
import type { EnrollmentRequest } from "./request.js";
import type { RoleName } from "./descriptor.js";
import type { TrackedEnrollment } from "./roles.js";

/** Sends requests of one profile to one provider. */
export interface Route {
  readonly profile: string;
  /** A provider's name. */
  readonly provider: string;
}

/** What an {@link EnrollmentService} is made of. */
export interface EnrollmentServiceOptions {
  readonly providers: Iterable<EnrollmentProvider>;
  /** Where requests go that no route matches. Default: the only provider, if there is just one. */
  readonly defaultProvider?: string | undefined;
  /** First match wins. */
  readonly routes?: readonly Route[] | undefined;
}

/** Names the provider of a call; without it the routes and the default decide. */
export interface ByProvider {
  readonly provider?: string | undefined;
}

/** What revoke and status need: an {@link Enrollment} is one, and so is a line from your own database. */
export type EnrollmentReference = Pick<Enrollment, "provider"> & TrackedEnrollment;

/**
 * The members of composites, however deep, by their names.
 *
 * @throws EnrollmentError `invalid-config` if one shares its name with a provider of another vendor.
 */
const membersWithin = (
  providers: ReadonlyMap<string, EnrollmentProvider>,
): ReadonlyMap<string, EnrollmentProvider> => {
  const members = new Map<string, EnrollmentProvider>();
  const add = (provider: EnrollmentProvider) => {
    for (const member of provider.composition?.members ?? []) {
      const { vendor } = (providers.get(member.name) ?? members.get(member.name) ?? member).descriptor;
      if (vendor !== member.descriptor.vendor) {
        throw new EnrollmentError(
          `two providers are named ${quote(member.name)}; one of them is a member of ${quote(provider.name)}`,
          { code: "invalid-config", path: "providers" },
        );
      }
      if (!members.has(member.name)) members.set(member.name, member);
      add(member);
    }
  };
  for (const provider of providers.values()) add(provider);
  return members;
};

/**
 * All the providers of an app behind one object. It holds them by name, and sends each call to the right one.
 *
 * ```ts
 * const enrollment = await service.create({ profile: "sales", recipient: { email } });
 * await service.revoke(enrollment);
 * ```
 */
export class EnrollmentService {
  readonly #providers: ReadonlyMap<string, EnrollmentProvider>;
  readonly #members: ReadonlyMap<string, EnrollmentProvider>;
  readonly #routes: readonly Route[];
  readonly #default: string | undefined;

  /**
   * @throws EnrollmentError `invalid-config` if two providers share a name, or if a route or `defaultProvider` names one
   *   that is not there.
   */
  constructor({ providers, defaultProvider, routes = [] }: EnrollmentServiceOptions) {
    const byName = new Map<string, EnrollmentProvider>();
    for (const provider of providers) {
      if (byName.has(provider.name)) {
        throw new EnrollmentError(
          `two providers are named ${quote(provider.name)}; each needs a name of its own`,
          {
            code: "invalid-config",
            path: "providers",
          },
        );
      }
      byName.set(provider.name, provider);
    }
    this.#providers = byName;
    this.#members = membersWithin(byName);
    this.#routes = routes;
    this.#default = defaultProvider ?? (byName.size === 1 ? [...byName.keys()][0] : undefined);
    const wanted = [
      ...(defaultProvider === undefined ? [] : [["defaultProvider", defaultProvider] as const]),
      ...routes.map(({ provider }, index) => [`routes[${index}].provider`, provider] as const),
    ];
    for (const [path, name] of wanted) {
      if (!byName.has(name)) throw this.#noSuchProvider(name).with({ code: "invalid-config", path });
    }
  }

  /** The providers' names, in the order they were given. */
  get names(): readonly string[] {
    return [...this.#providers.keys()];
  }

  /**
   * The provider of that name; also one that is only a member of another, for an enrollment keeps the name of its maker.
   *
   * @throws EnrollmentError `invalid-request` if there is none of that name; the message lists those that are.
   */
  provider(name: string): EnrollmentProvider {
    const provider = this.#providers.get(name) ?? this.#members.get(name);
    if (provider === undefined) throw this.#noSuchProvider(name);
    return provider;
  }

  /**
   * The provider that a request goes to: the one named in the call, else the first route that matches, else the
   * default.
   *
   * @throws EnrollmentError `invalid-request` if none of these decides.
   */
  providerFor(
    { profile }: Pick<EnrollmentRequest, "profile">,
    { provider }: ByProvider = {},
  ): EnrollmentProvider {
    const route = this.#routes.find((each) => each.profile === profile);
    const name = provider ?? route?.provider ?? this.#default;
    if (name !== undefined) return this.provider(name);
    throw new EnrollmentError(
      profile === undefined
        ? "no provider is named, and there is no default"
        : `no route leads from profile ${quote(profile)} to a provider, and there is no default`,
      {
        code: "invalid-request",
        path: "profile",
        advice: `name one of: ${this.names.join(", ")}; or set defaultProvider in the config`,
      },
    );
  }

  /** Creates one enrollment; a lost answer is reconciled, see {@link createReliably}. */
  async create(request: EnrollmentRequest, options: ReliableOptions & ByProvider = {}): Promise<Enrollment> {
    return createReliably(this.providerFor(request, options), request, options);
  }

  /** Creates any number of enrollments, each at its own provider, outcomes in one order: {@link createEnrollments}. */
  createMany(
    requests: Iterable<EnrollmentRequest> | AsyncIterable<EnrollmentRequest>,
    options: BulkOptions & ByProvider = {},
  ): AsyncGenerator<EnrollmentOutcome, void, void> {
    return createEnrollments((request) => this.providerFor(request, options), requests, options);
  }

  /**
   * Takes an enrollment back.
   *
   * @throws EnrollmentError `unsupported` if its vendor cannot.
   */
  async revoke(
    enrollment: Pick<EnrollmentReference, "provider" | "id">,
    options?: CallOptions,
  ): Promise<void> {
    const provider = this.#withRole(enrollment.provider, "revocation", "cannot take an enrollment back");
    await provider.revocation.revoke(enrollment.id, options);
  }

  /**
   * Asks what became of an enrollment.
   *
   * @throws EnrollmentError `unsupported` if its vendor cannot tell.
   */
  async status(enrollment: EnrollmentReference, options?: CallOptions): Promise<EnrollmentStatus> {
    const provider = this.#withRole(
      enrollment.provider,
      "tracking",
      "cannot tell what became of an enrollment",
    );
    const [status] = await provider.tracking.getStatuses([enrollment], options);
    return status ?? { id: enrollment.id, state: "unknown", devices: [] };
  }

  /**
   * Checks every provider, or the one that is named, all at once.
   *
   * @returns one report each, in the order of {@link EnrollmentService.names}. A vendor that cannot be reached is a
   *   failed finding, so that the others are reported too.
   */
  async check({ provider, ...options }: CallOptions & ByProvider = {}): Promise<readonly CheckReport[]> {
    const names = provider === undefined ? this.names : [provider];
    return Promise.all(names.map((name) => checkReachable(this.provider(name), options)));
  }

  #withRole<Role extends RoleName>(
    name: string,
    role: Role,
    lack: string,
  ): WithRole<EnrollmentProvider, Role> {
    const provider = this.provider(name);
    if (supports(provider, role)) return provider;
    throw new EnrollmentError(`${provider.descriptor.product} ${lack}`, {
      code: "unsupported",
      provider: name,
    });
  }

  #noSuchProvider(name: string): EnrollmentError {
    return new EnrollmentError(`there is no provider ${quote(name)}; there are: ${this.names.join(", ")}`, {
      code: "invalid-request",
      path: "provider",
    });
  }
}
