// Health: where the smoothed score has been heading, and when it will reach the threshold if it goes on like that.
//
// The last `health` frames are kept as the means y of 32 blocks of equal length, in a ring, and a line is put through them
// by least squares (n means, x in blocks from their middle):
//
//   x_i = i - (n - 1)/2;   a = sum y / n;   b = sum x y / sum x^2,   sum x^2 = n (n^2 - 1) / 12
//   level  = a + b (n/2 + rest of a block)      the line now;        slope = b / length of a block
//
// Errors. Neighbouring means are alike: scores are smoothed, machines have cycles. The residuals e tell how much:
//
//   r = sum e_i e_(i+1) / sum e^2;   p = (n r + 2) / (n - 4), limited to 0 ... 0.95    r is too small by (2 + 4 p) / n
//   m = n (1 - p) / (1 + p)          means that are as good as independent (Santer et al., J. Geophys. Res. 105, 2000)
//   s^2 = sum e^2 / (m - 2);         slope_error = s / sqrt(sum x^2)
//
// Time to the threshold T: (T - level) / slope, and between which two times it lies in nine cases of ten: where the line's
// band of confidence crosses T (Fieller, J. R. Stat. Soc. B 16(2), 1954), t the 95 % point of Student's distribution
// with m - 2 degrees of freedom, g = t^2 s^2 / sum x^2, h = t^2 s^2 / n, D = T - a:
//
//   (b^2 - g) x^2 - 2 D b x + D^2 - h = 0       the later of the two is never where b^2 <= g: it may not be rising at all
//
// Cost: an addition a frame, a division a block. What the line is read for takes 32-bit integers and divisions; only
// its errors are float32. Resolution: means have 2^-24 octaves, a slope 2^-32 octaves a frame.
// Measured on streams of AR(1) noise about a line, and with cycles: the true time lies between the two in 90 to 96 % where
// means of blocks are correlated by 0 to 0.85, and more often with cycles longer than a block, which look like a trend
// that turns (test_health.cpp). The slope is known best where a block is as long as what repeats, or longer.
// Blind to: faults that come faster than a few blocks; a slope that is about to change.
#pragma once

#include "numbers/assumptions.hpp"
#include "twinbit.h"

#include <cstddef>

namespace twinbit {

inline constexpr std::uint32_t health_blocks = 32;
inline constexpr std::uint32_t health_least = 8; // blocks that make a slope
inline constexpr std::int32_t health_most_frames = (1 << 28) - 1;

// Its part of the policy's block. All zero is a fresh one.
struct Health {
    std::int64_t sum;     // of the smoothed scores in the block that is being filled, Q15.16
    std::uint32_t filled; // frames in it
    std::uint32_t blocks; // that are full: 0 ... 31, then 32 + the place of the oldest in the ring
    std::uint32_t length; // of a block, frames; 0 before the first frame
    std::uint32_t zero;
    std::int32_t mean[health_blocks]; // octaves, Q7.24; a ring
};
static_assert(sizeof(Health) == 152 && offsetof(Health, length) == 16 && offsetof(Health, mean) == 24,
              "no padding: see capi/IMAGE.md");

// The word `health`: frames that the trend looks back; 0: no trend.
constexpr bool health_ok(std::int32_t frames) {
    return frames == 0 || (frames >= static_cast<std::int32_t>(health_blocks) && frames <= health_most_frames);
}

// Takes the smoothed score of a frame, octaves Q15.16. Begins anew where `frames` is another than before. True once in
// 32 blocks: the ring has come round.
bool count_health(Health &, std::int32_t frames, std::int32_t smoothed);

// The line now, by integers alone.
struct Trend {
    std::uint32_t frames; // that it was put through
    std::int32_t level;   // octaves, Q15.16; the mean where there is no slope; 0 before the first block is full
    std::int32_t slope;   // octaves a frame, Q.32; 0 with fewer than 8 blocks
};
Trend trend_of(const Health &);

// All of tb_health but its index. threshold: octaves Q15.16, or TB_THRESHOLD_NONE.
void health_of(const Health &, std::int32_t threshold, tb_health &);

// The index of the line's level by its similarity (100 typical, 50 at the threshold).
constexpr std::uint8_t health_index(std::uint8_t similarity) {
    return similarity == TB_SIMILARITY_NONE ? static_cast<std::uint8_t>(TB_HEALTH_NONE)
                                            : static_cast<std::uint8_t>(similarity > 50 ? 2 * (similarity - 50) : 0);
}

} // namespace twinbit
