import { invalidArgument } from "./errors.js";
import type { EnterpriseRecord, ProjectRecord, Vendor } from "./state.js";

/** Uses up a finished sign-up; without one the enterprise is managed by the EMM. */
export const redeemSignUp = (
  { state }: Vendor,
  project: ProjectRecord,
  { signupUrlName = "", enterpriseToken = "" }: { signupUrlName?: string; enterpriseToken?: string },
): EnterpriseRecord["managedBy"] => {
  if (signupUrlName === "" && enterpriseToken === "") return "emm";
  const signUp = state.signUps.get(signupUrlName);
  if (signUp?.project !== project || signUp.enterpriseToken !== enterpriseToken) {
    throw invalidArgument("Sign-up URL name and enterprise token do not belong together.");
  }
  state.signUps.delete(signupUrlName);
  return "customer";
};

/** An administrator finishes the sign-up page: the address that the browser is sent to, and the token in it. */
export const completeSignUp = (
  { state, random }: Vendor,
  name: string,
): { readonly callbackUrl: string; readonly enterpriseToken: string } => {
  const signUp = state.signUps.get(name);
  if (signUp === undefined) throw new Error("there is no such sign-up, or it has been used");
  const enterpriseToken = `EA${random.opaque(40)}`;
  signUp.enterpriseToken = enterpriseToken;
  const callbackUrl = new URL(signUp.callbackUrl);
  callbackUrl.searchParams.set("enterpriseToken", enterpriseToken);
  return { callbackUrl: callbackUrl.href, enterpriseToken };
};
