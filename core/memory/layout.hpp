// Where things are: offsets that grow by explicit, 8-byte aligned steps, so that an image has the same bytes
// everywhere.
#pragma once

#include "numbers/assumptions.hpp"

#include <cstring>

namespace twinbit {

constexpr std::uint32_t align8(std::uint32_t bytes) { return (bytes + 7u) & ~7u; }

// Hands out offsets one after the other. Every array begins at a multiple of 8.
class Layout {
  public:
    template <class T> constexpr std::uint32_t add(std::uint32_t count) {
        const std::uint32_t offset = end_;
        end_ += align8(count * static_cast<std::uint32_t>(sizeof(T)));
        return offset;
    }
    constexpr std::uint32_t bytes() const { return end_; }

  private:
    std::uint32_t end_ = 0;
};

// The array of T at an offset of an aligned block. The builtin keeps GCC's induction variables from computing one array's
// address from another's, which lost track of stores (GCC 12 at -O2; core/DESIGN.md).
template <class T> T *at(std::uint8_t *block, std::uint32_t offset) {
    return static_cast<T *>(__builtin_assume_aligned(block + offset, alignof(T)));
}
template <class T> const T *at(const std::uint8_t *block, std::uint32_t offset) {
    return static_cast<const T *>(__builtin_assume_aligned(block + offset, alignof(T)));
}

// One T from bytes of any alignment.
template <class T> T peek(const std::uint8_t *bytes) {
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

inline bool is_aligned8(const void *p) { return (reinterpret_cast<std::uintptr_t>(p) & 7u) == 0; }

} // namespace twinbit
