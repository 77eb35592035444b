import "reflect-metadata";
import { Secret } from "@enrollkit/core";
import { startAndroidManagementSimulator } from "@enrollkit/simulators/android-management";
import { startAppliverySimulator } from "@enrollkit/simulators/applivery";
import { Logger } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { EnrollmentModule, OnboardingService } from "./enrollment.module.js";
import { createEnrollments } from "./enrollments.js";
import { createOnboarding } from "./onboarding.js";

/** Takes the same service through its life twice, without a container and within NestJS, at local simulators. */
export const tour = async (show: (text: string) => void): Promise<void> => {
  const [android, applivery] = await Promise.all([
    startAndroidManagementSimulator(),
    startAppliverySimulator(),
  ]);
  const { baseUrl, organization, token } = applivery.credentials;
  const enrollments = createEnrollments({
    phones: {
      enterprise: android.enterpriseId,
      credentials: new Secret(JSON.stringify(android.credentials)),
      baseUrl: android.url,
      profiles: { sales: { management: "dedicated" } },
    },
    apple: { baseUrl, organization, token: new Secret(token), profiles: { design: { tags: ["design"] } } },
  });
  Logger.overrideLogger(false);
  const nest = await NestFactory.createApplicationContext(EnrollmentModule.with(enrollments));

  for (const [name, onboarding] of [
    ["plain", createOnboarding(enrollments)],
    ["NestJS", nest.get(OnboardingService)],
  ] as const) {
    for (const profile of ["sales", "design", "kitchen"]) {
      const answer = await onboarding.welcome(
        { id: `${name} ${profile}`, email: "ana@example.com" },
        profile,
      );
      if ("sorry" in answer) {
        show(`${name}: ${profile}: ${answer.sorry} (${answer.code})`);
        continue;
      }
      const { enrollment } = answer;
      await onboarding.farewell(enrollment);
      const { state } = await enrollments.status(enrollment);
      show(`${name}: ${profile} at ${enrollment.vendor}, then ${state}`);
    }
  }
  await Promise.all([nest.close(), android.close(), applivery.close()]);
};
