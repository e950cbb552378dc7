/* Slots of one dense integer key: VALUE items less `low`, moved to their bits.
 * Arithmetic is modulo UNSIGNED, which loses nothing: low is no less than the
 * least VALUE. Included once a dtype with VALUE, UNSIGNED and ADDER defined. */

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
#undef VALUE
#undef UNSIGNED
#undef ADDER
