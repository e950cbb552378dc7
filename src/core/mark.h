/* What finds a text in the table of strings.c: its beginning and its hash. */
#ifndef MFG_MARK_H
#define MFG_MARK_H

#include "strings.h"

#include <string.h>

/* The greatest size of texts that stand in the table whole; and what stands in
 * the place of the size of others. */
#define MFG_SHORT 31
#define MFG_LONG UINT64_C(255)

/* Where a text is looked for first, and how the entry there begins if it is the
 * text's. */
typedef struct mfg_mark {
    uint64_t words[4];
    uint64_t hash;
    mfg_known *start;
} mfg_mark;

typedef uint64_t mfg_span __attribute__((vector_size(MFG_ROOM)));

static inline uint64_t
read_8(const char *text)
{
    uint64_t word;

    memcpy(&word, text, sizeof word);
    return word;
}

static inline uint64_t
read_4(const char *text)
{
    uint32_t word;

    memcpy(&word, text, sizeof word);
    return word;
}

/* Each bit of the product depends on many of both; its halves are made one. */
static inline uint64_t
fold(uint64_t a, uint64_t b)
{
    __extension__ unsigned __int128 product = a;

    product *= b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Texts that are made to share a hash need to know the secrets, one for each
 * word. */
static inline uint64_t
hash_words(const uint64_t *words, const uint64_t *secrets)
{
    return fold(words[0] ^ secrets[0], words[1] ^ secrets[1]) ^
           fold(words[2] ^ secrets[2], words[3] ^ secrets[3]);
}

/* Of a long text: sixteen bytes at a time; the last may overlap those before.
 */
static uint64_t
hash_rest(const char *text, size_t size, uint64_t hash, const uint64_t *secrets)
{
    hash ^= size;
    for (size_t at = 24; at + 16 < size; at += 16) {
        hash = fold(read_8(text + at) ^ secrets[0],
                    read_8(text + at + 8) ^ secrets[1] ^ hash);
    }
    return fold(read_8(text + size - 16) ^ secrets[2],
                read_8(text + size - 8) ^ secrets[3] ^ hash);
}

/* The bytes of a text shorter than 8, zeros after them. */
static inline uint64_t
read_few(const char *text, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)text;

    if (size >= 4) {
        return read_4(text) | read_4(text + size - 4) << (8 * (size - 4));
    }
    if (size == 0) {
        return 0;
    }
    return bytes[0] | (uint64_t)bytes[size / 2] << (8 * (size / 2)) |
           (uint64_t)bytes[size - 1] << (8 * (size - 1));
}

/* The bytes of a text no longer than MFG_SHORT, zeros after them; reads none
 * that is not the text's. */
static inline void
read_words(const char *text, size_t size, uint64_t *words)
{
    size_t whole = size / 8;
    size_t rest = size % 8;

    memset(words, 0, MFG_ROOM);
    for (size_t i = 0; i < whole; i++) {
        words[i] = read_8(text + 8 * i);
    }
    if (rest > 0) { /* the last 8 bytes, less those that were read */
        words[whole] = whole > 0 ? read_8(text + size - 8) >> (64 - 8 * rest)
                                 : read_few(text, rest);
    }
}

/* The same of a roomy text, without a branch. */
static inline __attribute__((always_inline)) void
read_roomy(const char *text, size_t size, uint64_t *words)
{
    static const uint8_t kept[2 * MFG_ROOM] = {
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    };
    mfg_span read;
    mfg_span mask;

    memcpy(&read, text, sizeof read);
    memcpy(&mask, kept + MFG_ROOM - size, sizeof mask);
    read &= mask;
    memcpy(words, &read, sizeof read);
}

/* Needs a table with entries. */
static inline __attribute__((always_inline)) void
mfg_mark_text(const mfg_strings *strings, const mfg_text *text, int is_roomy,
              mfg_mark *made)
{
    size_t size = text->size <= MFG_SHORT ? text->size : MFG_SHORT;

    if (is_roomy) {
        read_roomy(text->text, size, made->words);
    }
    else {
        read_words(text->text, size, made->words);
    }
    made->words[3] |= (text->size <= MFG_SHORT ? size : MFG_LONG) << 56;
    made->hash = hash_words(made->words, strings->secrets);
    if (text->size > MFG_SHORT) {
        made->hash =
            hash_rest(text->text, text->size, made->hash, strings->secrets);
    }
    made->start = &strings->entries[made->hash & strings->mask];
}

#endif
