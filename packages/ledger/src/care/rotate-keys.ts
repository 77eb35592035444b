import { EnrollmentError } from "@enrollkit/core";
import { sql } from "kysely";
import { contextOfRequest, secretsContext, type Vault } from "../records/vault.js";
import { openFingerprints } from "../sealing/hash-key.js";
import type { Storage } from "../storage/storage.js";

/** How to change the key. */
export interface RotateOptions {
  /** Told after each batch. */
  readonly onProgress?: ((progress: { readonly resealed: number }) => void) | undefined;
}

interface SealedRow {
  readonly id: number;
  readonly run_id: number | null;
  readonly position: number | null;
  readonly intent: string | null;
  readonly request: string | null;
  readonly secrets: string | null;
}

const batchSize = 500;
/** More than a person reads. */
const listed = 5;

const withoutKey = () =>
  new EnrollmentError("the ledger has no key to seal with", {
    code: "failed-precondition",
    path: "keys",
    advice: "give the new key as the first, and the old one as the second",
  });

const damaged = (failures: Pass["failures"]) => {
  const ids = failures.slice(0, listed).map(({ id }) => id);
  const rest = failures.length > listed ? ` and ${failures.length - listed} more` : "";
  const cause = failures[0]?.error;
  const message = `what these records have sealed cannot be opened: ${ids.join(", ")}${rest}`;
  return EnrollmentError.is(cause)
    ? cause.with({ message: `${message}; ${cause.message}`, cause })
    : new EnrollmentError(message, { code: "protocol", cause });
};

const findSealed = async (storage: Storage, after: number, prefix: string): Promise<readonly SealedRow[]> => {
  const { rows } = await storage.repeatable((db) =>
    sql<SealedRow>`
      SELECT r.id, r.run_id, r.position, r.intent, r.sealed_request AS request, r.sealed_secrets AS secrets
        FROM records r
        WHERE r.id > ${after}
          AND (NOT starts_with(r.sealed_request, ${prefix}) OR NOT starts_with(r.sealed_secrets, ${prefix}))
        ORDER BY r.id LIMIT ${batchSize}`.execute(db),
  );
  return rows;
};

/** Sealed again, where it is not yet sealed with the key that seals now. */
const sealAgain = ({ keys }: Vault, sealed: string | null, context: string): string | null =>
  sealed === null || keys.isCurrent(sealed)
    ? sealed
    : (keys.seal(keys.open(sealed, context), context) ?? null);

interface Pass {
  /** Records that had something sealed anew. */
  readonly resealed: number;
  readonly failures: readonly { readonly id: number; readonly error: unknown }[];
}

const sealAll = async (
  storage: Storage,
  vault: Vault,
  prefix: string,
  onBatch: (resealed: number) => void,
): Promise<Pass> => {
  const failures: { readonly id: number; readonly error: unknown }[] = [];
  let resealed = 0;
  for (let after = 0; ;) {
    const rows = await findSealed(storage, after, prefix);
    const last = rows.at(-1);
    if (last === undefined) return { resealed, failures };
    after = last.id;
    const changes = rows.flatMap((row) => {
      const { id, request, secrets } = row;
      try {
        const newRequest = sealAgain(vault, request, contextOfRequest(row));
        const newSecrets = sealAgain(vault, secrets, secretsContext(id));
        return [{ id, request, secrets, newRequest, newSecrets }];
      } catch (error) {
        failures.push({ id, error });
        return [];
      }
    });
    await storage.repeatable((db) =>
      sql`
        UPDATE records r
          SET sealed_request =
              CASE WHEN r.sealed_request = n.request THEN n."newRequest" ELSE r.sealed_request END,
            sealed_secrets =
              CASE WHEN r.sealed_secrets = n.secrets THEN n."newSecrets" ELSE r.sealed_secrets END
          FROM jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) AS n (
            id bigint, request text, secrets text, "newRequest" text, "newSecrets" text)
          WHERE r.id = n.id`.execute(db),
    );
    resealed += changes.length;
    onBatch(changes.length);
  }
};

/**
 * Seals everything that was sealed with an older key with the first one. It may be ended and repeated at any point, and
 * what others write in the meantime stays, and is sealed again too.
 */
export const rotateKeys = async (
  storage: Storage,
  vault: Vault,
  { onProgress }: RotateOptions,
): Promise<{ readonly resealed: number }> => {
  const { currentId } = vault.keys;
  if (currentId === undefined) throw withoutKey();
  await openFingerprints(storage, vault.keys);
  let resealed = 0;
  for (;;) {
    const pass = await sealAll(storage, vault, `${currentId}.`, (count) => {
      resealed += count;
      onProgress?.({ resealed });
    });
    if (pass.resealed > 0) continue;
    if (pass.failures.length > 0) throw damaged(pass.failures);
    return { resealed };
  }
};
