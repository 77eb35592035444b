// Prints what each vendor gave to the same app.
import { tour } from "./tour.js";

await tour((text) => process.stdout.write(`${text}\n`));
