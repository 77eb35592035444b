import { describe, expect, it } from "vitest";
import { fakeProvider } from "../../test/fake-provider.js";
import { findMembers } from "./find-members.js";

const [east, west, north] = ["east", "west", "north"].map((name) => fakeProvider(name).provider);
const providers = [east, west, north].flatMap((provider) => provider ?? []);

describe("findMembers", () => {
  it("has each one that is named, once, in the order of their names", () => {
    const named = ["west", "east", "west"].map((provider, at) => ({
      provider,
      path: `rules[${at}].provider`,
    }));
    expect([...findMembers("devices", named, providers)]).toEqual([
      ["west", west],
      ["east", east],
    ]);
  });

  it("refuses what is not there, and says where it stands and who there is", () => {
    const named = [
      { provider: "west", path: "rules[0].provider" },
      { provider: "wset", path: "rules[1].provider" },
    ];
    const find = () => findMembers("devices", named, providers);
    expect(find).toThrow(
      '"devices": rules[1].provider "wset" is not one of the providers (east, west, north)',
    );
    expect(find).toThrow(
      expect.objectContaining({ code: "invalid-config", path: "rules[1].provider" }) as Error,
    );
  });
});
