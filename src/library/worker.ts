// The disk thread's program: calls done one after another, where nobody waits for them but who asked.
import { answerCalls } from "../disk/thread.ts";
import { createPerform } from "./perform.ts";

answerCalls(createPerform());
