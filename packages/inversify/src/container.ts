import "reflect-metadata";
import {
  EnrollmentService,
  type EnrollmentProvider,
  type ProviderPlugin,
  type ProviderRuntime,
} from "@enrollkit/core";
import { ContainerModule, inject, named, type ServiceIdentifier } from "inversify";
import { readConfig, type ConfigOptions } from "./config.js";

/** An identifier that `container.get` knows the type of. */
export const serviceId = <Service>(name: string): ServiceIdentifier<Service> =>
  Symbol.for(`@enrollkit/inversify/${name}`);

/** Every provider: `container.get(EnrollmentProviderId, { name: "phones" })`, or `getAll` for all of them. */
export const EnrollmentProviderId = serviceId<EnrollmentProvider>("EnrollmentProvider");

/** The {@link EnrollmentService} over all providers. */
export const EnrollmentServiceId = serviceId<EnrollmentService>("EnrollmentService");

/** Options of an {@link enrollmentModule}. */
export interface EnrollmentModuleOptions extends ConfigOptions {
  /** Shared by all providers: clock, hooks, quotas. */
  readonly runtime?: ProviderRuntime;
}

/**
 * A container module with everything that a config describes: one singleton provider for each name, and the
 * {@link EnrollmentService} over them. Nothing is called at a vendor; `service.check()` does, when the app wants.
 *
 * @param config - the parsed JSON of a config.
 * @param plugins - the vendors that it may name.
 * @throws EnrollmentError `invalid-config` at once, with every problem.
 */
export const enrollmentModule = (
  config: unknown,
  plugins: readonly ProviderPlugin[],
  { runtime = {}, ...options }: EnrollmentModuleOptions = {},
): ContainerModule => {
  const { providers, defaultProvider, routes } = readConfig(config, plugins, options);
  return new ContainerModule(({ bind }) => {
    for (const { name, members, create } of providers) {
      bind(EnrollmentProviderId)
        .toResolvedValue(
          (...own: EnrollmentProvider[]) => create(own, runtime),
          members.map((member) => ({ serviceIdentifier: EnrollmentProviderId, name: member })),
        )
        .inSingletonScope()
        // Not whenNamed: what is bound so is not there for getAll.
        .when((request) => request.name === undefined || request.name === name);
    }
    bind(EnrollmentServiceId)
      .toResolvedValue(
        (all: EnrollmentProvider[]) => new EnrollmentService({ providers: all, defaultProvider, routes }),
        [{ serviceIdentifier: EnrollmentProviderId, isMultiple: true }],
      )
      .inSingletonScope();
  });
};

/** Decorates a constructor parameter, or with no index a property. */
type InjectionDecorator = (target: object, property: string | symbol | undefined, index?: number) => void;

/** Puts the provider of that name into a constructor parameter or a property of a decorated class. */
export const injectProvider =
  (name: string): InjectionDecorator =>
  (target, property, index) => {
    for (const decorate of [inject(EnrollmentProviderId), named(name)] as InjectionDecorator[]) {
      decorate(target, property, index);
    }
  };

/** Puts the {@link EnrollmentService} into a constructor parameter or a property of a decorated class. */
export const injectEnrollmentService = (): InjectionDecorator =>
  inject(EnrollmentServiceId) as InjectionDecorator;
