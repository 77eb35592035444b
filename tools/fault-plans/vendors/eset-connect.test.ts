import { describePlans } from "../describe-plans.js";
import { esetConnect } from "./eset-connect.js";

describePlans(esetConnect);
