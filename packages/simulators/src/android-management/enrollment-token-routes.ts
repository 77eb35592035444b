import { method, type Route } from "./api.js";
import { managedEnterprise } from "./authorization.js";
import { createEnrollmentToken, isVisible, showActive, showCreated, statusOf } from "./enrollment-tokens.js";
import { listMethod } from "./enterprise-lists.js";
import { notFound } from "./errors.js";
import { enrollmentTokenMessage } from "./messages.js";
import type { EnrollmentTokenRecord, EnterpriseRecord, Vendor } from "./state.js";

const collectionPath = "/v1/enterprises/:enterprise/enrollmentTokens";

const visibleToken = (vendor: Vendor, enterprise: EnterpriseRecord, id: string): EnrollmentTokenRecord => {
  const token = enterprise.enrollmentTokens.get(id);
  if (token === undefined || !isVisible(vendor, token)) throw notFound();
  return token;
};

const deletableToken = (vendor: Vendor, enterprise: EnterpriseRecord, id: string): EnrollmentTokenRecord => {
  const token = enterprise.enrollmentTokens.get(id);
  const expired = token !== undefined && statusOf(vendor, token) === "expired";
  if (expired && vendor.behavior.deleteOfExpiredToken === "success") return token;
  return visibleToken(vendor, enterprise, id);
};

/** https://developers.google.com/android/management/reference/rest/v1/enterprises.enrollmentTokens */
export const enrollmentTokenRoutes: readonly Route[] = [
  method({
    verb: "POST",
    path: collectionPath,
    query: {},
    body: { message: enrollmentTokenMessage, root: "enrollment_token" },
    answer: ({ vendor, account, body, parameter }) => {
      const enterprise = managedEnterprise(vendor, account, parameter("enterprise"));
      return showCreated(vendor, createEnrollmentToken(vendor, enterprise, body));
    },
  }),
  listMethod({
    name: "enrollmentTokens",
    of: (enterprise) => enterprise.enrollmentTokens,
    accepts: isVisible,
    show: showActive,
  }),
  method({
    verb: "GET",
    path: `${collectionPath}/:token`,
    query: {},
    answer: ({ vendor, account, parameter }) => {
      const enterprise = managedEnterprise(vendor, account, parameter("enterprise"));
      return showActive(vendor, visibleToken(vendor, enterprise, parameter("token")));
    },
  }),
  method({
    verb: "DELETE",
    path: `${collectionPath}/:token`,
    query: {},
    answer: ({ vendor, account, parameter }) => {
      const enterprise = managedEnterprise(vendor, account, parameter("enterprise"));
      deletableToken(vendor, enterprise, parameter("token")).deleted = true;
      return {};
    },
  }),
];
