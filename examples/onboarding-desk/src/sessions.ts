import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Something to say once, on the next page. */
export interface Notice {
  readonly tone: "good" | "bad";
  readonly text: string;
}

/** Browsers that a notice waits for; with one more, the oldest goes unsaid. */
const remembered = 1_000;

/**
 * Ties forms to the browser that they were shown in, and signs nobody in. A browser keeps a random id in a cookie; each form
 * carries what only this process can make of that id.
 */
export const createSessions = () => {
  const key = randomBytes(32);
  const notices = new Map<string, Notice>();
  const tokenOf = (id: string): string => createHmac("sha256", key).update(id).digest("base64url");

  return {
    /** The id for a new browser. */
    newId: (): string => randomBytes(32).toString("base64url"),
    isId: (id: string | undefined): id is string => id !== undefined && /^[\w-]{43}$/.test(id),
    /** What stands in the forms of a browser. */
    tokenOf,
    isTokenOf: (id: string, given: string): boolean => {
      const [one, other] = [Buffer.from(tokenOf(id)), Buffer.from(given)];
      return one.length === other.length && timingSafeEqual(one, other);
    },
    leaveNotice: (id: string, notice: Notice): void => {
      notices.delete(id);
      notices.set(id, notice);
      const [oldest] = notices.keys();
      if (oldest !== undefined && notices.size > remembered) notices.delete(oldest);
    },
    takeNotice: (id: string): Notice | undefined => {
      const notice = notices.get(id);
      notices.delete(id);
      return notice;
    },
  };
};

export type Sessions = ReturnType<typeof createSessions>;
