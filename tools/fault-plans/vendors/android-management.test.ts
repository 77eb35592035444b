import { describePlans } from "../describe-plans.js";
import { androidManagement } from "./android-management.js";

describePlans(androidManagement);
