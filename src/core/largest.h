/* A list of a few greatest values. */
#ifndef MFG_LARGEST_H
#define MFG_LARGEST_H

#include <stdint.h>

/* Puts a value into a descending list where it belongs. */
static inline void
mfg_insert(double *list, int64_t size, double value)
{
    int64_t place = size - 1;

    if (!(value > list[place])) {
        return;
    }
    while (place > 0 && value > list[place - 1]) {
        list[place] = list[place - 1];
        place--;
    }
    list[place] = value;
}

#endif
