import { EnrollmentError, type CallOptions, type Clock, type EnrollmentRevocation } from "@enrollkit/core";
import type { AppliveryClient } from "./client.js";
import { isLive, toState } from "./mapping.js";
import { isAppliveryId } from "./settings.js";

/** Whether the vendor says that a record does not exist. All other errors go on. */
const isMissing = async (call: Promise<unknown>): Promise<boolean> => {
  try {
    await call;
    return false;
  } catch (error) {
    if (EnrollmentError.is(error) && error.code === "not-found") return true;
    throw error;
  }
};

/**
 * Deletes tokens. That the vendor's route does what its Android sibling does is not documented, and one code, 3001,
 * stands for everything that may be missing: so a refusal is believed only after a second look.
 */
export const createRevocation = (
  client: AppliveryClient,
  provider: string,
  clock: Clock,
): EnrollmentRevocation => {
  const isOver = async (id: string, options?: CallOptions): Promise<boolean> => {
    const read = client.getToken(id, options);
    if (await isMissing(read)) {
      // Listing needs the workspace too: if it is missing, nothing is known of the token.
      const page = client.listTokens({}, options)[Symbol.asyncIterator]().next();
      return !(await isMissing(page));
    }
    return !isLive(toState((await read).data, clock.now()));
  };

  return {
    async revoke(id, options) {
      if (!isAppliveryId(id)) {
        throw new EnrollmentError("id is not one of Applivery's: they have 24 hexadecimal digits", {
          code: "invalid-request",
          provider,
          path: "id",
        });
      }
      try {
        await client.deleteToken(id, options);
      } catch (error) {
        const refused = EnrollmentError.is(error) && (error.httpStatus === 404 || error.httpStatus === 400);
        if (!refused) throw error;
        if (await isOver(id, options)) return;
        throw error.with({
          message: `the token could not be deleted and is not known to be over: ${error.message}`,
        });
      }
    },
  };
};
