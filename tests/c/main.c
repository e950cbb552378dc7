/* Runs every suite, or the tests whose names hold the first argument. */
#include "check.h"
#include "mfg.h"
#include "suites.h"

check_counts counts;

int
main(int argc, char **argv)
{
    counts.only = argc > 1 ? argv[1] : NULL;
#define CALL(name) suite_##name();
    SUITES(CALL)
#undef CALL
    EQUAL(0, mfg_allocations_held); /* no test leaves memory behind */
    printf("%" PRId64 " tests, %" PRId64 " checks, %" PRId64 " failures\n",
           counts.tests, counts.checks, counts.failures);
    return counts.failures > 0 || counts.tests == 0;
}
