import {
  describeIssue,
  EnrollmentService,
  observeProvider,
  quote,
  type EnrollmentProvider,
  type ProviderPlugin,
  type ProviderRuntime,
  type Route,
} from "@enrollkit/core";
import * as z from "zod";
import { compositeKinds, findCycles, type MemberReference } from "./composites.js";
import { configError, problemsOf, type ConfigProblem } from "./problems.js";
import { resolveReferences, type ReferenceSources } from "./references.js";
import { suggestion } from "./suggestion.js";

/** A provider as the config describes it, its settings read by the vendor's own schema. */
export interface ProviderConfig {
  readonly name: string;
  readonly settings: unknown;
  /** The names of the providers that it consists of; of a vendor's provider none. */
  readonly members: readonly string[];
  /** @param members - the providers of these names, in their order. */
  readonly create: (members: readonly EnrollmentProvider[], runtime: ProviderRuntime) => EnrollmentProvider;
}

/** A config that has been read and found right. */
export interface EnrollKitConfig {
  readonly providers: readonly ProviderConfig[];
  readonly defaultProvider?: string | undefined;
  readonly routes: readonly Route[];
}

/** Where a config comes from; the defaults suit a program that has read it from its own folder. */
export interface ConfigOptions extends Partial<ReferenceSources> {
  /** How errors name it. Default: "the config". */
  readonly source?: string;
}

/** The name of a provider: what a command line, a file name and a log can carry. */
export const providerName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** The part of a config that no vendor owns. */
export const frameSchema = z.strictObject({
  $schema: z.string().optional().meta({ description: "Where an editor finds the JSON Schema of this file." }),
  defaultProvider: z.string().optional().meta({
    description: "Where requests go that no route matches. Default: the only provider, if there is just one.",
  }),
  routes: z
    .array(
      z.strictObject({
        profile: z.string().meta({ description: "The profile of the requests that take this route." }),
        provider: z.string().meta({ description: "The provider they go to." }),
      }),
    )
    .optional()
    .meta({ description: "Which provider a request goes to; the first route that matches wins." }),
  providers: z
    .record(z.string(), z.looseObject({ vendor: z.string() }))
    .refine((providers) => Object.keys(providers).length > 0, "names no provider")
    .meta({ description: "Every provider by the name that the app uses for it." }),
});

/** What can be read of a frame that may be wrong here and there, so that one problem hides no other. */
const readableFrameSchema = z
  .object({
    defaultProvider: z.string().optional().catch(undefined),
    routes: z.array(z.object({ provider: z.string().optional() }).catch({})).catch([]),
    providers: z
      .record(z.string(), z.looseObject({ vendor: z.string() }).optional().catch(undefined))
      .catch({}),
  })
  .catch({ routes: [], providers: {} });

/** The keys that a schema knows at a path; none where it knows no fixed set. */
const keysOf = (schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] => {
  let current: unknown = schema;
  for (const part of [...path, undefined]) {
    while (
      current instanceof z.ZodOptional ||
      current instanceof z.ZodDefault ||
      current instanceof z.ZodReadonly
    ) {
      current = current.unwrap();
    }
    if (part === undefined) break;
    if (current instanceof z.ZodObject) current = (current.shape as Record<PropertyKey, unknown>)[part];
    else if (current instanceof z.ZodRecord) current = current.valueType;
    else if (current instanceof z.ZodArray) current = current.element;
    else return [];
  }
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
};

/** A provider that has been read, and where its settings name others. */
interface ReadProvider extends ProviderConfig {
  readonly references: readonly MemberReference[];
}

/** A vendor, or a kind of composite: whatever the word after `vendor` stands for. */
type Kind = Pick<ProviderPlugin, "vendor" | "settings"> & {
  /** @param settings - as the schema has read them. */
  read(name: string, settings: unknown): ReadProvider | readonly ConfigProblem[];
};

const kindsOf = (plugins: readonly ProviderPlugin[]): readonly Kind[] => [
  ...plugins.map((plugin): Kind => ({
    vendor: plugin.vendor,
    settings: plugin.settings,
    read: (name, settings) => ({
      name,
      settings,
      members: [],
      references: [],
      // Hooks hear of it also if the plugin's author did not think of them.
      create: (_, runtime) => observeProvider(plugin.create(name, settings, runtime), runtime),
    }),
  })),
  ...compositeKinds.map((kind): Kind => ({
    vendor: kind.vendor,
    settings: kind.settings,
    read: (name, settings) => {
      const problems = kind.problemsOf(settings);
      if (problems.length > 0) {
        return problems.map(({ path, message }) => ({ path: ["providers", name, ...path], message }));
      }
      const references = kind.membersOf(settings);
      return {
        name,
        settings,
        members: [...new Set(references.map((each) => each.name))],
        references,
        create: (members, runtime) => kind.create(name, settings, members, runtime),
      };
    },
  })),
];

