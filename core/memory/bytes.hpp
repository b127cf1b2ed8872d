// Bytes cleared and copied. A Cortex-M0's C library unrolls memset and memcpy: 310 bytes for the few calls that a monitor
// makes, which two plain loops serve. Structs that a compiler would clear by memset are cleared by name for the same
// reason.
#pragma once

#include "numbers/assumptions.hpp"

#include <cstring>
#include <type_traits>

namespace twinbit {

#if defined(__ARM_ARCH_6M__)
void clear_bytes(void *bytes, std::uint32_t n);
void copy_bytes(void *to, const void *from, std::uint32_t n);
#else
inline void clear_bytes(void *bytes, std::uint32_t n) {
    if (n != 0) { // then the pointer may be null
        std::memset(bytes, 0, n);
    }
}
inline void copy_bytes(void *to, const void *from, std::uint32_t n) { std::memcpy(to, from, n); }
#endif

// A struct of numbers and pointers, all 0.
template <class T> void clear(T &t) {
    static_assert(std::is_trivially_copyable_v<T>, "nothing but bytes");
    clear_bytes(&t, sizeof t);
}

} // namespace twinbit
