/** What guards have thrown, as far as it can be told apart. */
const refusals = new WeakSet();

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Nothing was sent, because a guard threw. It carries what that threw past everything that reads or changes errors. */
export class WithheldRequest extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super("the guard let nothing leave");
    this.name = "WithheldRequest";
    this.reason = reason;
    if (isObject(reason)) refusals.add(reason);
  }
}

/** Whether a guard has thrown this: no other way must be tried then, and it goes to the caller as it is. */
export const isRefusal = (error: unknown): boolean => isObject(error) && refusals.has(error);
