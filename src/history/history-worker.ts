// The program of the thread that keeps the history.
import { answerCalls } from "../disk/answer-calls.ts";
import { createHistoryPerform } from "./history-perform.ts";

answerCalls(createHistoryPerform());
