import type { ProviderRuntime, VendorCall } from "@enrollkit/core";
import type { Watch } from "./watch.js";

/** A runtime whose every listener is overheard: a new kind of listener is added here, and nowhere else. */
export const overheardRuntime = (
  watch: Watch,
  step: () => string,
  runtime: ProviderRuntime = {},
): ProviderRuntime => ({
  ...runtime,
  onCall: (call: VendorCall) => {
    watch.lookAt(`onCall of ${step()}`, call);
  },
});
