export type { EsetConnectBehavior, FairUsePolicy } from "./behavior.js";
export type {
  DeploymentFileAttempt,
  EnrollmentAttempt,
  InstallerAttempt,
  LinkAttempt,
} from "./enroll-device.js";
export type { LinkState } from "./link-store.js";
export type { SlowAnswer } from "./pending-results.js";
export type {
  ActiveProduct,
  ApiUserRecord,
  DeploymentFileRecord,
  DevicePlatform,
  DeviceRecord,
  DirectoryUserRecord,
  GroupMembership,
  GroupRecord,
  InstallerRecord,
  LinkedEntity,
  LinkRecord,
} from "./records.js";
export type {
  ApiUserSeed,
  DeviceSeed,
  DirectoryUserSeed,
  EsetConnectSeed,
  EsetConnectSeeded,
  GroupSeed,
} from "./seed.js";
export {
  startEsetConnectSimulator,
  type EnrollmentLinkSnapshot,
  type EsetConnectCredentials,
  type EsetConnectRegion,
  type EsetConnectSimulator,
  type EsetConnectSimulatorOptions,
  type EsetConnectStats,
} from "./simulator.js";
