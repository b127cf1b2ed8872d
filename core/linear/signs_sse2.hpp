// Where the signs of signs.hpp lie in a number, and their sums on machines with SSE2.
#pragma once

#include "linear/lanes.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace twinbit {

// The sign of element i of 32, as the top bit.
constexpr std::uint32_t sign_of(std::uint32_t signs, std::uint32_t i) {
    return (signs << ((i % 2 == 0 ? 16u : 0u) + i / 2)) & 0x80000000u;
}
// The bit that it is.
constexpr std::uint32_t sign_bit(std::uint32_t i) { return (i % 2 == 0 ? 1u : 1u << 16) << (15 - i / 2); }

#if defined(__SSE2__)
namespace sse2 {

// The bits of signs, as 16 and as 32 bits an element.
struct SignBits {
    alignas(16) std::uint16_t half[32];
    alignas(16) std::uint32_t whole[32];

    constexpr SignBits() : half(), whole() {
        for (std::uint32_t i = 0; i < 32; ++i) {
            whole[i] = sign_bit(i);
            half[i] = static_cast<std::uint16_t>(1u << (15 - i / 2)); // of the half that element i looks at
        }
    }
};
inline constexpr SignBits sign_bits = {};

inline __m128i load(const void *p) { return _mm_loadu_si128(static_cast<const __m128i *>(p)); }
inline __m128i broadcast(std::uint32_t signs) { return _mm_set1_epi32(static_cast<std::int32_t>(signs)); }

inline std::int32_t total(__m128i v) {
    v = _mm_add_epi32(v, _mm_shuffle_epi32(v, 0x4E));
    v = _mm_add_epi32(v, _mm_shuffle_epi32(v, 0xB1));
    return _mm_cvtsi128_si32(v);
}

inline std::int32_t negatives32(const std::int16_t *x, std::uint32_t signs) {
    __m128i sum = _mm_setzero_si128();
    for (int i = 0; i < 32; i += 8) {
        const __m128i bit = load(sign_bits.half + i);
        const __m128i mask = _mm_cmpeq_epi16(_mm_and_si128(broadcast(signs), bit), bit); // -1 where it is set
        sum = _mm_sub_epi32(sum, _mm_madd_epi16(load(x + i), mask));
    }
    return total(sum);
}

inline std::int32_t negatives32(const std::int32_t *x, std::uint32_t signs) {
    __m128i sum = _mm_setzero_si128();
    for (int i = 0; i < 32; i += 4) {
        const __m128i bit = load(sign_bits.whole + i);
        const __m128i mask = _mm_cmpeq_epi32(_mm_and_si128(broadcast(signs), bit), bit);
        sum = _mm_add_epi32(sum, _mm_and_si128(load(x + i), mask));
    }
    return total(sum);
}

// The lanes of lanes.hpp, four a vector.
struct SignedLanes {
    __m128 low = _mm_setzero_ps(), high = _mm_setzero_ps();

    void add(const float *x, std::uint32_t signs) {
        low = _mm_add_ps(low, with_signs(x, sign_bits.whole, signs));
        high = _mm_add_ps(high, with_signs(x + 4, sign_bits.whole + 4, signs));
    }
    float total() const {
        Lanes sum;
        _mm_storeu_ps(sum.lane, low);
        _mm_storeu_ps(sum.lane + 4, high);
        return sum.total();
    }

  private:
    static __m128 with_signs(const float *x, const std::uint32_t *bits, std::uint32_t signs) {
        const __m128i bit = load(bits);
        const __m128i set = _mm_cmpeq_epi32(_mm_and_si128(broadcast(signs), bit), bit);
        return _mm_xor_ps(_mm_loadu_ps(x), _mm_castsi128_ps(_mm_slli_epi32(set, 31)));
    }
};

} // namespace sse2
#endif

} // namespace twinbit
