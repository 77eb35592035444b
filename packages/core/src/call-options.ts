/** Taken by every method that touches the network. */
export interface CallOptions {
  /** Stops the call; it then rejects with the signal's reason, untouched. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of a create. */
export interface CreateOptions extends CallOptions {
  /**
   * What to do about a wish that the vendor cannot honour.
   *
   * - `reject` (default): refuse the request, before anything is sent
   * - `warn`: drop the wish and say so in the result's `warnings`
   */
  readonly onUnsupported?: "reject" | "warn" | undefined;
}
