/** Whether a fault strikes before the vendor has acted on a call, or after: the answer is lost, the deed is done. */
export type FaultMoment = "before" | "after";

/** What goes wrong with one call to a vendor. */
export type VendorFault =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Sent as it is; an object is sent as JSON. Default: no body. */
      readonly body?: string | object;
      /** Default: `before`. */
      readonly when?: FaultMoment;
    }
  /** The connection breaks. */
  | { readonly kind: "reset"; readonly when: FaultMoment }
  /** The vendor acts, and holds the answer back for so many real milliseconds. */
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** The vendor acts, and answers 200 with this text instead of its real body. */
  | { readonly kind: "body"; readonly body: string; readonly contentType: string }
  /** The vendor acts, and half of the real body arrives. */
  | { readonly kind: "truncate" }
  /** The vendor acts, and pads the real JSON body with white space to this many bytes. */
  | { readonly kind: "oversize"; readonly bytes: number }
  /** The vendor acts, and adds a member that nobody knows to every object of the real JSON body. */
  | { readonly kind: "unknown-fields" };

/** `create`: the call that issues an enrollment. `any`: any call, except one for an access token. */
export type FaultTarget = "create" | "any";
