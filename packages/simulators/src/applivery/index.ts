export type { AppliveryBehavior } from "./behavior.js";
export { EnrollmentRefused, type AppliveryEnrollingDevice } from "./device-enrollment.js";
export type {
  AppliveryEnrollmentState,
  AppliveryFeature,
  AppliveryPlatform,
  AppliveryRole,
  PolicyAssignment,
} from "./records.js";
export type {
  AppleAssetSeed,
  AppliveryCredentials,
  AppliveryCredentialSeed,
  AppliveryDeviceSeed,
  AppliveryEnrollmentSeed,
  AppliveryOrganization,
  AppliveryOrganizationSeed,
  AppliveryPolicySeed,
  AppliverySeed,
  AppliverySeeded,
  AppliverySegmentSeed,
  AppliveryUserSeed,
} from "./seed.js";
export {
  startAppliverySimulator,
  type AppliverySimulator,
  type AppliverySimulatorOptions,
  type AppliveryStats,
} from "./simulator.js";
export type {
  AppliveryDevice,
  AppliveryEnrollment,
  AppliveryMail,
  AppliveryPolicy,
  AppliveryUser,
} from "./snapshots.js";
