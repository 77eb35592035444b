import type { Enrollment, EnrollmentProvider } from "@enrollkit/core";
import { injectProvider } from "@enrollkit/inversify";
import { injectable } from "inversify";

/** The app. It knows a name from its config, and no vendor. */
@injectable()
export class Onboarding {
  readonly #staff: EnrollmentProvider;

  constructor(@injectProvider("staff") staff: EnrollmentProvider) {
    this.#staff = staff;
  }

  welcome(email: string, deviceName: string): Promise<Enrollment> {
    return this.#staff.createEnrollment({
      key: deviceName,
      profile: "sales",
      recipient: { email },
      device: { name: deviceName },
    });
  }
}
