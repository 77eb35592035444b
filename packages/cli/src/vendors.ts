import type { ProviderPlugin } from "@enrollkit/core";

/** Every vendor that the command knows. Loaded only when needed: `--help` and `--version` answer at once. */
export const loadPlugins = async (): Promise<readonly ProviderPlugin[]> => {
  const [eset, android, applivery] = await Promise.all([
    import("@enrollkit/eset-connect"),
    import("@enrollkit/android-management"),
    import("@enrollkit/applivery"),
  ]);
  return [eset.esetConnectPlugin, android.androidManagementPlugin, applivery.appliveryPlugin];
};
