import { EnrollmentError, isName } from "@enrollkit/core";

/** The origin of a URL: scheme, host and port. Undefined if it is no http or https URL. */
const originOf = (url: string): string | undefined => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed?.protocol === "https:" || parsed?.protocol === "http:" ? parsed.origin : undefined;
};

/** Whether a URL has the scheme, host and port of one of others. */
export const hasOriginOf = (url: string, others: readonly string[]): boolean => {
  const origin = originOf(url);
  return origin !== undefined && others.some((each) => originOf(each) === origin);
};

/** A vendor's answer can put anything into a host's name, also what it was told in confidence. */
const shown = ({ hostname, origin }: URL) => (hostname.split(".").every(isName) ? origin : "another host");

const listed = (origins: Iterable<string>) => [...origins].join(", ");

/**
 * Makes the guard that refuses a URL that leads elsewhere. A vendor may put URLs into its answers, and whoever answers in
 * its place may, too: credentials go only where the settings send them.
 *
 * @param allowed - URLs whose origins may be called; undefined allows all.
 * @returns a function that throws EnrollmentError `invalid-request`, with the origin and those that are allowed.
 */
export const originGuard = (
  allowed: readonly string[] | undefined,
  provider: string,
): ((url: URL) => void) => {
  if (allowed === undefined) return () => undefined;
  const origins = new Set(allowed.flatMap((each) => originOf(each) ?? []));
  return (url) => {
    if (origins.has(url.origin)) return;
    throw new EnrollmentError(
      `nothing was sent to ${shown(url)}: ${provider} calls only ${listed(origins)}`,
      {
        code: "invalid-request",
        provider,
        advice: "If that is the vendor's own address, name it in the provider's settings.",
      },
    );
  };
};
