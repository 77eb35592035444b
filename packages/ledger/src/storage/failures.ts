import { EnrollmentError, type EnrollmentErrorCode } from "@enrollkit/core";

interface Explanation {
  readonly code: EnrollmentErrorCode;
  readonly message: string;
  readonly advice: string;
}

const gone: Explanation = {
  code: "unavailable",
  message: "the ledger's database cannot be reached",
  advice: "start it, or check its address; then run the same command again: it goes on where it was",
};
const full: Explanation = {
  code: "failed-precondition",
  message: "the ledger could not be written: its disk is full",
  advice: "make room, then run the same command again: it goes on where it was",
};
const readOnly: Explanation = {
  code: "failed-precondition",
  message: "the ledger could not be written: it is read-only",
  advice: "make its folder or database writable, or name another",
};
const refused: Explanation = {
  code: "unauthenticated",
  message: "the ledger's database refused the user or the password",
  advice: "correct the ledger's URL",
};
const forbidden: Explanation = {
  code: "forbidden",
  message: "the ledger's database user may not do this",
  advice: "grant it CREATE on the database, and everything in the ledger's schema",
};
const missing: Explanation = {
  code: "failed-precondition",
  message: "the ledger's database does not exist on that server",
  advice: "create it, or correct the ledger's URL",
};

const untrusted: Explanation = {
  code: "failed-precondition",
  message: "the connection to the ledger's database could not be encrypted, or its server not be trusted",
  advice: "set up TLS on the server, or correct sslmode and sslrootcert in the ledger's URL",
};
const unusable: Explanation = {
  code: "invalid-config",
  message:
    "the ledger's URL cannot be used: it is not encoded as a URL is, or names a file that cannot be read",
  advice: "write @ in a password as %40, and so on; check sslrootcert, sslcert and sslkey",
};
const unreadable: Explanation = {
  code: "invalid-request",
  message: "a text holds the character U+0000, which the ledger's database cannot keep",
  advice: "leave it out",
};

/**
 * By SQLSTATE and by Node's own codes.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const byCode: Readonly<Record<string, Explanation>> = {
  "08000": gone,
  "08001": gone,
  "08003": gone,
  "08004": gone,
  "08006": gone,
  "57P01": gone,
  "57P02": gone,
  "57P03": gone,
  "53300": gone,
  ECONNREFUSED: gone,
  ECONNRESET: gone,
  ENOTFOUND: gone,
  EAI_AGAIN: gone,
  ETIMEDOUT: gone,
  EPIPE: gone,
  EHOSTUNREACH: gone,
  ENETUNREACH: gone,
  "22021": unreadable,
  "22P05": unreadable,
  "53100": full,
  ENOSPC: full,
  EDQUOT: full,
  EFBIG: full,
  "25006": readOnly,
  EROFS: readOnly,
  EACCES: readOnly,
  EPERM: readOnly,
  "28000": refused,
  "28P01": refused,
  "42501": forbidden,
  "3D000": missing,
  ENOENT: unusable,
};

/** What comes without a code of its own. */
const byMessage: readonly (readonly [RegExp, Explanation])[] = [
  [
    /^(Connection terminated|Client has encountered a connection error|timeout (expired|exceeded when trying to connect)|Connection ended unexpectedly|Client was closed)/,
    gone,
  ],
  // PostgreSQL knows a full disk, but neither a user's share of it nor the greatest size of a file.
  [/: (No space left on device|(Disk q|Q)uota exceeded|File too large)$/, full],
  [/^SASL: /, refused],
  [/^The server does not support SSL connections/, untrusted],
  [/^URI malformed$/, unusable],
];

/** OpenSSL's, and Node's for certificates. */
const tlsCode = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)|_CERT_/;

const codeOf = (error: Error): string | undefined =>
  "code" in error && typeof error.code === "string" ? error.code : undefined;

const explanationOf = (error: Error): Explanation | undefined => {
  // Several addresses of one host were tried.
  if (error instanceof AggregateError) {
    const [first] = error.errors as unknown[];
    return first instanceof Error ? explanationOf(first) : undefined;
  }
  const code = codeOf(error) ?? "";
  // A socket of the server's, not a file of the ledger's.
  if ("syscall" in error && error.syscall === "connect") return gone;
  if (tlsCode.test(code)) return untrusted;
  return byCode[code] ?? byMessage.find(([text]) => text.test(error.message))?.[1];
};

/**
 * What went wrong with the database, in words; anything that is no error of a database stays as it is. Neither a
 * statement's values nor the URL are in it.
 */
export const explainFailure = (error: unknown): unknown => {
  if (!(error instanceof Error) || EnrollmentError.is(error)) return error;
  const explanation = explanationOf(error);
  if (explanation !== undefined) {
    const { message, ...details } = explanation;
    return new EnrollmentError(message, { ...details, cause: withoutValues(error) });
  }
  const sqlState = codeOf(error);
  if (sqlState === undefined || !/^[0-9A-Z]{5}$/.test(sqlState)) return error;
  return new EnrollmentError(
    `the ledger's database answered with an error that was not expected (${sqlState})`,
    {
      code: "unknown",
      vendorCode: sqlState,
      cause: withoutValues(error),
    },
  );
};

/** An error of PostgreSQL quotes the row at fault in its details, which is a person's data. */
const withoutValues = (error: Error): Error => {
  const code = codeOf(error);
  const plain = new Error(code === undefined ? "the database failed" : `the database failed with ${code}`);
  const frames = error.stack?.split("\n    at ").slice(1) ?? [];
  const stack = [`${error.name}: ${plain.message}`, ...frames].join("\n    at ");
  return Object.assign(plain, { name: error.name, stack }, code !== undefined && { code });
};

/** Whether the same statement may succeed on another connection, in a while. */
export const isConnectionLost = (error: unknown): boolean =>
  EnrollmentError.is(error) && error.code === "unavailable" && error.message === gone.message;
