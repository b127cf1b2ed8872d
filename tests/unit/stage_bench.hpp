// A stage by itself: its memory, exactly as long as it says, and its tables of functions. Numbers are given as double.
#pragma once

#include "fixtures.hpp"

namespace fixtures {

inline const char *arithmetic_name(std::uint8_t a) { return a == TB_F32 ? "f32" : (a == TB_Q15 ? "q15" : "q31"); }
inline const std::uint8_t arithmetics[] = {TB_F32, TB_Q15, TB_Q31};

class DetectorBench {
  public:
    DetectorBench(std::uint16_t id, std::uint8_t arithmetic, Words words, std::uint32_t inputs)
        : stage(*tb_stage_by_id(id, arithmetic)), tools(*tb_tools_of(&stage)), words_(std::move(words)) {
        setup_.words = words_.data();
        setup_.count = static_cast<std::uint32_t>(words_.size());
        setup_.inputs = inputs;
        REQUIRE(stage.shape(setup_, shape));
        image_.resize(twinbit::block_bytes(stage.fields, shape) / 8);
        scratch_.resize((shape.scratch + 7) / 8, 0x5A5A5A5A5A5A5A5Au);
        plan_.resize((shape.plan + 7) / 8);
    }

    DetectorBench(const DetectorBench &) = delete;
    DetectorBench &operator=(const DetectorBench &) = delete;

    bool ready() const { return stage.ops.detector->ready(block()); }
    tb_status learn(const std::vector<double> &x, std::int32_t *score = nullptr) const {
        return stage.ops.detector->learn(block(), given(x), score);
    }
    double score(const std::vector<double> &x) const { return octaves(stage.ops.detector->score(block(), given(x))); }
    void follow(const std::vector<double> &x, bool calm) const { stage.ops.detector->follow(block(), given(x), calm); }
    void settle() const { stage.ops.detector->settle(block()); }
    void new_epoch() const { tools.new_epoch(block()); }
    std::vector<double> explain(const std::vector<double> &x) const {
        std::vector<std::int32_t> shares(setup_.inputs);
        tools.explain(block(), given(x), shares.data());
        std::vector<double> real;
        for (const std::int32_t s : shares) {
            real.push_back(octaves(s));
        }
        return real;
    }
    // The other block is given at an odd address: nothing says that it is aligned.
    tb_status merge(const Bytes &other, int sign = 1) const {
        Bytes moved(other.size() + 1);
        std::copy(other.begin(), other.end(), moved.begin() + 1);
        const tb_status status = tools.merge(block(), moved.data() + 1, sign);
        if (status == TB_OK) {
            settle();
        }
        return status;
    }

    tb_status forget() const { return tools.forget(block()); }

    Bytes bytes() const {
        const auto *b = reinterpret_cast<const std::uint8_t *>(image_.data());
        return Bytes(b, b + 8 * image_.size());
    }
    void set(const Bytes &b) {
        REQUIRE(b.size() == 8 * image_.size());
        std::memcpy(image_.data(), b.data(), b.size());
        settle();
    }

    const tb_stage &stage;
    const tb_tools &tools;
    twinbit::Shape shape = {};

  private:
    twinbit::Block block() const {
        return {setup_, reinterpret_cast<std::uint8_t *>(image_.data()),
                reinterpret_cast<std::uint8_t *>(scratch_.data()), reinterpret_cast<std::uint8_t *>(plan_.data())};
    }
    // Samples have 2^-12 (Q15) or 2^-20 (Q31) as their unit; raw values are whole numbers.
    const void *given(const std::vector<double> &x) const {
        given_.resize((4 * x.size() + 7) / 8);
        for (std::size_t i = 0; i < x.size(); ++i) {
            if (stage.arithmetic == TB_F32) {
                reinterpret_cast<float *>(given_.data())[i] = static_cast<float>(x[i]);
            } else if (stage.refuses == twinbit::refuses_samples) {
                reinterpret_cast<std::int32_t *>(given_.data())[i] = static_cast<std::int32_t>(x[i]);
            } else if (stage.arithmetic == TB_Q31) {
                reinterpret_cast<std::int32_t *>(given_.data())[i] = static_cast<std::int32_t>(x[i] * 0x1p20);
            } else {
                reinterpret_cast<std::int16_t *>(given_.data())[i] = static_cast<std::int16_t>(x[i] * 0x1p12);
            }
        }
        return given_.data();
    }

    Words words_;
    twinbit::Setup setup_ = {};
    mutable std::vector<std::uint64_t> image_, scratch_, plan_, given_;
};

// Q0.31
inline std::int32_t share31(double v) { return static_cast<std::int32_t>(std::min(v * 0x1p31, 0x1p31 - 1)); }

} // namespace fixtures
