import { EnrollmentError } from "@enrollkit/core";

type Collection = "enrollmentTokens" | "devices" | "policies";

/** One segment of a resource name: anything but a slash and what a URL swallows (two names) or cannot hold. */
const segment = /^(?!\.{1,2}$)[^/\p{Surrogate}]+$/u;

/** Whether a text can stand alone as the last part of a resource name. */
export const isResourceId = (text: string): boolean => segment.test(text);

/** The vendor's name of a resource: `enterprises/LC01abcdef/policies/warehouse`. */
export const resourceName = (enterprise: string, collection: Collection, id: string): string =>
  `enterprises/${enterprise}/${collection}/${id}`;

/** The last part of a resource name. */
export const resourceId = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** The full name of what a caller calls by its full name or its bare id; undefined if it belongs elsewhere. */
export const findResourceName = (
  enterprise: string,
  collection: Collection,
  id: string,
): string | undefined => {
  const own = resourceName(enterprise, collection, "");
  const bare = id.startsWith(own) ? id.slice(own.length) : id;
  return isResourceId(bare) ? own + bare : undefined;
};

/**
 * As {@link findResourceName}, for calls that need the resource.
 *
 * @param provider - its name and its enterprise.
 * @throws EnrollmentError `invalid-request` if it belongs to another enterprise: a provider acts on its own only,
 *   whatever else its credentials may reach.
 */
export const resolveResourceName = (
  { name: provider, enterprise }: { readonly name: string; readonly enterprise: string },
  collection: Collection,
  id: string,
): string => {
  const name = findResourceName(enterprise, collection, id);
  if (name !== undefined) return name;
  const own = resourceName(enterprise, collection, "");
  throw new EnrollmentError(`id must be ${own}… or the part after it`, {
    code: "invalid-request",
    provider,
    path: "id",
  });
};

/** A resource name as part of a URL. */
export const resourcePath = (name: string): string => name.split("/").map(encodeURIComponent).join("/");
