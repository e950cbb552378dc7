/* Arrow's structures as an input says, read as a key, or as values of decimals:
 * what the reader cannot check (that a buffer is as long as length and offset
 * ask for) holds, all else may not. A slow twin reads row by row and says what
 * they are, or which row is the first that cannot be read. */
#include "decimal.h"
#include "source.h"

#define MOST_ROWS 40
#define MOST_TEXT 200

typedef struct made_array {
    mfg_arrow_array array;
    const void *buffers[6];
    void *owned[6];
    int64_t sizes[2];
    int64_t lengths[2];
    int n_released;
} made_array;

static void
release_array(mfg_arrow_array *array)
{
    made_array *made = array->private_data;

    made->n_released++;
    array->release = NULL;
}

static void
release_schema(mfg_arrow_schema *schema)
{
    schema->release = NULL;
}

static void
add_buffer(made_array *made, source *from, int at, size_t size)
{
    made->owned[at] = new_memory(size);
    next_fill(from, made->owned[at], size);
    made->buffers[at] = made->owned[at];
}

/* Ascending offsets as a rule; the last one is no greater than MOST_TEXT. */
static void
make_text(made_array *made, source *from, int is_large, int64_t n)
{
    int is_wild = next_below(from, 4) == 0;
    size_t width = is_large ? 8 : 4;
    int64_t last = 0;

    add_buffer(made, from, 1, (size_t)(n + 1) * width);
    for (int64_t i = 0; i <= n; i++) {
        char *item = (char *)made->owned[1] + (size_t)i * width;
        int64_t offset = 0;
        int32_t small = 0;
        memcpy(is_large ? (void *)&offset : (void *)&small, item, width);
        offset = is_large ? offset : small;
        if (!is_wild) {
            offset = last + (offset & 7);
        }
        else if (i == n && offset > MOST_TEXT) {
            offset = MOST_TEXT;
        }
        small = (int32_t)offset;
        memcpy(item, is_large ? (void *)&offset : (void *)&small, width);
        last = offset;
    }
    add_buffer(made, from, 2, last > 0 ? (size_t)last : 0);
    made->array.n_buffers = 3;
}

static void
make_views(made_array *made, source *from, int64_t n)
{
    add_buffer(made, from, 1, (size_t)n * 16);
    for (int64_t i = 0; i < n && next_below(from, 8) > 0; i++) {
        char *view = (char *)made->owned[1] + i * 16;
        view[1] = view[2] = view[3] = 0; /* as a rule a size that can be */
        view[0] &= 31;
        memset(view + 8, 0, 8);
        view[12] = (char)(view[4] & 15);
    }
    for (int b = 0; b < 2; b++) {
        made->lengths[b] = next_below(from, 64);
        add_buffer(made, from, 2 + b, (size_t)made->lengths[b]);
    }
    made->buffers[4] = made->lengths;
    made->array.n_buffers = 5;
}

static void
make_array(made_array *made, source *from, const char *format, int most)
{
    int64_t length = next_below(from, most + 1);
    int64_t offset = next_below(from, 9);
    int64_t n = length + offset;

    memset(made, 0, sizeof *made);
    made->array = (mfg_arrow_array){.length = length,
                                    .offset = offset,
                                    .null_count = -1,
                                    .n_buffers = 2,
                                    .buffers = made->buffers,
                                    .release = release_array,
                                    .private_data = made};
    if (next_below(from, 2)) {
        add_buffer(made, from, 0, (size_t)(n + 7) / 8);
    }
    if (*format == 'u' || *format == 'U') {
        make_text(made, from, *format == 'U', n);
    }
    else if (*format == 'v') {
        make_views(made, from, n);
    }
    else {
        size_t width = strchr("cC", *format)   ? 1
                       : strchr("sS", *format) ? 2
                       : strchr("lL", *format) ? 8
                       : *format == 'd'        ? 16
                                               : 4;
        add_buffer(made, from, 1, (size_t)n * width);
    }
}

/* Puts something that cannot be where it has to be seen. */
static void
break_array(mfg_arrow_array *array, source *from)
{
    int64_t odd = (int64_t)next_byte(from) - 128;

    switch (next_below(from, 24)) {
    case 0:
        array->length = odd < 0 ? odd : INT64_MAX - odd;
        break;
    case 1:
        array->offset = odd < 0 ? odd : INT64_MAX - odd;
        break;
    case 2:
        array->null_count = odd;
        break;
    case 3:
        array->n_buffers = next_below(from, 3) - 1;
        break;
    case 4:
        array->n_children = odd;
        break;
    case 5:
        array->buffers = NULL;
        break;
    case 6:
        array->buffers[next_below(from, 2)] = NULL;
        break;
    default:
        break;
    }
}

