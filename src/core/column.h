/* Columns, and how they come into blocks: a part of mfg.h, which includes it.
 */
#ifndef MFG_COLUMN_H
#define MFG_COLUMN_H

/* ---- load.c: columns of any dtype to blocks ---- */

typedef enum mfg_kind {
    MFG_BOOL,
    MFG_INT8,
    MFG_INT16,
    MFG_INT32,
    MFG_INT64,
    MFG_UINT8,
    MFG_UINT16,
    MFG_UINT32,
    MFG_UINT64,
    MFG_FLOAT16,
    MFG_FLOAT32,
    MFG_FLOAT64,
    MFG_DATE,   /* int64 whose least value (NaT) is missing */
    MFG_DATE32, /* int32, a date that is never missing by itself */
    MFG_BITS,   /* bools, a bit a row */
    MFG_CODES,  /* integers of a narrower kind that stand for `ranks` */
    MFG_UCS4,   /* fixed width text, 4 bytes a character, padded by zeros */
    MFG_STRING, /* text of any length, UTF-8, read through `fetch` */
    MFG_UTF8,   /* UTF-8 between int32 offsets, one more of them than rows */
    MFG_UTF8_LARGE, /* the same between int64 offsets */
    MFG_UTF8_VIEW,  /* views of 16 bytes: a short text itself, or where it is */
    MFG_DECIMAL,    /* integers of 128 bits over 10^scale; values, no keys */
} mfg_kind;

/* What a kind becomes in a block. */
typedef enum mfg_wide {
    MFG_AS_FLOAT64,
    MFG_AS_INT64,
    MFG_AS_UINT64,
    MFG_AS_TEXT,
} mfg_wide;

/* Reads the text of one item; returns 0, 1 where it is missing, -1 on error. */
typedef int (*mfg_fetch)(void *context, const char *item, const char **text,
                         size_t *size);

/* A borrowed column. Row i stands at data + i * stride. */
typedef struct mfg_column {
    const char *data;
    ptrdiff_t stride;
    const char *mask; /* one byte a row, nonzero = missing; NULL: none */
    ptrdiff_t mask_stride;
    const uint8_t *valid; /* one bit a row, 0 = missing; NULL: none */
    int64_t first_bit;    /* row 0's, in `valid` and in data of MFG_BITS */
    mfg_kind kind;
    int swapped;          /* bytes in the other order */
    int negative_missing; /* codes: a negative one is missing */
    int leaves_out;       /* as a key: a missing one leaves its record out */
    size_t width;         /* MFG_UCS4: bytes of an item */
    int scale;            /* MFG_DECIMAL */
    mfg_fetch fetch;      /* MFG_STRING */
    void *context;
    /* Around the items of a block, which stay where they are in between: gives
     * the context of `fetch`. NULL: that is `context`. */
    void *(*open)(void *context);
    void (*close)(void *opened);
    /* MFG_CODES: what a code stands for, -1 a missing one; and their kind. */
    const int32_t *ranks;
    int64_t n_ranks;
    mfg_kind codes;
    /* MFG_UTF8_...: what offsets count into; the last is no greater than size.
     * Views: several such, in which the longer texts are. */
    const char *const *texts;
    const int64_t *sizes;
    int64_t n_texts;
    /* A column in pieces of its own kind, which alone have data: part p holds
     * rows starts[p] ... starts[p + 1] - 1. */
    const struct mfg_column *parts;
    const int64_t *starts;
    int64_t n_parts;  /* 0: in one piece */
    const char *name; /* what errors call it; NULL: nothing */
} mfg_column;

/* The part that holds a row of a column in pieces. */
static inline int64_t
mfg_part_at(const mfg_column *column, int64_t row)
{
    int64_t low = 0;
    int64_t high = column->n_parts;

    while (high - low > 1) { /* starts[low] <= row < starts[high] */
        int64_t middle = low + (high - low) / 2;
        if (column->starts[middle] <= row) {
            low = middle;
        }
        else {
            high = middle;
        }
    }
    return low;
}

/* Rows of a block. All temporaries of a pass over 2 keys and a value stay in
 * the first-level cache: 1024 * (3 * 8 + 3 + 4) bytes = 31 KB. */
#define MFG_BLOCK 1024

/* The one NaN, and no negative zero: bits of results never depend on order. */
static inline double
mfg_plain(double x)
{
    return x != x ? NAN : x + 0.0;
}

typedef union mfg_word {
    double float64;
    int64_t int64;
    uint64_t uint64;
} mfg_word;

typedef struct mfg_block {
    const mfg_word *values; /* into the column where it is dense, or space */
    const uint8_t *missing; /* a flag a row; NULL: none. Floats: NaN instead */
    mfg_word space[MFG_BLOCK];
    uint8_t flags[MFG_BLOCK];
} mfg_block;

mfg_wide mfg_widened(mfg_kind kind);
/* Brings rows start ... start + n - 1 (n <= MFG_BLOCK) of a numeric column into
 * the block as float64, int64 or uint64. */
void mfg_load(const mfg_column *column, int64_t start, int32_t n,
              mfg_block *block);

/* Whether no bit of `valid` says that one of these rows is missing, in a column
 * in one piece. */
int mfg_all_valid(const mfg_column *column, int64_t start, int32_t n);
/* Flags the rows that are missing by mask or bit, in a column in one piece;
 * whether there is one. */
int mfg_flag_missing(const mfg_column *column, int64_t start, int32_t n,
                     uint8_t *flags);

/* In a block, in place of a code that is none of its dictionary. */
#define MFG_NO_RANK INT64_MIN

/* ---- texts.c: where the texts of a column lie ---- */

typedef struct mfg_text {
    const char *text;
    size_t size; /* in bytes */
} mfg_text;

/* Bytes that can be read from where a roomy text begins, whatever its size. */
#define MFG_ROOM 32

typedef struct mfg_found_texts {
    int any_missing;
    int32_t n_roomy; /* so many of the first are roomy, or missing */
    int64_t where;   /* MFG_BAD_STRING: the row that cannot be read */
} mfg_found_texts;

/* The texts of rows start ... start + n - 1, and flags where one is missing,
 * of no meaning where none is; `opened` is what column->open gave.
 * MFG_BAD_STRING: one cannot be read, or lies outside of its column. */
mfg_status mfg_load_texts(const mfg_column *column, void *opened, int64_t start,
                          int32_t n, mfg_text *texts, uint8_t *missing,
                          mfg_found_texts *found);

#endif
