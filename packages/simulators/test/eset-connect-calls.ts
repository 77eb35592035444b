import { onTestFinished } from "vitest";
import { manualClock } from "../src/base/clock.js";
import {
  startEsetConnectSimulator,
  type EsetConnectSimulator,
  type EsetConnectSimulatorOptions,
} from "../src/eset-connect/index.js";

/** A simulator for one test, on a clock that stands still. */
export const simulate = async (options: EsetConnectSimulatorOptions = {}): Promise<EsetConnectSimulator> => {
  const simulator = await startEsetConnectSimulator({ clock: manualClock(), ...options });
  onTestFinished(() => simulator.close());
  return simulator;
};

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface CallDetails {
  /** An object is sent as JSON, a text as it is. */
  readonly body?: string | object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: a fresh one of the ready-made API user. */
  readonly token?: string;
}

const send = async (url: string, init: RequestInit): Promise<Answer> => {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
};

/** Calls `"POST deviceManagement/v1/devices:batchImport"`. */
export const call = (
  simulator: EsetConnectSimulator,
  operation: string,
  { body, headers, token = simulator.issueAccessToken() }: CallDetails = {},
): Promise<Answer> => {
  const [method = "", target = ""] = operation.split(" ");
  const domain = target.slice(0, target.indexOf("/")) as keyof EsetConnectSimulator["baseUrls"];
  return send(`${simulator.baseUrls[domain]}${target.slice(domain.length)}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
};

/** Posts a form to the token endpoint. */
export const requestToken = (
  simulator: EsetConnectSimulator,
  form: Readonly<Record<string, string>>,
): Promise<Answer> =>
  send(`${simulator.baseUrls.businessAccount}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams(form),
  });

/** The JSON of an answer. */
export const json = ({ text }: Answer): unknown => JSON.parse(text);

export interface WireDevice {
  readonly uuid: string;
  readonly displayName: string;
  readonly isMobile: boolean;
  readonly enrollmentStatus: string;
  readonly parentGroupUuid: string;
}

export interface ImportAnswer {
  readonly devices: readonly WireDevice[];
  readonly errors: Readonly<Record<string, { code: number; message: string; details: unknown[] }>>;
}

export type LinkAnswer = Readonly<
  Record<"enrollmentLinks", Record<string, { uri: string; expireTime: string }>>
>;

/** Imports mobile devices into the ready-made group. */
export const importDevices = async (
  simulator: EsetConnectSimulator,
  ...displayNames: string[]
): Promise<readonly WireDevice[]> => {
  const body = {
    devices: displayNames.map((displayName) => ({ displayName, isMobile: true })),
    parentGroupUuid: simulator.groupUuids.mobileDevices,
  };
  const { devices } = json(
    await call(simulator, "POST deviceManagement/v1/devices:batchImport", { body }),
  ) as ImportAnswer;
  return displayNames.flatMap((name) => devices.filter(({ displayName }) => displayName === name));
};

export const linksOperation = "POST mobileDeviceManagement/v1/mobile-devices:batchGetEnrollmentLinks";

/** The link of one new device. */
export const issueLink = async (simulator: EsetConnectSimulator, deviceUuid: string): Promise<string> => {
  const answer = await call(simulator, linksOperation, { body: { deviceUuids: [deviceUuid] } });
  const link = (json(answer) as LinkAnswer).enrollmentLinks[deviceUuid];
  if (link === undefined) throw new Error(`no link in ${answer.text}`);
  return link.uri;
};
