/* One loader: VALUE items of a column widened to the FIELD of words.
 * Included once a dtype with VALUE, FIELD and LOADER defined. */

static void
LOADER(const mfg_column *column, int64_t start, int32_t n, mfg_word *words)
{
    const char *item = column->data + start * column->stride;

    if (column->stride == (ptrdiff_t)sizeof(VALUE) && !column->swapped) {
        for (int32_t i = 0; i < n; i++) {
            VALUE value;
            memcpy(&value, item + (size_t)i * sizeof value, sizeof value);
            words[i].FIELD = value;
        }
        return;
    }
    for (int32_t i = 0; i < n; i++, item += column->stride) {
        VALUE value;
        memcpy(&value, item, sizeof value);
        if (column->swapped) {
            swap_bytes(&value, sizeof value);
        }
        words[i].FIELD = value;
    }
}
#undef VALUE
#undef FIELD
#undef LOADER
