// The loops of bytes.hpp.
#include "memory/bytes.hpp"

namespace twinbit {

#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'

// The empty statement keeps the compiler from seeing a memset, or a memcpy, in the loop.
void clear_bytes(void *bytes, std::uint32_t n) {
    for (std::uint32_t i = 0; i < n; ++i) {
        static_cast<std::uint8_t *>(bytes)[i] = 0;
        __asm__ volatile("");
    }
}

// Words of unknown types: a type that may alias.
using Word __attribute__((may_alias)) = std::uint32_t;

void copy_words(void *to, const void *from, std::uint32_t n) {
    for (std::uint32_t i = 0; i < n; ++i) {
        static_cast<Word *>(to)[i] = static_cast<const Word *>(from)[i];
        __asm__ volatile("");
    }
}

#endif

} // namespace twinbit
