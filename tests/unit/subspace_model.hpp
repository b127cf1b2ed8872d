// A detector class with its memory, without monitor around it: what the tests of subspace and bank work on.
#pragma once

#include "fixtures.hpp"
#include "image/stage.hpp"
#include "numbers/policy.hpp"

#include <array>
#include <cmath>

namespace fixtures {

// Counts in units of 2^-12 as samples.
inline void sample_of(std::int32_t count, float &z) { z = static_cast<float>(count) * 0x1p-12f; }
template <class C> void sample_of(std::int32_t count, twinbit::Fixed<std::int16_t, 12, C> &z) {
    z.raw = static_cast<std::int16_t>(count);
}
template <class C> void sample_of(std::int32_t count, twinbit::Fixed<std::int32_t, 20, C> &z) { z.raw = count * 256; }

template <template <class> class Class, class P> class Model {
  public:
    using Detector = Class<P>;
    using State = typename Detector::State;
    using Sample = typename P::Sample;

    Model(std::vector<std::int32_t> words, std::uint32_t d) : words_(std::move(words)), d_(d), x_(d) {
        REQUIRE(Detector::shape(setup(), shape));
        image.resize(twinbit::block_bytes(State::table, shape) / 8);
        scratch_.resize((shape.scratch + 7) / 8, 0xA5A5A5A5A5A5A5A5u);
        plan_.resize((shape.plan + 7) / 8);
    }

    Detector detector() { return Detector({setup(), bytes(image), bytes(scratch_), bytes(plan_)}); }
    twinbit::Setup setup() const { return {words_.data(), static_cast<std::uint32_t>(words_.size()), d_}; }

    tb_status learn(const Frame &x, std::int32_t *score = nullptr) { return detector().learn(samples(x), score); }
    std::int32_t score(const Frame &x) { return detector().score(samples(x)); }
    Frame explain(const Frame &x) {
        Frame shares(d_);
        detector().explain(samples(x), shares.data());
        return shares;
    }
    // As after a load: memory that held something else, derived anew.
    void restart() {
        for (auto &v : plan_) {
            v = 0x7777777777777777u;
        }
        for (auto &v : scratch_) {
            v = 0x5A5A5A5A5A5A5A5Au;
        }
        detector().settle();
    }
    bool in_range() const {
        const auto *block = reinterpret_cast<const std::uint8_t *>(image.data());
        bool fine = twinbit::all_in_range(State::table, shape.fields, shape.n, block);
        const std::uint32_t inner = twinbit::bytes_of_fields(shape.inner.table, shape.inner.fields, shape.inner.n);
        block += twinbit::bytes_of_fields(State::table, shape.fields, shape.n);
        for (std::uint32_t m = 0; m < shape.inner.count; ++m, block += inner) {
            fine = fine && twinbit::all_in_range(shape.inner.table, shape.inner.fields, shape.inner.n, block);
        }
        return fine;
    }
    template <class T> T field(std::uint32_t i, std::uint32_t k = 0) const {
        const auto *block = reinterpret_cast<const std::uint8_t *>(image.data());
        const std::uint32_t at = twinbit::bytes_of_fields(State::table, i, shape.n);
        return twinbit::peek<T>(block + at + k * sizeof(T));
    }
    std::uint8_t *block() { return bytes(image); }
    const Sample *samples(const Frame &x) {
        for (std::uint32_t i = 0; i < d_; ++i) {
            sample_of(x[i], x_[i]);
        }
        return x_.data();
    }

    std::vector<std::uint64_t> image;
    twinbit::Shape shape = {};

  private:
    static std::uint8_t *bytes(std::vector<std::uint64_t> &v) { return reinterpret_cast<std::uint8_t *>(v.data()); }

    std::vector<std::int32_t> words_;
    std::uint32_t d_;
    std::vector<Sample> x_;
    std::vector<std::uint64_t> scratch_, plan_;
};

// Random numbers all over the range of each field: an image that passes every check and that no one has learned.
inline void forge_field(std::uint8_t *at, const twinbit::Field &f, std::uint32_t n, const twinbit::Dimensions &dim,
                        Random &random) {
    const std::uint32_t bytes = twinbit::bytes_of(f.type);
    const int e = f.range.code & 127;
    for (std::uint32_t i = 0; i < n; ++i, at += bytes) {
        const std::uint64_t bits = random.bits() >> (random.integer(0, 3) == 0 ? random.integer(0, 60) : 0);
        const bool negative = (f.range.code & twinbit::range_signed) != 0 && (random.bits() & 1u) != 0;
        if (f.type == twinbit::Type::f32) {
            const auto v = static_cast<float>(std::ldexp(random.uniform(), e - random.integer(0, 3) * 20));
            const float signed_v = negative ? -v : v;
            std::memcpy(at, &signed_v, 4);
            continue;
        }
        std::uint64_t v = bits;
        if (f.range.code == twinbit::range_most_k) {
            v = bits % (dim.k + 1);
        } else if (f.range.code != twinbit::range_any) {
            v = bits & ((std::uint64_t{1} << e) - 1);
            v = negative ? std::uint64_t{0} - v : v;
        }
        std::memcpy(at, &v, bytes); // little-endian: the low bytes
    }
}

inline std::uint8_t *forge_block(std::uint8_t *block, const twinbit::Field *table, std::uint32_t fields,
                                 const twinbit::Dimensions &dim, Random &random) {
    for (std::uint32_t i = 0; i < fields; ++i) {
        forge_field(block, table[i], twinbit::count_of(table[i].many, dim), dim, random);
        block += twinbit::bytes_of_fields(table + i, 1, dim);
    }
    return block;
}

template <template <class> class Class, class P> void forge(Model<Class, P> &m, Random &random) {
    const twinbit::Shape &s = m.shape;
    std::uint8_t *block = forge_block(m.block(), Class<P>::State::table, s.fields, s.n, random);
    for (std::uint32_t i = 0; i < s.inner.count; ++i) {
        block = forge_block(block, s.inner.table, s.inner.fields, s.inner.n, random);
    }
}

} // namespace fixtures
