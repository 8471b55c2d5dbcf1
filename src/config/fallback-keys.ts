// The keys of what listeners hear while their mount has nothing to play, or is full.
import { flag, optionalMountPath } from "./key.ts";

export const fallbackKeys = {
  fallback: optionalMountPath({
    default: "",
    scope: "mount",
    isOwn: true,
    description:
      "Mount that the listeners hear while this one has nothing to play, if it plays the same format; they come back when it has. At the top: of the first mount.",
  }),
  fallback_when_full: flag({
    default: false,
    scope: "mount",
    description:
      "Send new listeners to the fallback while there are max_listeners, instead of refusing them.",
  }),
};
