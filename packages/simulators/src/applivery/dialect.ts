import type { Organization } from "./organization.js";
import type {
  AppliveryEnrollmentState,
  AppliveryPlatform,
  EnrollmentChange,
  EnrollmentRecord,
  EnrollmentWish,
} from "./records.js";
import type { Rule } from "./rules.js";

export interface BulkWish extends EnrollmentWish {
  readonly emails: readonly string[];
}

/** What a token looks like to the reader at one moment. */
export interface View {
  readonly organization: Organization;
  readonly state: AppliveryEnrollmentState;
  readonly link: string;
  readonly tokenTypes: "unified" | "printed";
}

/** How one platform's API spells enrollment tokens. */
export interface Dialect {
  readonly platform: AppliveryPlatform;
  readonly createBody: Rule<EnrollmentWish>;
  readonly bulkBody: Rule<BulkWish>;
  /** Absent where tokens can be neither updated nor read one by one. */
  readonly updateBody?: Rule<EnrollmentChange>;
  /** The list's filter by policy, if it has one. */
  readonly policyFilter?: string;
  /** The list's filter by state, if it has one. */
  readonly stateFilter?: string;
  render(record: EnrollmentRecord, view: View): object;
}
