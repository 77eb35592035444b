export { acmeDescriptor } from "./descriptor.js";
export { acmePlugin, createAcme, type AcmeProvider } from "./provider.js";
export type { AcmeSettings } from "./settings.js";
