export { qrArtifact } from "./qr-artifact.js";
export { qrSymbol, QUIET_ZONE, type QrOptions, type QrSymbol } from "./qr-symbol.js";
export { terminalQr } from "./terminal-qr.js";
