/* Natural logarithms of many numbers at once, the same bits on any machine. */
#ifndef MFG_LOGARITHM_H
#define MFG_LOGARITHM_H

#include "mfg.h"

/* terms[i] = x ln x, x being what stands there: finite and >= 0. Within 2 ulp
 * where x is a normal number; below, 0 to 300 digits. */
void mfg_entropy_terms(mfg_word *terms, int32_t n);

/* ln x, x finite and normal. */
double mfg_logarithm(double x);

#endif
