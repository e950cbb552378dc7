/* Loops over blocks that gain from lanes of 256 or 512 bits are compiled for
 * them too; which one runs is chosen when the library is loaded. The bits are
 * the same: each lane does what the plain loop does. */
#ifndef MFG_LANES_H
#define MFG_LANES_H

#include <stdint.h> /* tells which C library it is */

#if defined(__x86_64__) && defined(__GLIBC__) &&                               \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define MFG_LANES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define MFG_LANES
#endif

/* The lanes a, b, c, d of two vectors, counted through both: 0 ... 7. gcc has
 * clang's name for it since version 12. */
#if defined(__clang__) || __GNUC__ >= 12
#define MFG_PICK(one, other, a, b, c, d)                                       \
    __builtin_shufflevector(one, other, a, b, c, d)
#else
typedef int64_t mfg_picked __attribute__((vector_size(32)));
#define MFG_PICK(one, other, a, b, c, d)                                       \
    __builtin_shuffle(one, other, (mfg_picked){a, b, c, d})
#endif

#endif
