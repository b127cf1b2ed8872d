// Every form of a dense layer against the plain one, to the bit: on hosts as a unit test, on targets as firmware
// (tests/parity/dense_forms.cpp). No library, no heap, 12 KB of memory.
#pragma once

#include "linear/dense.hpp"
#include "numbers/bits.hpp"
#include "numbers/tanh_q15.hpp"

#include <cstring>

namespace dense_forms {

// Marsaglia's xorshift, 32 bits.
class Bits {
  public:
    std::uint32_t next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return state_;
    }

  private:
    std::uint32_t state_ = 2463534242u;
};

// What numbers are drawn: anything of the width, its ends only, or small ones with an end among them.
enum Kind : std::uint32_t { any, ends, small, kinds };

inline std::int32_t draw(Bits &bits, Kind kind, int width, bool symmetric) {
    const auto u = static_cast<std::int32_t>(bits.next());
    const std::int32_t high = INT32_MAX >> (32 - width);
    const std::int32_t low = symmetric ? -high : -high - 1;
    const bool end = kind == ends || (kind == small && (u & 15) == 0);
    if (end) {
        return (u & 256) != 0 ? high : low;
    }
    const std::int32_t v = u >> (32 - width + (kind == small ? 6 : 0));
    return v < low ? low : v;
}

inline constexpr std::uint32_t most = 130;  // inputs or outputs
inline constexpr std::uint32_t room = 1024; // numbers of a layer

template <class T> struct Memory {
    alignas(8) T layer[room];
    alignas(8) T other[room];
};

// One layer with its inputs in each width; the plain form's results beside the ones looked at.
struct Case {
    Memory<std::int32_t> weights;
    alignas(8) std::int16_t v16[most], x16[most], e16[most], e16_plain[most];
    alignas(8) std::int32_t v32[most], x32[most], e32[most], e32_plain[most], g[most], y[most], y_plain[most];
    std::uint32_t n, m;

    std::uint32_t count() const { return (n + 1) * m; }

    void fill(Bits &bits, Kind kind) {
        for (std::uint32_t i = 0; i < count(); ++i) {
            weights.layer[i] = draw(bits, kind, 32, false);
        }
        for (std::uint32_t i = 0; i < most; ++i) {
            v16[i] = static_cast<std::int16_t>(draw(bits, kind, 16, true));
            x16[i] = static_cast<std::int16_t>(draw(bits, kind, 16, true));
            e16[i] = static_cast<std::int16_t>(draw(bits, kind, 16, false));
            v32[i] = draw(bits, kind, 24, true);
            x32[i] = draw(bits, kind, 24, true);
            e32[i] = draw(bits, kind, 32, false);
            g[i] = draw(bits, kind, 32, false);
        }
    }
};

template <class T> bool same(const T *a, const T *b, std::uint32_t n) { return std::memcmp(a, b, n * sizeof(T)) == 0; }

// Which functions differ from their plain form, a bit each: forward, miss and squares, pull, push.
template <class V, class E>
std::uint32_t differing(Case &c, const V *v, const V *x, E *e, E *e_plain, twinbit::dense::Places places,
                        int error_places, int delta_places) {
    using namespace twinbit;
    std::uint32_t wrong = 0;
    const std::uint32_t n = c.n, m = c.m;
    std::int32_t *w = c.weights.layer;
    std::memset(c.y, 0x55, sizeof c.y);
    std::memcpy(c.y_plain, c.y, sizeof c.y);
    dense::forward(w, v, c.y, n, m, places);
    dense::plain::forward(w, v, c.y_plain, n, m, places);
    wrong |= same(c.y, c.y_plain, most) ? 0 : 1; // nothing beyond m either
    dense::pull(w, e, c.y, n, m, {error_places, delta_places});
    dense::plain::pull(w, e, c.y_plain, n, m, {error_places, delta_places});
    wrong |= same(c.y, c.y_plain, n) ? 0 : 4;
    wrong |= dense::squares(v, n) == dense::plain::squares(v, n) ? 0 : 2;
    std::memcpy(e_plain, e, most * sizeof(E));
    const auto squares = dense::miss(w, v, x, e, n, m, {places.in, 0});
    const auto expected = dense::plain::miss(w, v, x, e_plain, n, m, {places.in, 0});
    wrong |= squares == expected && same(e, e_plain, most) ? 0 : 2;
    std::memcpy(c.weights.other, w, sizeof c.weights.other);
    dense::push(w, v, c.g, n, m, {places.in, 0});
    dense::plain::push(c.weights.other, v, c.g, n, m, {places.in, 0});
    wrong |= same(w, c.weights.other, room) ? 0 : 8;
    return wrong;
}

