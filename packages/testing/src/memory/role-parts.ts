import type { CreateOptions, EnrollmentRequest, ProviderDescriptor } from "@enrollkit/core";
import type { MemoryClient } from "./client.js";
import type { PreparedRequest } from "./preparation.js";

/** What the roles stand on. */
export interface RoleParts {
  readonly name: string;
  readonly descriptor: ProviderDescriptor;
  readonly client: MemoryClient;
  readonly prepare: (request: EnrollmentRequest, options?: CreateOptions) => PreparedRequest;
}
