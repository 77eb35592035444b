import { Secret, type Enrollment, type EnrollmentArtifact } from "@enrollkit/core";

export const linkCanary = "https://mdm.example/e/QWJKLPRTZXCVBNMASDFG";

const link: EnrollmentArtifact = { kind: "enrollment-link", value: new Secret(linkCanary) };

/** An enrollment with a link, for a person. */
export const enrollmentFor = (
  email: string | undefined,
  changes: Partial<Enrollment> & { readonly name?: string } = {},
): Enrollment => {
  const { name, ...rest } = changes;
  return {
    id: `enrollment-of-${email ?? "nobody"}`,
    provider: "apple",
    vendor: "applivery",
    artifacts: [link],
    createdAt: "2026-09-20T10:00:00Z",
    expiresAt: "2026-09-27T10:00:00Z",
    uses: "one",
    ...((email !== undefined || name !== undefined) && { recipient: { email, name } }),
    warnings: [],
    requestIds: [],
    ...rest,
  };
};

/** `person1@people.example` and so on. */
export const people = (count: number): readonly Enrollment[] =>
  Array.from({ length: count }, (_, index) => enrollmentFor(`person${index + 1}@people.example`));

/** The time at which tests send. */
export const clock = { now: () => Date.parse("2026-09-20T10:00:00Z") };

/** Everything that an iterable gives. */
export const collect = async <Item>(source: AsyncIterable<Item>): Promise<readonly Item[]> => {
  const items: Item[] = [];
  for await (const item of source) items.push(item);
  return items;
};
