import { EnrollmentService, type Enrollment } from "@enrollkit/core";
import { Inject, Injectable, Module, type DynamicModule } from "@nestjs/common";
import { createOnboarding, type Answer, type Person } from "./onboarding.js";

/** An injectable class of a NestJS app; the class of the enrollment service is its own token. */
@Injectable()
export class OnboardingService {
  readonly #onboarding: ReturnType<typeof createOnboarding>;

  constructor(@Inject(EnrollmentService) enrollments: EnrollmentService) {
    this.#onboarding = createOnboarding(enrollments);
  }

  welcome(person: Person, profile: string): Promise<Answer> {
    return this.#onboarding.welcome(person, profile);
  }

  farewell(enrollment: Enrollment): Promise<void> {
    return this.#onboarding.farewell(enrollment);
  }
}

@Module({})
export class EnrollmentModule {
  static with(enrollments: EnrollmentService): DynamicModule {
    return {
      module: EnrollmentModule,
      providers: [{ provide: EnrollmentService, useValue: enrollments }, OnboardingService],
      exports: [OnboardingService],
    };
  }
}
