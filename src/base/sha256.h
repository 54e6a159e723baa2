/*
 * sha256 - the digest of FIPS 180-4
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>

enum { SHA256_SIZE = 32 };

void sha256(const void *data, size_t len, unsigned char digest[SHA256_SIZE]);

#endif
