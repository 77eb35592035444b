export {
  createProviders,
  createService,
  readConfig,
  type ConfigOptions,
  type EnrollKitConfig,
  type ProviderConfig,
} from "./config.js";
export { readConfigFile } from "./config-file.js";
export {
  EnrollmentProviderId,
  EnrollmentServiceId,
  enrollmentModule,
  injectEnrollmentService,
  injectProvider,
  serviceId,
  type EnrollmentModuleOptions,
} from "./container.js";
export { configJsonSchema } from "./json-schema.js";
export { readSettingsFile, type SettingsFileOptions } from "./settings-file.js";
