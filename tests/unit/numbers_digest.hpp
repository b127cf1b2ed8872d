// Digests of every function in core/numbers over a stride of inputs: one number a function that any change of any bit
// changes. Plain C++ so that it also compiles alone for a target without a test framework.
#pragma once

#include "numbers/division.hpp"
#include "numbers/fixed_exp.hpp"
#include "numbers/fixed_sin.hpp"
#include "numbers/fixed_sqrt.hpp"
#include "numbers/fixed_tanh.hpp"
#include "numbers/float_exp.hpp"
#include "numbers/float_log.hpp"
#include "numbers/float_scale.hpp"
#include "numbers/float_sin.hpp"
#include "numbers/float_sqrt.hpp"
#include "numbers/float_tanh.hpp"
#include "numbers/random.hpp"

namespace numbers_digest {

// Order matters, every bit of every word matters: the generator's hash of what came before and the word.
struct Digest {
    std::uint32_t value = 0x811C9DC5u;
    void add(std::uint32_t word) { value = twinbit::mix32(value ^ word) + 0x9E3779B9u; }
};

// f of 32 random bits, `count` times.
template <class F> std::uint32_t of(F f, std::uint32_t count = 20000) {
    twinbit::Random random(2026);
    Digest digest;
    for (std::uint32_t i = 0; i < count; ++i) {
        digest.add(static_cast<std::uint32_t>(f(random.bits())));
    }
    return digest.value;
}

// A float function over floats of every magnitude.
inline std::uint32_t of_float(float (*f)(float)) {
    return of([f](std::uint32_t bits) { return twinbit::float_bits(f(twinbit::bits_float(bits))); });
}

// The same over -16 ... 16, where the curves have their shape.
inline std::uint32_t of_middle(float (*f)(float)) {
    return of([f](std::uint32_t bits) {
        const float x = static_cast<float>(static_cast<std::int32_t>(bits)) * 0x1p-27f;
        return twinbit::float_bits(f(x));
    });
}

using Q12 = twinbit::Fixed<std::int16_t, 12>;
using Q15 = twinbit::Fixed<std::int16_t, 15>;
using Q20 = twinbit::Fixed<std::int32_t, 20>;
using Q31 = twinbit::Fixed<std::int32_t, 31>;

inline Q12 short_of(std::uint32_t bits) { return Q12::from_raw(static_cast<std::int16_t>(bits >> 16)); }
inline Q20 long_of(std::uint32_t bits) { return Q20::from_raw(static_cast<std::int32_t>(bits) >> 6); }

// Calls report(name, digest) for every function.
template <class Report> void all(Report report) {
    namespace tb = twinbit;
    using u32 = std::uint32_t;
    report("exp", of_float(tb::exp) ^ of_middle(tb::exp));
    report("exp2", of_float(tb::exp2) ^ of_middle(tb::exp2));
    report("log", of_float(tb::log) ^ of_middle(tb::log));
    report("log2", of_float(tb::log2) ^ of_middle(tb::log2));
    report("tanh", of_float(tb::tanh) ^ of_middle(tb::tanh));
    report("sigmoid", of_float(tb::sigmoid) ^ of_middle(tb::sigmoid));
    report("sin", of_float(tb::sin) ^ of_middle(tb::sin));
    report("cos", of_float(tb::cos) ^ of_middle(tb::cos));
    report("sqrt", of_float([](float x) { return tb::sqrt(x); }));
    report("scale_pow2", of([](u32 b) {
               const float x = tb::bits_float(b);
               return tb::float_bits(tb::scale_pow2(x, static_cast<int>(b & 255u) - 128));
           }));
    report("log2_q24", of([](u32 b) { return tb::log2_q24(std::uint64_t{b} * b >> (b & 31u)); }));
    report("log2_q24 float", of([](u32 b) { return tb::log2_q24(tb::bits_float(b)); }));
    report("exp2_q16", of([](u32 b) { return tb::exp2_q16(static_cast<std::int32_t>(b) >> 11); }));
    report("isqrt64", of([](u32 b) { return tb::isqrt64_rounded(std::uint64_t{b} * ~b); }));
    report("fixed 16", of([](u32 b) {
               const Q12 x = short_of(b);
               const auto minus = x.raw > 0 ? Q12{} - x : x;
               return tb::tanh<Q15>(x).raw * 3 + tb::sigmoid<Q15>(x).raw * 5 + tb::exp<Q15>(minus).raw * 7 +
                      tb::log2<Q12>(x).raw * 11 + tb::sqrt<Q12>(x).raw;
           }));
    report("fixed 32", of([](u32 b) {
               const Q20 x = long_of(b);
               return static_cast<u32>(tb::tanh<Q31>(x).raw) + 3u * static_cast<u32>(tb::sigmoid<Q31>(x).raw) +
                      5u * static_cast<u32>(tb::exp<Q31>(x).raw) + 7u * static_cast<u32>(tb::sqrt<Q20>(x).raw);
           }));
    report("phase", of([](u32 b) {
               return static_cast<u32>(tb::sin<Q31>(b).raw) + 3u * static_cast<u32>(tb::cos<Q31>(b).raw);
           }));
    report("mul, div", of([](u32 b) {
               const Q20 x = long_of(b);
               const Q12 y = short_of(b * 77u);
               return static_cast<u32>(tb::mul<Q20>(x, y).raw) + 3u * static_cast<u32>(tb::div<Q31>(y, x).raw) +
                      5u * static_cast<u32>(tb::div<Q20>(x, y).raw);
           }));
}

} // namespace numbers_digest
