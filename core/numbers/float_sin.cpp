// Sine and cosine of a float: see float_sin.hpp.
//
// Reduction after Payne and Hanek (1983): x is mantissa * 2^exponent, so x * 2/pi modulo 4 needs only those 96 bits of
// 2/pi that the exponent selects; three 32-bit products give the quarter turn in the top 2 bits and the rest to 2^-62.
#include "numbers/float_sin.hpp"

#include "numbers/float_scale.hpp"

namespace twinbit {

namespace {

// 2/pi = 0.A2F9836E..., after two words of zeros for arguments below 1.
constexpr std::uint32_t two_over_pi[] = {0,           0,           0xA2F9836Eu, 0x4E441529u, 0xFC2757D1u,
                                         0xF534DDC0u, 0xDB629599u, 0x3C439041u, 0xFE5163ABu};

struct Angle {
    std::uint32_t quadrant; // 0 ... 3
    float high;             // in -pi/4 ... pi/4, to 23 or 24 bits
    float low;              // the next 24 bits
};

// f * pi/2 * 2^-62 as a sum of two floats, f != 0.
Angle to_radians(std::uint32_t quadrant, std::int64_t f) {
    const std::uint64_t magnitude = f < 0 ? 0u - static_cast<std::uint64_t>(f) : static_cast<std::uint64_t>(f);
    const int zeros = leading_zeros(magnitude);
    constexpr std::uint64_t half_pi = 3373259426u; // Q1.31
    const std::uint64_t product = ((magnitude << zeros) >> 32) * half_pi;
    const float sign = f < 0 ? -1.0f : 1.0f;
    const auto high = static_cast<std::int32_t>(product >> 40);
    const auto low = static_cast<std::int32_t>((product >> 16) & 0xFFFFFFu);
    return {quadrant, sign * static_cast<float>(high) * pow2(-21 - zeros),
            sign * static_cast<float>(low) * pow2(-45 - zeros)};
}

// bits of a positive float in 2^-12 ... 2^128.
Angle reduce(std::uint32_t bits) {
    const std::uint32_t mantissa = (bits & 0x007FFFFFu) | 0x00800000u;
    const std::uint32_t start = (bits >> 23) - 150u + 62u; // first bit needed, counted in the table: 27 ... 166
    const std::uint32_t *words = two_over_pi + start / 32;
    const int shift = static_cast<int>(start % 32);
    std::uint32_t window[3];
    for (int i = 0; i < 3; ++i) {
        const std::uint64_t pair = (std::uint64_t{words[i]} << 32) | words[i + 1];
        window[i] = static_cast<std::uint32_t>(pair >> (32 - shift));
    }
    std::uint64_t quarters = std::uint64_t{mantissa * window[0]} << 32; // Q2.62, modulo 4
    quarters += std::uint64_t{mantissa} * window[1];
    quarters += (std::uint64_t{mantissa} * window[2]) >> 32;
    const std::uint64_t quadrant = (quarters + (std::uint64_t{1} << 61)) >> 62;
    const auto rest = static_cast<std::int64_t>(quarters - (quadrant << 62));
    return to_radians(static_cast<std::uint32_t>(quadrant & 3u), rest | 1);
}

// Minimax on 0 ... pi/4, 2^-28 relative: r + r^3 S(r^2), with the low part carried to first order.
float sin_reduced(float r, float low) {
    const float z = r * r;
    const float s = (-0x1.9956b6p-13f * z + 0x1.11077ep-7f) * z - 0x1.555546p-3f;
    return r + ((r * z) * s + (low - low * (0.5f * z)));
}

// Minimax, 2^-33: 1 - z/2 + z^2 C(z), less r * low.
float cos_reduced(float r, float low) {
    const float z = r * r;
    const float c = (0x1.99e0eep-16f * z - 0x1.6c0c1ap-10f) * z + 0x1.55554ap-5f;
    return 1.0f - (0.5f * z - ((z * z) * c - r * low));
}

// Quarter turns: sin, cos, -sin, -cos.
float select(const Angle &a, std::uint32_t turn) {
    const std::uint32_t q = a.quadrant + turn;
    const float y = (q & 1u) != 0 ? cos_reduced(a.high, a.low) : sin_reduced(a.high, a.low);
    return (q & 2u) != 0 ? -y : y;
}

constexpr std::uint32_t smallest = 0x39800000u; // 2^-12: below, sin x = x and cos x = 1 to half an ulp

} // namespace

float sin(float x) {
    const std::uint32_t sign = float_bits(x) & 0x80000000u;
    const std::uint32_t bits = float_bits(x) ^ sign;
    if (bits >= infinity_bits) {
        return canonical_nan();
    }
    if (bits < smallest) {
        return x;
    }
    return bits_float(float_bits(select(reduce(bits), 0)) ^ sign);
}

float cos(float x) {
    const std::uint32_t bits = float_bits(x) & 0x7FFFFFFFu;
    if (bits >= infinity_bits) {
        return canonical_nan();
    }
    if (bits < smallest) {
        return 1.0f;
    }
    return select(reduce(bits), 1);
}

} // namespace twinbit
