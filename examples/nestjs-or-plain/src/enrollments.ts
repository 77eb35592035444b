import { createAndroidManagement, type AndroidManagementSettings } from "@enrollkit/android-management";
import { createApplivery, type AppliverySettings } from "@enrollkit/applivery";
import { EnrollmentService, type ProviderRuntime } from "@enrollkit/core";

/** The app's own settings, from wherever it keeps them. */
export interface Accounts {
  readonly phones: AndroidManagementSettings;
  readonly apple: AppliverySettings;
}

/** What a container and a config file would do otherwise: providers are plain objects, made by plain functions. */
export const createEnrollments = ({ phones, apple }: Accounts): EnrollmentService => {
  const runtime: ProviderRuntime = {}; // one object: providers of one account then share its quota
  return new EnrollmentService({
    providers: [
      createAndroidManagement({ ...phones, name: "phones" }, runtime),
      createApplivery({ ...apple, name: "apple" }, runtime),
    ],
    routes: [
      { profile: "sales", provider: "phones" },
      { profile: "design", provider: "apple" },
    ],
  });
};
