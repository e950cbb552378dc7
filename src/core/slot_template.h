/* Slots of one dense integer key: VALUE items less `low`, moved to their bits.
 * Arithmetic is modulo UNSIGNED, which loses nothing: low is no less than the
 * least VALUE. And of one key of codes: the ranks that VALUE items stand for,
 * less `low`; UINT64_MAX is seen where one is no less than `limit`. Included
 * once a dtype with VALUE, UNSIGNED, ADDER and RANKER defined. */

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
#undef VALUE
#undef UNSIGNED
#undef ADDER
#undef RANKER
