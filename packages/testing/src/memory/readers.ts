import {
  enrollmentSchema,
  enrollmentStatusSchema,
  enrollmentSummarySchema,
  type Enrollment,
  type EnrollmentStatus,
  type EnrollmentSummary,
} from "@enrollkit/core";

/** Makes something typed of parsed JSON; throws if it is not what it should be. */
export type Reader<Result> = (json: unknown) => Result;

/** Access to the members of a JSON object; each method throws if the member is not what it should be. */
interface Members {
  text(name: string): string;
  optionalText(name: string): string | undefined;
  texts(name: string): readonly string[];
  number(name: string): number;
}

const isRecord = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === "object" && json !== null && !Array.isArray(json);

const membersOf = (json: unknown): Members => {
  if (!isRecord(json)) throw new TypeError("not a JSON object");
  const member = <Value>(name: string, fits: (value: unknown) => value is Value): Value => {
    const value = json[name];
    if (!fits(value)) throw new TypeError(`${name} is not what it should be`);
    return value;
  };
  const isText = (value: unknown) => typeof value === "string";
  return {
    text: (name) => member(name, isText),
    optionalText: (name) => (json[name] === undefined ? undefined : member(name, isText)),
    texts: (name) => member(name, (value): value is string[] => Array.isArray(value) && value.every(isText)),
    number: (name) => member(name, (value) => typeof value === "number"),
  };
};

/** A reader of a JSON object, or of one that lies within it under a name. */
export const readerOf =
  <Result>(within: string | undefined, read: (members: Members) => Result): Reader<Result> =>
  (json) => {
    const found = within === undefined ? json : isRecord(json) ? json[within] : undefined;
    return read(membersOf(found));
  };

export const arrayOf =
  <Item>(item: Reader<Item>): Reader<readonly Item[]> =>
  (json) => {
    if (!Array.isArray(json)) throw new TypeError("not a JSON array");
    return json.map(item);
  };

export const nullable =
  <Result>(reader: Reader<Result>): Reader<Result | undefined> =>
  (json) =>
    json === null ? undefined : reader(json);

/** A page of a list, and where the next one begins. */
export const pageOf =
  <Item>(item: Reader<Item>): Reader<{ items: readonly Item[]; next: number | undefined }> =>
  (json) => {
    if (!isRecord(json)) throw new TypeError("not a JSON object");
    return {
      items: arrayOf(item)(json["items"]),
      next: json["next"] === undefined ? undefined : membersOf(json).number("next"),
    };
  };

/** What the vendor says of one item of a batch: its answer, or a status and the words of its refusal. */
export const itemOf =
  <Item>(item: Reader<Item>): Reader<{ item: Item } | { status: number; text: string }> =>
  (json) => {
    const status = membersOf(json).number("status");
    const body = (json as { readonly body?: unknown }).body;
    return status < 300 ? { item: item(body) } : { status, text: JSON.stringify(body) };
  };

/** Reads enrollments for the provider of a name. */
export const enrollmentReader =
  (provider: string, vendor: string): Reader<Enrollment> =>
  (json) =>
    enrollmentSchema.parse({ ...membersRecord(json), provider, vendor });

export const summaryReader =
  (provider: string, vendor: string): Reader<EnrollmentSummary> =>
  (json) =>
    enrollmentSummarySchema.parse({ ...membersRecord(json), provider, vendor });

export const readStatus: Reader<EnrollmentStatus> = (json) => enrollmentStatusSchema.parse(json);

const membersRecord = (json: unknown) => {
  if (!isRecord(json)) throw new TypeError("not a JSON object");
  return json;
};
