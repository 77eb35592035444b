import type {
  AppliveryCredentials,
  AppliveryEnrollment,
  AppliveryEnrollmentSeed,
  AppliverySimulator,
} from "../src/applivery/index.js";

/** The members of answers that tests look at by name. */
export interface Data {
  readonly id: string;
  readonly state: string;
  readonly enrollmentLink: string;
  readonly enrollCode: string;
  readonly createdAt: string;
  readonly expireAt: string;
  readonly displayName: string;
  readonly items: readonly Data[];
  readonly totalDocs: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The whole envelope. */
  readonly body: unknown;
  readonly data: Data;
  readonly error: { readonly code: number; readonly message: string; readonly data?: object };
}

/** Calls a path below the organization, with the credentials' bearer token. */
export const callerOf =
  ({ baseUrl, organization, token }: AppliveryCredentials) =>
  async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(`${baseUrl}/organizations/${organization}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const envelope = (await response.json()) as Pick<Answer, "data" | "error">;
    const { data, error } = envelope;
    return { status: response.status, headers: response.headers, body: envelope, data, error };
  };

export type Caller = ReturnType<typeof callerOf>;

/** A token of Ana's that is there already. */
export const seedEnrollment = (
  simulator: AppliverySimulator,
  members: Partial<AppliveryEnrollmentSeed> = {},
): AppliveryEnrollment => {
  const [enrollment] = simulator.seed({
    enrollments: [{ email: "ana@example.com", ...members }],
  }).enrollments;
  if (enrollment === undefined) throw new Error("no token was made");
  return enrollment;
};
