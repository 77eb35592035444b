/** A mistake on the command line or in a file, told in the person's own terms. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** What to change. */
  readonly advice: string | undefined;

  constructor(message: string, advice?: string) {
    super(message);
    this.advice = advice;
  }
}
