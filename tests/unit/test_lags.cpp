// Lags and differences against all frames kept, restarts included.
#include "catch.hpp"
#include "fixtures.hpp"
#include "signal/lags.hpp"

using namespace twinbit;
using fixtures::Random;
using fixtures::Words;

namespace {

template <class P> struct Rig {
    using Raw = typename P::Raw;

    Rig(const Words &w, std::uint32_t inputs) : words(w) {
        block.setup.words = words.data();
        block.setup.count = static_cast<std::uint32_t>(words.size());
        block.setup.inputs = inputs;
        Shape shape = {};
        REQUIRE(Lags<P>::shape(block.setup, shape));
        features = shape.features;
        n = shape.n;
        memory.resize(block_bytes(Lags<P>::table, shape) / 8);
        block.image = reinterpret_cast<std::uint8_t *>(memory.data());
    }
    std::vector<Raw> apply(const std::vector<Raw> &x) {
        std::vector<Raw> out(features + 1, Raw{77});
        Lags<P>::apply(block, x.data(), 0, out.data());
        CHECK(out.back() == Raw{77});
        out.pop_back();
        return out;
    }
    void remember(const std::vector<Raw> &x) {
        Lags<P>::remember(block, x.data());
        CHECK(all_in_range(Lags<P>::table, Lags<P>::fields, n, block.image));
    }

    Words words;
    Block block = {};
    std::vector<std::uint64_t> memory;
    std::uint32_t features = 0;
    Dimensions n = {};
};

template <class Raw>
std::vector<Raw> expected(const std::vector<std::vector<Raw>> &seen, const std::vector<Raw> &x, const Words &w) {
    std::vector<Raw> out;
    const auto add = [&out](const std::vector<Raw> &v) { out.insert(out.end(), v.begin(), v.end()); };
    if ((w[2] & what_now) != 0) {
        add(x);
    }
    for (std::int32_t k = 1; k <= w[0]; ++k) {
        const auto back = static_cast<std::size_t>(k * w[1]);
        const std::vector<Raw> then = seen.empty() ? x : seen[seen.size() >= back ? seen.size() - back : 0];
        std::vector<Raw> d = x;
        for (std::size_t i = 0; i < d.size(); ++i) {
            d[i] -= then[i];
        }
        if ((w[2] & what_lagged) != 0) {
            add(then);
        }
        if ((w[2] & what_differences) != 0) {
            add(d);
        }
    }
    return out;
}

template <class P> void against_everything(const Words &w, std::uint32_t inputs) {
    using Raw = typename P::Raw;
    Random random(3);
    auto rig = std::make_unique<Rig<P>>(w, inputs);
    std::vector<std::vector<Raw>> seen;
    for (int t = 0; t < 60; ++t) {
        std::vector<Raw> x;
        for (std::uint32_t i = 0; i < inputs; ++i) {
            x.push_back(static_cast<Raw>(random.integer(-4000000, 4000000)));
        }
        // Before the ring is full the oldest frame stands in, afterwards it is one that the ring still has.
        REQUIRE(rig->apply(x) == expected(seen, x, w));
        REQUIRE(rig->apply(x) == expected(seen, x, w)); // nothing moved
        rig->remember(x);
        seen.push_back(x);
        if (t % 7 == 3) {
            auto other = std::make_unique<Rig<P>>(w, inputs);
            std::memcpy(other->memory.data(), rig->memory.data(), rig->memory.size() * 8);
            rig = std::move(other);
        }
    }
}

} // namespace

TEST_CASE("lags: lagged values and differences are those of the frames seen") {
    for (std::int32_t what = 1; what <= 7; ++what) {
        for (const auto &shape : {std::pair<int, int>{1, 1}, {3, 1}, {2, 5}, {16, 2}}) {
            const Words w = {shape.first, shape.second, what};
            against_everything<F32>(w, 3);
            against_everything<Q15>(w, 3);
            against_everything<Q31>(w, 1);
        }
    }
}

TEST_CASE("lags: differences are limited to raw numbers") {
    Rig<Q15> fixed({1, 1, what_differences}, 2);
    fixed.remember({raw_limit, -raw_limit});
    CHECK(fixed.apply({-raw_limit, raw_limit}) == std::vector<std::int32_t>{-raw_limit, raw_limit});
    Rig<F32> real({1, 1, what_differences}, 1);
    real.remember({-0x1p48f});
    CHECK(real.apply({0x1p48f}) == std::vector<float>{0x1p48f});
}

TEST_CASE("lags: words out of range, forged positions") {
    const auto refused = [](const Words &w, std::uint32_t inputs) {
        Setup s = {};
        s.words = w.data();
        s.count = static_cast<std::uint32_t>(w.size());
        s.inputs = inputs;
        Shape shape = {};
        return !Lags<Q31>::shape(s, shape);
    };
    CHECK_FALSE(refused({16, 64, 7}, 64));
    CHECK(refused({16, 64, 7}, 65)); // 65536 numbers at most
    CHECK(refused({16, 65, 7}, 1));
    CHECK(refused({0, 1, 7}, 1));
    CHECK(refused({17, 1, 7}, 1));
    CHECK(refused({1, 0, 7}, 1));
    CHECK(refused({1, 1, 0}, 1));
    CHECK(refused({1, 1, 8}, 1));
    CHECK(refused({1, 1}, 1));
    for (std::uint32_t place = 0; place <= 6; ++place) {
        for (std::uint32_t filled = 0; filled <= 6; ++filled) {
            Rig<Q31> rig({2, 3, 7}, 1);
            LagState &state = *at<LagState>(rig.block.image, 0);
            state.at = place;
            state.filled = filled;
            REQUIRE(all_in_range(Lags<Q31>::table, Lags<Q31>::fields, rig.n, rig.block.image));
            rig.apply({5});
            rig.remember({5});
        }
    }
}
