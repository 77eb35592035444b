export type { AppliveryClient, TokenBody, TokenFilter } from "./client.js";
export { appliveryDescriptor } from "./descriptor.js";
export { appliveryPlugin, createApplivery, type AppliveryProvider } from "./provider.js";
export type { AppliveryExtras, AppliveryPresets, AppliverySettings } from "./settings.js";
export type { Token, User } from "./wire.js";
