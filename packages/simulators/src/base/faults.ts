/** Whether the fault strikes before the simulator has acted on the request, or after: the answer is lost, the deed is done. */
export type FaultMoment = "before" | "after";

/** What goes wrong with one request. */
export type Fault =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Sent as it is; an object is sent as JSON. Default: no body. */
      readonly body?: string | object;
      /** Default: "before". */
      readonly when?: FaultMoment;
    }
  | { readonly kind: "reset"; readonly when: FaultMoment }
  /** Holds the answer back, in real milliseconds, after the simulator has acted. */
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** Acts, then answers 200 with this text instead of the real body. */
  | { readonly kind: "body"; readonly body: string; readonly contentType: string }
  /** Acts, then cuts the real body in half. */
  | { readonly kind: "truncate" }
  /** Acts, then pads the real JSON body with white space to this many bytes. */
  | { readonly kind: "oversize"; readonly bytes: number }
  /** Acts, then adds an unknown member to every object of the real JSON body. */
  | { readonly kind: "unknown-fields" };

/** Which requests a planned fault waits for. Default: every request. */
export interface FaultTarget {
  readonly method?: string;
  /** A path that starts so, or matches. The query is not looked at. */
  readonly path?: string | RegExp;
  /** How many matching requests it strikes. Default: 1. */
  readonly times?: number;
  /** How many matching requests it lets through first. Default: 0. */
  readonly skip?: number;
}

interface PlannedFault<Planned> {
  readonly fault: Planned;
  readonly target: FaultTarget;
  skip: number;
  times: number;
}

const matches = (target: FaultTarget, method: string, path: string) =>
  (target.method === undefined || target.method === method) &&
  (target.path === undefined ||
    (typeof target.path === "string" ? path.startsWith(target.path) : path.search(target.path) >= 0));

/**
 * Faults in the order they were planned; each request takes the first that wants it. A vendor's simulator may plan
 * peculiarities of its own the same way.
 */
export class FaultPlan<Planned = Fault> {
  #planned: PlannedFault<Planned>[] = [];

  add(fault: Planned, target: FaultTarget = {}): void {
    this.#planned.push({ fault, target, skip: target.skip ?? 0, times: target.times ?? 1 });
  }

  take(method: string, path: string): Planned | undefined {
    const next = this.#planned.find(({ target }) => matches(target, method, path));
    if (next === undefined) return undefined;
    if (next.skip > 0) {
      next.skip -= 1;
      return undefined;
    }
    next.times -= 1;
    if (next.times <= 0) this.#planned = this.#planned.filter((planned) => planned !== next);
    return next.fault;
  }

  clear(): void {
    this.#planned = [];
  }
}

const withUnknownFields = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withUnknownFields);
  if (typeof value !== "object" || value === null) return value;
  const known = Object.entries(value).map(([key, member]) => [key, withUnknownFields(member)] as const);
  return { ...Object.fromEntries(known), addedByALaterVersion: { nested: [1, "two"] } };
};

/** The body that a fault makes of the real one. */
export const disfigure = (fault: Fault, text: string): string => {
  switch (fault.kind) {
    case "truncate":
      return text.slice(0, Math.floor(text.length / 2));
    case "oversize":
      return text + " ".repeat(Math.max(0, fault.bytes - Buffer.byteLength(text)));
    case "unknown-fields":
      return text === "" ? text : JSON.stringify(withUnknownFields(JSON.parse(text)));
    case "body":
      return fault.body;
    default:
      return text;
  }
};
