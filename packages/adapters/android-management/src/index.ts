export type { AndroidManagementClient } from "./client.js";
export { androidManagementDescriptor, androidManagementDescriptorFor } from "./descriptor.js";
export {
  parseEnrollmentNotification,
  type EnrollmentNotification,
  type OtherNotification,
} from "./notifications.js";
export {
  androidManagementPlugin,
  createAndroidManagement,
  type AndroidManagementProvider,
} from "./provider.js";
export type {
  AccessTokenSupplier,
  AndroidManagementConfig,
  AndroidManagementExtras,
  AndroidManagementProfile,
  AndroidManagementSettings,
} from "./settings.js";
export type { EnrollmentTokenInput, GoogleAuthenticationOptions } from "./wire.js";
