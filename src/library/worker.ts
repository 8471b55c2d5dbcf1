// The program of a thread for a disk with music.
import { answerCalls } from "../disk/answer-calls.ts";
import { createPerform } from "./perform.ts";

answerCalls(createPerform());
