/** What became of a mail that was begun. `unknown`: the server may or may not have taken it. */
export type MailResult = "sent" | "failed" | "unknown";

/** What a journal answers to an intent: only `begun` allows to send. */
export type MailStanding = "begun" | "already-sent" | "in-doubt";

/**
 * Remembers which mails went out, so that nobody gets one twice. It knows fingerprints only: no address, no secret.
 * Implement it over a database to share it among machines; both methods must be durable when they return.
 */
export interface MailJournal {
  /**
   * Records the intent to send, before anything is sent. A mail whose intent was recorded and whose result was not, or
   * is `unknown`, is in doubt.
   *
   * @param inDoubt - `leave`: do not begin a mail that is in doubt; `resend`: begin it again.
   */
  begin(fingerprint: string, inDoubt: "leave" | "resend"): Promise<MailStanding>;
  /** Records what became of it. A `failed` one may begin again. */
  finish(fingerprint: string, result: MailResult): Promise<void>;
}

/** What a journal holds, and what it answers: the same for every kind. */
export const createStandings = () => {
  const standings = new Map<string, "sent" | "in-doubt">();
  return {
    ask: (fingerprint: string, inDoubt: "leave" | "resend"): MailStanding => {
      const standing = standings.get(fingerprint);
      if (standing === "sent") return "already-sent";
      return standing === "in-doubt" && inDoubt === "leave" ? "in-doubt" : "begun";
    },
    record: (fingerprint: string, event: "begun" | MailResult): void => {
      if (event === "failed") standings.delete(fingerprint);
      else standings.set(fingerprint, event === "sent" ? "sent" : "in-doubt");
    },
  };
};

/** A journal that is forgotten with the process. It keeps one run, or several, from mailing anybody twice. */
export const createMemoryJournal = (): MailJournal => {
  const standings = createStandings();
  return {
    begin: (fingerprint, inDoubt) => {
      const standing = standings.ask(fingerprint, inDoubt);
      if (standing === "begun") standings.record(fingerprint, "begun");
      return Promise.resolve(standing);
    },
    finish: (fingerprint, result) => {
      standings.record(fingerprint, result);
      return Promise.resolve();
    },
  };
};
