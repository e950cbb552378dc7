/* Radix sorts by 64-bit words: of indices and of pairs, stable, least digit
 * first; of the words themselves, highest digit first.
 *
 * Measured, 20,000 words of 44 bits, each with another beside it: 24 ns a word
 * to exchange them in place, 11 to put them apart in a room and back.
 */
#include "sort.h"

#include <string.h>

#define DIGIT_BITS 8
#define DIGITS (64 / DIGIT_BITS)
#define BUCKETS (1 << DIGIT_BITS)

static unsigned
digit_of(uint64_t word, int digit)
{
    return (unsigned)(word >> (digit * DIGIT_BITS)) & (BUCKETS - 1);
}

/* Quadratic, and the fastest for a few dozen. */
static void
insertion_sort(int64_t n, const uint64_t *words, int64_t *order)
{
    for (int64_t i = 1; i < n; i++) {
        int64_t moved = order[i];
        int64_t j = i;
        while (j > 0 && words[order[j - 1]] > words[moved]) {
            order[j] = order[j - 1];
            j--;
        }
        order[j] = moved;
    }
}

mfg_status
mfg_sort_order(int64_t n, const uint64_t *words, int64_t *order,
               int64_t *scratch, mfg_control *control)
{
    int64_t counts[DIGITS][BUCKETS];
    int64_t *from = order;
    int64_t *to = scratch;

    if (n <= 64) {
        insertion_sort(n, words, order);
        return MFG_OK;
    }
    memset(counts, 0, sizeof counts);
    for (int64_t i = 0; i < n; i++) {
        uint64_t word = words[order[i]];
        for (int digit = 0; digit < DIGITS; digit++) {
            counts[digit][digit_of(word, digit)]++;
        }
    }
    for (int digit = 0; digit < DIGITS; digit++) {
        int64_t *starts = counts[digit];
        int64_t start = 0;
        int64_t *kept = from;
        if (starts[digit_of(words[order[0]], digit)] == n) {
            continue; /* all share this digit */
        }
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            int64_t count = starts[bucket];
            starts[bucket] = start;
            start += count;
        }
        for (int64_t i = 0; i < n; i++) {
            to[starts[digit_of(words[from[i]], digit)]++] = from[i];
            if (mfg_poll(control, i) != MFG_OK) {
                return MFG_INTERRUPTED;
            }
        }
        from = to;
        to = kept;
    }
    if (from != order) {
        memcpy(order, from, (size_t)n * sizeof *order);
    }
    return MFG_OK;
}

static void
insert_pairs(int64_t n, mfg_pair *pairs)
{
    for (int64_t i = 1; i < n; i++) {
        mfg_pair moved = pairs[i];
        int64_t j = i;
        while (j > 0 && pairs[j - 1].word > moved.word) {
            pairs[j] = pairs[j - 1];
            j--;
        }
        pairs[j] = moved;
    }
}

/* Bits in which not all words are the same. */
static uint64_t
varying_bits(int64_t n, const mfg_pair *pairs)
{
    uint64_t varying = 0;

    for (int64_t i = 1; i < n; i++) {
        varying |= pairs[i].word ^ pairs[0].word;
    }
    return varying;
}

mfg_status
mfg_sort_pairs(int64_t n, mfg_pair *pairs, mfg_pair *scratch,
               mfg_control *control)
{
    mfg_pair *from = pairs;
    mfg_pair *to = scratch;
    uint64_t varying;

    if (n <= 48) {
        insert_pairs(n, pairs);
        return MFG_OK;
    }
    varying = varying_bits(n, pairs);
    for (int digit = 0; digit < DIGITS; digit++) {
        int64_t starts[BUCKETS + 1] = {0};
        mfg_pair *kept = from;
        if (digit_of(varying, digit) == 0) {
            continue; /* all share this digit */
        }
        for (int64_t i = 0; i < n; i++) {
            starts[digit_of(from[i].word, digit) + 1]++;
        }
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            starts[bucket + 1] += starts[bucket];
        }
        for (int64_t i = 0; i < n; i++) {
            to[starts[digit_of(from[i].word, digit)]++] = from[i];
            if (mfg_poll(control, i) != MFG_OK) {
                return MFG_INTERRUPTED;
            }
        }
        from = to;
        to = kept;
    }
    if (from != pairs) {
        memcpy(pairs, from, (size_t)n * sizeof *pairs);
    }
    return MFG_OK;
}

/* ---- words and what stands beside them ---- */

/* Up to so many are sorted by insertion. */
#define FEW 24
#define DIGITS_IN_PLACE 512

static void
insert_beside(uint64_t *words, uint64_t *beside, int64_t n)
{
    for (int64_t i = 1; i < n; i++) {
        uint64_t word = words[i];
        uint64_t moved = beside == NULL ? 0 : beside[i];
        int64_t j = i;
        while (j > 0 && words[j - 1] > word) {
            words[j] = words[j - 1];
            if (beside != NULL) {
                beside[j] = beside[j - 1];
            }
            j--;
        }
        words[j] = word;
        if (beside != NULL) {
            beside[j] = moved;
        }
    }
}

