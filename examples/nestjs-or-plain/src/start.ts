import { tour } from "./tour.js";

await tour((text) => process.stdout.write(`${text}\n`));
