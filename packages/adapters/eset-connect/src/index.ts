export type { EsetConnectClient, EsetDeviceToImport, EsetPage } from "./client.js";
export { esetConnectDescriptor } from "./descriptor.js";
export { createEsetConnect, esetConnectPlugin, type EsetConnectProvider } from "./provider.js";
export {
  esetRegions,
  type EsetBaseUrls,
  type EsetConnectExtras,
  type EsetConnectSettings,
} from "./settings.js";
export type { EsetDevice, EsetDeviceGroup, EsetEnrollmentLink, EsetGroupMember, RpcStatus } from "./wire.js";
