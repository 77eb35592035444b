export { createEnrollments, type BulkOptions } from "./bulk/create-enrollments.js";
export { importDevices } from "./bulk/import-devices.js";
export type { BulkProgress } from "./bulk/progress.js";
export { createRequestValidator, type ProviderChoice } from "./bulk/validate-requests.js";
export { systemClock, type Clock } from "./clock.js";
export { routingRuleSchema, type RoutingConditions, type RoutingRule } from "./composite/conditions.js";
export {
  accountsOf,
  destinationOf,
  overAccounts,
  type Destination,
  type RoutingStep,
} from "./composite/destination.js";
export { createFallback, DEFAULT_PATIENCE, type FallbackOptions } from "./composite/fallback.js";
export { createRouter, type RouterOptions } from "./composite/router.js";
export { findRuleProblems, type RuleProblem } from "./composite/shares.js";
export { createReliably, type ReliableOptions } from "./create-reliably.js";
export {
  describedFields,
  roleNames,
  type BatchAtomicity,
  type BatchLimits,
  type DescribedField,
  type FieldSupport,
  type LifetimeLimits,
  type ProviderDescriptor,
  type Quota,
  type RoleName,
} from "./descriptor.js";
export {
  describeDuration,
  durationFrom,
  durationLength,
  parseDuration,
  toIsoDuration,
  type DurationInput,
  type IsoDuration,
} from "./duration.js";
export {
  enrollmentSchema,
  enrollmentStates,
  enrollmentStatusSchema,
  enrollmentSummarySchema,
  findArtifact,
  revealEnrollment,
  type ArtifactKind,
  type Enrollment,
  type EnrollmentArtifact,
  type EnrollmentScope,
  type EnrollmentState,
  type EnrollmentStatus,
  type EnrollmentSummary,
  type EnrollmentWarning,
} from "./enrollment.js";
export {
  EnrollmentError,
  enrollmentErrorCodes,
  enrollmentErrorSchema,
  mayAnswerLater,
  toEnrollmentError,
  type EnrollmentErrorCode,
  type EnrollmentErrorDetails,
} from "./errors.js";
export { expiryWarning, isExpired, remaining } from "./expiry.js";
export {
  instantMilliseconds,
  isIsoInstant,
  LAST_INSTANT,
  parseInstant,
  toIsoInstant,
  type IsoInstant,
} from "./instant.js";
export { describeIssue, formatPath, parseInput } from "./invalid-request.js";
export {
  enrollmentOutcomeSchema,
  failureOf,
  keyOf,
  missingResult,
  importOutcomeSchema,
  type EnrollmentOutcome,
  type EnrollmentResult,
  type Failure,
  type ImportedDevice,
  type ImportOutcome,
  type ImportResult,
} from "./outcome.js";
export type {
  LifecycleHooks,
  OperationOutcome,
  OutcomeCount,
  ProviderOperation,
  QueueChange,
  VendorCall,
  VendorCallFailure,
  VendorPause,
  VendorRequest,
  VendorRetry,
} from "./hooks/lifecycle-hooks.js";
export { logHooks, type Logger } from "./hooks/log-hooks.js";
export { observeProvider, type ObserveOptions } from "./hooks/observe-provider.js";
export { combineHooks, tellHooks } from "./hooks/tell-hooks.js";
export type { ProviderPlugin, ProviderRuntime } from "./plugin.js";
export type { CallOptions, CreateOptions } from "./call-options.js";
export {
  supports,
  type CheckFinding,
  type CheckReport,
  type Composition,
  type CompositionRule,
  type EnrollmentProvider,
  type Routing,
  type WithRole,
} from "./provider.js";
export {
  deliveries,
  deviceToImportSchema,
  enrollmentRequestSchema,
  managementModes,
  ownerships,
  platforms,
  type Delivery,
  type DeviceReference,
  type DeviceToImport,
  type EnrollmentRequest,
  type ManagementMode,
  type Ownership,
  type Platform,
  type Recipient,
  type Uses,
} from "./request.js";
export { resolveRequest, type ResolvedRequest } from "./resolve-request.js";
export type {
  BulkEnrollment,
  DeploymentFile,
  DeploymentFileRequest,
  DeploymentFiles,
  DeviceGroup,
  DeviceGroupCatalog,
  DeviceImport,
  EnrollmentListing,
  EnrollmentRetrieval,
  EnrollmentRevocation,
  EnrollmentTracking,
  LostAttempt,
  Policy,
  PolicyCatalog,
  ReconciledAttempt,
  ReconcileOptions,
  Reconciliation,
  RecipientDirectory,
  TrackedEnrollment,
  VendorRecipient,
} from "./roles.js";
export {
  checkReportSchema,
  deploymentFileSchema,
  deviceGroupSchema,
  policySchema,
  reconciledAttemptSchema,
  vendorRecipientSchema,
} from "./role-schemas.js";
export { isName, quote } from "./quote.js";
export { REDACTED, Secret } from "./secret.js";
export {
  EnrollmentService,
  type ByProvider,
  type EnrollmentReference,
  type EnrollmentServiceOptions,
  type Route,
} from "./service.js";
export { REFERENCE_SETTING, SECRET_SETTING, secretSetting, urlSetting } from "./settings.js";
