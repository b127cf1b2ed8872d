// Memory cleared and copied. A Cortex-M's C library unrolls memset and memcpy: 310 to 470 bytes of flash for the few calls
// that a monitor makes, which two plain loops serve. Structs that a compiler would clear by memset are cleared by name
// for the same reason.
#pragma once

#include "numbers/assumptions.hpp"

#include <cstring>
#include <type_traits>

namespace twinbit {

#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
void clear_bytes(void *bytes, std::uint32_t n);
void copy_words(void *to, const void *from, std::uint32_t n);
#else
inline void clear_bytes(void *bytes, std::uint32_t n) {
    if (n != 0) { // then the pointer may be null
        std::memset(bytes, 0, n);
    }
}
// n words of 32 bits, aligned.
inline void copy_words(void *to, const void *from, std::uint32_t n) { std::memcpy(to, from, 4 * n); }
#endif

// A struct of numbers and pointers, all 0.
template <class T> void clear(T &t) {
    static_assert(std::is_trivially_copyable_v<T>, "nothing but bytes");
    clear_bytes(&t, sizeof t);
}

} // namespace twinbit