const readProvider = (
  name: string,
  { vendor, ...settings }: Readonly<Record<string, unknown>>,
  plugins: readonly ProviderPlugin[],
): ReadProvider | readonly ConfigProblem[] => {
  const path = ["providers", name];
  const wrongName = "is not a name: use letters, digits, dot, dash and underscore, at most 64";
  const problems: ConfigProblem[] = providerName.test(name) ? [] : [{ path, message: wrongName }];
  const kinds = kindsOf(plugins);
  const vendors = kinds.map((kind) => kind.vendor);
  const kind = kinds.find((each) => each.vendor === vendor);
  if (kind === undefined) {
    const word = typeof vendor === "string" ? vendor : "";
    const known = `known are: ${vendors.join(", ")}`;
    const message = `${quote(word)} is not a known vendor${suggestion(word, vendors)} (${known})`;
    return [...problems, { path: [...path, "vendor"], message }];
  }
  const parsed = kind.settings.safeParse(settings, { error: describeIssue });
  if (!parsed.success) {
    problems.push(...problemsOf(parsed.error.issues, path, (at) => keysOf(kind.settings, at)));
    return problems;
  }
  const read = kind.read(name, parsed.data);
  if (!isProvider(read)) return [...problems, ...read];
  return problems.length === 0 ? read : problems;
};

const isProvider = (value: ReadProvider | readonly ConfigProblem[]): value is ReadProvider =>
  "references" in value;

const danglingNames = (
  { defaultProvider, routes }: z.output<typeof readableFrameSchema>,
  names: readonly string[],
  providers: readonly ReadProvider[],
): readonly ConfigProblem[] => {
  // What is wrong as a name may be anything, an address too, and helps nobody.
  const offered = names.filter((name) => providerName.test(name));
  const offer = offered.length === 0 ? "" : ` (${offered.join(", ")})`;
  return [
    ...providers.flatMap((provider) =>
      provider.references.map(({ name, path }) => ({ path: ["providers", provider.name, ...path], name })),
    ),
    { path: ["defaultProvider"], name: defaultProvider },
    ...routes.map(({ provider }, index) => ({ path: ["routes", index, "provider"], name: provider })),
  ].flatMap(({ path, name }) =>
    name === undefined || names.length === 0 || names.includes(name)
      ? []
      : [
          {
            path,
            message: `${quote(name)} is not one of the providers${suggestion(name, offered)}${offer}`,
          },
        ],
  );
};

const isWithin = (path: readonly PropertyKey[], parent: readonly PropertyKey[]) =>
  parent.every((part, place) => part === path[place]);

/**
 * Reads a config: resolves its references, holds each provider's settings against its vendor's schema.
 *
 * @param input - the parsed JSON.
 * @param plugins - the vendors that the config may name.
 * @throws EnrollmentError `invalid-config` that lists every problem with its path. No secret is in it.
 */
export const readConfig = (
  input: unknown,
  plugins: readonly ProviderPlugin[],
  { environment = process.env, directory = process.cwd(), source }: ConfigOptions = {},
): EnrollKitConfig => {
  const references: ConfigProblem[] = [];
  const resolved = resolveReferences(input, { environment, directory }, (problem) =>
    references.push(problem),
  );
  const frame = frameSchema.safeParse(resolved, { error: describeIssue });
  const readable = readableFrameSchema.parse(resolved);
  const providers = Object.entries(readable.providers).flatMap(([name, settings]) =>
    settings === undefined ? [] : [readProvider(name, settings, plugins)],
  );
  const read = providers.filter(isProvider);
  const problems = [
    ...problemsOf(frame.error?.issues ?? [], [], (path) => keysOf(frameSchema, path)),
    ...providers.flatMap((provider) => (isProvider(provider) ? [] : provider)),
    ...danglingNames(readable, Object.keys(readable.providers), read),
    ...findCycles(read.map(({ name, references }) => ({ name, members: references }))),
  ].filter(({ path }) => !references.some((reference) => isWithin(path, reference.path)));
  if (!frame.success || problems.length + references.length > 0) {
    throw configError([...problems, ...references], source);
  }

  return {
    providers: read,
    defaultProvider: frame.data.defaultProvider,
    routes: frame.data.routes ?? [],
  };
};

/** The providers of a config, each made once. They share the runtime, and with it their quotas. */
export const createProviders = (
  { providers }: EnrollKitConfig,
  runtime: ProviderRuntime = {},
): readonly EnrollmentProvider[] => {
  const configs = new Map(providers.map((config) => [config.name, config]));
  const made = new Map<string, EnrollmentProvider>();
  /** A composite needs its members first; that no one leads back to itself, the config was checked for. */
  const make = ({ name, members, create }: ProviderConfig): EnrollmentProvider => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const own = members.flatMap((member) => {
      const config = configs.get(member);
      return config === undefined ? [] : [make(config)];
    });
    const provider = create(own, runtime);
    made.set(name, provider);
    return provider;
  };
  return providers.map(make);
};

/** The service that a config describes, without a container. */
export const createService = (config: EnrollKitConfig, runtime?: ProviderRuntime): EnrollmentService =>
  new EnrollmentService({
    providers: createProviders(config, runtime),
    defaultProvider: config.defaultProvider,
    routes: config.routes,
  });
