import { EnrollmentError, type CallOptions, type Recipient, type RecipientDirectory } from "@enrollkit/core";
import type { Answer, AppliveryClient } from "./client.js";
import { toRecipient } from "./mapping.js";
import { lookUntil, type Patience } from "./visibility.js";
import type { User } from "./wire.js";

/** The vendor's code for a second user of one address. */
const userExists = 5048;

/** Finds people among the vendor's MDM users, and makes them. */
export const createPeople = (client: AppliveryClient, patience: Patience) => {
  /** Whether the last person was new. Lists of people are mostly of one kind, and a right guess saves a call. */
  let expectsNew = false;

  const find = async (email: string, options?: CallOptions): Promise<User | undefined> => {
    const lowerCase = email.toLowerCase();
    // Whether the vendor's filter is exact, and whether it minds the case, is not stated: this end compares.
    for (const spelling of new Set([email, lowerCase])) {
      for await (const user of client.listUsers({ email: spelling }, options)) {
        if (user.email.toLowerCase() === lowerCase) return user;
      }
    }
    return undefined;
  };

  const ensure = async (
    { email, name }: Recipient & { readonly email: string },
    options?: CallOptions,
  ): Promise<Answer<User>> => {
    // Whether the vendor refuses a second spelling of an address that it knows in small letters, is not stated.
    if (!expectsNew || email !== email.toLowerCase()) {
      const known = await find(email, options);
      expectsNew = known === undefined;
      if (known !== undefined) return { data: known, requestIds: [] };
    }
    try {
      return await client.createUser({ email, name }, options);
    } catch (error) {
      expectsNew = false;
      if (!EnrollmentError.is(error) || Number(error.vendorCode) !== userExists) throw error;
      // The guess was wrong, somebody was faster, or the vendor had made it before its first answer was lost.
      const user = await lookUntil(() => find(email, options), Boolean, patience, options);
      if (user !== undefined) return { data: user, requestIds: [] };
      throw error.with({ message: "Applivery says that the person is an MDM user, and does not list one" });
    }
  };

  return { find, ensure };
};

export type People = ReturnType<typeof createPeople>;

export const createRecipientDirectory = (client: AppliveryClient, people: People): RecipientDirectory => ({
  async *list(options) {
    for await (const user of client.listUsers({}, options)) yield toRecipient(user);
  },
  find: async (email, options) => {
    const user = await people.find(email, options);
    return user && toRecipient(user);
  },
  ensure: async (recipient, options) => toRecipient((await people.ensure(recipient, options)).data),
});
