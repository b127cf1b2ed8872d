// The words and the memory of an ELM autoencoder.
//
//   words   seed, units, activation, gain, mask[ceil(units / 32)] of the units in use;  ridge Q15.16, forget
//   image   u32 pruned[ceil(k / 32)]                        basis: bit r is set when row r is out of use
//           u32 count, U[k (k + 1) / 2] by rows, V[k][d]    statistics; in F32 what their rounding left: rest of U, of V
//           u32 halved                                      1 once they were halved
//           u32 prepared                                    rows of the factor that prepare() has made
//   plan    u32 settled, u32 rows, f32 factor[k (k + 1) / 2]
//
// k is the number of units in the mask: row r of U and V belongs to the r-th of them. To turn an image with pruned rows
// into one of the pruned recipe: clear the mask bits of their units, leave out their rows of U (with their columns) and
// of V, and the same of the rests; pruned and prepared become 0, the rest stays.
#pragma once

#include "detectors/hidden.hpp"
#include "image/stage.hpp"
#include "linear/cholesky.hpp"
#include "linear/outer.hpp"

namespace twinbit {

struct ElmWords {
    static constexpr std::uint32_t before_mask = 4, after_mask = 2;
    static constexpr std::int32_t max_units = 256;

    const std::int32_t *words;
    std::uint32_t units, masks;

    explicit ElmWords(const std::int32_t *w)
        : words(w), units(static_cast<std::uint32_t>(w[1])), masks((units + 31) / 32) {}

    // The number of words fits the number of units, and every word its range.
    static bool fits(const Setup &);

    std::uint32_t seed() const { return static_cast<std::uint32_t>(words[0]); }
    Activation activation() const { return static_cast<Activation>(words[2]); }
    int gain() const { return words[3]; }
    std::uint32_t mask(std::uint32_t word) const { return static_cast<std::uint32_t>(words[before_mask + word]); }
    bool uses(std::uint32_t unit) const { return ((mask(unit / 32) >> (unit % 32)) & 1u) != 0; }
    float ridge() const { return static_cast<float>(words[before_mask + masks]) * 0x1p-16f; }
    std::uint32_t forget() const { return static_cast<std::uint32_t>(words[before_mask + masks + 1]); }

    std::uint32_t used() const {
        std::uint32_t n = 0;
        for (std::uint32_t i = 0; i < masks; ++i) {
            for (std::uint32_t m = mask(i); m != 0; m &= m - 1) {
                ++n;
            }
        }
        return n;
    }
};

struct ElmPlan {
    std::uint32_t settled, rows, factor, bytes;

    explicit ElmPlan(std::uint32_t k) {
        Layout l;
        settled = l.add<std::uint32_t>(1);
        rows = l.add<std::uint32_t>(1);
        factor = l.add<float>(triangle(k));
        bytes = l.bytes();
    }
};

// While scoring: h and z of the units, first their pre-activations, then the mantissas of z, and the reconstruction y.
// While pruning, in the same place, V V^T.
template <class P> struct ElmScratch {
    std::uint32_t h, z, work, y, bytes;

    ElmScratch(std::uint32_t k, std::uint32_t d) {
        Layout l;
        h = l.add<typename Neural<P>::Value>(k);
        z = l.add<float>(k);
        work = l.add<std::int32_t>(k);
        y = l.add<typename P::Sample>(d);
        const std::uint32_t gram = align8(4 * triangle(k));
        bytes = l.bytes() > gram ? l.bytes() : gram;
    }
};

// Fields of the image. A sum of F32 has a rest beside it (linear/outer.hpp).
template <class P> struct ElmFields {
    static constexpr Type type = type_of_number<typename P::Sum>;
    static constexpr Range range = both(outer_bits<P>);
    enum : std::uint32_t { pruned, count, u, v, halved, prepared, fields, u_rest = u, v_rest = v };
    static constexpr Field table[fields] = {
        {Type::u32, Many::mask_k, any}, {Type::u32, Many::one, positive(17)}, {type, Many::triangle_k, range},
        {type, Many::kd, range},        {Type::u32, Many::one, positive(1)},  {Type::u32, Many::one, most_k},
    };
};
template <> struct ElmFields<F32> {
    static constexpr Range range = both(outer_bits<F32>);
    enum : std::uint32_t { pruned, count, u, v, u_rest, v_rest, halved, prepared, fields };
    static constexpr Field table[fields] = {
        {Type::u32, Many::mask_k, any},         {Type::u32, Many::one, positive(17)},
        {Type::f32, Many::triangle_k, range},   {Type::f32, Many::kd, range},
        {Type::f32, Many::triangle_k, both(1)}, {Type::f32, Many::kd, both(1)},
        {Type::u32, Many::one, positive(1)},    {Type::u32, Many::one, most_k},
    };
};

template <class P> struct ElmState : ElmFields<P> {
    using Fields = ElmFields<P>;
    static constexpr std::uint32_t basis = Fields::count; // what comes before it

    std::uint32_t units, features, bytes;
    std::uint32_t offset[Fields::fields];

    ElmState(std::uint32_t k, std::uint32_t d)
        : units(k), features(d), bytes(place(Fields::table, Fields::fields, {k, d}, offset)) {}
};

} // namespace twinbit
