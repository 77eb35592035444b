export { createTestClock, type TestClock } from "./clock.js";
export { describeEnrollmentProvider } from "./conformance/describe.js";
export { promisedDescriptor } from "./conformance/promised-descriptor.js";
export type {
  ConformanceSetup,
  ConformanceStart,
  ConformanceVendor,
  KnownDeviation,
  TestRunner,
} from "./conformance/setup.js";
export type { FaultMoment, FaultTarget, VendorFault } from "./faults.js";
export { loadFixture, type Fixture } from "./fixture.js";
export { memoryDescriptor } from "./memory/descriptor.js";
export { createFaultPlan, type FaultPlan } from "./memory/fault-plan.js";
export type { NewEnrollment, StoredEnrollment } from "./memory/enrollment-store.js";
export { createMemoryProvider, type MemoryProvider, type MemoryProviderOptions } from "./memory/provider.js";
