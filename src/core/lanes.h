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

#endif
