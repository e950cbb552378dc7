/* The only door to the heap. */
#ifndef MFG_MEMORY_H
#define MFG_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* NULL where there is none, or where count * size overflows. */
void *mfg_alloc(size_t count, size_t size);
void *mfg_alloc_zeros(size_t count, size_t size);
/* Begins where a line of the cache does, so that no cell of 32 bytes lies in
 * two. */
void *mfg_alloc_lines(size_t count, size_t size);
void *mfg_resize(void *memory, size_t count, size_t size);
void mfg_free(void *memory);
#ifdef MFG_TESTING
extern _Atomic int64_t mfg_allocations_left; /* the hook: < 0 never fails */
extern _Atomic int64_t mfg_allocations_held; /* not yet given back */
#endif

#endif