/* ---- the twin ---- */

typedef struct label {
    int state; /* 0: a text, 1: missing, -1: cannot be read */
    const char *text;
    size_t size;
} label;

static int64_t
item_at(const mfg_arrow_array *array, char letter, int64_t row)
{
    const char *items = array->buffers[1];
    int64_t at = array->offset + row;
    int8_t c;
    int16_t s;
    int32_t i;
    int64_t l;

    switch (letter) {
    case 'c':
    case 'C':
        memcpy(&c, items + at, 1);
        return letter == 'c' ? c : (uint8_t)c;
    case 's':
    case 'S':
        memcpy(&s, items + 2 * at, 2);
        return letter == 's' ? s : (uint16_t)s;
    case 'i':
    case 'I':
    case 'u':
        memcpy(&i, items + 4 * at, 4);
        return letter == 'I' ? (int64_t)(uint32_t)i : i;
    default:
        memcpy(&l, items + 8 * at, 8);
        return l;
    }
}

static int
is_null(const mfg_arrow_array *array, int64_t row)
{
    const uint8_t *bits = array->buffers[0];
    int64_t bit = array->offset + row;

    return bits != NULL && !(bits[bit / 8] >> (bit % 8) & 1);
}

static label
view_at(const mfg_arrow_array *array, int64_t row)
{
    const char *view =
        (const char *)array->buffers[1] + 16 * (array->offset + row);
    const int64_t *lengths = array->buffers[array->n_buffers - 1];
    int32_t parts[4];

    memcpy(parts, view, sizeof parts);
    if (parts[0] >= 0 && parts[0] <= 12) {
        return (label){0, view + 4, (size_t)parts[0]};
    }
    if (parts[0] < 0 || parts[2] < 0 || parts[2] >= array->n_buffers - 3 ||
        parts[3] < 0 || (int64_t)parts[3] + parts[0] > lengths[parts[2]]) {
        return (label){.state = -1};
    }
    return (label){0, (const char *)array->buffers[2 + parts[2]] + parts[3],
                   (size_t)parts[0]};
}

static label
label_at(const mfg_arrow_array *array, const char *format, int64_t row)
{
    const char *items = array->buffers[1];

    if (strchr("vd", *format) != NULL && is_null(array, row)) {
        return (label){.state = 1, .text = items};
    }
    if (*format == 'd') {
        return (label){0, items + 16 * (array->offset + row), 16};
    }
    if (*format == 'v') {
        return view_at(array, row);
    }
    int64_t from = item_at(array, *format, row);
    int64_t to = item_at(array, *format, row + 1);
    int64_t last = item_at(array, *format, array->length);
    if (from < 0 || to < from || to > last) {
        return (label){.state = -1}; /* where it is missing, too */
    }
    if (is_null(array, row)) {
        return (label){.state = 1};
    }
    return (label){0, (const char *)array->buffers[2] + from,
                   (size_t)(to - from)};
}

static label
coded_at(const mfg_arrow_array *array, char letter, const char *labels,
         int64_t row)
{
    int64_t code;

    if (is_null(array, row)) {
        return (label){.state = 1};
    }
    code = item_at(array, letter, row);
    if (code < 0 || code >= array->dictionary->length) {
        return (label){.state = -1};
    }
    return label_at(array->dictionary, labels, code);
}

static int
same_label(const label *a, const label *b)
{
    return a->state == b->state && a->size == b->size &&
           (a->size == 0 || memcmp(a->text, b->text, a->size) == 0);
}

