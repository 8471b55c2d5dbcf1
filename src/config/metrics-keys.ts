// The keys of /metrics.
import { Secret } from "../lib/secret.ts";
import { optionalSecret } from "./key.ts";
import { addressRanges } from "./list-keys.ts";

export const metricsKeys = {
  token: optionalSecret({
    default: new Secret(""),
    description:
      "Token that /metrics wants from other machines, sent as Authorization: Bearer; empty for none.",
  }),
  allow: addressRanges({
    default: [],
    description:
      "Addresses, or ranges like 10.0.0.0/8, that may read /metrics. With neither token nor addresses only this machine may.",
  }),
};
