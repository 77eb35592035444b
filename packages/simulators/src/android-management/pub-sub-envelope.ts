/** A message as Pub/Sub pushes it: https://developers.google.com/android/management/notifications */
export interface PubSubEnvelope {
  readonly message: {
    readonly messageId: string;
    readonly publishTime: string;
    readonly attributes: { readonly notificationType: "ENROLLMENT" | "STATUS_REPORT" | "test" };
    /** Base64 of the UTF-8 JSON of a device; absent from a test message. */
    readonly data?: string;
  };
  readonly subscription: string;
}
