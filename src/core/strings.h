/* Text to dense codes: a dictionary of the strings seen. */
#ifndef MFG_STRINGS_H
#define MFG_STRINGS_H

#include "mfg.h"

/* An entry of the table that finds a text: a line of the cache. */
typedef struct mfg_known {
    uint64_t words[4]; /* a short text (mark.h); ends in 255 of a longer one */
    uint64_t hash;
    int64_t place;  /* code + 1; 0: empty */
    uint64_t start; /* in `bytes` of a longer text */
    uint64_t size;
} mfg_known;

/* String i is bytes[ends[i-1] ... ends[i]]. Owns copies of the text. */
typedef struct mfg_strings {
    mfg_known *entries; /* mask + 1, a power of two, or NULL */
    void *memory;       /* of entries, which are aligned to their size */
    uint64_t mask;
    uint64_t secrets[4]; /* of hashes, from the first text on */
    char *bytes;
    size_t room;
    int64_t *ends;
    int64_t count;
    int64_t capacity;
} mfg_strings;

void mfg_strings_free(mfg_strings *strings);
/* The code of a text, a new one where it was not seen; asks while the table
 * grows. */
mfg_status mfg_strings_code(mfg_strings *strings, const char *text, size_t size,
                            uint64_t *code, mfg_control *control);
/* The codes of n texts, of which the first n_roomy are roomy. */
mfg_status mfg_strings_codes(mfg_strings *strings, int32_t n, int32_t n_roomy,
                             const mfg_text *texts, uint64_t *codes,
                             mfg_control *control);
/* The same where nothing is to be added: of a text that was not seen, `count`.
 */
void mfg_strings_find(const mfg_strings *strings, int32_t n,
                      const mfg_text *texts, uint64_t *codes);
void mfg_strings_at(const mfg_strings *strings, int64_t code, const char **text,
                    size_t *size);
/* collate.c: ranks[code] is the place of the string among all in the order of
 * code points. is_ucs4: text of 4-byte characters instead of UTF-8. */
mfg_status mfg_strings_ranks(const mfg_strings *strings, int is_ucs4,
                             uint64_t *ranks, mfg_control *control);

#endif