/* The groups of the labels in the order of their first rows. */
static void
check_groups(const mfg_arrow *column, const label *labels, int64_t n)
{
    const mfg_column *key = mfg_arrow_column(column);
    mfg_control control = {.where = -1};
    mfg_grouper *grouper;
    int32_t codes[4 * MOST_ROWS];
    int64_t firsts[4 * MOST_ROWS];
    int64_t n_groups = 0;
    int64_t bad = 0;

    while (bad < n && labels[bad].state >= 0) {
        bad++;
    }
    HOLDS(mfg_arrow_n_rows(column) == n);
    HOLDS(mfg_grouper_new(key, 1, n, &grouper) == MFG_OK);
    mfg_status status =
        mfg_grouper_codes(grouper, key, 0, (int32_t)n, codes, &control);
    HOLDS((status == MFG_OK) == (bad == n));
    HOLDS(bad == n || control.where == bad);
    for (int64_t i = 0; i < n && bad == n; i++) {
        int64_t g = 0;
        while (g < n_groups && !same_label(&labels[firsts[g]], &labels[i])) {
            g++;
        }
        if (g == n_groups) {
            firsts[n_groups++] = i;
        }
        HOLDS(codes[i] == g);
    }
    mfg_grouper_free(grouper);
}

/* Decimals come as the nearest doubles, NaN where they are missing. */
static void
check_decimals(const mfg_arrow *column, const label *labels, int64_t n)
{
    mfg_block block;

    mfg_load(mfg_arrow_column(column), 0, (int32_t)n, &block);
    for (int64_t i = 0; i < n; i++) {
        double x = block.values[i].float64;
        mfg_int128 value = 0;
        memcpy(&value, labels[i].text, labels[i].size);
        HOLDS(labels[i].state == 0 ? x == mfg_decimal_round(value, 2) : x != x);
    }
}

/* ---- one input ---- */

static void
read_chunks(source *from, mfg_arrow *column, const char *format,
            const char *labels_format)
{
    enum { MOST = 3 };
    static made_array arrays[MOST], dictionaries[MOST];
    label labels[4 * MOST_ROWS];
    mfg_control control = {.where = -1};
    int n_chunks = next_below(from, MOST + 1);
    int64_t n = 0;
    int failed = 0;
    const char *problem;

    for (int c = 0; c < n_chunks; c++) {
        make_array(&arrays[c], from, format, MOST_ROWS);
        if (labels_format != NULL) {
            make_array(&dictionaries[c], from, labels_format, 9);
            arrays[c].array.dictionary = &dictionaries[c].array;
            break_array(arrays[c].array.dictionary, from);
        }
        break_array(&arrays[c].array, from);
        mfg_arrow_array kept = arrays[c].array;
        mfg_status status = mfg_arrow_add(column, &arrays[c].array, &problem);
        HOLDS(arrays[c].array.release == NULL);
        HOLDS(arrays[c].n_released == (status != MFG_OK || kept.length == 0));
        HOLDS((status == MFG_OK) == (problem == NULL));
        failed |= status != MFG_OK;
        for (int64_t i = 0; status == MFG_OK && i < kept.length; i++) {
            labels[n++] = labels_format == NULL
                              ? label_at(&kept, format, i)
                              : coded_at(&kept, *format, labels_format, i);
        }
    }
    HOLDS(mfg_arrow_close(column, &control) == MFG_OK);
    if (!failed && n > 0) {
        (*format == 'd' ? check_decimals : check_groups)(column, labels, n);
    }
    mfg_arrow_free(column);
    for (int c = 0; c < n_chunks; c++) {
        HOLDS(arrays[c].n_released == 1);
        for (int b = 0; b < 6; b++) {
            free(arrays[c].owned[b]);
            if (labels_format != NULL) {
                HOLDS(dictionaries[c].n_released == 0); /* its array's task */
                free(dictionaries[c].owned[b]);
            }
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const formats[] = {"u", "U", "vu", "d:38,2"};
    static const char *const codes[] = {"c", "C", "s", "S", "i", "I", "l", "L"};
    source from = {bytes, size};
    const char *labels_format = next_below(&from, 2) ? formats[0] : NULL;
    mfg_arrow_schema inner = {.release = release_schema};
    mfg_arrow_schema schema = {.release = release_schema};
    mfg_arrow *column;
    const char *problem;

    if (labels_format != NULL) {
        labels_format = inner.format = formats[next_below(&from, 3)];
        schema.format = codes[next_below(&from, 8)];
        schema.dictionary = &inner;
        schema.flags = next_below(&from, 2);
    }
    else {
        schema.format = formats[next_below(&from, 4)];
    }
    HOLDS(mfg_arrow_new(&schema, &column, &problem) == MFG_OK);
    read_chunks(&from, column, schema.format, labels_format);
    return 0;
}
