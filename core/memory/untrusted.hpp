// Range checks over bytes that nobody vouches for: of any alignment, read only by copy, never believed.
#pragma once

#include "memory/layout.hpp"
#include "numbers/bits.hpp"

namespace twinbit {

// count numbers of type T from bytes on all lie in low ... high. NaN lies nowhere.
template <class T> bool all_within(const std::uint8_t *bytes, std::uint32_t count, T low, T high) {
    for (std::uint32_t i = 0; i < count; ++i) {
        const T v = peek<T>(bytes + i * sizeof(T));
        if (!(v >= low && v <= high)) {
            return false;
        }
    }
    return true;
}

// Padding and reserved bytes are zero.
inline bool all_zero(const std::uint8_t *bytes, std::uint32_t count) {
    return all_within<std::uint8_t>(bytes, count, 0, 0);
}

// The gap between the end of an array of count T at offset and the next multiple of 8 is zero.
template <class T> bool padding_zero(const std::uint8_t *block, std::uint32_t offset, std::uint32_t count) {
    const auto used = static_cast<std::uint32_t>(count * sizeof(T));
    return all_zero(block + offset + used, align8(used) - used);
}

} // namespace twinbit
