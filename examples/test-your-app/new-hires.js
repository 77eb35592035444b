import { createReliably, EnrollmentError, remaining } from "@enrollkit/core";

/**
 * The app under test: hands out enrollments to new hires, and reminds those who are late.
 *
 * @param provider - any EnrollmentProvider.
 * @param mail - sends a text to an address.
 * @param clock - where time comes from; a test hands in its own.
 */
export const createNewHires = ({ provider, mail, clock }) => {
  const open = new Map();
  return {
    /** @returns whether the person got an enrollment; false: the vendor has no room today, ask again tomorrow. */
    async welcome(email) {
      const request = { key: email, recipient: { email }, validFor: "P7D" };
      try {
        // Asks the vendor what became of a create whose answer was lost, before it sends another.
        const enrollment = await createReliably(provider, request, { clock });
        open.set(email, enrollment);
        await mail(email, "Your phone is waiting for you.");
        return true;
      } catch (error) {
        if (EnrollmentError.is(error) && error.code === "quota-exceeded") return false;
        throw error;
      }
    },

    /** Reminds everybody whose enrollment is unused and ends within a day. @returns how many. */
    async remind() {
      let reminded = 0;
      const statuses = await provider.tracking.getStatuses([...open.values()]);
      for (const [place, [email, enrollment]] of [...open].entries()) {
        if (statuses[place].state !== "pending") open.delete(email);
        else if (remaining(enrollment, clock.now()).as("hours") <= 24) {
          await mail(email, "Your phone is still waiting, until tomorrow.");
          reminded += 1;
        }
      }
      return reminded;
    },
  };
};
