import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { openJobQueue } from "../../src/work/job-queue.js";
import { describeOnBothBackEnds } from "../support/storages.js";

describeOnBothBackEnds("the queue of a new ledger", (openStorage) => {
  // Its tables are made by whoever is first; the others must neither trip over that nor wait for one who waits for them.
  it.each(Array.from({ length: 5 }, (_, round) => round))("is opened by many at once, round %s", async () => {
    const storages = await Promise.all(Array.from({ length: 8 }, () => openStorage()));
    const queues = await Promise.all(storages.map(openJobQueue));
    const id = randomUUID();
    await queues[0]?.add([{ id, runId: 1, first: 1, last: 2 }]);
    const taken = await Promise.all(queues.map((queue) => queue.take()));
    expect(taken.filter((job) => job !== undefined)).toEqual([{ id, runId: 1, first: 1, last: 2 }]);
    for (const queue of queues) await queue.close();
  });
});
