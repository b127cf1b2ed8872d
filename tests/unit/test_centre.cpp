// The centre: means of raw features, by integers in 128 bits and in double; samples in octaves.
#include "stage_bench.hpp"

#include <cmath>

using namespace fixtures;

namespace {

class CentreBench {
  public:
    CentreBench(std::uint8_t arithmetic, std::int32_t gain, std::uint32_t d)
        : stage(*tb_stage_by_id(9, arithmetic)), gain_(gain), d_(d) {
        twinbit::Shape shape = {};
        const twinbit::Setup s = setup();
        REQUIRE(stage.shape(s, shape));
        image_.resize(twinbit::block_bytes(stage.fields, shape) / 8);
    }
    bool learn(const std::vector<double> &octaves) {
        raw(octaves);
        return stage.ops.scaler->learn(block(), raw_.data());
    }
    void freeze() { stage.ops.scaler->freeze(block()); }
    // Samples as numbers.
    std::vector<double> apply(const std::vector<double> &octaves) {
        raw(octaves);
        std::vector<std::int32_t> out(d_);
        stage.ops.scaler->apply(block(), raw_.data(), out.data());
        std::vector<double> v;
        for (std::uint32_t i = 0; i < d_; ++i) {
            const auto *at = reinterpret_cast<const std::uint8_t *>(out.data());
            if (stage.arithmetic == TB_F32) {
                v.push_back(twinbit::peek<float>(at + 4 * i));
            } else {
                v.push_back(stage.arithmetic == TB_Q15 ? twinbit::peek<std::int16_t>(at + 2 * i) * 0x1p-12
                                                       : twinbit::peek<std::int32_t>(at + 4 * i) * 0x1p-20);
            }
        }
        return v;
    }
    Bytes bytes() const {
        const auto *b = reinterpret_cast<const std::uint8_t *>(image_.data());
        return Bytes(b, b + 8 * image_.size());
    }

    const tb_stage &stage;

  private:
    twinbit::Setup setup() const {
        twinbit::Setup s = {};
        s.words = &gain_;
        s.count = 1;
        s.inputs = d_;
        return s;
    }
    twinbit::Block block() { return {setup(), reinterpret_cast<std::uint8_t *>(image_.data()), nullptr, nullptr}; }
    void raw(const std::vector<double> &octaves) {
        raw_.resize(d_);
        for (std::uint32_t i = 0; i < d_; ++i) {
            const auto real = static_cast<float>(octaves[i]);
            raw_[i] = static_cast<std::int32_t>(std::lround(octaves[i] * 65536));
            if (stage.arithmetic == TB_F32) {
                std::memcpy(&raw_[i], &real, 4);
            }
        }
    }

    std::int32_t gain_;
    std::uint32_t d_;
    std::vector<std::uint64_t> image_;
    std::vector<std::int32_t> raw_;
};

} // namespace

TEST_CASE("Centre: samples are octaves less their mean, times a power of two, limited to 8") {
    for (const std::uint8_t arithmetic : arithmetics) {
        for (const std::int32_t gain : {-8, -1, 0, 2, 8}) {
            CAPTURE(arithmetic_name(arithmetic), gain);
            CentreBench m(arithmetic, gain, 3);
            Random random(8);
            std::vector<double> mean(3);
            for (int t = 0; t < 500; ++t) {
                const std::vector<double> x = {-20 + random.normal(), 0.1 * random.normal(), 60.0};
                REQUIRE(m.learn(x));
                for (std::size_t i = 0; i < 3; ++i) {
                    mean[i] += x[i] / 500;
                }
            }
            m.freeze();
            const double unit = arithmetic == TB_Q15 ? 0x1p-12 : 0x1p-20;
            const double bound = unit + std::ldexp(arithmetic == TB_F32 ? 2e-5 : 0x1p-15, gain);
            for (const double far : {-40.0, -1.0, -0.01, 0.0, 0.5, 3.0, 50.0}) {
                const auto z = m.apply({mean[0] + far, mean[1] + far, mean[2] + far});
                for (std::size_t i = 0; i < 3; ++i) {
                    const double expected = std::min(std::max(std::ldexp(far, gain), -8.0), 8.0);
                    CHECK(std::fabs(z[i] - expected) <= bound + (std::fabs(expected) == 8 ? 0x1p-12 : 0));
                    CHECK(std::fabs(z[i]) <= 8 - 0x1p-12);
                }
            }
        }
    }
}

TEST_CASE("Centre: its words, and sums that are full") {
    for (const std::uint8_t arithmetic : arithmetics) {
        const std::int32_t bad[] = {-9, 9};
        for (const std::int32_t &gain : bad) {
            twinbit::Setup s = {};
            s.words = &gain;
            s.count = 1;
            s.inputs = 2;
            twinbit::Shape shape = {};
            CHECK(!tb_stage_by_id(9, arithmetic)->shape(s, shape));
        }
        CentreBench m(arithmetic, 0, 1);
        const int most = arithmetic == TB_F32 ? 65536 : 32768;
        bool ok = true;
        for (int t = 0; t < most; ++t) {
            ok = m.learn({t % 2 == 0 ? 127.0 : 126.0}) && ok;
        }
        CHECK(ok);
        const Bytes full = m.bytes();
        CHECK(!m.learn({0}));
        CHECK(m.bytes() == full);
        m.freeze();
        CHECK(std::fabs(m.apply({127})[0] - 0.5) < 2e-3);
    }
}
