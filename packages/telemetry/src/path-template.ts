/** `v1`, `v1beta2`: part of the address, and not an id. */
const version = /^v\d+[a-z]*\d*$/;
/** Most ids have digits in them, or are what was redacted. Names of endpoints have none, and an id without one passes for such. */
const id = /\d|^\[redacted\]$|%/;

const withoutId = (segment: string): string => {
  // Google and ESET write an endpoint's verb behind a colon: `devices/17:move`.
  const [noun = "", ...verbs] = segment.split(":");
  if (version.test(segment) || !id.test(noun)) return segment;
  return ["{id}", ...verbs].join(":");
};

/** The path with `{id}` for whatever looks like an id: mostly one name for all calls of an endpoint. */
export const pathTemplate = (path: string): string => path.split("/").map(withoutId).join("/");
