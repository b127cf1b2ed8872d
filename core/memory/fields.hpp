// A stage's block in the image as a table of fields: the one place that says what lies there, in which order, how
// much of it, and in which range. Offsets and the check of untrusted bytes are both made of it. capi/IMAGE.md is its
// prose.
#pragma once

#include "memory/layout.hpp"

namespace twinbit {

enum class Type : std::uint8_t { u8, u16, i16, u32, i32, i64, u64, f32 };

// How many numbers a field has, by k (clusters, hidden units, weights) and d (features) of the stage; mask_k: words of
// one bit for each of k; tail: the counts of a tail.
enum class Many : std::uint8_t { one, two, d, k, kd, triangle_d, triangle_k, mask_k, tail, bins };

// Range of a number. positive(e): 0 ... 2^e - 1; both(e): |v| < 2^e, for floats |v| <= 2^e; any: every bit pattern
// (integers only); most_k: 0 ... k.
struct Range {
    std::uint8_t code;
};
constexpr std::uint8_t range_signed = 128;
constexpr std::uint8_t range_any = 127;
constexpr std::uint8_t range_most_k = 126;
constexpr Range positive(int e) { return {static_cast<std::uint8_t>(e)}; }
constexpr Range both(int e) { return {static_cast<std::uint8_t>(e | range_signed)}; }
inline constexpr Range any = {range_any};
inline constexpr Range most_k = {range_most_k};

struct Field {
    Type type;
    Many many;
    Range range;
};

struct Dimensions {
    std::uint32_t k;
    std::uint32_t d;
};

std::uint32_t count_of(Many, const Dimensions &);
std::uint32_t bytes_of(Type);

// Offsets of n fields, each at a multiple of 8; returns the size of the block.
std::uint32_t place(const Field *fields, std::uint32_t n, const Dimensions &, std::uint32_t *offsets);

// Bytes of the first n fields.
std::uint32_t bytes_of_fields(const Field *fields, std::uint32_t n, const Dimensions &);

// Every number of an untrusted block, of any alignment, lies in its range.
bool all_in_range(const Field *fields, std::uint32_t n, const Dimensions &, const std::uint8_t *block);

// The field type of a number.
template <class T> inline constexpr Type type_of_number = Type::u8;
template <> inline constexpr Type type_of_number<std::int16_t> = Type::i16;
template <> inline constexpr Type type_of_number<std::int32_t> = Type::i32;
template <> inline constexpr Type type_of_number<std::int64_t> = Type::i64;
template <> inline constexpr Type type_of_number<std::uint64_t> = Type::u64;
template <> inline constexpr Type type_of_number<float> = Type::f32;

} // namespace twinbit
