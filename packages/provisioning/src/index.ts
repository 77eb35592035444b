export { DPC_IDENTIFIER, NFC_MIME_TYPE } from "./android/constants.js";
export {
  provisioningExtrasSchema,
  readProvisioningExtras,
  type ExtraValue,
  type ProvisioningExtras,
} from "./android/extras.js";
export { androidEnrollmentLink } from "./android/link.js";
export {
  deviceUses,
  methodTable,
  provisioningMethods,
  type DeviceUse,
  type ProvisioningMethod,
  type Suitability,
} from "./android/method-table.js";
export { requireMethod, suitableMethods, type DeviceToProvision } from "./android/methods.js";
export { nfcMessage, nfcProperties } from "./android/nfc.js";
export { androidProvisioningPayload, withProvisioningExtras } from "./android/payload.js";
export {
  eapMethods,
  innerAuthentications,
  type EapMethod,
  type EapNetwork,
  type InnerAuthentication,
  type OpenNetwork,
  type PasswordNetwork,
  type WepNetwork,
  type WifiNetwork,
  type WifiProxy,
} from "./android/wifi.js";
export { zeroTouchExtras, type ZeroTouchExtras } from "./android/zero-touch.js";
export type { QrMedium } from "./qr/error-correction.js";
export { QUIET_ZONE, type QrOptions } from "./qr/modules.js";
export { qrPng, type QrPngOptions } from "./qr/png.js";
export { qrArtifact } from "./qr/qr-artifact.js";
export { qrSymbol, type QrSymbol } from "./qr/qr-symbol.js";
export { qrSvg } from "./qr/svg.js";
export { terminalQr } from "./qr/terminal-qr.js";
export { sheet, sheetHtml, sheetLayouts, type SheetLayout, type SheetOptions } from "./sheet/sheet.js";
export { textsFor } from "./texts/texts-for.js";
export { entrances, type Entrance, type Instructions, type Texts } from "./texts/texts.js";
export { validUntil, type Reader } from "./texts/valid-until.js";
export { wayIn, type WayIn } from "./texts/way-in.js";
