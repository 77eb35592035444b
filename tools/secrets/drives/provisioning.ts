import { Secret, type Enrollment } from "@enrollkit/core";
import {
  androidEnrollmentLink,
  androidProvisioningPayload,
  nfcMessage,
  nfcProperties,
  provisioningExtrasSchema,
  qrArtifact,
  qrPng,
  qrSvg,
  qrSymbol,
  readProvisioningExtras,
  requireMethod,
  sheet,
  sheetHtml,
  suitableMethods,
  terminalQr,
  textsFor,
  validUntil,
  wayIn,
  withProvisioningExtras,
  zeroTouchExtras,
  type DeviceToProvision,
  type ProvisioningExtras,
  type ProvisioningMethod,
} from "@enrollkit/provisioning";
import type * as provisioning from "@enrollkit/provisioning";
import { pasted, planted } from "../canaries.js";
import { textOfPng, textOfSymbol } from "../pictures.js";
import { at, attempts, CONSTANT, withPasted, type Attempt, type Drives } from "./drive.js";
import { androidEnrollment, emptyEnrollment, enrollment, payloadText } from "./enrollments.js";

const extras: ProvisioningExtras = {
  wifi: { ssid: "Office", password: new Secret(planted.wifiPassword) },
  locale: "de_DE",
};

/** Extras in which the secret is in the wrong place. */
const wrongExtras = (text: string): readonly unknown[] => [
  text,
  { [text]: text },
  { wifi: { ssid: "Office", password: text, [text]: text } },
  { wifi: { ssid: text.repeat(3), password: `${text}${text}${text}` } },
  { wifi: { ssid: "Office", security: text, password: text } },
  { locale: text, timeZone: text },
  { other: { [text]: [text] } },
  { replace: [text], other: { "android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE": text } },
];

const withWrongExtras = (call: (extras: ProvisioningExtras) => unknown): readonly Attempt[] =>
  pasted.flatMap((text) =>
    wrongExtras(text).map((wrong) => ({ call: () => call(wrong as ProvisioningExtras) })),
  );

const reader = { timeZone: "Europe/Berlin" };
const payload = () => androidProvisioningPayload(androidEnrollment(), extras);
const withoutName: Enrollment = enrollment({ recipient: { email: planted.email } });

const tooMuch = new Secret(payloadText.repeat(20));

export const drives: Drives<typeof provisioning> = {
  DPC_IDENTIFIER: CONSTANT,
  NFC_MIME_TYPE: CONSTANT,
  provisioningExtrasSchema: pasted.flatMap((text) =>
    wrongExtras(text).flatMap((wrong) =>
      at("schemaError", () => provisioningExtrasSchema.safeParse(wrong).error),
    ),
  ),
  readProvisioningExtras: [
    ...attempts(() => readProvisioningExtras({ wifi: { ssid: "Office", password: planted.wifiPassword } })),
    ...pasted.flatMap((text) =>
      wrongExtras(text).map((wrong) => ({ call: () => thrownBy(() => readProvisioningExtras(wrong)) })),
    ),
  ],
  androidEnrollmentLink: attempts(
    () => androidEnrollmentLink(new Secret(planted.enrollmentToken)),
    () => androidEnrollmentLink(new Secret("[redacted]")),
  ),
  deviceUses: CONSTANT,
  methodTable: CONSTANT,
  provisioningMethods: CONSTANT,
  requireMethod: withPasted((text) => {
    requireMethod(
      "qr-code" as ProvisioningMethod,
      { management: text, ownership: text } as unknown as DeviceToProvision,
    );
  }),
  suitableMethods: attempts(() => suitableMethods({ management: "fully-managed", ownership: "personal" })),
  nfcMessage: attempts(
    () => nfcMessage(payload()),
    () => nfcMessage(new Secret(planted.enrollmentToken)),
  ),
  nfcProperties: [
    ...attempts(() => nfcProperties(payload())),
    ...withPasted((text) => nfcProperties(new Secret(text))),
    ...withPasted((text) => nfcProperties(new Secret(JSON.stringify({ [text]: [text] })))),
  ],
  androidProvisioningPayload: [
    ...attempts(payload, () => androidProvisioningPayload(enrollment(), extras)),
    ...withWrongExtras((wrong) => androidProvisioningPayload(androidEnrollment(), wrong)),
  ],
  withProvisioningExtras: attempts(
    () => withProvisioningExtras(androidEnrollment(), extras),
    () => withProvisioningExtras(emptyEnrollment, extras),
  ),
  eapMethods: CONSTANT,
  innerAuthentications: CONSTANT,
  zeroTouchExtras: attempts(
    () => zeroTouchExtras(androidEnrollment()),
    () => zeroTouchExtras(androidEnrollment(), extras),
    () => zeroTouchExtras(enrollment()),
  ),
  QUIET_ZONE: CONSTANT,
  qrPng: [...at("picture", () => textOfPng(qrPng(payload()))), ...attempts(() => qrPng(tooMuch))],
  qrArtifact: attempts(() => qrArtifact(androidEnrollment())),
  qrSymbol: [
    ...at("picture", () => textOfSymbol(qrSymbol(payload()))),
    ...attempts(
      () => qrSymbol(tooMuch),
      () => qrSymbol(new Secret("")),
      () => qrSymbol(new Secret(planted.enrollmentToken), { errorCorrection: planted.accessToken as "low" }),
    ),
  ],
  qrSvg: attempts(
    () => qrSvg(payload()),
    () => qrSvg(tooMuch),
  ),
  terminalQr: attempts(
    () => terminalQr(payload()),
    () => terminalQr(tooMuch),
  ),
  sheet: [
    ...at("sheetHtml", () => sheet([enrollment(), androidEnrollment(), withoutName], reader)),
    ...attempts(() => thrownByAsync(sheet([emptyEnrollment], reader))),
  ],
  sheetHtml: [
    ...at("sheetHtml", () => sheetHtml([enrollment()], { ...reader, layout: "labels" })),
    ...attempts(() => sheetHtml([emptyEnrollment], reader)),
    ...withPasted((text) => sheetHtml([], { timeZone: text, language: text, layout: text as "pages" })),
  ],
  sheetLayouts: CONSTANT,
  textsFor: withPasted((text) => textsFor(text)),
  entrances: CONSTANT,
  validUntil: withPasted((text) => validUntil({ expiresAt: "never" }, { timeZone: text, language: text }, 0)),
  wayIn: attempts(
    () => wayIn(androidEnrollment()),
    () => wayIn(emptyEnrollment),
  ),
};

/** What a call throws; what it returns is none of a failure's business. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}

async function thrownByAsync(items: AsyncIterable<unknown>): Promise<unknown> {
  try {
    for await (const item of items) if (item === undefined) break;
    return undefined;
  } catch (error) {
    return error;
  }
}