inline std::uint32_t differing(Case &c, Bits &bits, Kind kind) {
    std::uint32_t wrong = 0;
    for (int pass = 0; pass < 2; ++pass) {
        const bool unit = pass == 1;
        c.fill(bits, kind);
        const int in = unit ? 15 : 12;
        wrong |= differing(c, c.v16, c.x16, c.e16, c.e16_plain, {in, in + 2}, 11, 13);
        c.fill(bits, kind);
        const int wide = unit ? 23 : 20;
        wrong |= differing(c, c.v32, c.x32, c.e32, c.e32_plain, {wide, 24}, 20, 18) << 4;
    }
    return wrong;
}

// Float through the memory of a Case: values over many powers of two, so that every rounding shows.
inline std::uint32_t differing_float(Case &c, Bits &bits) {
    using namespace twinbit;
    const std::uint32_t n = c.n, m = c.m;
    auto *const w = reinterpret_cast<float *>(c.weights.layer);
    auto *const other = reinterpret_cast<float *>(c.weights.other);
    auto *const v = reinterpret_cast<float *>(c.v32);
    auto *const x = reinterpret_cast<float *>(c.x32);
    auto *const e = reinterpret_cast<float *>(c.e32);
    auto *const e_plain = reinterpret_cast<float *>(c.e32_plain);
    auto *const y = reinterpret_cast<float *>(c.y);
    auto *const y_plain = reinterpret_cast<float *>(c.y_plain);
    const auto random = [&bits] {
        const std::uint32_t u = bits.next();
        const std::uint32_t exponent = (bits.next() & 7) == 0 ? 0 : 117 + (u >> 24 & 15); // some subnormal
        return bits_float((u & 0x807FFFFFu) | exponent << 23);
    };
    for (std::uint32_t i = 0; i < c.count(); ++i) {
        w[i] = random();
    }
    for (std::uint32_t i = 0; i < most; ++i) {
        v[i] = random();
        x[i] = random();
        e[i] = random();
        e_plain[i] = e[i];
        y[i] = y_plain[i] = e[i];
    }
    std::uint32_t wrong = 0;
    dense::pull(w, e, y, n, m);
    dense::plain::pull(w, e, y_plain, n, m, {});
    wrong |= same(y, y_plain, most) ? 0 : 4;
    dense::forward(w, v, y, n, m);
    dense::plain::forward(w, v, y_plain, n, m, {});
    wrong |= same(y, y_plain, most) ? 0 : 1;
    wrong |= float_bits(dense::squares(v, n)) == float_bits(dense::plain::squares(v, n)) ? 0 : 2;
    const float squares = dense::miss(w, v, x, e, n, m);
    const float expected = dense::plain::miss(w, v, x, e_plain, n, m, {});
    wrong |= float_bits(squares) == float_bits(expected) && same(e, e_plain, most) ? 0 : 2;
    std::memcpy(other, w, sizeof c.weights.other);
    dense::push(w, v, e, n, m);
    dense::plain::push(other, v, e, n, m, {});
    wrong |= same(w, other, room) ? 0 : 8;
    return wrong;
}

// The activation that has forms of its own, too.
inline bool tanh_differs(Case &c, Bits &bits) {
    for (std::uint32_t t = 0; t < 2000; ++t) {
        const std::uint32_t n = 1 + t % 9;
        const int places = 14 + static_cast<int>(t & 3);
        for (std::uint32_t i = 0; i < n; ++i) {
            c.y[i] = draw(bits, static_cast<Kind>(t % kinds), t % 5 == 0 ? 32 : places + 4, false);
        }
        c.v16[n] = c.e16[n] = 123; // nothing beyond n
        twinbit::tanh_q15(c.y, c.v16, n, places);
        twinbit::plain::tanh_q15(c.y, c.e16, n, places);
        if (!same(c.v16, c.e16, n + 1)) {
            return true;
        }
    }
    return false;
}

// Where a difference was first seen; wrong is 0 if there is none. 16 bits: 1, 2, 4, 8; 32 bits: 16 ...; float: 256 ...;
// tanh: 65536
struct Finding {
    std::uint32_t wrong, n, m, kind;
};

// Lengths around those that forms take in one go, and long ones.
inline Finding compare(Case &c, Bits &bits) {
    const std::uint8_t sizes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 16, 17, 20, 24, 25, 31, 32, 33, 40, 64, 127};
    for (const std::uint32_t n : sizes) {
        for (const std::uint32_t m : sizes) {
            c.n = n;
            c.m = m;
            if (c.count() > room) {
                continue;
            }
            for (std::uint32_t kind = 0; kind < kinds; ++kind) {
                const std::uint32_t wrong = differing(c, bits, static_cast<Kind>(kind)) | differing_float(c, bits) << 8;
                if (wrong != 0) {
                    return {wrong, n, m, kind};
                }
            }
        }
    }
    return {tanh_differs(c, bits) ? 65536u : 0u, 0, 0, 0};
}

} // namespace dense_forms