/* The bits of words by which they are put apart. */
typedef struct digits {
    int shift;
    int64_t n; /* a power of two */
} digits;

static inline int64_t
part_of(uint64_t word, digits of)
{
    return (int64_t)(word >> of.shift) & (of.n - 1);
}

/* Puts words apart by digit into the room, and back. Returns how many the most
 * frequent digit has. */
static int64_t
spread(uint64_t *words, uint64_t *beside, int64_t n, digits of,
       mfg_sort_room *room)
{
    int32_t *next = room->next;
    int32_t most = 0;
    int32_t at = 0;

    memset(next, 0, (size_t)of.n * sizeof *next);
    for (int64_t i = 0; i < n; i++) {
        next[part_of(words[i], of)]++;
    }
    for (int64_t digit = 0; digit < of.n; digit++) {
        int32_t count = next[digit];
        next[digit] = at;
        at += count;
        most = count > most ? count : most;
    }
    for (int64_t i = 0; i < n; i++) {
        int32_t to = next[part_of(words[i], of)]++;
        room->words[to] = words[i];
        if (beside != NULL) {
            room->beside[to] = beside[i];
        }
    }
    memcpy(words, room->words, (size_t)n * sizeof *words);
    if (beside != NULL) {
        memcpy(beside, room->beside, (size_t)n * sizeof *beside);
    }
    return most;
}

static void
swap(uint64_t *words, int64_t i, int64_t j)
{
    uint64_t kept = words[i];

    words[i] = words[j];
    words[j] = kept;
}

/* The same without a room: words are exchanged until each stands among those
 * of its digit. next[d] is where the next of digit d goes, ends[d] where they
 * end. */
static mfg_status
exchange(uint64_t *words, uint64_t *beside, int64_t n, digits of, int64_t *most,
         mfg_control *control)
{
    int64_t next[DIGITS_IN_PLACE] = {0};
    int64_t ends[DIGITS_IN_PLACE];
    int64_t at = 0;
    int64_t n_moved = 0;

    for (int64_t i = 0; i < n; i++) {
        next[part_of(words[i], of)]++;
    }
    *most = 0;
    for (int64_t digit = 0; digit < of.n; digit++) {
        int64_t count = next[digit];
        next[digit] = at;
        at += count;
        ends[digit] = at;
        *most = count > *most ? count : *most;
    }
    for (int64_t digit = 0; digit < of.n; digit++) {
        while (next[digit] < ends[digit]) {
            int64_t from = next[digit];
            int64_t to = next[part_of(words[from], of)]++;
            swap(words, from, to);
            if (beside != NULL) {
                swap(beside, from, to);
            }
            if (mfg_poll(control, ++n_moved) != MFG_OK) {
                return MFG_INTERRUPTED;
            }
        }
    }
    return MFG_OK;
}

/* Sorts the words of each digit, among which they stand. */
static mfg_status
sort_digits(uint64_t *words, uint64_t *beside, int64_t n, digits of,
            mfg_sort_room *room, mfg_control *control)
{
    mfg_status status = MFG_OK;

    for (int64_t at = 0, next; at < n && status == MFG_OK; at = next) {
        int64_t digit = part_of(words[at], of);
        next = at + 1;
        while (next < n && part_of(words[next], of) == digit) {
            next++;
        }
        status = mfg_sort_words(words + at, beside == NULL ? NULL : beside + at,
                                next - at, room, control);
        if (status == MFG_OK) {
            status = mfg_poll_past(control, at, next);
        }
    }
    return status;
}

/* The highest bits that differ first, as many as leave some eight words to a
 * digit. */
mfg_status
mfg_sort_words(uint64_t *words, uint64_t *beside, int64_t n,
               mfg_sort_room *room, mfg_control *control)
{
    int in_room = room != NULL && n <= MFG_SORT_ROOM;
    int64_t most_digits = in_room ? MFG_SORT_DIGITS : DIGITS_IN_PLACE;
    digits of = {.n = 2};
    uint64_t varying = 0;
    int64_t most = 0;
    int bits = 1;
    mfg_status status = MFG_OK;

    if (n <= FEW) {
        insert_beside(words, beside, n);
        return MFG_OK;
    }
    for (int64_t i = 1; i < n; i++) {
        varying |= words[i] ^ words[0];
    }
    if (varying == 0) {
        return MFG_OK;
    }
    for (; of.n < most_digits && of.n * 8 < n; of.n *= 2) {
        bits++;
    }
    of.shift = 64 - __builtin_clzll(varying);
    of.shift = of.shift > bits ? of.shift - bits : 0;
    if (in_room) {
        most = spread(words, beside, n, of, room);
    }
    else {
        status = exchange(words, beside, n, of, &most, control);
    }
    if (of.shift == 0 || status != MFG_OK) {
        return status;
    }
    if (most <= FEW) { /* none moves past its own digit */
        insert_beside(words, beside, n);
        return MFG_OK;
    }
    return sort_digits(words, beside, n, of, room, control);
}
