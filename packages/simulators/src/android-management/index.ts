export { defaultBehavior, type AndroidManagementBehavior } from "./behavior.js";
export type { ServiceAccountKey } from "./credentials.js";
export type { DeviceHardware } from "./devices.js";
export type { EnrollingDevice } from "./enrollment.js";
export type { EnrollmentTokenStatus } from "./enrollment-tokens.js";
export type { PubSubEnvelope } from "./pub-sub-envelope.js";
export { androidManagementFaults } from "./ready-faults.js";
export type { AndroidManagementDevice, AndroidManagementEnrollmentToken } from "./resources.js";
export type { AndroidManagementSeed, AndroidManagementSeeded } from "./seed.js";
export {
  startAndroidManagementSimulator,
  type AccessTokenRequest,
  type AndroidManagementEnrollment,
  type AndroidManagementSimulator,
  type AndroidManagementSimulatorOptions,
  type AndroidManagementStats,
} from "./simulator.js";
export type { RequestQuota } from "./state.js";
