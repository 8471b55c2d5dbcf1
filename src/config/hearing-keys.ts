// The keys of what listeners hear besides a mount's own stream: another mount, an intro, an outro; and of the programme that it
// shares with other mounts.
import { count, flag, optionalMountPath, optionalPath, text } from "./key.ts";

const DAY = 86_400;

export const hearingKeys = {
  group: text({
    default: "",
    scope: "mount",
    isOwn: true,
    description:
      "Name of the programme that this mount carries; mounts with the same one carry it in other qualities, and the page shows them as one channel. Empty: it stands alone. At the top: of the first mount.",
  }),
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
  intro: optionalPath({
    default: "",
    scope: "mount",
    isOwn: true,
    description:
      "Audio file of at most two minutes that a listener hears before the stream, relative to this file; empty for none. At the top: of the first mount.",
  }),
  intro_skip: count({
    unit: "seconds",
    range: [0, DAY],
    default: 0,
    scope: "mount",
    isOwn: true,
    description: "An address that has heard the intro does not hear it again for this long.",
  }),
  outro: optionalPath({
    default: "",
    scope: "mount",
    isOwn: true,
    description:
      "Audio file of at most two minutes that listeners hear last when the station stops or the mount is removed; empty for none. At the top: of the first mount.",
  }),
};
