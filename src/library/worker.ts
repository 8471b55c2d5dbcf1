// The disk thread's program: answers calls one after another.
import { answerCalls } from "../disk/thread.ts";
import { createPerform } from "./perform.ts";

answerCalls(createPerform());
