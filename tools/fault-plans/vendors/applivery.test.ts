import { describePlans } from "../describe-plans.js";
import { applivery } from "./applivery.js";

describePlans(applivery);
