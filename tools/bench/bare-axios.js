import http from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { insist } from "./results.js";

const requireFromHttp = createRequire(new URL("../../packages/http/package.json", import.meta.url));
const { default: axios } = await import(pathToFileURL(requireFromHttp.resolve("axios")));

/**
 * The create of an enrollment token that somebody writes who needs no more than axios: the options of
 * `@enrollkit/http`, and nothing of what it does beside.
 */
export const bareAxiosAt = ({ url, accessToken, enterpriseId, body }) => {
  const client = axios.create({
    adapter: "http",
    baseURL: url,
    headers: { authorization: `Bearer ${accessToken}` },
    httpAgent: new http.Agent({ keepAlive: true, scheduling: "lifo" }),
    maxContentLength: 16 * 1024 * 1024,
    maxRedirects: 0,
    proxy: false,
    timeout: 60_000,
  });
  const path = `/v1/enterprises/${enterpriseId}/enrollmentTokens`;
  return async () => {
    const { data } = await client.post(path, JSON.parse(body));
    insist(typeof data.qrCode === "string", "axios got no token");
  };
};
