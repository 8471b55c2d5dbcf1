// The program of a thread for a folder apart from the music: half the memory of one that knows music.
import { answerCalls } from "../disk/answer-calls.ts";
import { createCataloguePerform } from "./catalogue-perform.ts";

answerCalls(createCataloguePerform());
