import { onTestFinished } from "vitest";
import { manualClock } from "../src/base/clock.js";
import { startEsetConnectSimulator, } from "../src/eset-connect/index.js";
/** A simulator for one test, on a clock that stands still. */
export const simulate = async (options = {}) => {
    const simulator = await startEsetConnectSimulator({ clock: manualClock(), ...options });
    onTestFinished(() => simulator.close());
    return simulator;
};
const send = async (url, init) => {
    const response = await fetch(url, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
};
/** Calls `"POST deviceManagement/v1/devices:batchImport"`. */
export const call = (simulator, operation, { body, headers, token = simulator.issueAccessToken() } = {}) => {
    const [method = "", target = ""] = operation.split(" ");
    const domain = target.slice(0, target.indexOf("/"));
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
export const requestToken = (simulator, form) => send(`${simulator.baseUrls.businessAccount}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams(form),
});
/** The JSON of an answer. */
export const json = ({ text }) => JSON.parse(text);
/** Imports mobile devices into the ready-made group. */
export const importDevices = async (simulator, ...displayNames) => {
    const body = {
        devices: displayNames.map((displayName) => ({ displayName, isMobile: true })),
        parentGroupUuid: simulator.groupUuids.mobileDevices,
    };
    const { devices } = json(await call(simulator, "POST deviceManagement/v1/devices:batchImport", { body }));
    return displayNames.flatMap((name) => devices.filter(({ displayName }) => displayName === name));
};
export const linksOperation = "POST mobileDeviceManagement/v1/mobile-devices:batchGetEnrollmentLinks";
/** The link of one new device. */
export const issueLink = async (simulator, deviceUuid) => {
    const answer = await call(simulator, linksOperation, { body: { deviceUuids: [deviceUuid] } });
    const link = json(answer).enrollmentLinks[deviceUuid];
    if (link === undefined)
        throw new Error(`no link in ${answer.text}`);
    return link.uri;
};
