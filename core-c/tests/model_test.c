/* Random histories of two mounts, the same in every run. */
#include "histories.h"
#include "tap.h"

enum { STEPS = 1500 };

static void random_histories_agree_with_the_model(void)
{
    for (uint64_t seed = 1; seed <= 12; seed++)
        history((chance){.state = seed * 0x9E3779B97F4A7C15u}, STEPS);
}

int main(void)
{
    RUN(random_histories_agree_with_the_model);
    return tap_done();
}
