import { expect, it } from "vitest";
import { simulatedVendor } from "./vendor.js";

it("lists every live token, also while each is revoked as it comes", async () => {
  const { simulator, provider, clock } = await simulatedVendor();
  try {
    Object.assign(simulator.behavior, { maximumPageSize: 10, pageSizeAboveMaximum: "clamp" });
    const people = Array.from({ length: 35 }, (_, index) => ({ email: `person-${index}@example.com` }));
    const { enrollments } = simulator.seed({ enrollments: people });
    const [expired] = simulator.seed({
      enrollments: [{ email: "late@example.com", duration: 60 }],
    }).enrollments;
    clock.advance(60_000);

    const seen: string[] = [];
    for await (const { id } of provider.listing.list()) {
      seen.push(id);
      await provider.revocation.revoke(id);
    }
    expect(seen).toEqual(enrollments.map(({ id }) => id));
    expect(seen).not.toContain(expired?.id);
    for await (const { id } of provider.listing.list()) expect.unreachable(`${id} is still listed`);
  } finally {
    await simulator.close();
  }
});
