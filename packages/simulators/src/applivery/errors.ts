/** An answer other than success, in the vendor's words and numbers. */
export class Refusal extends Error {
  readonly status: 400 | 401 | 403 | 404 | 429;
  readonly code: number;
  readonly data: object | undefined;

  constructor(status: Refusal["status"], code: number, message: string, data?: object) {
    super(message);
    this.status = status;
    this.code = code;
    this.data = data;
  }
}

/** A body, a query or a path id that does not fit. It becomes a 400 whose code is a switch, since no page prints it. */
export class InvalidInput extends Error {}

const documented = {
  "limit exceeded": [400, 5017, "Limit Exceeded"],
  "user exists": [400, 5048, "Mdm user already exists"],
  // "you" instead of "your" is the vendor's.
  "plan required": [400, 5050, "Feature not allowed for you billing plan"],
  "not updated": [400, 5120, "Error updating entity"],
  unauthorized: [401, 4001, "Unauthorized"],
  "no token": [401, 4002, "No auth token"],
  "invalid token": [401, 4004, "Invalid Token"],
  forbidden: [403, 4003, "Forbidden"],
  "not found": [404, 3001, "Entity not found"],
} as const satisfies Record<string, readonly [Refusal["status"], number, string]>;

/** The documented refusal of that name, to be thrown. */
export const refusal = (name: keyof typeof documented, data?: object): Refusal => {
  const [status, code, message] = documented[name];
  return new Refusal(status, code, message, data);
};

/** The vendor's envelope around an error. */
export const errorBody = ({ code, message, data }: Pick<Refusal, "code" | "message" | "data">) => ({
  status: false,
  error: { code, message, ...(data === undefined ? {} : { data }) },
});
