import { EnrollmentError } from "../errors.js";
import type { EnrollmentProvider } from "../provider.js";
import { quote, shownName } from "../quote.js";

/** A place in a composite's settings that names a provider. */
export interface NamedMember {
  readonly provider: string;
  readonly path: string;
}

/**
 * The providers that a composite names, each once, in the order in which they are named.
 *
 * @throws EnrollmentError `invalid-config` if one is not there.
 */
export const findMembers = (
  composite: string,
  named: readonly NamedMember[],
  providers: Iterable<EnrollmentProvider>,
): ReadonlyMap<string, EnrollmentProvider> => {
  const byName = new Map([...providers].map((provider) => [provider.name, provider]));
  return new Map(
    named.map(({ provider: name, path }) => {
      const provider = byName.get(name);
      if (provider !== undefined) return [name, provider];
      const known = [...byName.keys()].map(shownName).join(", ");
      throw new EnrollmentError(
        `${quote(composite)}: ${path} ${quote(name)} is not one of the providers (${known})`,
        {
          code: "invalid-config",
          path,
        },
      );
    }),
  );
};
