// The loops of bytes.hpp.
#include "memory/bytes.hpp"

namespace twinbit {

#if defined(__ARM_ARCH_6M__)

// The empty statement keeps the compiler from seeing a memset, or a memcpy, in the loop.
void clear_bytes(void *bytes, std::uint32_t n) {
    for (std::uint32_t i = 0; i < n; ++i) {
        static_cast<std::uint8_t *>(bytes)[i] = 0;
        __asm__ volatile("");
    }
}

void copy_bytes(void *to, const void *from, std::uint32_t n) {
    for (std::uint32_t i = 0; i < n; ++i) {
        static_cast<std::uint8_t *>(to)[i] = static_cast<const std::uint8_t *>(from)[i];
        __asm__ volatile("");
    }
}

#endif

} // namespace twinbit
