import type { Enrollment } from "@enrollkit/core";

/** What nobody but its reader may see, in the files that these tests make. */
export const canaries = ["LINKCANARY", "TOKENCANARY", "@canary.example"] as const;

const extra = "android.app.extra.PROVISIONING";

/** Android's payload with a token in it. */
export const payloadText = (token: string) =>
  JSON.stringify({
    [`${extra}_DEVICE_ADMIN_COMPONENT_NAME`]: "com.google.android.apps.work.clouddpc/.receivers.Admin",
    [`${extra}_ADMIN_EXTRAS_BUNDLE`]: {
      "com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN": token,
    },
  });

type Changes = Partial<Omit<Enrollment, "artifacts">> & { readonly artifacts?: readonly object[] };

/** An enrollment with a link, as a file holds it: secrets in clear text. */
export const enrollmentData = (number: number, changes: Changes = {}) => ({
  id: `id-${number}`,
  provider: "apple",
  vendor: "applivery",
  key: `row-${number}`,
  artifacts: [{ kind: "enrollment-link", value: `https://mdm.example/e/LINKCANARY${number}` }],
  createdAt: "2026-09-20T10:00:00Z",
  expiresAt: "2099-09-27T10:00:00Z",
  uses: "one",
  recipient: { email: `person${number}@canary.example`, name: `Person ${number}` },
  warnings: [],
  requestIds: [],
  ...changes,
});

/** An enrollment with a token and a payload for Android. */
export const androidData = (number: number, changes: Changes = {}) =>
  enrollmentData(number, {
    provider: "phones",
    vendor: "android-management",
    management: "fully-managed",
    artifacts: [
      { kind: "enrollment-token", value: `TOKENCANARY${number}` },
      { kind: "provisioning-qr", value: payloadText(`TOKENCANARY${number}`) },
    ],
    ...changes,
  });

/** A line of the file that `bulk` writes. */
export const createdRow = (index: number, enrollment: ReturnType<typeof enrollmentData>) => ({
  key: enrollment.key,
  index,
  line: index + 2,
  status: "created",
  enrollment,
});

/** A row that did not work out, in the same file. */
export const failedRow = (index: number, status: "failed" | "unknown" = "failed", key?: string) => ({
  ...(key !== undefined && { key }),
  index,
  line: index + 2,
  status,
  error: { message: "person@canary.example was refused", code: "invalid-request", retryable: false },
  advice: "correct the field that is named and try again",
});

export const jsonLines = (...rows: readonly object[]) =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join("");

/** Links, a payload, and two rows that were not created. */
export const outcomesText = jsonLines(
  createdRow(0, enrollmentData(0)),
  failedRow(1, "failed", "row-1"),
  createdRow(2, androidData(2)),
  failedRow(3, "unknown"),
  createdRow(4, enrollmentData(4)),
);

/** What a command says of the two. */
export const outcomesRemark = "left out, because not created: 2: row-1 (index 1), index 3\n";
