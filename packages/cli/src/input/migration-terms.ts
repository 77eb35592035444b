import type { MigrationTerms, RevokeAfter } from "@enrollkit/ledger";
import { UsageError } from "../output/usage-error.js";
import type { Terminal } from "../terminal.js";
import { readDuration } from "./duration.js";
import type { LedgerFileOptions } from "./ledger-settings.js";
import { readSettings } from "./settings-file.js";

/** What a migration moves and asks for, as the command line says it. */
export interface MigrationTermsOptions extends LedgerFileOptions {
  readonly from?: string;
  readonly to?: string;
  readonly validFor?: string;
  readonly keepExpiry?: true;
  readonly profile?: string;
  readonly profileMap?: string;
  readonly onUnsupported?: "reject" | "warn";
  readonly revokeAfter?: RevokeAfter;
}

const isMap = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((each) => typeof each === "string" && each !== "");

const readProfileMap = (path: string, terminal: Terminal): Readonly<Record<string, string>> =>
  readSettings(
    path,
    terminal,
    (map) => {
      if (isMap(map)) return map;
      throw new UsageError(
        `${path} does not say which profile becomes which`,
        'write {"old profile": "new profile"}, with as many as there are',
      );
    },
    "correct the file and try again",
  );

const lifetimeOf = ({ validFor, keepExpiry }: MigrationTermsOptions): MigrationTerms["lifetime"] => {
  if (keepExpiry) return "keep";
  return validFor === undefined ? undefined : readDuration(validFor, "--valid-for");
};

/** The terms that are given; a migration that goes on has the others from its first start. */
export const migrationTermsOf = (
  options: MigrationTermsOptions,
  terminal: Terminal,
): Partial<MigrationTerms> & { readonly revokeAfter: RevokeAfter | undefined } => {
  const { from, to, profile, profileMap, onUnsupported, revokeAfter } = options;
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    lifetime: lifetimeOf(options),
    profile,
    profiles: profileMap === undefined ? undefined : readProfileMap(profileMap, terminal),
    onUnsupported,
    revokeAfter,
  };
};
