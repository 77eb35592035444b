import {
  EnrollmentError,
  failureOf,
  type BulkEnrollment,
  type CallOptions,
  type DeviceImport,
  type DeviceToImport,
  type EnrollmentRequest,
  type EnrollmentResult,
  type Failure,
  type ImportResult,
} from "@enrollkit/core";
import { errorOf } from "./client.js";
import type { PreparedRequest } from "./preparation.js";
import { arrayOf, enrollmentReader, itemOf, readerOf } from "./readers.js";
import type { RoleParts } from "./role-parts.js";

/** One result for each item: those refused here keep their place among those that the vendor answered. */
const sendAccepted = async <Input, Accepted, Result>(
  inputs: readonly Input[],
  accept: (input: Input) => Accepted,
  send: (accepted: readonly Accepted[]) => Promise<readonly Result[]>,
): Promise<readonly (Result | Failure)[]> => {
  const prepared = inputs.map((input) => {
    try {
      return { accepted: accept(input) };
    } catch (error) {
      if (!EnrollmentError.is(error)) throw error;
      return { failure: failureOf(error) };
    }
  });
  const accepted = prepared.flatMap((each) => ("accepted" in each ? [each.accepted] : []));
  const results = accepted.length === 0 ? [] : await send(accepted);
  let next = 0;
  return prepared.map((each) => {
    if (!("accepted" in each)) return each.failure;
    next += 1;
    return results[next - 1] as Result;
  });
};

const requireWithinBatch = (length: number, maxItems: number | undefined, path: string) => {
  if (maxItems === undefined || length <= maxItems) return;
  throw new EnrollmentError(`${path} has ${length} items; a batch takes ${maxItems}`, {
    code: "invalid-request",
    path,
  });
};

const readDevice = readerOf(undefined, (device) => ({ id: device.text("id"), name: device.text("name") }));

/** The roles that take many items in one call. */
export const createBatches = ({ name, descriptor, client, prepare }: RoleParts) => {
  const { vendor } = descriptor;
  const readAnswers = arrayOf(itemOf(enrollmentReader(name, vendor)));

  const createAccepted = async (
    accepted: readonly PreparedRequest[],
    options: CallOptions,
  ): Promise<readonly EnrollmentResult[]> => {
    const items = accepted.map(({ asked }) => asked);
    try {
      const answers = await client.call("enrollments.createBatch", { items }, "once", readAnswers, options);
      return accepted.map(({ complete }, place): EnrollmentResult => {
        const answer = answers[place];
        if (answer !== undefined && "item" in answer) {
          return { status: "created", enrollment: complete(answer.item) };
        }
        return failureOf(errorOf(name, answer ?? { status: 502, text: "" }));
      });
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!EnrollmentError.is(error)) throw error;
      const failure = failureOf(error);
      return accepted.map(() => failure);
    }
  };

  const importAccepted = async (
    items: readonly DeviceToImport[],
    options: CallOptions,
  ): Promise<readonly ImportResult[]> => {
    const answers = await client.call(
      "devices.import",
      { items },
      "once",
      arrayOf(itemOf(readDevice)),
      options,
    );
    return answers.map((answer): ImportResult => {
      if (!("item" in answer)) return failureOf(errorOf(name, answer));
      const device = { ...answer.item, provider: name, vendor, state: "pending" as const, requestIds: [] };
      return { status: "created", device };
    });
  };

  const acceptDevice = (device: DeviceToImport) => {
    const { profiles = [] } = descriptor;
    if (device.profile === undefined || profiles.includes(device.profile)) return device;
    throw new EnrollmentError(`profile is not known; there are: ${profiles.join(", ") || "none"}`, {
      code: "invalid-request",
      provider: name,
      path: "profile",
    });
  };

  const bulk: BulkEnrollment = {
    createBatch: async (requests, options = {}) => {
      options.signal?.throwIfAborted();
      requireWithinBatch(requests.length, descriptor.batch?.maxItems, "requests");
      const accept = (request: EnrollmentRequest) => prepare(request, options);
      return sendAccepted(requests, accept, (accepted) => createAccepted(accepted, options));
    },
  };
  const deviceImport: DeviceImport = {
    importBatch: async (devices, options = {}) => {
      options.signal?.throwIfAborted();
      requireWithinBatch(devices.length, descriptor.importBatch?.maxItems, "devices");
      return sendAccepted(devices, acceptDevice, (accepted) => importAccepted(accepted, options));
    },
  };
  return { bulk, deviceImport };
};
