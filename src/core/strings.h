/* Text to dense codes: a dictionary of the strings seen. */
#ifndef MFG_STRINGS_H
#define MFG_STRINGS_H

#include "mfg.h"
#include "table.h"

/* String i is bytes[ends[i-1] ... ends[i]]. Owns copies of the text. */
typedef struct mfg_strings {
    mfg_table table;
    char *bytes;
    size_t room;
    int64_t *ends;
    int64_t count;
    int64_t capacity;
} mfg_strings;

void mfg_strings_free(mfg_strings *strings);
/* The code of a text, a new one where it was not seen. */
mfg_status mfg_strings_code(mfg_strings *strings, const char *text, size_t size,
                            int64_t *code);
/* The code of a text, -1 where it was not seen. */
int64_t mfg_strings_find(const mfg_strings *strings, const char *text,
                         size_t size);
void mfg_strings_at(const mfg_strings *strings, int64_t code, const char **text,
                    size_t *size);
/* ranks[code]: the place of the string among all in the order of code points.
 * is_ucs4: text of 4-byte characters instead of UTF-8. */
mfg_status mfg_strings_ranks(const mfg_strings *strings, int is_ucs4,
                             uint64_t *ranks, mfg_control *control);

#endif
