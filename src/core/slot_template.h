/* Slots of one dense integer key: VALUE items less `low`, moved to their bits.
 * Arithmetic is modulo UNSIGNED, which loses nothing: low is no less than the
 * least VALUE. And of one key of codes: the ranks that VALUE items stand for,
 * less `low`; UINT64_MAX is seen where one is no less than `limit`. Included
 * once a dtype with VALUE, UNSIGNED, ADDER, RANKER, RANGER, LIMITER and PICKER
 * defined.
 */

static uint64_t
ADDER(const char *items, int32_t n, uint64_t low, int shift, int is_first,
      uint32_t *slots)
{
    UNSIGNED least = (UNSIGNED)low;
    UNSIGNED seen = 0;

    if (is_first) {
        for (int32_t i = 0; i < n; i++) {
            VALUE value;
            memcpy(&value, items + (size_t)i * sizeof value, sizeof value);
            UNSIGNED code = (UNSIGNED)((UNSIGNED)value - least);
            seen |= code;
            slots[i] = (uint32_t)code << shift;
        }
        return seen;
    }
    for (int32_t i = 0; i < n; i++) {
        VALUE value;
        memcpy(&value, items + (size_t)i * sizeof value, sizeof value);
        UNSIGNED code = (UNSIGNED)((UNSIGNED)value - least);
        seen |= code;
        slots[i] |= (uint32_t)code << shift;
    }
    return seen;
}

static uint64_t
RANKER(const char *items, int32_t n, const int32_t *ranks, uint64_t limit,
       uint64_t low, int shift, uint32_t kept, uint32_t *slots)
{
    uint64_t seen = 0;

    for (int32_t i = 0; i < n; i++) {
        UNSIGNED code;
        memcpy(&code, items + (size_t)i * sizeof code, sizeof code);
        int is_known = code < limit;
        uint64_t rank = (uint64_t)(int64_t)ranks[is_known ? code : 0] - low;
        seen |= is_known ? rank : UINT64_MAX;
        slots[i] = (slots[i] & kept) | (uint32_t)rank << shift;
    }
    return seen;
}

/* The least and the greatest of VALUE or, where they are unsigned, of UNSIGNED
 * items, as their words of 64 bits without an order. */
static MFG_LANES void
RANGER(const char *items, int32_t n, int is_unsigned, uint64_t *low,
       uint64_t *high)
{
    /* An unsigned number with its highest bit turned sorts as a signed one. */
    UNSIGNED turn =
        (UNSIGNED)(is_unsigned ? (UNSIGNED)1 << (8 * sizeof(VALUE) - 1) : 0);
    VALUE least, greatest;

    memcpy(&least, items, sizeof least);
    least = (VALUE)((UNSIGNED)least ^ turn);
    greatest = least;
    for (int32_t i = 1; i < n; i++) {
        VALUE value;
        memcpy(&value, items + (size_t)i * sizeof value, sizeof value);
        value = (VALUE)((UNSIGNED)value ^ turn);
        least = value < least ? value : least;
        greatest = value > greatest ? value : greatest;
    }
    if (is_unsigned) {
        *low = (UNSIGNED)((UNSIGNED)least ^ turn);
        *high = (UNSIGNED)((UNSIGNED)greatest ^ turn);
        return;
    }
    *low = (uint64_t)(int64_t)least;
    *high = (uint64_t)(int64_t)greatest;
}

/* Whether all codes are below a limit of no more than the greatest code. */
static MFG_LANES int
LIMITER(const char *items, int32_t n, uint64_t limit)
{
    UNSIGNED most = 0;

    for (int32_t i = 0; i < n; i++) {
        UNSIGNED code;
        memcpy(&code, items + (size_t)i * sizeof code, sizeof code);
        most = code > most ? code : most;
    }
    return most < limit;
}

/* The groups of codes, all of which have an entry in `groups`; whether none is
 * -1. */
static int
PICKER(const char *items, int32_t n, const int32_t *groups, int32_t *codes)
{
    int32_t seen = 0;

    for (int32_t i = 0; i < n; i++) {
        UNSIGNED code;
        memcpy(&code, items + (size_t)i * sizeof code, sizeof code);
        codes[i] = groups[code];
        seen |= codes[i];
    }
    return seen >= 0;
}
#undef VALUE
#undef UNSIGNED
#undef ADDER
#undef RANKER
#undef RANGER
#undef LIMITER
#undef PICKER
