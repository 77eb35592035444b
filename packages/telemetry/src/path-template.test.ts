import { expect, it } from "vitest";
import { pathTemplate } from "./path-template.js";

it.each([
  ["/v1/enterprises/LC01abcdef/enrollmentTokens", "/v1/enterprises/{id}/enrollmentTokens"],
  ["/v1/devices:batchImport", "/v1/devices:batchImport"],
  ["/v1/devices/0b7c5d1e-8f6b-4a58-a2a3-a5e8d29b8a10:move", "/v1/devices/{id}:move"],
  ["/v2beta1/users/[redacted]", "/v2beta1/users/{id}"],
  [
    "/v1/organizations/acme/mdm/apple/enterprise/enrollment-tokens/65a1b2c3d4e5f60718293b01",
    "/v1/organizations/acme/mdm/apple/enterprise/enrollment-tokens/{id}",
  ],
  ["/users/a%40b", "/users/{id}"],
  ["/", "/"],
])("%s is %s", (path, template) => {
  expect(pathTemplate(path)).toBe(template);
});
