import { describe, expect, it } from "vitest";
import { beginCall, vendorRequestOf } from "./call-hooks.js";

const requestTo = (address: string) => {
  const url = new URL(address);
  const wire = { method: "GET", url, host: url.hostname, path: url.pathname } as unknown as Parameters<
    typeof vendorRequestOf
  >[1];
  return vendorRequestOf("phones", wire, 2);
};

describe("what hooks are told of a try", () => {
  it.each([
    ["https://api.example.com/v1/devices", 443],
    ["http://api.example.com/v1/devices", 80],
    ["http://api.example.com:8080/v1/devices", 8080],
  ])("%s goes to port %d", (address, port) => {
    expect(requestTo(address)).toEqual({
      provider: "phones",
      method: "GET",
      host: "api.example.com",
      port,
      path: "/v1/devices",
      attempt: 2,
    });
  });

  it("its end comes with how long it took, and with the very request that its beginning told of", () => {
    const heard: unknown[] = [];
    let now = 100;
    const request = requestTo("https://api.example.com/");
    const end = beginCall(
      {
        onRequest: (...event) => heard.push(event),
        onResponse: (...event) => heard.push(event),
      },
      request,
      () => now,
    );
    now = 350;
    end({ status: 200, requestId: "r-1" });
    expect(heard).toEqual([
      [request],
      [{ ...request, status: 200, requestId: "r-1", duration: 250 }, request],
    ]);
  });
});
