/* The sub-commands. Each takes the words behind its name and returns the exit code: 0, 1 when the run
 * failed, 2 when it could not begin. */
#ifndef LOAD_COMMANDS_H
#define LOAD_COMMANDS_H

int command_source(char **words);
int command_crowd(char **words);
int command_floor(char **words);

#endif
