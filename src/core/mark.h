/* What finds a text in the table of strings.c: its beginning and its hash.
 *
 * A text of up to 31 bytes is one vector of 32: itself, a byte of 1 that ends
 * it, zeros. No two texts are the same vector, and none is all zeros, as an
 * empty entry is, or ends otherwise, as the entry of a longer text does. */
#ifndef MFG_MARK_H
#define MFG_MARK_H

#include "strings.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The greatest size of texts that stand in the table whole. */
#define MFG_SHORT 31

/* 2^64 over the golden ratio. */
#define MIXER UINT64_C(0x9e3779b97f4a7c15)

typedef uint64_t mfg_span __attribute__((vector_size(MFG_ROOM)));
typedef uint64_t mfg_half __attribute__((vector_size(MFG_ROOM / 2)));

/* Where a text is looked for first, and how the entry there begins if it is the
 * text's. That of a longer text is all zeros. */
typedef struct mfg_mark {
    mfg_span words;
    uint64_t hash;
    mfg_known *start;
} mfg_mark;

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

static inline __attribute__((always_inline)) void
halve(const mfg_span *words, mfg_half *low, mfg_half *high)
{
    memcpy(low, words, sizeof *low);
    memcpy(high, (const char *)words + sizeof *low, sizeof *high);
}

/* The lower half of each word times its higher half. */
static inline __attribute__((always_inline)) mfg_half
multiply_halves(mfg_half words)
{
#ifdef __SSE2__ /* gcc multiplies all 64 bits of either, which takes longer */
    __m128i halves = (__m128i)words;

    return (mfg_half)_mm_mul_epu32(halves, _mm_srli_epi64(halves, 32));
#else
    return (words & UINT32_MAX) * (words >> 32);
#endif
}

/* 0 where no bit is set. */
static inline __attribute__((always_inline)) uint64_t
any_bit(const mfg_span *words)
{
    mfg_half low, high;

    halve(words, &low, &high);
    low |= high;
    return low[0] | low[1];
}

/* NH of UMAC (Black, Halevi, Krawczyk, Krovetz and Rogaway, 1999), with the
 * secrets by exclusive or, then mixed. Texts that are made to share a hash
 * need to know the secrets, one for each word. */
static inline __attribute__((always_inline)) uint64_t
hash_words(const mfg_span *words, const uint64_t *secrets)
{
    mfg_span turned;
    mfg_half low, high;

    memcpy(&turned, secrets, sizeof turned);
    turned ^= *words;
    halve(&turned, &low, &high);
    low = multiply_halves(low) + multiply_halves(high);
    return fold(low[0] + low[1], MIXER);
}

/* Of a long text: sixteen bytes at a time; the last may overlap those before.
 */
static uint64_t
hash_rest(const char *text, size_t size, uint64_t hash, const uint64_t *secrets)
{
    hash ^= size;
    for (size_t at = MFG_ROOM; at + 16 < size; at += 16) {
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

/* The vector of a short text; reads no byte that is not the text's. */
static inline void
read_short(const char *text, size_t size, uint64_t *words)
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
    words[whole] |= UINT64_C(1) << (8 * rest);
}

/* The same of a roomy text, without a branch; all zeros where it is longer. */
static inline __attribute__((always_inline)) void
read_roomy(const char *text, size_t size, mfg_span *words)
{
    static const uint8_t kept[3 * MFG_ROOM]
        __attribute__((aligned(2 * MFG_ROOM))) = {
            255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
            255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
            255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    };
    static const uint8_t end[3 * MFG_ROOM]
        __attribute__((aligned(2 * MFG_ROOM))) = {[MFG_ROOM] = 1};
    size_t from = size <= MFG_SHORT ? MFG_ROOM - size : 2 * MFG_ROOM;
    mfg_span mask, last;

    memcpy(words, text, sizeof *words);
    memcpy(&mask, kept + from, sizeof mask);
    memcpy(&last, end + from, sizeof last);
    *words = (*words & mask) | last;
}

/* Needs a table with entries. */
static inline __attribute__((always_inline)) void
mfg_mark_text(const mfg_strings *strings, const mfg_text *text, int is_roomy,
              mfg_mark *made)
{
    if (text->size > MFG_SHORT) {
        memcpy(&made->words, text->text, sizeof made->words);
    }
    else if (is_roomy) {
        read_roomy(text->text, text->size, &made->words);
    }
    else {
        uint64_t words[4];
        read_short(text->text, text->size, words);
        memcpy(&made->words, words, sizeof words);
    }
    made->hash = hash_words(&made->words, strings->secrets);
    if (text->size > MFG_SHORT) {
        made->hash =
            hash_rest(text->text, text->size, made->hash, strings->secrets);
        made->words = (mfg_span){0};
    }
    made->start = &strings->entries[made->hash & strings->mask];
}

#endif
