import type {
  AndroidManagementEnrollmentToken,
  AndroidManagementSimulator,
} from "../src/android-management/index.js";

/** Google's error object, as far as tests look at it by name. */
interface ErrorObject {
  readonly code: number;
  readonly message: string;
  readonly status: string;
  readonly errors?: unknown;
  readonly details?: readonly Readonly<Record<string, unknown>>[];
}

/** Sends a request with a fresh access token; with an empty one it goes without. */
export const sendTo = (
  simulator: AndroidManagementSimulator,
  path: string,
  { method = "GET", body = "", token = simulator.issueAccessToken() } = {},
): Promise<Response> =>
  fetch(`${simulator.url}${path}`, {
    method,
    headers: token === "" ? {} : { authorization: `Bearer ${token}` },
    ...(body !== "" && { body }),
  });

export const errorOf = async (response: Response): Promise<ErrorObject> =>
  ((await response.json()) as { readonly error: ErrorObject }).error;

/** The answer to a call with a fresh access token. */
export const callOf = async (
  simulator: AndroidManagementSimulator,
  method: string,
  path: string,
  body?: string | object,
) => {
  const text = typeof body === "object" ? JSON.stringify(body) : body;
  const response = await sendTo(simulator, path, { method, ...(text !== undefined && { body: text }) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

/** What the methods of enrollment tokens answer, whichever it is. */
interface TokenAnswer extends AndroidManagementEnrollmentToken {
  readonly error?: ErrorObject;
  readonly enrollmentTokens?: readonly AndroidManagementEnrollmentToken[];
  readonly nextPageToken?: string;
}

export const callTokens = async (...call: Parameters<typeof callOf>) => {
  const { status, body } = await callOf(...call);
  return { status, body: body as unknown as TokenAnswer };
};
